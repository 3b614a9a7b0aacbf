"""What must hold over the whole book, looked at in every build: names, claims, and the record."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from alignbook.press.publishing import recorded
from alignbook.press.publishing.recorded import Number, RecordError
from alignbook.press.publishing.records import Record
from alignbook.publish.claims import failure

RECORD = "nox -s record"


@dataclass(frozen=True)
class Problem:
    """Something that is wrong: a file (a page's name, or a path), a line of it, and what it is."""

    place: str | Path
    line: int
    message: str


def repeated_names(records: Iterable[Record], path_of: Mapping[str, str]) -> Iterator[Problem]:
    """Whatever has a name that is taken, but for figures and tables of different pages: Sphinx tells of those.

    Parameters
    ----------
    records
        Everything that is published.
    path_of
        How a page is named to people.
    """
    first: dict[tuple[str, ...], Record] = {}
    for record in records:
        kind = () if record.kind in {"claim", "value"} else (record.kind, record.docname)
        taken = first.setdefault((*kind, record.name.replace(".", "-")), record)
        if taken is not record:
            where = f"{path_of[taken.docname]}:{taken.line}"
            also = "" if taken.name == record.name else f" as {taken.name!r}, which makes the same link"
            message = f"{record.kind} {record.name!r}: the name is taken by the {taken.kind} at {where}{also}"
            yield Problem(record.docname, record.line, f"{message}; a name stands for one thing in the whole book")


def demos_without_claim(records: Sequence[Record]) -> Iterator[Problem]:
    """Demos whose cell claims nothing: whoever pokes one should be able to see what the book says of it."""
    claiming = {(record.docname, record.cell) for record in records if record.kind == "claim"}
    for record in records:
        if record.kind == "demo" and (record.docname, record.cell) not in claiming:
            message = f"demo {record.name!r} stands in a cell without a claim: say what it shows with claim(...)"
            yield Problem(record.docname, record.line, message)


def false_claims(records: Iterable[Record]) -> Iterator[Problem]:
    """Claims that do not hold, whatever became of the exception that said so in the cell."""
    for record in records:
        if record.data.get("holds") is False:
            message = failure(record.name, record.data["statement"], record.data["evidence"])
            yield Problem(record.docname, record.line, message)


def compare(folder: Path, records: Iterable[Record], path_of: Mapping[str, str]) -> Iterator[Problem]:
    """Differences between what the book publishes and what is recorded."""
    by_page = _by_page(records)
    drifted: list[tuple[Number, recorded.Entry]] = []
    for docname in sorted({*by_page, *recorded.files(folder)}):
        path, published = _file(folder, docname), by_page.get(docname, [])
        try:
            entries = recorded.read(path)
        except RecordError as error:
            yield Problem(error.path, error.line, str(error))
            continue
        if docname not in path_of:
            yield Problem(path, 1, f"there is no chapter {docname!r} any more: delete the file, or run {RECORD}")
            continue
        yield from _unmatched(path, entries, published)
        drifted += [(number, entries[number.key]) for number in published if number.key in entries]
    yield from _drift([(number, entry) for number, entry in drifted if number.drifted(entry)], path_of)


def _unmatched(path: Path, entries: Mapping[str, recorded.Entry], published: list[Number]) -> Iterator[Problem]:
    """Numbers without a record, and records without a number."""
    for number in published:
        if number.key not in entries:
            message = f"{number.record.kind} {number.key!r} is not recorded yet: run {RECORD}"
            yield Problem(number.record.docname, number.record.line, message)
    for key in sorted(entries.keys() - {number.key for number in published}):
        message = f"{key!r} is recorded, but its chapter publishes it no more: run {RECORD}"
        yield Problem(path, recorded.line_of(path, key), message)


def _drift(drifted: list[tuple[Number, recorded.Entry]], path_of: Mapping[str, str]) -> Iterator[Problem]:
    """One problem with a table, at the first number that moved too far."""
    if not drifted:
        return
    rows = [("chapter", "value", "recorded", "now", "tolerance")]
    for number, entry in drifted:
        where = f"{path_of[number.record.docname]}:{number.record.line}"
        limit = recorded.shown(number.allowed(entry))
        rows.append((where, number.key, recorded.shown(entry.recorded), recorded.shown(number.now), limit))
    first = drifted[0][0].record
    numbers = "a recorded number has" if len(drifted) == 1 else f"{len(drifted)} recorded numbers have"
    message = f"{numbers} moved: find out why, then mend it, or accept it with {RECORD}"
    yield Problem(first.docname, first.line, f"{message}\n{recorded.as_table(rows)}")


def accept(folder: Path, records: Iterable[Record], pages: Iterable[str]) -> Iterator[str]:
    """Write the record of every chapter as the book is now.

    Yields
    ------
    str
        What was changed, a line each.

    Raises
    ------
    RecordError
        If a file is malformed, in which a hand may have set tolerances; nothing is written then.
    OSError
        If a file cannot be written.
    """
    by_page, known = _by_page(records), set(pages)
    old = {docname: recorded.read(_file(folder, docname)) for docname in sorted({*by_page, *recorded.files(folder)})}
    folder.mkdir(exist_ok=True)
    for docname, entries in old.items():
        published = by_page.get(docname, []) if docname in known else []
        new = {number.key: number.entry(entries.get(number.key)) for number in published}
        recorded.write(_file(folder, docname), new)
        for key in sorted(new.keys() | entries.keys()):
            before, after = entries.get(key), new.get(key)
            if before is None or after is None or before.recorded != after.recorded:
                yield f"recorded {docname}: {key} {_told(before)} -> {_told(after)}"


def _told(entry: recorded.Entry | None) -> str:
    return "(none)" if entry is None else recorded.shown(entry.recorded)


def _file(folder: Path, docname: str) -> Path:
    return folder / f"{docname}.json"


def _by_page(records: Iterable[Record]) -> dict[str, list[Number]]:
    pages: dict[str, list[Number]] = {}
    for number in recorded.numbers(records):
        pages.setdefault(number.record.docname, []).append(number)
    return pages
