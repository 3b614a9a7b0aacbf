"""Raw HTML in a page: its tags, and what it says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from html.parser import HTMLParser

from alignbook.press.lint.passages import Passage, Piece

_SILENT = frozenset({"script", "style", "svg"})


@dataclass(frozen=True)
class Tag:
    """An opening tag of raw HTML."""

    name: str
    attributes: Mapping[str, str | None]
    line: int


def read_html(source: str, line: int) -> tuple[list[Tag], Passage]:
    """Read a piece of HTML that begins on a line of the file."""
    reader = _Reader(line)
    reader.feed(source)
    reader.close()
    return reader.tags, Passage(tuple(reader.pieces))


class _Reader(HTMLParser):
    """Collects tags and text, but for scripts and styles."""

    def __init__(self, line: int) -> None:
        super().__init__()
        self.first, self.tags, self.pieces = line - 1, list[Tag](), list[Piece]()
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(Tag(tag, dict(attrs), self.first + self.getpos()[0]))
        self._silent += tag in _SILENT

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in _SILENT

    def handle_data(self, data: str) -> None:
        if self._silent <= 0:
            first = self.first + self.getpos()[0]
            self.pieces += [Piece(text, first + i) for i, text in enumerate(data.splitlines(keepends=True))]
