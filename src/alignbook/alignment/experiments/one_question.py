"""One question with all that can be said to it: so few replies that every probability can be written down."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np

from alignbook.alignment.experiments.rated_replies import NOISE, likings, replies_to
from alignbook.alignment.losses import Floats, sigmoid
from alignbook.world.families import recall
from alignbook.world.grading import ABSTENTION, abstains
from alignbook.world.items import Item
from alignbook.world.raters import raters
from alignbook.world.region import World
from alignbook.world.styles import dress, is_careful, is_confident, is_courteous

FEATURES = ("right", "abstains", "words", "courteous", "sure", "careful")
"""What a reward may depend on."""


@dataclass(frozen=True, eq=False)
class Question:
    """One question, with all that can be said to it.

    Parameters
    ----------
    replies : tuple of str
        The replies.
    features : array of float64, shape (replies, features)
        What a reward may depend on; see `FEATURES`.
    rewards : array of float64, shape (replies,)
        What the raters like on average, in units in which comparisons follow Bradley-Terry.
    reference : array of float64, shape (replies,)
        How probable each reply is at the start.
    """

    replies: tuple[str, ...]
    features: Floats
    rewards: Floats
    reference: Floats


def question(world: World, rng: np.random.Generator) -> Question:
    """Draw a question about a fact, and all replies to it that the world's styles can make.

    Parameters
    ----------
    world : World
        The world.
    rng : numpy.random.Generator
        Chooses the question, the wrong answer and the reference.
    """
    (item,) = recall.items(world, "held-out", 1, rng)
    right, wrong = (replies_to(world, item, rng)[at] for at in (0, 4))
    replies = (
        *(
            _dressed(reply, styles)
            for reply in (right, wrong)
            for styles in product(("courteous", ""), ("wordy", ""), ("confident", "hedged", ""))
        ),
        ABSTENTION,
    )
    liked = likings(world, raters(), [item], [replies]).mean(axis=(0, 1))
    return Question(
        replies,
        _features(item, replies),
        np.asarray(liked / NOISE, np.float64),
        rng.dirichlet(np.full(len(replies), 3.0)),
    )


def _dressed(reply: str, styles: Sequence[str]) -> str:
    for style in filter(None, styles):
        reply = dress(reply, style)
    return reply


def _features(item: Item, replies: Sequence[str]) -> Floats:
    """See `FEATURES`."""
    return np.array(
        [
            [
                item.text("value") in reply,
                abstains(reply),
                len(reply.split()) / 10,
                is_courteous(reply),
                is_confident(reply),
                is_careful(reply),
            ]
            for reply in replies
        ],
        np.float64,
    )


def drawn_wins(asked: Question, count: int, rng: np.random.Generator) -> Floats:
    """Have random pairs of replies compared by Bradley-Terry raters; (replies, replies), as `Comparisons.wins`."""
    size = len(asked.rewards)
    first, second = rng.integers(size, size=count), rng.integers(size - 1, size=count)
    second = second + (second >= first)
    better = rng.random(count) < sigmoid(asked.rewards[first] - asked.rewards[second])
    wins = np.zeros((size, size))
    np.add.at(wins, (np.where(better, first, second), np.where(better, second, first)), 1)
    return wins
