"""Demonstrations: dialogues with the reply that a good assistant would give, drawn from the world's families."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from alignbook.world.catalogue import FAMILIES
from alignbook.world.items import Item
from alignbook.world.region import World


def demonstrations(world: World, counts: Sequence[tuple[str, str, int]], rng: np.random.Generator) -> list[Item]:
    """Draw demonstrations of several families, and shuffle them.

    Parameters
    ----------
    world : World
        The world.
    counts : sequence of (str, str, int)
        Family, split, and how many of it.
    rng : numpy.random.Generator
        The source of chance.

    Returns
    -------
    list of Item

    Raises
    ------
    ValueError
        If there is no such family or split.
    """
    drawn: list[Item] = []
    for family, split, count in counts:
        if family not in FAMILIES:
            raise ValueError(f"family must be one of {', '.join(FAMILIES)}, got {family!r}")
        drawn += FAMILIES[family].items(world, split, count, rng)
    return [drawn[at] for at in rng.permutation(len(drawn))]


def evened(items: Sequence[Item], key: str, rng: np.random.Generator) -> list[Item]:
    """Show items of rarer kinds again, until every kind is as frequent as the commonest.

    Parameters
    ----------
    items : sequence of Item
        The items.
    key : str
        The entry of their `meta` that says of which kind they are.
    rng : numpy.random.Generator
        The source of chance.

    Returns
    -------
    list of Item
        In random order.
    """
    kinds: dict[object, list[Item]] = {}
    for item in items:
        kinds.setdefault(item.meta[key], []).append(item)
    most = max(map(len, kinds.values()), default=0)
    shown = [item for kind in kinds.values() for item in (kind * -(-most // len(kind)))[:most]]
    return [shown[at] for at in rng.permutation(len(shown))]


def can_be_known(item: Item, least_exposures: int) -> bool:
    """Tell whether an item needs no fact that pretraining text tells less often than that.

    To demonstrate the answer to a question that the model cannot know teaches it to say *something*; see the chapter.
    """
    return int(item.meta.get("exposures", least_exposures)) >= least_exposures
