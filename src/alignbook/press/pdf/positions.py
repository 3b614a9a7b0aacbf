"""Where each line of the LaTeX file comes from, so that what TeX says of its lines is told of the book's own.

The writer puts a mark into the text where a block of the book begins. :func:`taken_out` removes the marks again and
keeps on which line each stood.
"""

from __future__ import annotations

import bisect
import re
from collections.abc import Sequence
from dataclasses import dataclass

_MARK = re.compile("\x02([^\x02\x03]*)\x03")


@dataclass(frozen=True)
class Position:
    """A line of the LaTeX file from which on the text comes from a place of the book (``file:line``)."""

    line: int
    place: str


def mark(place: str) -> str:
    """A mark for the place of a block, to be written before it."""
    return f"\x02{place}\x03"


def without_marks(text: str) -> str:
    """The text as LaTeX gets it."""
    return _MARK.sub("", text)


def taken_out(text: str) -> tuple[str, list[Position]]:
    r"""Remove all marks from a LaTeX file.

    Returns
    -------
    tuple of str and list of Position
        The file without marks, and where they stood, in order.

    Examples
    --------
    >>> taken_out("a\n" + mark("page.md:3") + "b")
    ('a\nb', [Position(line=2, place='page.md:3')])
    """
    positions, parts, line, end = [], [], 1, 0
    for found in _MARK.finditer(text):
        parts.append(text[end : found.start()])
        line += parts[-1].count("\n")
        positions.append(Position(line, found[1]))
        end = found.end()
    return "".join([*parts, text[end:]]), positions


def place_of(line: int, positions: Sequence[Position]) -> str | None:
    """The place of the book that a line of the LaTeX file comes from; ``None`` before the first.

    Examples
    --------
    >>> place_of(7, [Position(2, "page.md:3"), Position(9, "page.md:5")])
    'page.md:3'
    """
    index = bisect.bisect_right(positions, line, key=lambda position: position.line)
    return positions[index - 1].place if index else None
