"""Nothing is stale, and nothing runs that need not: one book, edited in every way that matters."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.fixture_book import FixtureBook, executed

MODULES = {
    "shared": "N = 40\n",
    "a": "from fixture.shared import N\n\nX = N + 1\n",
    "b": "from .shared import N\n\nY = N + 2\n",
    "leaf": 'LEAF = 7\n\n\ndef double(x):\n    """Twice x."""\n    return 2 * x  # two times\n',
    "deep.inner": "from ..leaf import LEAF\n\nZ = LEAF + 100\n",
}
IMPORTERS = {
    "shared": {"one", "two"},
    "a": {"one"},
    "b": {"two"},
    "leaf": {"three", "four"},
    "deep.inner": {"four"},
    "deep.__init__": {"four"},
    "__init__": {"one", "two", "three", "four", "giver"},
}


def populate(book: FixtureBook) -> None:
    for name, source in MODULES.items():
        book.module(name, source)
    book.chapter("one", "from fixture.a import X", "print('a is', X)")
    book.chapter("two", "from fixture import b", "print('b is', b.Y)")
    book.chapter("three", "import fixture.leaf as leaf", "print('leaf is', leaf.double(leaf.LEAF))")
    book.chapter("four", "from fixture.deep.inner import Z", "print('inner is', Z)")
    book.chapter(
        "five",
        "from pathlib import Path\n\nprint(Path('data.txt').read_text())",
        matter="data_files: [data.txt]\n",
    )
    book.chapter("six", "import helper\n\nprint('helper is', helper.H)")
    book.chapter("giver", "import fixture\nfrom myst_nb import glue\n\nglue('answer', 42)")
    book.page("taker", "# Taker\n\nThe answer is {glue:}`giver.md::answer`.\n")
    book.write("book/data.txt", "first data")
    book.write("book/helper.py", "H = 1\n")
    book.write("lock.txt", "numpy==1.0 \\\n    --hash=sha256:aa\n")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> FixtureBook:
    """One built book for the whole module; each test puts back what it changed."""
    book = FixtureBook(tmp_path_factory.mktemp("book"))
    populate(book)
    code, output = book.here()
    assert code == 0, output
    assert executed(output) == {"one", "two", "three", "four", "five", "six", "giver"}
    return book


@pytest.fixture
def fresh(built: FixtureBook) -> Iterator[FixtureBook]:
    """The built book, and a check that undoing the test's edits leaves nothing to run."""
    before = {path: path.read_bytes() for path in sources(built)}
    yield built
    for path in sources(built) - before.keys():
        path.unlink()
    for path, content in before.items():
        if path.read_bytes() != content:
            path.write_bytes(content)
    assert built.plan() == {}, "undoing an edit must leave nothing to run"


def sources(book: FixtureBook) -> set[Path]:
    folders = book.root / "book", book.root / "fixture"
    files = {path for folder in folders for path in folder.rglob("*") if path.is_file() and path.suffix != ".pyc"}
    return files | {book.root / "_config.yml", book.root / "lock.txt"}


def edit(book: FixtureBook, name: str, old: str, new: str) -> None:
    path = book.root / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_a_second_build_has_nothing_to_do(fresh: FixtureBook) -> None:
    assert fresh.here()[0] == 0
    assert fresh.here()[1].startswith("nothing changed")


@pytest.mark.parametrize("module", sorted(IMPORTERS))
def test_a_changed_constant_runs_exactly_the_importers(fresh: FixtureBook, module: str) -> None:
    path = fresh.root / "fixture" / (module.replace(".", "/") + ".py")
    path.write_text(path.read_text(encoding="utf-8") + "\nCHANGED = 1\n", encoding="utf-8")
    plan = fresh.plan()
    assert set(plan) == IMPORTERS[module]
    name = ".".join(["fixture", *module.removesuffix("__init__").strip(".").split(".")]).rstrip(".")
    assert all(reason == f"{name} changed" for reason in plan.values())


