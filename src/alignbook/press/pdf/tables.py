"""Tables that would not fit on a page: broken between pages, set smaller, or reported."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging

logger = logging.getLogger(__name__)

CHARACTERS_OF_A_LINE = 80
"""How many characters stand side by side in a table, in its usual size."""

LINES_OF_A_TABLE = 24
"""From so many lines on, a table may be broken between pages."""

SMALLER = (("\\footnotesize", 0.89), ("\\scriptsize", 0.78))
"""Sizes for tables that are too wide, and how wide a character is in them."""


class FitTables(SphinxPostTransform):
    """Sets wide tables smaller, and lets long ones go on on the next page, with columns as wide as their texts need."""

    default_priority = 800
    formats = ("latex",)

    def run(self, **_: Any) -> None:
        """Look at every table."""
        for table in list(self.document.findall(nodes.table)):  # what is put before one would lead to it again
            rows = [[cell.astext() for cell in row.children] for row in table.findall(nodes.row)]
            if not rows or len({len(row) for row in rows}) > 1:
                continue  # with cells that span others, nothing can be told from the texts
            self._fit_width(table, least_width(rows))
            widths = column_widths(rows)
            given = {"colwidths-given", "longtable"} & set(table["classes"])
            if not given and not _is_inside_another_box(table) and lines_of(rows, widths) > LINES_OF_A_TABLE:
                _make_long(table, widths)

    def _fit_width(self, table: nodes.table, width: int) -> None:
        if width <= CHARACTERS_OF_A_LINE:
            return
        size = next((size for size, factor in SMALLER if width * factor <= CHARACTERS_OF_A_LINE), None)
        if size is None:
            room = int(CHARACTERS_OF_A_LINE / SMALLER[-1][1])
            logger.error(
                "this table is %d characters wide at least, and a page has room for %d: "
                "give it fewer columns or digits, or make two of it",
                *(width, room),
                location=table,
            )
            return
        before = _specification(table) or table
        table.parent.insert(table.parent.index(before), nodes.raw("", f"\\abTable{{{size}}}", format="latex"))


def _make_long(table: nodes.table, widths: Sequence[int]) -> None:
    """Let a table be broken between pages."""
    table["classes"] += ["longtable", "colwidths-given"]
    for column, width in zip(table.findall(nodes.colspec), widths, strict=True):
        column["colwidth"] = width
    specification = _specification(table)
    if specification is not None:
        table.parent.remove(specification)  # Sphinx knows it only for tables that stand on one page


def _specification(table: nodes.table) -> addnodes.tabular_col_spec | None:
    """What says how the columns of a table are set, if anything does."""
    index = table.parent.index(table)
    before = table.parent.children[index - 1] if index else None
    return before if isinstance(before, addnodes.tabular_col_spec) else None


def _is_inside_another_box(table: nodes.table) -> bool:
    parent = table.parent
    while parent is not None and not isinstance(parent, nodes.table | nodes.Admonition | nodes.sidebar):
        parent = parent.parent
    return parent is not None


def least_width(rows: Sequence[Sequence[str]]) -> int:
    """The characters that stand side by side at least: the longest word of each column, and a gap after it.

    Examples
    --------
    >>> least_width([["a", "two words"], ["long", "b"]])
    13
    """
    return sum(word + 2 for word in _longest_words(rows))


def column_widths(rows: Sequence[Sequence[str]]) -> list[int]:
    """Shares of the line, in percent, for the columns of a table.

    A column gets what its longest word needs, and of the rest a share that grows with its longest text.

    Examples
    --------
    >>> column_widths([["key", "meaning"], ["a", "a text of many words that goes on and on"]])
    [14, 86]
    """
    texts = [max(1, *(len(cell) for cell in column)) for column in zip(*rows, strict=True)]
    weights = [word + min(text, 240) / 2 for word, text in zip(_longest_words(rows), texts, strict=True)]
    return [max(1, round(100 * weight / sum(weights))) for weight in weights]


def lines_of(rows: Sequence[Sequence[str]], widths: Sequence[int]) -> int:
    """About how many lines a table takes.

    Examples
    --------
    >>> lines_of([["a", "b"], ["word " * 16, "b"]], [50, 50])
    3
    """
    room = [max(4, CHARACTERS_OF_A_LINE * width // 100) for width in widths]
    return sum(max(-(-max(1, len(cell)) // space) for cell, space in zip(row, room, strict=True)) for row in rows)


def _longest_words(rows: Sequence[Sequence[str]]) -> list[int]:
    """The longest word of each column; one that is very long can be broken somewhere."""
    columns = zip(*rows, strict=True)
    return [max((min(30, len(word)) for cell in column for word in cell.split()), default=1) for column in columns]
