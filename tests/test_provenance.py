"""The import closure and its digest: what changes it, what does not, and whether it agrees with Python itself."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alignbook.provenance import Sources, code_digest, fingerprint, imported_names

SOURCE = '''"""Module."""

import math


def area(r):
    """Area of a disc."""
    # pi r squared
    return math.pi * r**2
'''


@pytest.mark.parametrize(
    "edited",
    [
        SOURCE.replace("Area of a disc", "Something else"),
        SOURCE.replace('"""Module."""', '"""Another docstring."""'),
        SOURCE.replace("# pi r squared", "# a comment"),
        SOURCE.replace("\n\n\n", "\n\n\n\n\n"),
        SOURCE.replace("math.pi * r**2", "(math.pi\n            * r ** 2)"),
    ],
)
def test_how_code_looks_does_not_change_its_digest(edited: str) -> None:
    assert edited != SOURCE
    assert code_digest(edited) == code_digest(SOURCE)


@pytest.mark.parametrize(
    "edited",
    [
        SOURCE.replace("2", "3"),
        SOURCE.replace("area", "disc"),
        SOURCE + "\nX = 1\n",
        SOURCE.replace("math.pi", "3"),
    ],
)
def test_what_code_does_changes_its_digest(edited: str) -> None:
    assert code_digest(edited) != code_digest(SOURCE)


def test_a_docstring_that_is_the_whole_body_is_still_no_code() -> None:
    assert code_digest('class Stop(Exception):\n    """One."""\n') == code_digest(
        'class Stop(Exception):\n    """2."""\n'
    )


def test_a_string_that_is_no_docstring_counts() -> None:
    assert code_digest("x = 'a'") != code_digest("x = 'b'")


def test_source_that_does_not_parse_is_digested_as_it_stands() -> None:
    assert code_digest("def :") != code_digest("def : ")
    assert imported_names("def :") == frozenset()


@given(st.dictionaries(st.text(), st.text()))
def test_a_fingerprint_does_not_depend_on_order(parts: dict[str, str]) -> None:
    assert fingerprint(parts) == fingerprint(dict(reversed(parts.items())))


@given(st.dictionaries(st.text(), st.text(), min_size=1), st.data())
def test_a_fingerprint_changes_with_any_part(parts: dict[str, str], data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(parts)))
    assert fingerprint(parts | {name: parts[name] + "x"}) != fingerprint(parts)


@pytest.mark.parametrize(
    ("source", "package", "expected"),
    [
        ("import a.b", "", {"a.b"}),
        ("import a.b as c, d", "", {"a.b", "d"}),
        ("from a import b", "", {"a", "a.b"}),
        ("from . import b", "a", {"a", "a.b"}),
        ("from .b import c", "a", {"a.b", "a.b.c"}),
        ("from ..b import c", "a.x", {"a.b", "a.b.c"}),
        ("def f():\n    import late", "", {"late"}),
        ("try:\n    import one\nexcept ImportError:\n    import two", "", {"one", "two"}),
    ],
)
def test_imports_are_found_wherever_they_stand(source: str, package: str, expected: set[str]) -> None:
    assert imported_names(source, package) == expected


@pytest.fixture
def package(tmp_path: Path) -> Path:
    files = {
        "demo/__init__.py": "",
        "demo/a.py": "from demo import b\n",
        "demo/b.py": "from .deep import c\n",
        "demo/deep/__init__.py": "from demo.deep.base import *\n",
        "demo/deep/base.py": "def base():\n    from demo import lazy\n",
        "demo/deep/c.py": "from .. import d as other\n",
        "demo/d.py": "import json\n",
        "demo/lazy.py": "",
        "demo/alone.py": "from demo import a\n",
        "demo/deep/table.csv": "1,2\n",
    }
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path


def test_reach_follows_imports_parents_and_data_files(package: Path) -> None:
    reached = Sources({"demo": package / "demo"}).reach({"demo.a"})
    modules = {
        "demo",
        "demo.a",
        "demo.b",
        "demo.d",
        "demo.deep",
        "demo.deep.base",
        "demo.deep.c",
        "demo.lazy",
    }
    assert set(reached) == modules | {"demo/deep/table.csv"}


@pytest.mark.parametrize("module", ["a", "b", "d", "deep.c", "alone"])
def test_reach_covers_what_python_really_loads(package: Path, module: str) -> None:
    script = f"import sys, demo.{module}\nprint(*[m for m in sys.modules if m.split('.')[0] == 'demo'])"
    loaded = subprocess.run([sys.executable, "-c", script], cwd=package, capture_output=True, text=True, check=True)
    reached = Sources({"demo": package / "demo"}).reach({f"demo.{module}"})
    assert set(loaded.stdout.split()) <= set(reached)


def test_a_module_in_a_folder_is_owned_and_others_are_not(package: Path) -> None:
    (package / "helper.py").write_text("import demo.d\n", encoding="utf-8")
    sources = Sources({"demo": package / "demo"}, (package,))
    assert [sources.owns(name) for name in ("helper", "demo.a", "numpy")] == [True, True, False]
    assert set(sources.reach({"helper", "numpy.linalg"})) == {"helper", "demo", "demo.d"}


def test_a_missing_package_is_named() -> None:
    with pytest.raises(ModuleNotFoundError, match="package 'nosuch' is not installed"):
        Sources.of(["nosuch"])
