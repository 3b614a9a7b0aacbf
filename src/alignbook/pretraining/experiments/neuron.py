"""Experiment: one neuron gets less wrong, step by step, and finds what counting would have found.

The neuron reads NumPy's prose as Markov read *Onegin*: one letter after another, each a vowel or a consonant.
It is told the kind of the last letter, and gives a probability that the next is a vowel. It has two numbers, so
that its loss is a surface one can look at, and the best point of that surface is known from counting. Gradient
descent walks there with a good learning rate, crawls with a small one, and never arrives with a large one; where
the border lies is predicted from the curvature. As the control, the same letters in shuffled order.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from alignbook.pretraining.letters import training_and_held_out_letters, vowel_windows
from alignbook.pretraining.neuron import Neuron
from alignbook.profile import Profile

Array = NDArray[np.float64]

START = Neuron(weights=(0.0,), bias=0.0)  # a coin: 1 bit of surprise, whatever comes
GRID = tuple(round(-4 + 0.1 * at, 1) for at in range(61))  # -4.0 to 2.0
GOOD_RATE = 5.0
LEARNING_RATES = (0.05, 0.5, GOOD_RATE, 10.0, 40.0)
JUST_BELOW, JUST_ABOVE = 0.95, 1.05  # of the largest stable rate


@dataclass(frozen=True)
class NeuronConfig:
    """What one size of the experiment reads.

    Parameters
    ----------
    letters : int
        How many letters are read; the book takes as many as Markov did.
    held_out_letters : int
        How many letters of held-out documents are predicted.
    steps : int
        How many steps each descent makes.
    tolerance_bits : float
        A descent has arrived where its surprise stays within this of the best.
    """

    letters: int
    held_out_letters: int
    steps: int
    tolerance_bits: float = 0.001


CONFIGS = {
    "tiny": NeuronConfig(letters=4_000, held_out_letters=4_000, steps=60),
    "book": NeuronConfig(letters=20_000, held_out_letters=20_000, steps=200),
}


@dataclass(frozen=True)
class Descent:
    """The way of one neuron down the surface, its start included.

    Parameters
    ----------
    learning_rate : float
        The learning rate.
    weights, biases : tuple of float
        Where the neuron stood after each step.
    surprise_bits : tuple of float
        Its mean surprise there, in bits per letter.
    arrived : int or None
        The step from which on the surprise stays within the tolerance of the best; None if it never does.
    """

    learning_rate: float
    weights: tuple[float, ...]
    biases: tuple[float, ...]
    surprise_bits: tuple[float, ...]
    arrived: int | None

    @property
    def end(self) -> Neuron:
        """The neuron after the last step."""
        return Neuron((self.weights[-1],), self.biases[-1])


@dataclass(frozen=True)
class Counted:
    """What counting pairs of letters gives: the shares, and the neuron that says the same.

    Parameters
    ----------
    vowels, after_vowel, after_consonant : float
        The share of vowels among all letters that were predicted, among those after a vowel, and after a consonant.
    best : Neuron
        The neuron that gives these two probabilities: no other has a smaller loss on these letters.
    best_bits : float
        Its surprise on these letters.
    base_rate_bits : float
        The surprise of a neuron that knows the share of vowels and ignores its input: what is to be beaten.
    """

    vowels: float
    after_vowel: float
    after_consonant: float
    best: Neuron
    best_bits: float
    base_rate_bits: float


@dataclass(frozen=True)
class NeuronResult:
    """Everything that was measured; surprise in bits per letter throughout.

    Parameters
    ----------
    text : str
        The letters read.
    counted : Counted
        What counting finds in them.
    grid : tuple of float
        The weights, and the biases too, at which the surface was measured.
    surface_bits : tuple of tuple of float
        Surprise by bias (outer) and weight (inner).
    descents : tuple of Descent
        One for each of `LEARNING_RATES`, from the same start.
    largest_stable_rate : float
        ``2 / sharpness`` at the best point: the border between arriving and never arriving, as predicted.
    border : tuple of two Descents
        With learning rates just below and just above it, to see whether the border lies there.
    shuffled : Descent
        The control, with `GOOD_RATE`: the same letters in shuffled order.
    shuffled_base_rate_bits : float
        What is the least that this control can pay, but for chance: the surprise of its base rate.
    held_out_bits, held_out_counted_bits, held_out_base_rate_bits : float
        On letters of held-out documents: the surprise of the neuron that came down with `GOOD_RATE`, of the counts,
        and of the base rate.
    """

    text: str
    counted: Counted
    grid: tuple[float, ...]
    surface_bits: tuple[tuple[float, ...], ...]
    descents: tuple[Descent, ...]
    largest_stable_rate: float
    border: tuple[Descent, Descent]
    shuffled: Descent
    shuffled_base_rate_bits: float
    held_out_bits: float
    held_out_counted_bits: float
    held_out_base_rate_bits: float


def one_neuron(seed: int, size: str = "book") -> NeuronResult:
    """Let one neuron learn from letters whether a vowel comes next, at several learning rates.

    Parameters
    ----------
    seed : int
        Decides which documents are held out, the order of the sentences, and the shuffled letters.
    size : {"book", "tiny"}
        How much to read; see `CONFIGS`.

    Returns
    -------
    NeuronResult
        The surface, the ways down, and what counting says.

    Raises
    ------
    ValueError
        If the size is unknown.

    Examples
    --------
    >>> result = one_neuron(0, "tiny")
    >>> result.descents[2].surprise_bits[0], result.descents[2].arrived is not None
    (1.0, True)
    """
    config = CONFIGS[Profile(seed, size).size]
    text, held_out_text = training_and_held_out_letters(seed, config.letters, config.held_out_letters)
    x, y = vowel_windows(text)
    counted = count(x, y)
    limit = 2 / counted.best.sharpness(x)
    rates = (*LEARNING_RATES, JUST_BELOW * limit, JUST_ABOVE * limit)
    *descents, below, above = (_descend(x, y, rate, config, counted.best_bits) for rate in rates)
    rng = np.random.default_rng(seed)
    shuffled_x, shuffled_y = vowel_windows("".join(rng.permutation(list(text))))
    shuffled = count(shuffled_x, shuffled_y)
    held_out = vowel_windows(held_out_text)
    learned = descents[LEARNING_RATES.index(GOOD_RATE)].end
    base_rate = Neuron((0.0,), _log_odds(counted.vowels))
    return NeuronResult(
        text=text,
        counted=counted,
        grid=GRID,
        surface_bits=loss_surface(x, y, GRID, GRID),
        descents=tuple(descents),
        largest_stable_rate=limit,
        border=(below, above),
        shuffled=_descend(shuffled_x, shuffled_y, GOOD_RATE, config, shuffled.best_bits),
        shuffled_base_rate_bits=shuffled.base_rate_bits,
        held_out_bits=learned.surprise_bits(*held_out),
        held_out_counted_bits=counted.best.surprise_bits(*held_out),
        held_out_base_rate_bits=base_rate.surprise_bits(*held_out),
    )


def count(x: Array, y: Array) -> Counted:
    """Return what counting says about vowels after vowels and after consonants.

    Parameters
    ----------
    x : array, shape (n, 1)
        1 where the last letter was a vowel, -1 where it was a consonant.
    y : array, shape (n,)
        1 where the next letter is a vowel, else 0.

    Raises
    ------
    ValueError
        If one kind never follows the other or itself: no finite weight says that.
    """
    after_vowel, after_consonant = float(y[x[:, 0] > 0].mean()), float(y[x[:, 0] < 0].mean())
    if not (0 < after_vowel < 1 and 0 < after_consonant < 1):
        got = f"{after_vowel} and {after_consonant}"
        raise ValueError(f"each kind must follow each kind at least once, got the shares {got} of vowels: read more")
    above, below = _log_odds(after_vowel), _log_odds(after_consonant)
    best = Neuron(((above - below) / 2,), (above + below) / 2)
    vowels = float(y.mean())
    base_rate_bits = Neuron((0.0,), _log_odds(vowels)).surprise_bits(x, y)
    return Counted(vowels, after_vowel, after_consonant, best, best.surprise_bits(x, y), base_rate_bits)


def loss_surface(
    x: Array, y: Array, weights: Sequence[float], biases: Sequence[float]
) -> tuple[tuple[float, ...], ...]:
    """Return the surprise in bits for each bias (outer) and each weight (inner).

    There are only four kinds of prediction, so the surface is a mean over these, weighted by how often each occurs.
    """
    kinds, times = np.unique(np.column_stack([x[:, 0], y]), axis=0, return_counts=True)
    logits = np.multiply.outer(kinds[:, 0], np.asarray(weights))[:, None, :] + np.asarray(biases)[:, None]
    surprise = np.logaddexp(0, (1 - 2 * kinds[:, 1])[:, None, None] * logits)  # (kinds, biases, weights)
    bits = np.tensordot(times / times.sum(), surprise, axes=1) / math.log(2)  # (biases, weights)
    return tuple(tuple(row) for row in bits.tolist())


def _descend(x: Array, y: Array, learning_rate: float, config: NeuronConfig, best_bits: float) -> Descent:
    """Make all steps of gradient descent from `START`, on all letters at every step."""
    path = [START]
    for _ in range(config.steps):
        path.append(path[-1].step(x, y, learning_rate))
    bits = [neuron.surprise_bits(x, y) for neuron in path]
    far = [at for at, surprise in enumerate(bits) if surprise > best_bits + config.tolerance_bits]
    arrived = far[-1] + 1 if far else 0
    return Descent(
        learning_rate=learning_rate,
        weights=tuple(neuron.weights[0] for neuron in path),
        biases=tuple(neuron.bias for neuron in path),
        surprise_bits=tuple(bits),
        arrived=arrived if arrived < len(path) else None,
    )


def _log_odds(probability: float) -> float:
    return math.log(probability / (1 - probability))
