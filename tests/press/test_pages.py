"""Reading a chapter: its front matter, what decides its outputs, and where its lines stand."""

from __future__ import annotations

from pathlib import Path

import pytest
from myst_nb.core.config import NbParserConfig
from myst_parser.config.main import MdParserConfig

from alignbook.press import pages
from alignbook.press.pages import ChapterError, Page

CHAPTER = """---
file_format: mystnb
title: A title
kernelspec:
  name: python3
---

# Heading

```{code-cell} python3
:tags: [hide-input]
import alignbook.text

x = 1
```

Prose.

```{code-cell} python3
---
tags: [raises-exception]
---
%time y = x
from alignbook import corpora
```
"""


def read(text: str) -> tuple[Page, pages.FrontMatter]:
    matter = pages.front_matter(text)
    notebook = pages.read_notebook(text, Path("chapter.md"), MdParserConfig(), NbParserConfig())
    assert matter is not None
    assert notebook is not None
    return pages.describe(notebook, matter), matter


def test_a_page_names_its_imports_though_cells_use_magics() -> None:
    page, _ = read(CHAPTER)
    assert page.imports == {"alignbook.text", "alignbook", "alignbook.corpora"}
    assert page.kernel == "python3"


@pytest.mark.parametrize(
    "edited",
    [
        CHAPTER.replace("Prose.", "Other prose."),
        CHAPTER.replace("hide-input", "remove-output"),
        CHAPTER.replace("A title", "Another title"),
        CHAPTER.replace("# Heading", "# Heading\n\nA new paragraph."),
    ],
)
def test_prose_and_looks_do_not_change_what_decides_outputs(edited: str) -> None:
    assert edited != CHAPTER
    assert read(edited)[0] == read(CHAPTER)[0]


@pytest.mark.parametrize(
    "edited",
    [
        CHAPTER.replace("x = 1", "x = 2"),
        CHAPTER.replace("[raises-exception]", "[]"),
        CHAPTER.replace("[hide-input]", "[hide-input, skip-execution]"),
        CHAPTER.replace("name: python3", "name: other"),
        CHAPTER.replace("title: A title", "mystnb: {execution_allow_errors: true}"),
        CHAPTER.replace("title: A title", "data_files: [x.csv]"),
    ],
)
def test_what_decides_outputs_changes_the_page(edited: str) -> None:
    assert edited != CHAPTER
    assert read(edited)[0] != read(CHAPTER)[0]


def test_the_key_is_written_without_moving_a_line() -> None:
    page, matter = read(CHAPTER)
    text = pages.with_kernelspec(CHAPTER, matter, pages.kernelspec(matter, page, "abc"))
    assert text.split("\n")[6:] == CHAPTER.split("\n")[6:]
    rewritten = pages.front_matter(text)
    assert rewritten is not None
    kernelspec = {"display_name": "python3", "language": "python", "name": "python3", "inputs": "abc"}
    assert rewritten.data["kernelspec"] == kernelspec
    assert {**rewritten.data, "kernelspec": None} == {**matter.data, "kernelspec": None}


@pytest.mark.parametrize(
    ("index", "line", "expected"), [(1, 1, "import alignbook.text"), (1, 3, "x = 1"), (3, 1, "%time")]
)
def test_lines_of_cells_are_found_below_their_options(index: int, line: int, expected: str) -> None:
    notebook = pages.read_notebook(CHAPTER, Path("chapter.md"), MdParserConfig(), NbParserConfig())
    assert notebook is not None
    found = pages.cell_line(CHAPTER, notebook, index, line)
    assert CHAPTER.split("\n")[found - 1].startswith(expected)


def test_a_page_without_front_matter_is_prose() -> None:
    assert pages.front_matter("# Heading\n") is None
    assert pages.read_notebook("# Heading\n", Path("x.md"), MdParserConfig(), NbParserConfig()) is None


@pytest.mark.parametrize(
    ("matter", "line", "message"),
    [
        ("a: [1, 2", 2, "malformed front matter"),
        ("file_format: mystnb\nb: {", 3, "malformed front matter"),
        ("just text", 2, "the front matter must be a mapping"),
        ("data_files: x.csv", 2, "data_files must be a list of file names, got 'x.csv'"),
        ("file_format: mystnb\nkernelspec: python3", 3, "kernelspec must be a mapping"),
        (
            "mystnb:\n  execution_mode: force",
            3,
            "mystnb.execution_mode is set for the whole book in _config.yml",
        ),
    ],
)
def test_bad_front_matter_is_located(matter: str, line: int, message: str) -> None:
    with pytest.raises(ChapterError, match=message) as caught:
        pages.front_matter(f"---\n{matter}\n---\n\n# Heading\n")
    assert caught.value.line == line


def test_front_matter_that_never_ends_is_located() -> None:
    with pytest.raises(ChapterError, match="never closed") as caught:
        pages.front_matter("---\na: 1\n\n# Heading\n")
    assert caught.value.line == 1


def test_a_byte_that_is_not_utf8_is_located(tmp_path: Path) -> None:
    path = tmp_path / "chapter.md"
    path.write_bytes("# One\n\ncaf\xe9\n".encode("latin-1"))
    with pytest.raises(ChapterError, match="not UTF-8: byte 0xe9") as caught:
        pages.read_text(path)
    assert caught.value.line == 3