@pytest.mark.parametrize(
    ("module", "old", "new", "page", "text"),
    [
        ("shared", "40", "50", "one", "a is 51"),
        ("leaf", "LEAF = 7", "LEAF = 8", "three", "leaf is 16"),
        ("deep/inner", "100", "200", "four", "inner is 207"),
    ],
)
def test_changed_code_changes_the_page(
    fresh: FixtureBook, module: str, old: str, new: str, page: str, text: str
) -> None:
    edit(fresh, f"fixture/{module}.py", old, new)
    code, output = fresh.here()
    assert code == 0, output
    assert text in fresh.shown(page)


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("fixture/leaf.py", "Twice x.", "Double of x."),
        ("fixture/leaf.py", "# two times", "# twice"),
        ("fixture/leaf.py", "return 2 * x", "return (2 * x)"),
        ("book/one.md", "Some prose", "Other prose"),
        ("book/one.md", "python3\nprint", "python3\n:tags: [hide-input]\nprint"),
        ("lock.txt", "aa", "bb"),
        ("book/helper.py", "H = 1", "H = 1  # one"),
    ],
)
def test_looks_run_nothing(fresh: FixtureBook, name: str, old: str, new: str) -> None:
    edit(fresh, name, old, new)
    assert fresh.plan() == {}


def test_a_touch_runs_nothing_and_reads_nothing(fresh: FixtureBook) -> None:
    assert fresh.here()[0] == 0
    os.utime(fresh.root / "fixture/shared.py")
    os.utime(fresh.root / "book/one.md")
    assert fresh.here()[1].startswith("nothing changed")


def test_a_style_tag_reaches_the_page_without_running_it(fresh: FixtureBook) -> None:
    edit(fresh, "book/two.md", "python3\nprint", "python3\n:tags: [hide-input]\nprint")
    code, output = fresh.here()
    assert (code, executed(output)) == (0, set())
    assert "hide" in fresh.shown("two")
    assert "b is 42" in fresh.shown("two")


@pytest.mark.parametrize(
    ("name", "old", "new", "chapter", "reason"),
    [
        ("book/one.md", "print('a is', X)", "print('A is', X)", "one", "its cells changed"),
        (
            "book/one.md",
            "python3\nprint",
            "python3\n:tags: [raises-exception]\nprint",
            "one",
            "its cells changed",
        ),
        ("book/data.txt", "first", "second", "five", "data.txt changed"),
        ("book/helper.py", "H = 1", "H = 2", "six", "helper changed"),
        ("lock.txt", "numpy==1.0", "numpy==1.1", "three", "lock.txt changed"),
        (
            "_config.yml",
            "timeout: 30",
            "allow_errors: true",
            "three",
            "the book's execution settings changed",
        ),
        (
            "book/three.md",
            "fixture.leaf as leaf",
            "fixture.leaf as leaf, fixture.b",
            "three",
            "fixture.b is new",
        ),
    ],
)
def test_what_decides_outputs_is_a_reason(
    fresh: FixtureBook, name: str, old: str, new: str, chapter: str, reason: str
) -> None:
    edit(fresh, name, old, new)
    assert reason in fresh.plan()[chapter]


def test_another_seed_is_another_book(fresh: FixtureBook) -> None:
    code, output = fresh.here("--plan", ALIGNBOOK_SEED="1")
    assert code == 0
    assert "one: never executed" in output
    assert fresh.plan() == {}


def test_a_value_quoted_from_another_page_is_never_stale(fresh: FixtureBook) -> None:
    assert "The answer is 42" in fresh.text("taker")
    edit(fresh, "book/giver.md", "42", "43")
    code, output = fresh.here()
    assert (code, executed(output)) == (0, {"giver"})
    assert "The answer is 43" in fresh.text("taker")
    edit(fresh, "book/giver.md", "43", "42")
    assert fresh.here()[0] == 0
    assert "The answer is 42" in fresh.text("taker")


def test_a_new_module_that_hides_another_is_noticed(fresh: FixtureBook) -> None:
    fresh.write("fixture/leaf/__init__.py", "LEAF = 9\n\n\ndef double(x):\n    return x\n")
    assert set(fresh.plan()) == {"three", "four"}
    (fresh.root / "fixture/leaf/__init__.py").unlink()
    (fresh.root / "fixture/leaf").rmdir()


def test_a_plan_executes_nothing(fresh: FixtureBook) -> None:
    edit(fresh, "book/one.md", "print('a is', X)", "open('ran', 'w')")
    assert set(fresh.plan()) == {"one"}
    assert not (fresh.root / "book/ran").exists()


def test_the_downloaded_notebook_is_tidy_and_the_same_in_every_build(fresh: FixtureBook) -> None:
    path = fresh.root / "_build/jupyter_execute/one.ipynb"
    before = path.read_bytes()
    assert b"inputs" not in before
    edit(fresh, "book/one.md", "Some prose", "Other prose")
    fresh.here()
    assert path.read_bytes() != before
    edit(fresh, "book/one.md", "Other prose", "Some prose")
    fresh.here()
    assert path.read_bytes() == before
