"""Grades for a pipeline: how much of the planted noise every step caught, and what else it took away."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from alignbook.data.documents import Document
from alignbook.data.exact import digest
from alignbook.data.pipeline import Dropped, Funnel
from alignbook.data.shingles import jaccard, shingle_set

THRESHOLD = 0.7
"""From which Jaccard similarity on two documents are near copies of each other,"""
SHINGLE = 5
"""as sets of runs of so many words."""


@dataclass(frozen=True)
class Stage:
    """What one step did, and how well.

    Parameters
    ----------
    step : str
        Its name.
    read, kept, dropped, changed : int
        Documents; the first less the third is the second.
    target : str
        The noise that it is there for; empty for steps that drop nothing on purpose.
    planted : int
        How many documents of this noise came to it.
    caught : int
        How many of these it dropped.
    other_noise : int
        Other planted documents that it dropped.
    real_dropped : int
        Real documents that it dropped.
    real_copies : int
        Those of them that are copies: the same text as another document, or similar to one above the threshold.
        None for steps that do not look for copies, where nobody knows which real documents deserved it.
    """

    step: str
    read: int
    kept: int
    dropped: int
    changed: int
    target: str
    planted: int
    caught: int
    other_noise: int
    real_dropped: int
    real_copies: int | None

    @property
    def recall(self) -> float:
        """The share of its noise that the step caught."""
        return self.caught / self.planted if self.planted else float("nan")

    @property
    def precision(self) -> float:
        """The share of what it dropped that was noise, or a true copy."""
        good = self.caught + self.other_noise + (self.real_copies or 0)
        return good / self.dropped if self.dropped else float("nan")


def grade(
    table: Funnel,
    documents: Sequence[Document],
    kept: Sequence[Document],
    dropped: Sequence[Dropped],
    targets: Mapping[str, str],
) -> tuple[Stage, ...]:
    """Grade every step of a run.

    Parameters
    ----------
    table : Funnel
        The counts of the run.
    documents, kept, dropped : sequence of Document or Dropped
        What went in and what became of it.
    targets : mapping of str to str
        Which planted noise each step is there for.
    """
    arriving = list(documents)
    stages = []
    for tally in table.tallies:
        here = [one.document for one in dropped if one.step == tally.step]
        target = targets.get(tally.step, "")
        caught = count_planted(here, target) if target else 0
        real = [one for one in here if not one.provenance.planted]
        stages.append(
            Stage(
                step=tally.step,
                read=tally.read,
                kept=tally.kept,
                dropped=tally.dropped,
                changed=tally.changed,
                target=target,
                planted=count_planted(arriving, target) if target else 0,
                caught=caught,
                other_noise=len(here) - len(real) - caught,
                real_dropped=len(real),
                real_copies=_true_copies(tally.step, real, kept, arriving),
            )
        )
        gone = {one.name for one in here}
        arriving = [one for one in arriving if one.name not in gone]
    return tuple(stages)


def _true_copies(
    step: str, dropped: Sequence[Document], kept: Sequence[Document], arriving: Sequence[Document]
) -> int | None:
    """Return how many dropped documents are copies of another one, exactly compared; None for other steps."""
    if step == "exact copies":
        names = {one.name for one in dropped}
        digests = {digest(one.text) for one in arriving if one.name not in names}
        return sum(digest(one.text) in digests for one in dropped)
    if step != "near copies":
        return None
    others = [shingle_set(one.text, SHINGLE) for one in kept]
    return sum(_has_copy(shingle_set(one.text, SHINGLE), others) for one in dropped)


def _has_copy(shingles: frozenset[tuple[str, ...]], others: Sequence[frozenset[tuple[str, ...]]]) -> bool:
    # Two sets are never more similar than the smaller is large beside the larger; that spares most comparisons.
    sizes = (min(len(shingles), len(other)) >= THRESHOLD * max(len(shingles), len(other)) for other in others)
    return any(near and jaccard(shingles, other) >= THRESHOLD for near, other in zip(sizes, others, strict=True))


def count_planted(documents: Sequence[Document], kind: str) -> int:
    """Return how many of the documents were planted as this kind of noise; those of kind ``""`` are real."""
    return sum(document.provenance.planted == kind for document in documents)
