"""A chapter as the press sees it: its code cells, what they depend on, and where each line stands in the file.

Everything here is read from the text of one chapter; nothing is executed and no other page is looked at.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import nbformat
import yaml
from IPython.core.inputtransformer2 import TransformerManager
from myst_nb.core.config import NbParserConfig
from myst_nb.core.read import create_nb_reader
from myst_parser.config.main import MdParserConfig

from alignbook.provenance import fingerprint, imported_names

EXECUTION_TAGS = frozenset({"raises-exception", "skip-execution"})
"""The cell tags that change what a cell computes; every other tag only changes how it looks."""

FORBIDDEN_OVERRIDES = frozenset({"execution_mode", "execution_cache_path", "execution_excludepatterns"})
"""Options of MyST-NB that one page may not set: the book's configuration decides them for all pages."""


class ChapterError(Exception):
    """Something is wrong in a chapter's text, at a line that can be named.

    Parameters
    ----------
    message
        What is wrong and how to mend it.
    line
        Line of the file, from 1.
    """

    def __init__(self, message: str, line: int) -> None:
        super().__init__(message)
        self.line = line


@dataclass(frozen=True)
class Page:
    """What a chapter's own text says about its execution.

    Parameters
    ----------
    cells
        Digest of the code cells' source and of the tags that change execution.
    imports
        Dotted names that the cells import.
    files
        Data files that the front matter declares (``data_files``), as written: relative to the chapter, globs allowed.
    kernel
        Name of the kernel that runs the cells.
    """

    cells: str
    imports: frozenset[str]
    files: tuple[str, ...]
    kernel: str


@dataclass(frozen=True)
class FrontMatter:
    """The YAML block at the top of a chapter: its content, and how many lines lie between its two rules."""

    data: dict[str, Any]
    lines: int


def read_text(path: Path) -> str:
    """Text of a chapter.

    Raises
    ------
    ChapterError
        If the file is not UTF-8; the line of the first bad byte is named.
    """
    raw = path.read_bytes()
    try:
        return raw.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        message = f"not UTF-8: byte 0x{raw[error.start]:02x} cannot be read; save the file as UTF-8"
        raise ChapterError(message, line) from None


def front_matter(text: str) -> FrontMatter | None:
    """Parse the YAML block at the top of a chapter; ``None`` where there is none.

    Raises
    ------
    ChapterError
        If the block is never closed, is not YAML, or is not a mapping.
    """
    lines = text.splitlines()
    if not lines or not re.fullmatch(r"---\s*", lines[0]):
        return None
    closing = next((i for i, line in enumerate(lines[1:], 1) if re.fullmatch(r"---\s*", line)), None)
    if closing is None:
        raise ChapterError("the front matter is never closed: end it with a line of three dashes", 1)
    try:
        data = yaml.safe_load("\n".join(lines[1:closing]))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or str(error).splitlines()[0]
        raise ChapterError(f"malformed front matter: {problem}", mark.line + 2 if mark else 1) from None
    if data is not None and not isinstance(data, dict):
        raise ChapterError(f"the front matter must be a mapping (key: value), got {data!r}", 2)
    matter = FrontMatter(data or {}, closing - 1)
    _check_front_matter(matter.data, lines)
    return matter


def _check_front_matter(data: dict[str, Any], lines: list[str]) -> None:
    """Refuse what would be silently ignored or would go round the press."""

    def line_of(key: str) -> int:
        return next((i for i, line in enumerate(lines, 1) if line.lstrip().startswith(f"{key}:")), 2)

    files = data.get("data_files", [])
    if not isinstance(files, list) or not all(isinstance(name, str) for name in files):
        raise ChapterError(f"data_files must be a list of file names, got {files!r}", line_of("data_files"))
    for key in ("kernelspec", "mystnb", "jupytext"):
        if not isinstance(data.get(key, {}), dict):
            raise ChapterError(f"{key} must be a mapping, got {data[key]!r}", line_of(key))
    for key in sorted(FORBIDDEN_OVERRIDES & set(data.get("mystnb", {}))):
        raise ChapterError(f"mystnb.{key} is set for the whole book in _config.yml, not in a chapter", line_of(key))


def read_notebook(
    text: str, path: Path, md_config: MdParserConfig, nb_config: NbParserConfig
) -> nbformat.NotebookNode | None:
    """Read a chapter's cells exactly as MyST-NB will; ``None`` where it is a page without code.

    Raises
    ------
    ChapterError
        If MyST-NB cannot read a cell.
    """
    reader = create_nb_reader(str(path), md_config, nb_config, text)
    if reader is None:
        return None
    try:
        return cast(nbformat.NotebookNode, reader.read(text))
    except Exception as error:  # MyST-NB raises several private types here, all about the text
        line = re.search(r"at line (\d+)", str(error))
        problem = re.search(r"msg=(['\"])(.*?)\1", str(error))
        message = f"the cell cannot be read: {problem[2] if problem else error}"
        raise ChapterError(message, int(line[1]) if line else 1) from None


def describe(notebook: nbformat.NotebookNode, matter: FrontMatter) -> Page:
    """What the cells and the front matter of one chapter say about its execution."""
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    overrides = matter.data.get("mystnb", {})
    execution = {key: value for key, value in overrides.items() if key.startswith("execution_")}
    cells = [[cell.source, sorted(EXECUTION_TAGS & set(cell.metadata.get("tags", [])))] for cell in code]
    return Page(
        cells=fingerprint({"cells": repr(cells), "options": repr(sorted(execution.items()))}),
        imports=frozenset().union(*(imported_names(_plain_python(cell.source)) for cell in code)),
        files=tuple(matter.data.get("data_files", [])),
        kernel=matter.data.get("kernelspec", {}).get("name", "python3"),
    )


def _plain_python(source: str) -> str:
    """Cell source with IPython's magics rewritten as Python, so that it parses."""
    try:
        ast.parse(source)
    except SyntaxError:
        return TransformerManager().transform_cell(source)  # type: ignore[no-untyped-call]
    return source


def kernelspec(matter: FrontMatter, page: Page, inputs: str) -> dict[str, Any]:
    """A page's kernelspec with the page's key in it: the one place that reaches both layers of staleness."""
    usual = {"display_name": page.kernel, "language": "python"}
    return {**usual, **matter.data.get("kernelspec", {}), "name": page.kernel, "inputs": inputs}


def with_kernelspec(text: str, matter: FrontMatter, kernel: Mapping[str, Any]) -> str:
    """Write a kernelspec into a chapter's front matter.

    The front matter becomes one line and blank lines, so that every later line keeps its number.
    """
    data = {**matter.data, "kernelspec": kernel}
    block = json.dumps(data, ensure_ascii=False, default=str)  # JSON is YAML, and never breaks a line
    lines = text.split("\n")
    lines[1 : matter.lines + 1] = [block, *[""] * (matter.lines - 1)]
    return "\n".join(lines)


def cell_line(text: str, notebook: nbformat.NotebookNode, index: int, line: int = 1) -> int:
    """Line of the file where a line of a cell stands.

    Parameters
    ----------
    text
        Text of the chapter.
    notebook
        The chapter's notebook, read with a source map.
    index
        Which cell.
    line
        Line within the cell's source, from 1.
    """
    lines, source = text.splitlines(), notebook.cells[index].source.splitlines()
    first = int(notebook.metadata.source_map[index])
    for start in range(first, len(lines) - len(source) + 1):  # options may stand between the fence and the source
        if lines[start : start + len(source)] == source:
            return start + line
    return first  # the cell's source was loaded from another file: the fence is the best there is
