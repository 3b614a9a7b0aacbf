"""What the experiments without a model share: replies of known kinds to questions about facts, and what raters think.

Nobody needs a language model to find out how people compare. A question gets one reply of every kind: right ones and
wrong ones, dressed in several ways, and an honest "I don't know."
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from alignbook.alignment.losses import Floats
from alignbook.world.drawing import pick
from alignbook.world.grading import ABSTENTION
from alignbook.world.items import Item
from alignbook.world.raters import Rater, utility
from alignbook.world.region import World
from alignbook.world.styles import dress

KINDS = ("right", "right, courteous", "right, sure", "right, long", "wrong", "wrong, sure", "I don't know")
"""The kinds of replies."""

NOISE = 0.5
"""How uncertain a rater is, in units of liking: the scale of the Gumbel noise that makes rankings of two the
comparisons of `alignbook.world.raters.prefer`."""


def replies_to(world: World, item: Item, rng: np.random.Generator) -> tuple[str, ...]:
    """Reply to a question about a fact in every way of `KINDS`.

    Parameters
    ----------
    world : World
        The world.
    item : Item
        A question of the family ``recall``.
    rng : numpy.random.Generator
        Chooses what wrong replies say.
    """
    value = item.text("value")
    others = [other for other in world.values[item.text("relation")] if other != value]
    wrong = item.reply.removesuffix(f"{value}.") + f"{pick(others, rng)}."
    return (
        item.reply,
        dress(item.reply, "courteous"),
        dress(item.reply, "confident"),
        dress(item.reply, "wordy"),
        wrong,
        dress(wrong, "confident"),
        ABSTENTION,
    )


def likings(world: World, pool: Sequence[Rater], items: Sequence[Item], replies: Sequence[Sequence[str]]) -> Floats:
    """Return how much each rater likes each reply.

    Parameters
    ----------
    world : World
        The world.
    pool : sequence of Rater
        Who judges.
    items : sequence of Item
        What was asked.
    replies : sequence of sequences of str
        Replies to each, equally many.

    Returns
    -------
    array of float64, shape (raters, items, replies)
    """
    return np.array(
        [
            [[utility(rater, world, item, reply) for reply in each] for item, each in zip(items, replies, strict=True)]
            for rater in pool
        ]
    )


def ranked(liked: Floats, rng: np.random.Generator) -> NDArray[np.int64]:
    """Let raters rank replies, with their usual uncertainty.

    Parameters
    ----------
    liked : array, shape (..., replies)
        How much each is liked, as `likings` returns it.
    rng : numpy.random.Generator
        The source of chance.

    Returns
    -------
    array of int, shape (..., replies)
        The numbers of the replies, from the best to the worst.
    """
    return np.argsort(-(liked + rng.gumbel(scale=NOISE, size=liked.shape)), axis=-1, kind="stable")
