"""All families of the mini-world by name."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from alignbook.world.families import (
    abstention,
    arithmetic,
    canaries,
    constraints,
    contamination,
    instructions,
    passages,
    pictures,
    recall,
    refusal,
    reversal,
    second_language,
    small_talk,
    stack_language,
    sycophancy,
    tools,
    two_hop,
    updates,
)
from alignbook.world.items import Grade, Item
from alignbook.world.region import World


@dataclass(frozen=True)
class Family:
    """One family of items.

    Parameters
    ----------
    name : str
        Its name, which its items carry.
    description : str
        What it is, in a line.
    splits : tuple of str
        Its splits; its module says what they are.
    items : callable
        ``(world, split, count, rng) -> items``.
    grade : callable
        ``(world, item, reply) -> grade``; never raises, whatever the reply.
    """

    name: str
    description: str
    splits: tuple[str, ...]
    items: Callable[[World, str, int, np.random.Generator], list[Item]]
    grade: Callable[[World, Item, str], Grade]


_ALL = (
    Family("recall", "facts, asked or completed", recall.SPLITS, recall.items, recall.grade),
    Family("two_hop", "where somebody's mentor lives", two_hop.SPLITS, two_hop.items, two_hop.grade),
    Family("reversal", "facts asked backwards", reversal.SPLITS, reversal.items, reversal.grade),
    Family("instructions", "8 operations in 5 formats", instructions.SPLITS, instructions.items, instructions.grade),
    Family("constraints", "sentences to order, verified", constraints.SPLITS, constraints.items, constraints.grade),
    Family("arithmetic", "sums on a clock of 13 hours", arithmetic.SPLITS, arithmetic.items, arithmetic.grade),
    Family(
        "stack_language", "programs of eight words", stack_language.SPLITS, stack_language.items, stack_language.grade
    ),
    Family("pictures", "shapes on 5 by 5 points", pictures.SPLITS, pictures.items, pictures.grade),
    Family("tools", "tool calls and their results", tools.SPLITS, tools.items, tools.grade),
    Family("passages", "answers from retrieved passages", passages.SPLITS, passages.items, passages.grade),
    Family("refusal", "sealed requests and look-alikes", refusal.SPLITS, refusal.items, refusal.grade),
    Family("abstention", "questions without an answer", abstention.SPLITS, abstention.items, abstention.grade),
    Family("sycophancy", "questions after a claim", sycophancy.SPLITS, sycophancy.items, sycophancy.grade),
    Family(
        "contamination", "a benchmark that can leak", contamination.SPLITS, contamination.items, contamination.grade
    ),
    Family("canaries", "planted secrets", canaries.SPLITS, canaries.items, canaries.grade),
    Family("updates", "facts that change later", updates.SPLITS, updates.items, updates.grade),
    Family(
        "second_language", "the same in Wendish", second_language.SPLITS, second_language.items, second_language.grade
    ),
    Family("small_talk", "greetings and thanks", small_talk.SPLITS, small_talk.items, small_talk.grade),
)

FAMILIES: Mapping[str, Family] = {family.name: family for family in _ALL}


def grade(world: World, item: Item, reply: str) -> Grade:
    """Grade a reply to an item of any family.

    Raises
    ------
    ValueError
        If the item's family is unknown.
    """
    if item.family not in FAMILIES:
        raise ValueError(f"family must be one of {', '.join(FAMILIES)}, got {item.family!r}")
    return FAMILIES[item.family].grade(world, item, reply)
