"""The prose of one block: its text and on which line each character stands, with code, maths and roles left out."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from markdown_it.token import Token

Kind = Literal["text", "link", "citation", "other"]
"""Text; the text of a link; a citation; whatever else is no prose: code, maths, other roles, footnote marks."""

OTHER = "\ufffc"
"""Stands in a passage's text for what is no prose."""

CITATION = "\ufff9"
"""Stands in a passage's text for a citation."""


@dataclass(frozen=True)
class Piece:
    """A run of text on one line.

    Parameters
    ----------
    text
        The text; for what is no prose, its stand-in.
    line
        Line of the file, from 1.
    kind
        What it is.
    """

    text: str
    line: int
    kind: Kind = "text"


@dataclass(frozen=True)
class Passage:
    """The prose of one paragraph, heading, table cell, caption or alternative text.

    Parameters
    ----------
    pieces
        Its text in order.
    heading
        Whether it is a heading, which may begin with its number.
    counts
        Whether a number in it would be a result; not in pages that are included from outside the book.
    """

    pieces: tuple[Piece, ...]
    heading: bool = False
    counts: bool = True

    def text(self, *kinds: Kind) -> tuple[str, list[int]]:
        """The text, with stand-ins for all but the given kinds, and the line of each of its characters."""
        shown = [(piece.text if piece.kind in kinds else _stand_in(piece.kind), piece.line) for piece in self.pieces]
        return "".join(text for text, _ in shown), [line for text, line in shown for _ in text]


def _stand_in(kind: Kind) -> str:
    return CITATION if kind == "citation" else OTHER


class Place:
    """Finds texts in their source one after another: Markdown keeps the lines of blocks only.

    Parameters
    ----------
    source
        Source of a block.
    line
        The line on which it begins.
    """

    def __init__(self, source: str, line: int) -> None:
        self._source, self._line, self._at = source, line, 0

    def of(self, text: str) -> int:
        """The line where a text begins, at or after the last one; that of the last one if it is written otherwise."""
        words = [re.escape(word) for word in text.split()]
        found = re.compile(r"\s+".join(words)).search(self._source, self._at)
        start = found.start() if found else self._at
        self._at = found.end() if found else self._at
        return self._line + self._source.count("\n", 0, start)

    def end_line(self) -> int:
        """Go past the next line break; returns the line that it ends."""
        line = self._line + self._source.count("\n", 0, self._at)
        self._at = self._source.find("\n", self._at) + 1 or self._at
        return line


def pieces_of(block: Token, line: int, other: Callable[[Token, int], None]) -> Iterator[Piece]:
    """The pieces of a block's inline tokens.

    Parameters
    ----------
    block
        A token of type ``inline``.
    line
        Line of the file where it begins.
    other
        Is told of each role, image and piece of HTML, and its line.
    """
    place = Place(block.content, line)
    links = 0
    for token in block.children or []:
        if token.type in ("link_open", "link_close"):
            links += token.nesting
        elif token.type in ("softbreak", "hardbreak"):
            yield Piece("\n", place.end_line())
        elif token.type == "text":
            if token.content:
                yield Piece(token.content, place.of(token.content), "link" if links else "text")
        elif token.nesting == 0:
            at = place.of(token.content)
            other(token, at)
            cites = token.type == "myst_role" and token.meta["name"].split(":")[0] == "cite"
            if token.type not in ("html_inline", "image"):
                yield Piece(OTHER, at, "citation" if cites else "other")


def relocated(passage: Passage, source: Sequence[str], line: int) -> Passage:
    """A passage that was read from an option or a string, with each word on its line of the file.

    Parameters
    ----------
    passage
        What was read; its lines mean nothing.
    source
        The lines of the file where the option or the string stands.
    line
        Number of the first of these lines.
    """
    place = Place("\n".join(source), line)
    pieces = [
        Piece(word, place.of(word.strip()), piece.kind)
        for piece in passage.pieces
        for word in (re.findall(r"\s*\S+|\s+$", piece.text) if piece.kind in ("text", "link") else [piece.text])
    ]
    return Passage(tuple(pieces), passage.heading, passage.counts)
