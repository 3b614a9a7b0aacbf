"""The pipeline: documents stream through steps; each is kept or dropped, and for each it is known why.

Documents pass in blocks of about a megabyte, so memory does not grow with the corpus, but for what a step itself must
remember (the digests of deduplication). Nothing is lost silently: after every block the pipeline checks that each
document which went in came out, kept or dropped.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from alignbook.data.documents import Document

BLOCK_CHARACTERS = 1_000_000
BLOCK_DOCUMENTS = 2_000


@dataclass(frozen=True, slots=True)
class Dropped:
    """A document that a step has dropped.

    Parameters
    ----------
    document : Document
        As it was when it came to the step.
    step : str
        The step's name.
    reason : str
        Which rule it broke, and by how much.
    """

    document: Document
    step: str
    reason: str


class Step(Protocol):
    """What a step must offer; see `alignbook.data.steps` for those there are."""

    @property
    def name(self) -> str:
        """What reports call the step."""

    def __call__(self, documents: Sequence[Document]) -> list[Document | Dropped]:
        """Return for each document, in the same order, what becomes of it: itself, a rewritten one, or dropped."""


@dataclass
class Tally:
    """What one step has done so far.

    Parameters
    ----------
    step : str
        The step's name.
    read, kept, dropped, changed : int
        Documents that came to it, and what became of them; the changed ones are among the kept.
    characters_read, characters_kept : int
        Their length before and after.
    reasons : Counter
        How often each reason for dropping was given, with its numbers replaced by ``#``.
    """

    step: str
    read: int = 0
    kept: int = 0
    dropped: int = 0
    changed: int = 0
    characters_read: int = 0
    characters_kept: int = 0
    reasons: Counter[str] = field(default_factory=Counter)

    def add(self, before: Sequence[Document], after: Sequence[Document | Dropped]) -> None:
        """Count what became of some documents."""
        kept, dropped = separate(after)
        self.read += len(before)
        self.kept += len(kept)
        self.dropped += len(dropped)
        self.changed += sum(new is not old for old, new in zip(before, after, strict=True)) - len(dropped)
        self.characters_read += sum(len(document.text) for document in before)
        self.characters_kept += sum(len(document.text) for document in kept)
        self.reasons.update(without_numbers(one.reason) for one in dropped)


@dataclass(frozen=True)
class Funnel:
    """What became of all documents, step by step.

    Parameters
    ----------
    tallies : tuple of Tally
        One for each step, in their order.
    """

    tallies: tuple[Tally, ...]

    @property
    def read(self) -> int:
        """Documents that went in."""
        return self.tallies[0].read

    @property
    def kept(self) -> int:
        """Documents that came out at the end."""
        return self.tallies[-1].kept

    @property
    def dropped(self) -> int:
        """Documents that any step dropped."""
        return sum(tally.dropped for tally in self.tallies)


class Pipeline:
    """Steps in their order, with a tally each.

    Parameters
    ----------
    steps : sequence of Step
        What to do; the cheap steps and those that drop most first, saves time.

    Raises
    ------
    ValueError
        If there is no step, or two have one name.
    """

    def __init__(self, steps: Sequence[Step]) -> None:
        repeated = [name for name, count in Counter(step.name for step in steps).items() if count > 1]
        if not steps or repeated:
            raise ValueError(f"steps must be one or more with names of their own, got {repeated or 'none'}")
        self._steps = tuple(steps)
        self._tallies = tuple(Tally(step.name) for step in steps)

    def run(self, documents: Iterable[Document]) -> Iterator[Document | Dropped]:
        """Yield what becomes of each document, in the order in which they are read.

        Raises
        ------
        RuntimeError
            If a step returns more or fewer documents than it was given.
        """
        for block in blocks(documents):
            yield from self._pass(block)

    def funnel(self) -> Funnel:
        """Return the counts so far; kept and dropped add up to read, in every step and in all.

        Raises
        ------
        RuntimeError
            If they do not, which would be an error of this module.
        """
        funnel = Funnel(self._tallies)
        if any(tally.kept + tally.dropped != tally.read for tally in self._tallies):
            raise RuntimeError(f"a step has lost documents: {self._tallies}")
        if funnel.kept + funnel.dropped != funnel.read:
            raise RuntimeError(f"{funnel.read} documents were read, {funnel.kept} kept and {funnel.dropped} dropped")
        return funnel

    def _pass(self, block: list[Document]) -> list[Document | Dropped]:
        fates: list[Document | Dropped] = list(block)
        alive = list(range(len(block)))
        for step, tally in zip(self._steps, self._tallies, strict=True):
            before = [document for document in map(fates.__getitem__, alive) if isinstance(document, Document)]
            after = step(before)
            if len(after) != len(before):
                raise RuntimeError(f"step {step.name!r} was given {len(before)} documents and returned {len(after)}")
            tally.add(before, after)
            for place, fate in zip(alive, after, strict=True):
                fates[place] = fate
            alive = [place for place in alive if isinstance(fates[place], Document)]
        return fates


def blocks(documents: Iterable[Document]) -> Iterator[list[Document]]:
    """Yield the documents in lists of about `BLOCK_CHARACTERS` characters; a longer document is a block of its own."""
    block: list[Document] = []
    characters = 0
    for document in documents:
        if block and (characters + len(document.text) > BLOCK_CHARACTERS or len(block) >= BLOCK_DOCUMENTS):
            yield block
            block, characters = [], 0
        block.append(document)
        characters += len(document.text)
    if block:
        yield block


def separate(fates: Iterable[Document | Dropped]) -> tuple[list[Document], list[Dropped]]:
    """Divide what `Pipeline.run` yields into the kept and the dropped; for corpora that fit into memory."""
    kept: list[Document] = []
    dropped: list[Dropped] = []
    for fate in fates:
        if isinstance(fate, Document):
            kept.append(fate)
        else:
            dropped.append(fate)
    return kept, dropped


@dataclass(frozen=True)
class EachDocument:
    """A step that looks at one document at a time.

    Parameters
    ----------
    name : str
        The step's name.
    rewrite : callable
        From a text to a new text, or the same.
    problem : callable
        From the new text to the reason for dropping it, or None.
    """

    name: str
    rewrite: Callable[[str], str] = str
    problem: Callable[[str], str | None] = lambda _: None

    def __call__(self, documents: Sequence[Document]) -> list[Document | Dropped]:
        """Rewrite each document, and drop those with a problem."""
        return [self._one(document) for document in documents]

    def _one(self, document: Document) -> Document | Dropped:
        rewritten = document.rewritten(self.rewrite(document.text), self.name)
        reason = self.problem(rewritten.text)
        return Dropped(document, self.name, reason) if reason else rewritten


def without_numbers(reason: str) -> str:
    """Return the kind of a reason: its words, with ``#`` for each number.

    Examples
    --------
    >>> without_numbers("37 words, not 50 to 100000")
    '# words, not # to #'
    """
    return " ".join("#" if any(map(str.isdigit, word)) else word for word in reason.split())
