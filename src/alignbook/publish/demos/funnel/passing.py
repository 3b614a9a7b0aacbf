"""What a page needs of documents in a funnel: each text once, and of each change what was taken out and put in."""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass

from alignbook.data.experiments.walks import Walk

_PIECE = re.compile(r"\s+|\w+|[^\w\s]")


@dataclass(frozen=True)
class Part:
    """A part of a changed text.

    Parameters
    ----------
    mark : {"=", "-", "+"}
        Whether it stayed, was taken out, or was put in.
    text : str
        The part.
    """

    mark: str
    text: str


@dataclass(frozen=True)
class Change:
    """What a step changed in a document that it passed on.

    Parameters
    ----------
    at : int
        Which step, from 0.
    parts : tuple of Part
        The text before and the text afterwards in one row.
    """

    at: int
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Passage:
    """A document as a page shows it.

    Parameters
    ----------
    title : str
        How it is called before one knows what it is.
    planted : str
        What noise it is; empty for a real one.
    text : str
        Its text as it came.
    changes : tuple of Change
        What was changed on its way, in order.
    end : int
        The step that dropped it, from 0; the number of steps if it came out.
    reason : str
        Why it was dropped; empty if it was not.
    """

    title: str
    planted: str
    text: str
    changes: tuple[Change, ...]
    end: int
    reason: str


def passage(walk: Walk, steps: Sequence[str], title: str) -> Passage:
    """Return a walk as a page shows it."""
    text, changes = visible(walk.text), []
    for at, stop in enumerate(walk.stops):
        after = visible(stop.text)
        if after != text and not stop.reason:
            changes.append(Change(at, parts(text, after)))
            text = after
    end = len(walk.stops) - 1 if walk.dropped_by else len(steps)
    return Passage(title, walk.planted, visible(walk.text), tuple(changes), end, walk.stops[-1].reason)


def visible(text: str) -> str:
    """Replace what no page can show, such as broken bytes, by the sign for that.

    Examples
    --------
    >>> visible("a" + chr(0xDC80) + chr(0))
    'a\ufffd\ufffd'
    """
    return "".join(letter if letter.isprintable() or letter in "\n\t" else "\ufffd" for letter in text)


def parts(before: str, after: str) -> tuple[Part, ...]:
    """Return what was changed between two texts, by words and signs.

    Examples
    --------
    >>> [(part.mark, part.text) for part in parts("one  two", "one two")]
    [('=', 'one'), ('-', '  '), ('+', ' '), ('=', 'two')]
    """
    old, new = _PIECE.findall(before), _PIECE.findall(after)
    found = []
    for _, a, b, c, d in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if old[a:b] == new[c:d]:
            found.append(Part("=", "".join(old[a:b])))
            continue
        found += [Part(mark, "".join(pieces)) for mark, pieces in (("-", old[a:b]), ("+", new[c:d])) if pieces]
    return tuple(found)


def standing(one: Passage, at: int) -> list[str]:
    """Return for each step that a document has come to what the step made of it.

    Parameters
    ----------
    one : Passage
        The document.
    at : int
        How many steps it has come to.

    Returns
    -------
    list of {"passed", "changed", "dropped"}
        One for each step.
    """
    changed = {change.at for change in one.changes}
    return ["dropped" if step == one.end else "changed" if step in changed else "passed" for step in range(at)]


def furthest(one: Passage, steps: int) -> int:
    """Return how many steps a document comes to."""
    return min(one.end + 1, steps)


def text_at(one: Passage, at: int) -> tuple[Part, ...]:
    """Return a document's text after so many steps, with what the last of them changed."""
    made = [change for change in one.changes if change.at < at]
    if not made:
        return (Part("=", one.text),)
    if made[-1].at == at - 1:
        return made[-1].parts
    return (Part("=", "".join(part.text for part in made[-1].parts if part.mark != "-")),)


def scored(passages: Sequence[Passage], bets: Sequence[int]) -> tuple[int, int]:
    """Return how many bets were made and how many were right: 0 is no bet, else the step that ends it, from 1."""
    made = [(one.end + 1, bet) for one, bet in zip(passages, bets, strict=False) if bet]
    return len(made), sum(end == bet for end, bet in made)
