"""The record: what every published number was, so that it cannot move unnoticed.

``book/recorded/<chapter>.json`` holds the numbers of one chapter, a line each::

    "sft.accuracy": {"recorded": 0.9512, "tolerance": 0.02}

The tolerance is the call's where it gives one; otherwise it stands in the file, where it may be set by hand.
"""

from __future__ import annotations

import json
import math
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from alignbook.press.publishing.records import Plain, Record

SEEDS = "seeds"
"""The folder in the record with the results of other seeds, which are no record of this book."""


class RecordError(Exception):
    """A file of the record that cannot be used.

    Parameters
    ----------
    path, line
        The file, and the line of it, from 1.
    message
        What is wrong and how to mend it.
    """

    def __init__(self, path: Path, line: int, message: str) -> None:
        super().__init__(message)
        self.path, self.line = path, line


@dataclass(frozen=True)
class Entry:
    """One number of the record: what it was, and how far it may move (``None`` where the call says so)."""

    recorded: Plain
    tolerance: float | None = None


@dataclass(frozen=True)
class Number:
    """One number that a chapter publishes now.

    Parameters
    ----------
    key
        Its name in the record.
    now
        What it is.
    tolerance
        What the call says.
    record
        The claim or value that it belongs to.
    """

    key: str
    now: Plain
    tolerance: float | None
    record: Record

    def entry(self, old: Entry | None) -> Entry:
        """What to record: the old entry while the number is within its tolerance, which a hand may have set."""
        tolerance = old.tolerance if old is not None else None
        if self.tolerance is not None:
            tolerance = None
        elif tolerance is None:
            tolerance = default_tolerance(self.now)
        kept = old is not None and not self.drifted(old)
        return Entry(old.recorded if kept and old is not None else self.now, tolerance)

    def drifted(self, old: Entry) -> bool:
        """Whether the number is further from the record than it may be."""
        return isinstance(self.now, bool) != isinstance(old.recorded, bool) or not (
            abs(self.now - old.recorded) <= self.allowed(old)
        )

    def allowed(self, old: Entry) -> float:
        """How far it may be from the record."""
        chosen = self.tolerance if self.tolerance is not None else old.tolerance
        return default_tolerance(old.recorded) if chosen is None else chosen


def default_tolerance(number: Plain) -> float:
    """None for counts and verdicts; for floats a millionth, which only another machine's rounding stays within.

    Examples
    --------
    >>> default_tolerance(12), default_tolerance(0.1234)
    (0.0, 1e-07)
    """
    if not isinstance(number, float):
        return 0.0
    return max(float(f"{abs(number) * 1e-6:.0e}"), 1e-12)


def numbers(records: Iterable[Record]) -> list[Number]:
    """All numbers of some records."""
    return [
        Number(key, now, record.data.get("tolerance"), record)
        for record in records
        for key, now in record.numbers().items()
    ]


def files(folder: Path) -> dict[str, Path]:
    """The files of the record, by the chapter that each belongs to."""
    found = {path.relative_to(folder).with_suffix("").as_posix(): path for path in folder.rglob("*.json")}
    return {docname: path for docname, path in sorted(found.items()) if docname.partition("/")[0] != SEEDS}


def read(path: Path) -> dict[str, Entry]:
    """The record of one chapter; empty where there is no file.

    Raises
    ------
    RecordError
        If it is malformed; says where.
    """
    if not path.is_file():
        return {}
    data = read_json(path)
    for key, entry in data.items():
        known = isinstance(entry, dict) and {"recorded"} <= entry.keys() <= {"recorded", "tolerance"}
        good = known and _is_number(entry["recorded"]) and _is_tolerance(entry.get("tolerance"))
        if not good:
            form = '{"recorded": number, "tolerance": number, 0 or more}'
            raise RecordError(path, line_of(path, key), f"{key!r} must be {form}, got {json.dumps(entry)}")
    return {key: Entry(**entry) for key, entry in data.items()}


def read_json(path: Path) -> dict[str, Any]:
    """A JSON file with an object in it.

    Raises
    ------
    RecordError
        If it holds anything else; says where.
    """
    try:
        text = path.read_text(encoding="utf-8")
        data = json.loads(text, object_pairs_hook=_unrepeated, parse_constant=_refuse)
    except json.JSONDecodeError as error:
        message = f"malformed JSON: {error.msg}; mend it, or delete the file and run nox -s record"
        raise RecordError(path, error.lineno, message) from None
    except _RepeatedError as error:
        line = line_of(path, str(error), last=True)
        raise RecordError(path, line, f"{str(error)!r} stands here twice: keep one") from None
    except ValueError as error:
        raise RecordError(path, 1, f"it cannot be read: {error}; delete the file and run nox -s record") from None
    if not isinstance(data, dict):
        raise RecordError(path, 1, "it must be a JSON object; delete the file and run nox -s record")
    return data


def line_of(path: Path, key: str, *, last: bool = False) -> int:
    """Line of a file on which an entry stands."""
    lines = enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
    found = [number for number, line in lines if line.lstrip().startswith(f"{json.dumps(key)}:")]
    return found[-1 if last else 0] if found else 1


def write(path: Path, entries: Mapping[str, Entry]) -> None:
    """Write the record of one chapter in one step, or remove the file where nothing is recorded.

    Raises
    ------
    OSError
        If that is not possible; the old file is kept.
    """
    if not entries:
        path.unlink(missing_ok=True)
        return
    lines = [f" {json.dumps(key)}: {_as_json(entry)}" for key, entry in sorted(entries.items())]
    text = "{\n" + ",\n".join(lines) + "\n}\n"
    if path.is_file() and path.read_text(encoding="utf-8") == text:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(f"{path.name}.{os.getpid()}.new")
    try:
        new.write_text(text, encoding="utf-8")
        new.replace(path)
    finally:
        new.unlink(missing_ok=True)


def as_table(rows: Sequence[Sequence[str]]) -> str:
    """Rows in columns."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    )


def shown(number: Plain) -> str:
    """A number in a table."""
    return f"{number:.6g}" if isinstance(number, float) else str(number).lower()


def _as_json(entry: Entry) -> str:
    tolerance = {} if entry.tolerance is None else {"tolerance": entry.tolerance}
    return json.dumps({"recorded": entry.recorded, **tolerance})


def _is_number(value: object) -> bool:
    return isinstance(value, (bool, int, float)) and math.isfinite(value)


def _is_tolerance(value: object) -> bool:
    return value is None or (_is_number(value) and not isinstance(value, bool) and value >= 0)  # type: ignore[operator]


class _RepeatedError(Exception):
    """A key that stands in an object twice."""


def _unrepeated(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object whose keys are all different: what is left of a merge may repeat one."""
    result = dict(pairs)
    if len(result) < len(pairs):
        names = [name for name, _ in pairs]
        raise _RepeatedError(next(name for name in names if names.count(name) > 1))
    return result


def _refuse(constant: str) -> float:
    raise ValueError(f"{constant} is no number")
