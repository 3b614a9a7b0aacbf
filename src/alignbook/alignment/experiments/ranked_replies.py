"""Experiment: from ranked replies to strengths, and how far to trust the error bars.

Raters rank four replies of different kinds to a question. Plackett-Luce turns the rankings into a strength for each
kind, and so does Bradley-Terry, once each ranking is cut into its six pairs. MM and Newton's method must find the same.
What is asked of the standard errors: are they as large as the strengths really spread when other rankings are drawn?
The six pairs of a ranking are one judgement; a model that takes them for six is surer than it should be. Control: as
many pairs that were judged one by one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from alignbook.alignment import bradley_terry, plackett_luce
from alignbook.alignment.comparisons import compare, from_rankings
from alignbook.alignment.experiments.rated_replies import KINDS, likings, ranked, replies_to
from alignbook.alignment.losses import Floats
from alignbook.world.building import build_world
from alignbook.world.families import recall
from alignbook.world.raters import raters

RANKED = 4
"""How many replies are ranked at once."""

RIDGE = 1e-3  # so that a draw in which some kind wins everything does not stop the experiment
_QUESTIONS = {"tiny": 80, "book": 300}
_RANKINGS = {"tiny": 60, "book": 240}
_DRAWS = {"tiny": 60, "book": 200}

Rankings = NDArray[np.int64]
"""Kinds of replies from the best to the worst: (rankings, places)."""


@dataclass(frozen=True)
class Spread:
    """Claimed and real uncertainty of strengths, as roots of mean squares over all kinds and draws.

    Parameters
    ----------
    claimed : float
        The standard errors of the fits.
    real : float
        How far strengths spread over draws.
    """

    claimed: float
    real: float


@dataclass(frozen=True, eq=False)
class RankedReplies:
    """Strengths of kinds of replies, and their uncertainty.

    Parameters
    ----------
    rankings : int
        How many there were in each draw, of `RANKED` replies each.
    truthful, everybody : Strengths
        By Plackett-Luce, from the truthful raters' rankings and from all raters'; one for each of
        `alignbook.alignment.experiments.rated_replies.KINDS`.
    methods_apart : float
        The greatest difference between MM and Newton's method.
    by_rankings, by_pairs, by_single_pairs : Spread
        Of everybody's strengths: by Plackett-Luce; by Bradley-Terry from the pairs of the rankings; and by
        Bradley-Terry from as many pairs that were judged one by one.
    worth : float
        How many single comparisons tell as much as a ranking: by the real spread.
    """

    rankings: int
    truthful: bradley_terry.Strengths
    everybody: bradley_terry.Strengths
    methods_apart: float
    by_rankings: Spread
    by_pairs: Spread
    by_single_pairs: Spread
    worth: float


def ranked_replies(seed: int, size: str = "book") -> RankedReplies:
    """Have raters rank replies, and learn strengths from what they said.

    Parameters
    ----------
    seed : int
        The profile's.
    size : {"book", "tiny"}
        The profile's.
    """
    world, rng = build_world(seed, size), np.random.default_rng([seed, 32])
    items = recall.items(world, "held-out", _QUESTIONS[size], rng)
    pool, count = raters(), _RANKINGS[size]
    liked = likings(world, pool, items, [replies_to(world, item, rng) for item in items])
    truthful = np.array([rater.kind == "truthful" for rater in pool])
    draws = [drawn(liked, count, RANKED, rng) for _ in range(_DRAWS[size])]
    pairs = RANKED * (RANKED - 1) // 2
    single = [drawn(liked, count * pairs, 2, rng) for _ in range(_DRAWS[size])]
    everybody = by_rankings(draws[0])
    other = plackett_luce.fit_mm(draws[0].tolist(), len(KINDS), RIDGE)
    ranking_spread, single_spread = _spread([by_rankings(each) for each in draws]), _spread(list(map(by_pairs, single)))
    return RankedReplies(
        rankings=count,
        truthful=by_rankings(drawn(liked[truthful], count, RANKED, rng)),
        everybody=everybody,
        methods_apart=float(np.abs(everybody.theta - other.theta).max()),
        by_rankings=ranking_spread,
        by_pairs=_spread([by_pairs(each) for each in draws]),
        by_single_pairs=single_spread,
        worth=pairs * (single_spread.real / ranking_spread.real) ** 2,
    )


def drawn(liked: Floats, count: int, replies: int, rng: np.random.Generator) -> Rankings:
    """Let raters rank some replies to questions, all drawn at random.

    Parameters
    ----------
    liked : array, shape (raters, items, kinds)
        How much each rater likes each reply.
    count, replies : int
        How many rankings, of how many replies each.
    rng : numpy.random.Generator
        The source of chance.
    """
    who, what = (rng.integers(size, size=count) for size in liked.shape[:2])
    shown = rng.permuted(np.tile(np.arange(liked.shape[2]), (count, 1)), axis=1)[:, :replies]
    places = ranked(liked[who[:, None], what[:, None], shown], rng)
    return np.take_along_axis(shown, places, axis=1)


def by_rankings(rankings: Rankings) -> bradley_terry.Strengths:
    """Fit Plackett-Luce."""
    return plackett_luce.fit_newton(rankings.tolist(), len(KINDS), RIDGE)


def by_pairs(rankings: Rankings) -> bradley_terry.Strengths:
    """Fit Bradley-Terry to all pairs of the rankings, as if they were independent."""
    if rankings.shape[1] == 2:
        return bradley_terry.fit_newton(compare(rankings[:, 0], rankings[:, 1], len(KINDS)).wins(), RIDGE)
    return bradley_terry.fit_newton(from_rankings(rankings.tolist(), len(KINDS)).wins(), RIDGE)


def _spread(fits: Sequence[bradley_terry.Strengths]) -> Spread:
    claimed = np.mean([fit.standard_errors**2 for fit in fits])
    real = np.var([fit.theta for fit in fits], axis=0, ddof=1).mean()
    return Spread(float(claimed**0.5), float(real**0.5))
