"""The mark by which a chapter allows numbers that nobody computes: ``% allow-number: why``.

It is a MyST comment before a block (a paragraph, a list, a table, a directive, a code cell) and covers the whole block.
``% allow-number 0.1, 95%: why`` covers only the numbers that it names, so that others are still found. Each mark gives
its reason; a mark that allows nothing, or names a number that does not stand in its block, is itself a finding.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from alignbook.press.lint.findings import worth_saying
from alignbook.press.lint.prose import Comment

_MARK = re.compile(r"allow-number(?:\s+(?P<numbers>[^:]*?))?\s*:(?P<reason>.*)")
_MEANT = re.compile(r"allow[-_ ]?num", re.I)


@dataclass
class Mark:
    """One mark.

    Parameters
    ----------
    line
        Line of the file, from 1.
    covers
        The lines of the block that it is about.
    numbers
        The numbers that it names; all of the block where it names none.
    """

    line: int
    covers: range
    numbers: tuple[str, ...]
    used: set[str] = field(default_factory=set)

    def allows(self, names: Sequence[str], line: int) -> bool:
        """Whether it allows a number on a line, under any of its names; it then remembers that it was needed."""
        named = [name for name in names if name in self.numbers] if self.numbers else names
        if line not in self.covers or not named:
            return False
        self.used.update(named)
        return True


def read_marks(comments: Iterable[Comment]) -> tuple[list[Mark], list[tuple[int, str]]]:
    """The marks among a page's comments, and what is wrong with their form (line, message)."""
    marks, problems = [], []
    for comment in comments:
        found = _MARK.fullmatch(comment.text)
        if not found:
            if _MEANT.match(comment.text):
                problems.append((comment.line, f"{comment.text!r} is no mark: write 'allow-number: why'"))
            continue
        numbers = tuple(re.findall(r"[^\s,](?:[^\s,]|,(?=\S))*", found["numbers"] or ""))
        if not worth_saying(found["reason"]):
            problems.append((comment.line, "an allow-number mark without a reason: say after the colon why"))
        marks.append(Mark(comment.line, comment.covers, numbers))
    return marks, problems


def unused(marks: Iterable[Mark]) -> Iterator[tuple[int, str]]:
    """Marks that allow nothing (line, message); to be asked after every number has been looked at."""
    for mark in marks:
        missing = [number for number in mark.numbers if number not in mark.used]
        if not mark.used:
            yield mark.line, "this allow-number mark allows nothing in the block after it: remove it, or move it there"
        elif missing:
            yield mark.line, f"this mark allows {', '.join(missing)}, which the block after it has not: remove it there"
