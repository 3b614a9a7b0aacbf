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


def known_to_a_model(world: World, item: Item) -> bool:
    """Tell whether an item needs no fact that the pretraining text mentions too seldom to be learned.

    To demonstrate the answer to a question that the model cannot know teaches it to say *something*; see the chapter.
    """
    return int(item.meta.get("exposures", world.config.known_exposures)) >= world.config.known_exposures
