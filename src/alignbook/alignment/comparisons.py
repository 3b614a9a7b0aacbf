"""Comparisons: which of two items was preferred, by whom; and how a ranked list becomes pairs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise

import numpy as np
from numpy.typing import NDArray

from alignbook.alignment.losses import Floats

Ranking = Sequence[int | Sequence[int]]
"""Items from the best to the worst; those in an inner sequence are tied: ``[3, [0, 2], 1]``."""


@dataclass(frozen=True, eq=False)
class Comparisons:
    """Many comparisons of numbered items, as arrays of one length.

    Parameters
    ----------
    winners, losers : array of int, shape (comparisons,)
        Who was preferred to whom. In a tie the order means nothing.
    items : int
        How many items there are.
    raters : array of int, shape (comparisons,)
        Who judged.
    tied : array of bool, shape (comparisons,)
        Where the rater saw no difference.

    Raises
    ------
    ValueError
        If the arrays differ in length, an item is out of range, or one was compared with itself.

    Examples
    --------
    >>> comparisons = from_rankings([[2, [0, 1]]], items=3)
    >>> comparisons.wins().tolist()
    [[0.0, 0.5, 0.0], [0.5, 0.0, 0.0], [1.0, 1.0, 0.0]]
    """

    winners: NDArray[np.int64]
    losers: NDArray[np.int64]
    items: int
    raters: NDArray[np.int64]
    tied: NDArray[np.bool_]

    def __post_init__(self) -> None:
        shapes = {array.shape for array in (self.winners, self.losers, self.raters, self.tied)}
        if len(shapes) != 1:
            raise ValueError(f"winners, losers, raters and tied must have one length, got shapes {sorted(shapes)}")
        for name, found in (("winners", self.winners), ("losers", self.losers)):
            wrong = found[(found < 0) | (found >= self.items)]
            if len(wrong):
                raise ValueError(f"{name} must be items from 0 to {self.items - 1}, got {wrong[0]}")
        same = np.flatnonzero(self.winners == self.losers)
        if len(same):
            raise ValueError(f"comparison {same[0]} must be between two items, got item {self.winners[same[0]]} twice")

    def __len__(self) -> int:
        return len(self.winners)

    def select(self, chosen: NDArray[np.bool_] | NDArray[np.int64]) -> Comparisons:
        """Return some of the comparisons, by mask or by number."""
        return Comparisons(
            self.winners[chosen], self.losers[chosen], self.items, self.raters[chosen], self.tied[chosen]
        )

    def by_rater(self) -> Iterator[tuple[int, Comparisons]]:
        """Give each rater, in order, and what that rater said."""
        for rater in np.unique(self.raters):
            yield int(rater), self.select(self.raters == rater)

    def wins(self) -> Floats:
        """Count how often each item was preferred to each other; a tie is half a win for both.

        Returns
        -------
        array of float64, shape (items, items)
            Entry ``[i, j]``: how often i was preferred to j.
        """
        worth = np.where(self.tied, 0.5, 1.0)
        counts = np.zeros((self.items, self.items))
        np.add.at(counts, (self.winners, self.losers), worth)
        np.add.at(counts, (self.losers[self.tied], self.winners[self.tied]), 0.5)
        return counts


def compare(
    winners: Sequence[int] | NDArray[np.int64],
    losers: Sequence[int] | NDArray[np.int64],
    items: int,
    raters: Sequence[int] | NDArray[np.int64] | None = None,
    tied: Sequence[bool] | NDArray[np.bool_] | None = None,
) -> Comparisons:
    """Build `Comparisons` from sequences; without raters all are by rater 0, without ties there are none."""
    won = np.asarray(winners, np.int64)
    return Comparisons(
        won,
        np.asarray(losers, np.int64),
        items,
        np.zeros_like(won) if raters is None else np.asarray(raters, np.int64),
        np.zeros(won.shape, np.bool_) if tied is None else np.asarray(tied, np.bool_),
    )


def ranking_pairs(ranking: Ranking, only_neighbours: bool = False) -> list[tuple[int, int, bool]]:
    """Turn one ranking into pairs.

    All pairs of a ranking are one judgement, not many independent ones: intervals should be drawn over rankings.

    Parameters
    ----------
    ranking : sequence of int or of sequences of int
        From the best to the worst; see `Ranking`.
    only_neighbours : bool
        Whether to keep only pairs of places that follow each other, and of one place.

    Returns
    -------
    list of (int, int, bool)
        The better, the worse, and whether they are tied.

    Raises
    ------
    ValueError
        If an item occurs twice.

    Examples
    --------
    >>> ranking_pairs([3, [0, 2], 1], only_neighbours=True)
    [(0, 2, True), (3, 0, False), (3, 2, False), (0, 1, False), (2, 1, False)]
    """
    places = [[place] if isinstance(place, int | np.integer) else list(place) for place in ranking]
    flat = [int(item) for place in places for item in place]
    for item in flat:
        if flat.count(item) > 1:
            raise ValueError(f"a ranking must name each item once, got item {item} {flat.count(item)} times: {flat}")
    tied = [(int(a), int(b), True) for place in places for a, b in combinations(place, 2)]
    steps = pairwise(places) if only_neighbours else combinations(places, 2)
    return tied + [(int(better), int(worse), False) for above, below in steps for better in above for worse in below]


def from_rankings(
    rankings: Sequence[Ranking], items: int, raters: Sequence[int] | None = None, only_neighbours: bool = False
) -> Comparisons:
    """Turn ranked lists into comparisons.

    Parameters
    ----------
    rankings : sequence of rankings
        See `Ranking`.
    items : int
        How many items there are.
    raters : sequence of int, optional
        Who made each ranking; rater 0 where it is not given.
    only_neighbours : bool
        See `ranking_pairs`.

    Raises
    ------
    ValueError
        If a ranking names an item twice or one that does not exist, or raters and rankings differ in number.
    """
    by = [0] * len(rankings) if raters is None else list(raters)
    if len(by) != len(rankings):
        raise ValueError(f"raters must be as many as rankings, {len(rankings)}, got {len(by)}")
    pairs = [
        (*pair, rater)
        for ranking, rater in zip(rankings, by, strict=True)
        for pair in ranking_pairs(ranking, only_neighbours)
    ]
    return compare(
        [pair[0] for pair in pairs],
        [pair[1] for pair in pairs],
        items,
        [pair[3] for pair in pairs],
        [pair[2] for pair in pairs],
    )
