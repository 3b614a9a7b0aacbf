"""What a chapter's cells published, read from the outputs of its notebook."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
from docutils.nodes import make_id

from alignbook.press.pages import cell_line, read_text
from alignbook.publish.outputs import MARK, MIME

Plain = bool | int | float


@dataclass(frozen=True)
class Record:
    """One claim, value, figure, table or demo.

    Parameters
    ----------
    docname, line
        Where it is published: the page, and the line of the call.
    data
        What was published.
    cell
        Which of the notebook's cells published it.
    """

    docname: str
    line: int
    data: Mapping[str, Any]
    cell: int = 0

    @property
    def kind(self) -> str:
        """``claim``, ``value``, ``figure``, ``table`` or ``demo``."""
        return str(self.data["kind"])

    @property
    def name(self) -> str:
        """Its name."""
        return str(self.data["name"])

    @property
    def anchor(self) -> str:
        """The id that leads to it on a page."""
        return anchor(self.kind, self.name)

    def numbers(self) -> dict[str, Plain]:
        """The numbers that are recorded, by the key that they have in the record."""
        if self.kind == "value":
            return {self.name: self.data["value"]}
        evidence = self.data.get("evidence")
        if isinstance(evidence, list):
            return {f"{self.name}[{key}]": number for key, number in evidence}
        return {} if evidence is None else {self.name: evidence}


def anchor(kind: str, name: str) -> str:
    """The id of what has a name, on the page where it stands."""
    return make_id(f"{kind}-{name}")


def read_records(docname: str, chapter: Path, notebook: nbformat.NotebookNode) -> Iterator[Record]:
    """Everything that a chapter published, in order.

    Parameters
    ----------
    docname, chapter
        The page, and the file with its text.
    notebook
        Its notebook with the outputs.
    """
    text = read_text(chapter)
    for index, cell in enumerate(notebook.cells):
        for output in cell.get("outputs", []):
            if MIME in output.get("data", {}):
                line = cell_line(text, notebook, index, output.metadata[MARK]["line"])
                yield Record(docname, line, _plain(output.data[MIME]), index)


def _plain(data: Any) -> Any:
    """JSON without the notebook format's own types, which would be kept in Sphinx's environment."""
    if isinstance(data, Mapping):
        return {key: _plain(value) for key, value in data.items()}
    return [_plain(value) for value in data] if isinstance(data, list) else data
