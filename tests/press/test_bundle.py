"""The pages' script: made of modules, once; a mistake has a file and a line; an edit runs no cell."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from tests.fixture_book import FixtureBook, executed

from alignbook.press import bundle, npm


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A package with two demos and nothing else."""
    files = {
        "publish/demos/shared/own.mjs": "export const say = (text) => globalThis.said.push(text ?? 'nothing');\n",
        "publish/demos/one/view.mjs": 'import { say } from "../shared/own.mjs";\nimport "./view.css";\nsay("one");\n',
        "publish/demos/one/view.css": "ab-one { color: red; }\n",
        "publish/demos/two/view.mjs": 'import { say } from "../shared/own.mjs";\nsay("two");\n',
        "press/reader/index.mjs": 'import { say } from "../../publish/demos/shared/own.mjs";\nsay("reader");\n',
    }
    for name, text in files.items():
        path = tmp_path / "package" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path / "package"


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Bundles of tests lie in a folder of their own, which has the npm packages of all."""
    modules = npm.packages(tmp_path)
    home = tmp_path / "home/npm"
    home.mkdir(parents=True)
    (home / "node_modules").symlink_to(modules)
    monkeypatch.setattr(npm, "packages", lambda *_, **__: home / "node_modules")


def test_modules_become_one_classic_script_and_one_stylesheet(package: Path, tmp_path: Path) -> None:
    folder = bundle.bundled(tmp_path, package)
    script = (folder / "alignbook-demos.js").read_text(encoding="utf-8")
    assert not re.search(r"\b(import|export)\b", script)
    program = f"globalThis.said = []; {script}; console.log(said.join())"
    assert subprocess.run([npm.node(), "-e", program], capture_output=True, text=True).stdout == "reader,one,two\n"
    assert (folder / "alignbook-demos.css").read_text(encoding="utf-8").strip() == "ab-one{color:red}"


def test_the_same_modules_are_bundled_once_and_give_the_same_bytes(package: Path, tmp_path: Path) -> None:
    folder = bundle.bundled(tmp_path, package)
    first = {path.name: path.read_bytes() for path in folder.iterdir()}
    (folder / "mark").touch()
    assert bundle.bundled(tmp_path, package) == folder
    assert (folder / "mark").exists()
    shutil.rmtree(folder)
    again = bundle.bundled(tmp_path, package)
    assert {path.name: path.read_bytes() for path in again.iterdir()} == first


def test_an_edit_makes_another_bundle_and_few_are_kept(
    package: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bundle, "KEPT", 2)
    view, digests = package / "publish/demos/two/view.mjs", set()
    for number in range(bundle.KEPT + 2):
        view.write_text(f"globalThis.said = [{number}];\n", encoding="utf-8")
        digests.add(bundle.bundled(tmp_path, package))
    assert len(digests) == bundle.KEPT + 2
    assert len([folder for folder in digests if folder.exists()]) == bundle.KEPT


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("const a = 1;\nconst b = ;\n", 2, "Unexpected"),
        ('import "./none.mjs";\n', 1, 'Could not resolve "./none.mjs"'),
        ('\nimport { none } from "../shared/own.mjs";\nnone();\n', 2, "No matching export"),
    ],
)
def test_a_mistake_has_a_file_and_a_line(package: Path, tmp_path: Path, text: str, line: int, message: str) -> None:
    view = package / "publish/demos/two/view.mjs"
    view.write_text(text, encoding="utf-8")
    with pytest.raises(bundle.BundleError) as caught:
        bundle.bundled(tmp_path, package)
    ((file, at, said),) = caught.value.problems
    assert (file, at) == (str(view), line)
    assert message in said
    assert not list((tmp_path / "home").glob("bundle-*[0-9a-f]")), "nothing half-made is left"


def test_a_mistake_in_a_stylesheet_has_a_file_and_a_line(package: Path, tmp_path: Path) -> None:
    (package / "publish/demos/one/view.css").write_text("a {\n  color: red;\n", encoding="utf-8")
    with pytest.raises(bundle.BundleError, match=r"view\.css:\d+: Expected"):
        bundle.bundled(tmp_path, package)


CELL = """from alignbook.publish import claim
from alignbook.publish.demos.demo import Demo
from alignbook.publish.tables import table_output

claim("fixture.one", "One is one", 1 == 1, evidence=1)
Demo("thing", "ab-thing", "A thing to poke", "Do *poke* it gently.", ["Try it twice: `x`."], {"n": [1]},
     table_output({"a": [1]}, name="thing", caption="A quiet form."))"""


def test_an_edit_of_a_script_writes_the_pages_again_and_runs_no_cell(
    book: FixtureBook, package: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bundle.bundled, "__defaults__", (package,))
    monkeypatch.setattr(bundle.digest, "__defaults__", (package,))
    book.chapter("one", CELL)
    code, output = book.here("--record")
    assert code == 0, output
    assert executed(output) == {"one"}
    assert re.search(r'<script defer="defer" src="_static/alignbook-demos\.js\?v=\w+"', book.shown("one"))
    page = book.html / "one.html"
    before = page.stat().st_mtime_ns
    (package / "publish/demos/two/view.mjs").write_text('globalThis.said = ["changed"];\n', encoding="utf-8")
    book.write("book/index.md", (book.root / "book/index.md").read_text(encoding="utf-8") + "\nMore.\n")
    code, output = book.here()
    assert code == 0, output
    assert executed(output) == set()
    assert page.stat().st_mtime_ns > before
    assert "changed" in (book.html / "_static/alignbook-demos.js").read_text(encoding="utf-8")


def test_a_demo_stands_on_its_page_live_static_and_searchable(book: FixtureBook) -> None:
    book.chapter("one", CELL)
    code, output = book.here("--record")
    assert code == 0, output
    shown = book.shown("one")
    assert '<ab-thing><script type="application/json">{"n":[1]}</script></ab-thing>' in shown
    assert re.search(r'<div class="ab-demo" id="demo-thing">', shown)
    assert 'role="group"' in shown
    assert '<span class="ab-demo-title" id="demo-thing-title">A thing to poke</span>' in shown
    assert '<span class="ab-demo-status">measured here</span>' in shown
    assert "Do <em>poke</em> it gently." in shown
    assert re.search(r'<table class="[^"]*ab-demo-static', shown)
    index = (book.html / "searchindex.js").read_text(encoding="utf-8")
    for word in ("gentl", "poke", "quiet", "twice"):
        assert f'"{word}"' in index or f"{word}:" in index, word


def test_a_demo_without_a_claim_in_its_cell_stops_the_build(book: FixtureBook) -> None:
    claim, demo = CELL.split("Demo(", 1)
    book.chapter("one", claim, f"Demo({demo}", "1 + 1")
    code, output = book.here("--record")
    assert code == 1
    line = (
        book.root.joinpath("book/one.md").read_text(encoding="utf-8").splitlines().index("```{code-cell} python3", 15)
    )
    (found,) = [said for said in output.splitlines() if "without a claim" in said]
    assert found.startswith(f"book/one.md:{line + 2}: ERROR: demo 'thing' stands in a cell without a claim: ")


def test_bad_data_stop_the_build_at_their_line(book: FixtureBook) -> None:
    book.chapter("one", CELL.replace('"n": [1]', '"n": [float("nan")]'))
    code, output = book.here("--record")
    assert code == 1
    assert "ERROR: ValueError: demo 'thing': data.n[0] must be finite, got nan" in output
