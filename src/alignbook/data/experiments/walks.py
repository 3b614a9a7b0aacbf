"""Single documents on their way through the funnel: what came to each step, what it made of it, and why it ended."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from alignbook.data.documents import Document
from alignbook.data.experiments.funnel import planted_corpus, steps_for
from alignbook.data.pipeline import Dropped, Pipeline, Step

SHORTEST, LONGEST = 60, 900
"""Characters of a document that is short enough to be read, and long enough to have something to read."""

WANTED = (
    ("", ""),
    ("", "exact copies"),
    ("", "Gopher quality"),
    ("", "Gopher repetition"),
    ("", "near copies"),
    ("binary", "readable"),
    ("framed", ""),
    ("near copy", "near copies"),
    ("other language", "language"),
    ("personal data", ""),
    ("placeholder", "C4 rules"),
    ("repeated", "Gopher repetition"),
    ("spam", ""),
    ("spam", "Gopher quality"),
    ("test item", "decontamination"),
)
"""Which documents are followed: what was planted (nothing for real ones), and the step that drops them, if one does."""


@dataclass(frozen=True)
class Stop:
    """What one step made of a document.

    Parameters
    ----------
    step : str
        The step's name.
    text : str
        The document's text afterwards.
    reason : str
        Why it was dropped here; empty where it was not.
    """

    step: str
    text: str
    reason: str


@dataclass(frozen=True)
class Walk:
    """The way of one document.

    Parameters
    ----------
    name, planted : str
        The document's name, and what noise it is; empty for a real one.
    text : str
        Its text as it came.
    stops : tuple of Stop
        The steps that it came to, in order.
    """

    name: str
    planted: str
    text: str
    stops: tuple[Stop, ...]

    @property
    def dropped_by(self) -> str:
        """The step that dropped it; empty if it came out at the end."""
        return self.stops[-1].step if self.stops[-1].reason else ""


@dataclass(frozen=True)
class Watched:
    """A step that notes what it makes of short documents.

    Parameters
    ----------
    step : Step
        The step itself.
    log : dict of str to list of Stop
        The stops of each document so far, by its name.
    """

    step: Step
    log: dict[str, list[Stop]] = field(repr=False)

    @property
    def name(self) -> str:
        """The step's own name."""
        return self.step.name

    def __call__(self, documents: Sequence[Document]) -> list[Document | Dropped]:
        """Let the step decide, and note what it decided."""
        fates = self.step(documents)
        for before, fate in zip(documents, fates, strict=True):
            if before.name in self.log:
                text, reason = (before.text, fate.reason) if isinstance(fate, Dropped) else (fate.text, "")
                self.log[before.name].append(Stop(self.name, text, reason))
        return fates


def walks(seed: int, size: str = "book") -> tuple[Walk, ...]:
    """Follow one short document of each kind through the whole funnel.

    Parameters
    ----------
    seed : int
        Decides the noise and the order.
    size : {"book", "tiny"}
        How many documents there are; see `alignbook.data.experiments.funnel.CONFIGS`.

    Returns
    -------
    tuple of Walk
        For each of `WANTED` that there is, the shortest document of its kind.

    Raises
    ------
    ValueError
        If the size is unknown.
    """
    corpus = planted_corpus(seed, size)
    short = {one.name: one for one in corpus.documents if SHORTEST <= len(one.text) <= LONGEST}
    log: dict[str, list[Stop]] = {name: [] for name in short}
    for _ in Pipeline([Watched(step, log) for step in steps_for(corpus, seed)]).run(corpus.documents):
        pass
    return _chosen(short, log)


def _chosen(short: Mapping[str, Document], log: Mapping[str, Sequence[Stop]]) -> tuple[Walk, ...]:
    found: dict[tuple[str, str], Walk] = {}
    for document in sorted(short.values(), key=lambda one: (len(one.text), one.name)):
        walk = Walk(document.name, document.provenance.planted, document.text, tuple(log[document.name]))
        found.setdefault((walk.planted, walk.dropped_by), walk)
    return tuple(found[wanted] for wanted in WANTED if wanted in found)
