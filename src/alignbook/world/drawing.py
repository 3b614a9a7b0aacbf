"""Draws that give the same result in every process: streams by label, sides by content, rounds over a pool."""

from collections.abc import Sequence
from typing import TypeVar
from zlib import crc32

import numpy as np

T = TypeVar("T")


def stream(seed: int, label: str) -> np.random.Generator:
    """Return the generator for one purpose, independent of how much is drawn for any other.

    Parameters
    ----------
    seed : int
        The seed of the world, 0 or more.
    label : str
        The purpose.
    """
    return np.random.default_rng([seed, crc32(label.encode())])


def fraction(text: str) -> float:
    """Return where in [0, 1) a text falls, always at the same place: to divide pools by content.

    Examples
    --------
    >>> 0 <= fraction("3 4 add") < 1
    True
    """
    return crc32(text.encode()) / 2**32


def draw(pool: Sequence[T], count: int, rng: np.random.Generator) -> list[T]:
    """Draw from a pool without replacement, in rounds: nothing comes twice before everything came once.

    Parameters
    ----------
    pool : sequence
        What to draw from.
    count : int
        How many; more than the pool holds starts another round.
    rng : numpy.random.Generator
        The source of randomness.

    Raises
    ------
    ValueError
        If the count is negative, or the pool is empty and something is to be drawn.
    """
    if count < 0:
        raise ValueError(f"count must be 0 or more, got {count}")
    if count and not pool:
        raise ValueError(f"nothing to draw {count} from: the pool is empty; ask for another split or a larger world")
    drawn: list[T] = []
    while len(drawn) < count:
        drawn += [pool[at] for at in rng.permutation(len(pool))[: count - len(drawn)]]
    return drawn


def pick(options: Sequence[T], rng: np.random.Generator) -> T:
    """Pick one of several options, each as likely."""
    return options[int(rng.integers(len(options)))]


def shuffled(options: Sequence[T], rng: np.random.Generator) -> list[T]:
    """Return the options in a random order."""
    return [options[at] for at in rng.permutation(len(options))]
