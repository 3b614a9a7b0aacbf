"""Experiment: do the raters agree, and on what does it depend?

All forty raters compare the same pairs of replies. Agreement is measured as a share and beyond chance (Krippendorff's
alpha), for all of them and for groups: the truthful, on facts told often and on rare ones; two cultures, where the
replies differ in courtesy and elsewhere. Control: the same rater judging the same pair a second time, whom nothing but
chance can make disagree.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from alignbook.alignment.agreement import cohen_kappa, krippendorff_alpha
from alignbook.alignment.experiments.rated_replies import KINDS, likings, ranked, replies_to
from alignbook.alignment.losses import Floats
from alignbook.stats.bootstrap import bootstrap
from alignbook.stats.proportions import Interval
from alignbook.world.building import build_world
from alignbook.world.families import recall
from alignbook.world.items import Item
from alignbook.world.raters import raters

_QUESTIONS = {"tiny": 100, "book": 400}
COURTEOUS = KINDS.index("right, courteous")

Votes = NDArray[np.int64]
"""Whether each rater preferred the first reply of each pair: (raters, items)."""


@dataclass(frozen=True)
class Agreement:
    """How far some raters agree.

    Parameters
    ----------
    share : float
        How often two of them say the same about a pair.
    alpha : float
        Krippendorff's alpha.
    """

    share: float
    alpha: float


@dataclass(frozen=True)
class RaterAgreement:
    """Who agrees with whom.

    Parameters
    ----------
    questions, raters : int
        How many pairs were judged, each by how many.
    everybody : Agreement
        All raters.
    interval : Interval
        Of the share for all raters, by a bootstrap over the pairs.
    truthful, truthful_often, truthful_rare : Agreement
        The truthful raters: on all pairs, on the half of the facts told most often, and on the other half.
    cultures, cultures_on_courtesy : Agreement
        A plain and a courteous rater: where the replies do not differ in courtesy, and where one is courteous.
    within_culture_on_courtesy : Agreement
        Two raters of one culture, where one of the replies is courteous.
    oneself : Agreement
        Truthful raters and themselves, asked a second time.
    """

    questions: int
    raters: int
    everybody: Agreement
    interval: Interval
    truthful: Agreement
    truthful_often: Agreement
    truthful_rare: Agreement
    cultures: Agreement
    cultures_on_courtesy: Agreement
    within_culture_on_courtesy: Agreement
    oneself: Agreement


def rater_agreement(seed: int, size: str = "book") -> RaterAgreement:
    """Have all raters judge the same pairs, and compare what they said.

    Parameters
    ----------
    seed : int
        The profile's.
    size : {"book", "tiny"}
        The profile's.
    """
    world, rng = build_world(seed, size), np.random.default_rng([seed, 31])
    items = recall.items(world, "held-out", _QUESTIONS[size], rng)
    pool = raters()
    liked = likings(world, pool, items, [replies_to(world, item, rng) for item in items])
    pairs = np.array([rng.choice(len(KINDS), 2, replace=False) for _ in items])
    votes, again = (_votes(liked, pairs, rng) for _ in range(2))
    of = {kind: [number for number, rater in enumerate(pool) if rater.kind == kind] for kind in {r.kind for r in pool}}
    truthful, often, polite = votes[of["truthful"]], _told_often(items), (pairs == COURTEOUS).any(axis=1)
    plain, courteous = (votes[of[kind]] for kind in ("plain", "courteous"))
    return RaterAgreement(
        questions=len(items),
        raters=len(pool),
        everybody=agreement(votes),
        interval=bootstrap(_shares(votes), rng),
        truthful=agreement(truthful),
        truthful_often=agreement(truthful[:, often]),
        truthful_rare=agreement(truthful[:, ~often]),
        cultures=between(plain[:, ~polite], courteous[:, ~polite]),
        cultures_on_courtesy=between(plain[:, polite], courteous[:, polite]),
        within_culture_on_courtesy=_mean([agreement(group[:, polite]) for group in (plain, courteous)]),
        oneself=_mean([agreement(np.stack([votes[r], again[r]])) for r in of["truthful"]]),
    )


def agreement(votes: Votes) -> Agreement:
    """Measure how far raters agree."""
    return Agreement(float(_shares(votes).mean()), krippendorff_alpha(votes))


def between(first: Votes, second: Votes) -> Agreement:
    """Measure how far the raters of one group agree with those of another: the mean over all such pairs of raters.

    The second number is Cohen's kappa, which differs from alpha between two raters by next to nothing.
    """
    both = [(one, other) for one in first for other in second]
    return _mean([Agreement(float((one == other).mean()), cohen_kappa(one, other)) for one, other in both])


def _votes(liked: Floats, pairs: NDArray[np.int64], rng: np.random.Generator) -> Votes:
    return 1 - ranked(np.take_along_axis(liked, pairs[None], axis=2), rng)[..., 0]


def _shares(votes: Votes) -> Floats:
    """For each pair of replies, the share of pairs of raters who say the same of it: (items,)."""
    count, first = len(votes), votes.sum(axis=0)
    return np.asarray((first * (first - 1) + (count - first) * (count - first - 1)) / (count * (count - 1)), np.float64)


def _told_often(items: Sequence[Item]) -> NDArray[np.bool_]:
    """Whether the fact of each item is told more often than that of the median item."""
    exposures = np.array([int(item.meta["exposures"]) for item in items])
    return np.asarray(exposures > np.median(exposures), np.bool_)


def _mean(parts: Sequence[Agreement]) -> Agreement:
    return Agreement(float(np.mean([each.share for each in parts])), float(np.mean([each.alpha for each in parts])))
