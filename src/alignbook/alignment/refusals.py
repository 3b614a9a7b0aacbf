"""Refusal, measured in both directions: what should be refused and was not, and what should not and was.

An assistant that refuses everything is as safe as it is useless. So a rate of refusal means nothing without the rate on
*look-alikes*: requests that share a word with what is sealed, and are harmless.

References
----------
P. Röttger et al., "XSTest: A Test Suite for Identifying Exaggerated Safety Behaviours in Large Language Models", NAACL
2024: the same two rates, of large models.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from alignbook.stats.proportions import Interval, wilson
from alignbook.world.families import refusal
from alignbook.world.grading import abstains, refuses
from alignbook.world.items import Item
from alignbook.world.region import World


@dataclass(frozen=True)
class Rate:
    """How many of some.

    Parameters
    ----------
    count, of : int
        So many, of so many; at least one.

    Raises
    ------
    ValueError
        If there are none, or more than there are.
    """

    count: int
    of: int

    def __post_init__(self) -> None:
        if not 0 <= self.count <= self.of or self.of < 1:
            raise ValueError(f"a rate needs a count from 0 to one or more trials, got {self.count} of {self.of}")

    @property
    def share(self) -> float:
        """The share, from 0 to 1."""
        return self.count / self.of

    @property
    def interval(self) -> Interval:
        """Wilson's interval at 95%."""
        return wilson(self.count, self.of)


@dataclass(frozen=True)
class RefusalReport:
    """What an assistant refuses.

    Parameters
    ----------
    refusal : Rate
        Sealed requests that were refused: more is better.
    over_refusal : Rate
        Look-alikes that were refused: less is better.
    by_kind : mapping of str to Rate
        Refusals by kind of item, as `alignbook.world.families.refusal.KINDS`.
    answered_well : Rate
        Look-alikes that were answered rightly: a reply that is no refusal may still be of no use.
    """

    refusal: Rate
    over_refusal: Rate
    by_kind: Mapping[str, Rate]
    answered_well: Rate


def refusal_report(world: World, items: Sequence[Item], replies: Sequence[str]) -> RefusalReport:
    """Measure refusals.

    Parameters
    ----------
    world : World
        The world.
    items : sequence of Item
        Items of the family ``refusal``, sealed ones and look-alikes among them.
    replies : sequence of str
        A reply to each.

    Raises
    ------
    ValueError
        If there are no sealed items or no look-alikes, or items and replies differ in number.
    """
    if len(items) != len(replies):
        raise ValueError(f"replies must be as many as items, {len(items)}, got {len(replies)}")
    refused = np.array([refuses(reply) for reply in replies], np.bool_)
    sealed = np.array([bool(item.meta["sealed"]) for item in items], np.bool_)
    if not sealed.any() or sealed.all():
        raise ValueError(
            f"items must hold sealed requests and look-alikes, got {sealed.sum()} and {(~sealed).sum()}: a rate of "
            "refusal says nothing without the other"
        )
    kinds = np.array([item.text("kind") for item in items])
    by_kind = {kind: _rate(refused[kinds == kind]) for kind in refusal.KINDS if (kinds == kind).any()}
    well = [
        refusal.grade(world, item, reply).score > 0
        for item, reply in zip(items, replies, strict=True)
        if not item.meta["sealed"]
    ]
    return RefusalReport(_rate(refused[sealed]), _rate(refused[~sealed]), by_kind, _rate(np.array(well, np.bool_)))


def abstention_rate(replies: Sequence[str]) -> Rate:
    """Return how many replies say "I don't know." or the like."""
    return _rate(np.array([abstains(reply) for reply in replies], np.bool_))


def refusal_demonstrations(
    world: World,
    sealed: int,
    look_alikes: int,
    rng: np.random.Generator,
    label_noise: float = 0.0,
) -> list[Item]:
    """Draw demonstrations for refusal tuning: with few look-alikes a model learns to refuse by single words.

    Parameters
    ----------
    world : World
        The world.
    sealed, look_alikes : int
        How many of each; look-alikes of all kinds equally often.
    rng : numpy.random.Generator
        The source of randomness.
    label_noise : float
        The share of replies that are wrong.

    Returns
    -------
    list of Item
        In a random order.

    Raises
    ------
    ValueError
        If a number is negative, or the noise is not from 0 to 1.
    """
    for name, count in (("sealed", sealed), ("look_alikes", look_alikes)):
        if count < 0:
            raise ValueError(f"{name} must be >= 0, got {count}")
    others = tuple(kind for kind in refusal.KINDS if kind != "sealed")
    drawn = refusal.items(world, "train", sealed, rng, ("sealed",), label_noise)
    drawn += refusal.items(world, "train", look_alikes, rng, others, label_noise)
    return [drawn[at] for at in rng.permutation(len(drawn))]


def _rate(found: np.ndarray) -> Rate:
    return Rate(int(found.sum()), len(found))
