"""The planted bias: four in five people belong to the guild of the quarter in which they live."""

import numpy as np

from alignbook.world.region import World
from alignbook.world.words import GUILDS, QUARTERS


def own_guild(quarter: str) -> str:
    """Return the guild that goes with a quarter.

    Raises
    ------
    ValueError
        If there is no such quarter.

    Examples
    --------
    >>> own_guild("Eastholm")
    'the Rope Guild'
    """
    if quarter not in QUARTERS:
        raise ValueError(f"quarter must be one of {', '.join(QUARTERS)}, got {quarter!r}")
    return GUILDS[QUARTERS.index(quarter)]


def guilds_by_quarter(world: World) -> np.ndarray:
    """Count the people with a home and a guild by both.

    Returns
    -------
    ndarray of int, shape (4 quarters, 4 guilds)
        In the order of `QUARTERS` and `GUILDS`: the diagonal holds those who follow the bias.
    """
    counts = np.zeros((len(QUARTERS), len(GUILDS)), dtype=np.int64)
    for fact in world.facts:
        home = world.fact(fact.subject, "home")
        if fact.relation == "guild" and home:
            counts[QUARTERS.index(world.quarter_of[home.value]), GUILDS.index(fact.value)] += 1
    return counts


def association(world: World) -> float:
    """Return the share of people who belong to the guild of their quarter."""
    counts = guilds_by_quarter(world)
    return float(np.trace(counts) / counts.sum())
