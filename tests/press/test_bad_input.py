"""Bad chapters, damaged files and unusable folders: a located message and exit code 1, or a repair that says so."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from pathlib import Path
from unittest import mock

import pytest
from tests.fixture_book import FixtureBook, errors, executed

CELL = "```{code-cell} python3\nprint(1)\n```\n"


def test_text_that_cannot_be_read_is_located_before_anything_runs(book: FixtureBook) -> None:
    book.chapter("good", "print('good')")
    book.page("malformed", f"---\nfile_format: mystnb\ntitle: [a, b\n---\n\n# Bad\n\n{CELL}")
    book.page("unclosed", "---\nfile_format: mystnb\n\n# Bad\n")
    book.page("latin", "").write_bytes("# One\n\ncaf\xe9\n".encode("latin-1"))
    book.chapter("override", "print(1)", matter="mystnb:\n  execution_mode: force\n")
    book.chapter("nofile", "print(1)", matter="data_files: [none.csv]\n")
    book.chapter("option", ":tags: [a\nprint(1)")
    for _ in range(2):
        code, output = book.here()
        assert code == 1
        assert executed(output) == set()
        assert errors(output) == (
            "book/latin.md:3: ERROR: not UTF-8: byte 0xe9 cannot be read; save the file as UTF-8\n"
            "book/malformed.md:3: ERROR: malformed front matter: expected ',' or ']', but got '<stream end>'\n"
            "book/nofile.md:3: ERROR: data_files: nothing matches 'none.csv' (from the chapter's folder)\n"
            "book/option.md:9: ERROR: the cell cannot be read: Invalid options format (bad YAML)\n"
            "book/override.md:4: ERROR: mystnb.execution_mode is set for the whole book in _config.yml, "
            "not in a chapter\n"
            "book/unclosed.md:1: ERROR: the front matter is never closed: end it with a line of three dashes\n"
            "ERROR: the book was not built: latin, malformed, nofile, option, override, unclosed fail\n"
        )


def test_whatever_sphinx_warns_about_is_told_in_every_build(book: FixtureBook) -> None:
    book.chapter("good", "print('good')")
    book.page("directive", "# Bad\n\n```{nope} x\ny\n```\n")
    book.page("unformatted", f"# Bad\n\n{CELL}")
    book.page("nested", f"---\nfile_format: mystnb\n---\n\n# Bad\n\n````{{note}}\n{CELL}````\n")
    book.page("link", "# Bad\n\nSee {ref}`nowhere`.\n")
    book.page("gone", "# Bad\n").unlink()
    book.write("book/orphan.md", "# Orphan\n")
    for _ in range(2):
        code, output = book.here()
        assert code == 1
        for line in (
            "book/directive.md:3: WARNING: Unknown directive type: 'nope'",
            "book/unformatted.md:3: ERROR: this code cell would never run: add 'file_format: mystnb' to the front",
            "book/nested.md:8: ERROR: this code cell is nested in another block and would never run",
            "book/link.md:3: WARNING: undefined label: 'nowhere'",
            "book/index.md:3: WARNING: toctree contains reference to nonexisting document 'gone'",
            "book/orphan.md: WARNING: document isn't included in any toctree",
            "the book was built, but not accepted: there are warnings about directive, index, link, nested, orphan,",
        ):
            assert line in output
    assert "good" not in output, "a good chapter is not even read again"


@pytest.fixture
def built(book: FixtureBook) -> FixtureBook:
    book.chapter("one", "print('first output')")
    book.chapter("two", "print('second output')")
    code, output = book.here()
    assert code == 0, output
    return book


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:60])


@pytest.mark.parametrize(
    ("name", "damage"),
    [
        ("doctrees/one.doctree", cut),
        ("doctrees/environment.pickle", cut),
        ("html/one.html", cut),
        ("html/two.html", Path.unlink),
        ("html/_static/pygments.css", Path.unlink),
        ("jupyter_execute/one.ipynb", cut),
        ("state.json", cut),
    ],
)
def test_a_damaged_file_is_made_again_and_said(built: FixtureBook, name: str, damage: Callable[[Path], None]) -> None:
    before = snapshot(built)
    damage(built.root / "_build" / name)
    code, output = built.here()
    assert code == 0, output
    assert output.startswith("repaired: ")
    assert executed(output) == set()
    assert snapshot(built) == before
    assert built.here()[1].startswith("nothing changed")


def test_a_damaged_cache_database_is_restored_from_its_entries(built: FixtureBook) -> None:
    (built.root / "_build/.jupyter_cache/global.db").write_bytes(b"no database" * 100)
    built.chapter("one", "print('first output')", prose="New prose.")
    code, output = built.here()
    assert (code, executed(output)) == (0, set())
    assert "repaired: the execution cache's database was damaged: restored with 2 entries" in output
    assert "first output" in built.text("one")


def test_a_database_of_something_else_is_restored_as_well(built: FixtureBook) -> None:
    path = built.root / "_build/.jupyter_cache/global.db"
    path.unlink()
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE other (x)")
    connection.close()
    built.chapter("one", "print('first output')", prose="New prose.")
    assert "restored with 2 entries" in built.here()[1]


@pytest.mark.parametrize("damage", [cut, Path.unlink])
def test_a_damaged_cache_entry_is_dropped_and_made_again(built: FixtureBook, damage: Callable[[Path], None]) -> None:
    for path in built.root.glob("_build/.jupyter_cache/executed/*/base.ipynb"):
        damage(path)
    built.chapter("one", "print('first output')", prose="New prose.")
    code, output = built.here()
    assert (code, executed(output)) == (0, {"one"})
    assert "first output" in built.text("one")


def test_a_file_where_the_build_folder_should_be(book: FixtureBook) -> None:
    book.chapter("one", "print(1)")
    book.write("_build", "in the way")
    code, output = book.here()
    assert code == 1
    assert (
        output == "ERROR: _build: File exists: move the file that is in the way, or build elsewhere with --build-dir\n"
    )
    assert (book.root / "_build").read_text() == "in the way"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_read_only_build_folder(built: FixtureBook) -> None:
    (built.root / "_build").chmod(0o500)
    code, output = built.here()
    (built.root / "_build").chmod(0o700)
    assert code == 1
    assert "_build/.writable: Permission denied: make it writable, or build elsewhere with --build-dir" in output


def test_a_full_disk_loses_nothing(built: FixtureBook) -> None:
    built.chapter("one", "print('third output')")
    full = OSError(28, os.strerror(28), "somewhere")
    with mock.patch("sphinx.builders.html.StandaloneHTMLBuilder.finish", side_effect=full):
        code, output = built.here()
    assert code == 1
    assert "ERROR: no space left on the disk: free some and build again; executed chapters are kept" in output
    code, output = built.here()
    assert (code, executed(output)) == (0, set())
    assert "third output" in built.text("one")


def test_a_fault_of_the_press_itself_is_a_line_and_a_file(built: FixtureBook) -> None:
    built.chapter("one", "print('third output')")
    with mock.patch("alignbook.press.publishing.domain.Published.changed_quotes", side_effect=RuntimeError("a bug")):
        code, output = built.here()
    assert code == 1
    assert "ERROR: RuntimeError: a bug (in the press itself: " in output
    assert "Traceback" in (built.root / "_build/traceback.txt").read_text()
    assert "Traceback" not in output
    assert built.here()[0] == 0


def snapshot(book: FixtureBook) -> dict[str, bytes]:
    """Every page as built."""
    return {path.name: path.read_bytes() for path in sorted(book.html.glob("*.html"))}
