"""Tables: what a cell computed, in rows and columns, with a caption and a number."""

from __future__ import annotations

import html
import reprlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

from alignbook.publish.outputs import Output, checked_name, checked_text, plain_number
from alignbook.publish.values import formatted


@dataclass(frozen=True)
class Column:
    """One column as it is shown: its heading, its cells, and whether they are numbers."""

    heading: str
    cells: list[str]
    numeric: bool


def table(
    columns: Mapping[str, Sequence[object]], *, name: str, caption: str, formats: Mapping[str, str] | None = None
) -> None:
    """Publish a table; prose refers to it as ``{numref}`tab-name```.

    Texts stand as they are, so that samples and tokens keep their signs; only the caption is MyST.

    Parameters
    ----------
    columns
        Heading to cells: texts, numbers of Python's or NumPy's, or ``None`` for an empty cell.
    name
        Unique in the whole book.
    caption
        What the table shows and what to notice in it.
    formats
        Heading to format, in Python's format language. Needed for columns with floats.

    Raises
    ------
    TypeError, ValueError
        If a column is longer than another, or a cell cannot be shown.

    Examples
    --------
    >>> table({"model": ["base", "tuned"], "accuracy": [0.0, 0.95]}, name="sft", caption="Tuning.",
    ...       formats={"accuracy": ".0%"})
    Tuning.
    model  accuracy
    base         0%
    tuned       95%
    """
    table_output(columns, name=name, caption=caption, formats=formats).publish()


def table_output(
    columns: Mapping[str, Sequence[object]], *, name: str, caption: str, formats: Mapping[str, str] | None = None
) -> Output:
    """Make a table as `table` does, to be shown as a part of something else."""
    what = f"table {checked_name('table', name)!r}"
    caption = checked_text(f"{what}: caption", caption)
    formats = dict(formats or {})
    lengths = {heading: len(cells) for heading, cells in columns.items()}
    if not lengths or not min(lengths.values()) or len(set(lengths.values())) > 1:
        raise ValueError(f"{what}: columns must be of one length, 1 or more, got {lengths}")
    for heading in formats.keys() - lengths.keys():
        raise ValueError(f"{what}: formats names no column: {heading!r}")
    shown = [
        Column(
            checked_text(f"{what}: a heading", heading),
            [_cell(f"{what}: column {heading!r}", cell, formats.get(heading, "")) for cell in cells],
            not any(isinstance(cell, str) for cell in cells),
        )
        for heading, cells in columns.items()
    ]
    record = {"kind": "table", "name": name, "caption": caption, "columns": [asdict(column) for column in shown]}
    return Output(record, _as_text(caption, shown), {"text/html": _as_html(caption, shown)})


def _cell(what: str, cell: object, format_spec: str) -> str:
    if cell is None or isinstance(cell, str):
        return cell or ""
    try:
        number = plain_number(what, cell)
    except TypeError:
        raise TypeError(f"{what}: a cell must be a text or a number, got {reprlib.repr(cell)}") from None
    if isinstance(number, bool):
        return "yes" if number else "no"
    return formatted(what, number, format_spec)


def _rows(columns: Sequence[Column]) -> list[tuple[str, ...]]:
    """Headings, then the rows."""
    return list(zip(*([column.heading, *column.cells] for column in columns), strict=True))


def _as_text(caption: str, columns: Sequence[Column]) -> str:
    rows = _rows(columns)
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = [
        "  ".join(
            cell.rjust(width) if column.numeric else cell.ljust(width)
            for cell, width, column in zip(row, widths, columns, strict=True)
        ).rstrip()
        for row in rows
    ]
    return "\n".join([caption, *lines])


def _as_html(caption: str, columns: Sequence[Column]) -> str:
    head, *rows = _rows(columns)
    parts = [f"<tr>{''.join(f'<th>{html.escape(cell)}</th>' for cell in head)}</tr>"]
    parts += [f"<tr>{''.join(f'<td>{html.escape(cell)}</td>' for cell in row)}</tr>" for row in rows]
    return f"<table><caption>{html.escape(caption)}</caption>{''.join(parts)}</table>"
