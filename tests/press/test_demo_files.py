"""Files that a demo brings along: in the site while a demo names them, and in no notebook that readers download."""

from __future__ import annotations

import pytest
from tests.fixture_book import FixtureBook, executed

CELL = """---
file_format: mystnb
---

# A page

```{code-cell} python3
from alignbook.publish import claim
from alignbook.publish.demos.demo import Demo
from alignbook.publish.tables import table_output

claim("NAME.stands", "One is one", 1 == 1, evidence=1)
static = table_output({"a": [1]}, name="NAME", caption="A table.")
files = {"model-1a.js": "o" + "ne()", "model-NAME.js": "é()"}
Demo("NAME", "ab-thing", "A thing", "Poke it.", ["Poke it."], {}, static, files=files)
```
"""


@pytest.fixture
def built(book: FixtureBook) -> FixtureBook:
    """A book with two pages that share a file."""
    for name in ("first", "second"):
        book.page(name, CELL.replace("NAME", name))
    code, output = book.here("--record")
    assert code == 0, output
    return book


def loaded(book: FixtureBook) -> dict[str, str]:
    """The files in the site that scripts may load."""
    folder = book.html / "_static/loaded"
    return {path.name: path.read_text(encoding="utf-8") for path in folder.glob("*")}


def test_files_lie_in_the_site_once_and_not_in_the_notebooks(built: FixtureBook) -> None:
    assert loaded(built) == {"model-1a.js": "one()", "model-first.js": "é()", "model-second.js": "é()"}
    for name in ("first", "second"):
        notebook = (built.html / f"_sources/{name}.ipynb").read_text(encoding="utf-8")
        assert "ab-thing" in notebook
        assert "one()" not in notebook


def test_files_of_a_demo_that_is_gone_are_removed(built: FixtureBook) -> None:
    built.page("second", "# Nothing to poke\n")
    code, output = built.here("--record")
    assert code == 0, output
    assert sorted(loaded(built)) == ["model-1a.js", "model-first.js"]


def test_files_that_somebody_removed_come_back_and_no_cell_runs(built: FixtureBook) -> None:
    (built.html / "_static/loaded/model-first.js").unlink()
    code, output = built.here("--record")
    assert code == 0, output
    assert sorted(loaded(built)) == ["model-1a.js", "model-first.js", "model-second.js"]
    assert executed(output) == set()


def test_files_come_from_the_cache_when_all_pages_are_read_again(built: FixtureBook) -> None:
    for page in ("first", "second"):
        built.page(page, CELL.replace("NAME", page) + "\nMore prose.\n")
    code, output = built.here("--record")
    assert code == 0, output
    assert executed(output) == set()
    assert sorted(loaded(built)) == ["model-1a.js", "model-first.js", "model-second.js"]
