"""Experiment: what best-of-n buys, and what it costs in divergence.

Over the few replies to a question both can be computed to the last digit, for three rewards: the raters' average
liking, in which no two replies tie; the same in whole stars, in which many do; and the first again over many more
replies, each of the 25 split into equally probable ones that differ a little. The known formula,
``ln n - (n - 1) / n``, is compared with all of them. Control of what it buys: the best policy of all at the same
divergence, which is the reference tempered by the reward.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from alignbook.alignment.best_of_n import best_of_n_distribution
from alignbook.alignment.experiments.one_question import Question, question
from alignbook.alignment.kl import kl_best_of_n, kl_categorical
from alignbook.alignment.losses import Floats
from alignbook.alignment.tempered import tempered
from alignbook.world.building import build_world

DRAWN = (1, 2, 4, 8, 16, 32, 64)
STARS = 5
_QUESTIONS = {"tiny": 5, "book": 30}
_SPLIT = 40


@dataclass(frozen=True)
class BestOfNCost:
    """Divergence and reward of best-of-n; means over questions, one number for each of `DRAWN`.

    Parameters
    ----------
    questions : int
        How many questions there were.
    drawn : tuple of int
        See `DRAWN`.
    bound : tuple of float
        The formula, in nats.
    many_replies, few_replies, stars : tuple of float
        The exact divergence: over many replies, over the 25, and over the 25 with rewards in whole stars.
    gained : tuple of float
        How much more reward than a single reply, over the 25 replies.
    best_possible : tuple of float
        How much more the best policy of the same divergence has.
    """

    questions: int
    drawn: tuple[int, ...]
    bound: tuple[float, ...]
    many_replies: tuple[float, ...]
    few_replies: tuple[float, ...]
    stars: tuple[float, ...]
    gained: tuple[float, ...]
    best_possible: tuple[float, ...]


def best_of_n_cost(seed: int, size: str = "book") -> BestOfNCost:
    """Compute what best-of-n is, for replies to some questions.

    Parameters
    ----------
    seed : int
        The profile's.
    size : {"book", "tiny"}
        The profile's.
    """
    world, rng = build_world(seed, size), np.random.default_rng([seed, 34])
    asked = [question(world, rng) for _ in range(_QUESTIONS[size])]
    measured = np.array([[_measured(each, n, rng) for n in DRAWN] for each in asked]).mean(axis=0)  # (drawn, 5)
    many, few, stars, gained, possible = (tuple(map(float, column)) for column in measured.T)
    return BestOfNCost(len(asked), DRAWN, tuple(map(float, kl_best_of_n(DRAWN))), many, few, stars, gained, possible)


def _measured(asked: Question, n: int, rng: np.random.Generator) -> tuple[float, float, float, float, float]:
    reference, rewards = asked.reference, _untied(asked.rewards, rng)
    chosen = best_of_n_distribution(reference, rewards, n)
    cost = _divergence(chosen, reference)
    few = best_of_n_distribution(reference, stars(rewards), n)
    finely = np.repeat(reference / _SPLIT, _SPLIT)
    many = best_of_n_distribution(finely, _untied(np.repeat(rewards, _SPLIT), rng), n)
    return (
        _divergence(many, finely),
        cost,
        _divergence(few, reference),
        float((chosen - reference) @ rewards),
        float((tempered_at(reference, rewards, cost) - reference) @ rewards),
    )


def _divergence(policy: Floats, reference: Floats) -> float:
    return max(0.0, float(kl_categorical(policy, reference)))  # where nothing is chosen, rounding may go below 0


def stars(rewards: Floats) -> Floats:
    """Turn rewards into whole stars, from 1 for the lowest to `STARS` for the highest."""
    share = (rewards - rewards.min()) / np.ptp(rewards)
    return np.asarray(1 + np.rint(share * (STARS - 1)), np.float64)


def tempered_at(reference: Floats, rewards: Floats, divergence: float) -> Floats:
    """Return the policy with the highest reward at a divergence: the tempered reference, its beta found by halving.

    Parameters
    ----------
    reference, rewards : array, shape (replies,)
        The reference's probabilities, and the rewards.
    divergence : float
        In nats; at least 0, and less than that of always giving the best reply.
    """
    low, high = 1e-4, 1e6  # the smaller beta, the further away
    for _ in range(200):
        middle = (low * high) ** 0.5
        if kl_categorical(tempered(reference, rewards, middle), reference) > divergence:
            low = middle
        else:
            high = middle
    return tempered(reference, rewards, high)


def _untied(rewards: Floats, rng: np.random.Generator) -> Floats:
    return np.asarray(rewards + 1e-6 * rng.random(rewards.shape), np.float64)
