"""Experiment: what learned numbers can do that counts cannot, and what they pay for it.

The question is that of one neuron, whether a vowel comes next, with the last eight letters to go by. A table of
counts keeps 256 rows, one for every pattern of eight, and what it reads in one row tells it nothing about the
others. A neuron has nine numbers, and every letter read moves them all. So it learns from far less text. But it can
only add up what the letters say one by one, and when there is enough text the table, which can learn any pattern,
goes past it. Between the two stands the table that mixes its answer with those of shorter patterns, which is how
count models share.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from alignbook.pretraining.letters import training_and_held_out_letters, vowel_windows
from alignbook.pretraining.neuron import Neuron
from alignbook.profile import Profile

Array = NDArray[np.float64]


@dataclass(frozen=True)
class SharingConfig:
    """What one size of the experiment reads.

    Parameters
    ----------
    first : int
        Letters that are predicted in the first round.
    rounds : int
        How many rounds there are; each reads twice as much as the one before.
    held_out_letters : int
        How many letters of held-out documents are predicted.
    reach : int
        How many letters back the models look.
    learning_rate : float
        The neuron's learning rate.
    steps : int
        How many steps the neuron makes in each round, from the start.
    """

    first: int
    rounds: int
    held_out_letters: int
    reach: int = 8
    learning_rate: float = 1.0
    steps: int = 100


CONFIGS = {
    "tiny": SharingConfig(first=125, rounds=6, held_out_letters=4_000),
    "book": SharingConfig(first=125, rounds=10, held_out_letters=20_000),
}


@dataclass(frozen=True)
class SharingResult:
    """Held-out surprise in bits per letter, after each round.

    Parameters
    ----------
    letters_read : tuple of int
        From how many letters the models have learned.
    neuron, table, mixed_table : tuple of float
        Surprise of the neuron, of the bare table of counts, and of the table that mixes in shorter patterns.
    rows_seen : tuple of float
        The share of the held-out letters before which stand letters of a pattern that has been read.
    neuron_numbers, table_numbers, mixed_table_numbers : int
        How many numbers each of them has learned.
    """

    letters_read: tuple[int, ...]
    neuron: tuple[float, ...]
    table: tuple[float, ...]
    mixed_table: tuple[float, ...]
    rows_seen: tuple[float, ...]
    neuron_numbers: int
    table_numbers: int
    mixed_table_numbers: int


def sharing(seed: int, size: str = "book") -> SharingResult:
    """Let a neuron and two tables of counts learn the same question from more and more text.

    Parameters
    ----------
    seed : int
        Decides which documents are held out, and the order of reading.
    size : {"book", "tiny"}
        How much to read; see `CONFIGS`.

    Raises
    ------
    ValueError
        If the size is unknown.

    Examples
    --------
    >>> result = sharing(0, "tiny")
    >>> result.neuron[3] < result.mixed_table[3] < result.table[3]
    True
    """
    config = CONFIGS[Profile(seed, size).size]
    letters_read = tuple(config.first * 2**doublings for doublings in range(config.rounds))
    text, held_out_text = training_and_held_out_letters(
        seed, letters_read[-1] + config.reach, config.held_out_letters + config.reach
    )
    held_out = vowel_windows(held_out_text, config.reach)
    rounds = [vowel_windows(text[: read + config.reach], config.reach) for read in letters_read]
    return SharingResult(
        letters_read=letters_read,
        neuron=tuple(_trained_neuron(x, y, config).surprise_bits(*held_out) for x, y in rounds),
        table=tuple(table_surprise_bits(x, y, *held_out) for x, y in rounds),
        mixed_table=tuple(mixed_table_surprise_bits(x, y, *held_out) for x, y in rounds),
        rows_seen=tuple(float(np.isin(_row(held_out[0]), _row(x)).mean()) for x, _ in rounds),
        neuron_numbers=config.reach + 1,
        table_numbers=2**config.reach,
        mixed_table_numbers=2 ** (config.reach + 1) - 1,
    )


def table_surprise_bits(x: Array, y: Array, held_out_x: Array, held_out_y: Array) -> float:
    """Return the held-out surprise of a table with one row a pattern, and one pretended count of each answer.

    Parameters
    ----------
    x, held_out_x : arrays, shapes (n, reach) and (m, reach)
        The kinds of the last letters, 1 for a vowel and -1 for a consonant.
    y, held_out_y : arrays, shapes (n,) and (m,)
        The kind of the next letter, 1 or 0.
    """
    right, seen = _counts(x, y, held_out_x, held_out_y)
    return float(-np.log2((right + 1) / (seen + 2)).mean())


def mixed_table_surprise_bits(x: Array, y: Array, held_out_x: Array, held_out_y: Array) -> float:
    """Return the held-out surprise of tables for the last 0, 1, 2, ... letters, mixed.

    The table of the last k letters has the weight k + 1, and *both alike* has the weight 1; a table that never saw
    the pattern is left out. The parameters are those of `table_surprise_bits`.
    """
    mixed, weights = np.full(len(held_out_y), 0.5), np.ones(len(held_out_y))
    for last in range(x.shape[1] + 1):
        right, seen = _counts(x[:, :last], y, held_out_x[:, :last], held_out_y)
        weight = np.where(seen > 0, last + 1, 0)
        mixed += weight * right / np.maximum(seen, 1)
        weights += weight
    return float(-np.log2(mixed / weights).mean())


def _counts(x: Array, y: Array, held_out_x: Array, held_out_y: Array) -> tuple[Array, Array]:
    """Return for each held-out letter how often that answer, and any answer, was read after its pattern."""
    table = np.zeros((2 ** x.shape[1], 2))
    np.add.at(table, (_row(x), y.astype(np.int64)), 1)
    rows = _row(held_out_x)
    return table[rows, held_out_y.astype(np.int64)], table[rows].sum(axis=1)


def _row(x: Array) -> NDArray[np.int64]:
    """Number the patterns: a vowel one letter back counts 1, two letters back 2, three letters back 4..."""
    return (x > 0).astype(np.int64) @ (2 ** np.arange(x.shape[1], dtype=np.int64))


def _trained_neuron(x: Array, y: Array, config: SharingConfig) -> Neuron:
    neuron = Neuron((0.0,) * config.reach, 0.0)
    for _ in range(config.steps):
        neuron = neuron.step(x, y, config.learning_rate)
    return neuron
