"""One neuron's way downhill, from counts alone: what `alignbook.pretraining.neuron` computes from all the letters.

There are only four kinds of prediction: the last letter was a vowel or not, and so is the next. How often each occurs
decides the loss everywhere, so a page needs four numbers and not the text.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, log, log1p

import numpy as np
from numpy.typing import ArrayLike

Kinds = tuple[tuple[float, float, float], ...]
"""Each kind of prediction: the input, the right answer, and the share of all predictions that are of this kind."""


@dataclass(frozen=True)
class Point:
    """Where the neuron stands.

    Parameters
    ----------
    w, b : float
        Its weight and its bias.
    bits : float
        Its loss there: mean surprise, in bits a letter.
    dw, db : float
        The gradient of the loss in nats there.
    """

    w: float
    b: float
    bits: float
    dw: float
    db: float


def kinds(x: ArrayLike, y: ArrayLike) -> Kinds:
    """Return the kinds of prediction in a text.

    Parameters
    ----------
    x : array_like, shape (n, 1)
        1 where the last letter was a vowel, -1 where it was a consonant.
    y : array_like, shape (n,)
        1 where the next letter is a vowel, else 0.
    """
    rows, times = np.unique(np.column_stack([np.asarray(x)[:, 0], y]), axis=0, return_counts=True)
    shares = times / times.sum()
    return tuple((float(one), float(right), float(share)) for (one, right), share in zip(rows, shares, strict=True))


def stand(found: Kinds, w: float, b: float) -> Point:
    """Return the loss and its gradient at a weight and a bias.

    Examples
    --------
    >>> stand(((1.0, 0.0, 1.0),), 0.0, 0.0)
    Point(w=0.0, b=0.0, bits=1.0, dw=0.5, db=0.5)
    """
    bits = dw = db = 0.0
    for x, right, share in found:
        logit = w * x + b
        against = -logit if right else logit
        bits += share * (max(against, 0.0) + log1p(exp(-abs(against)))) / log(2)
        error = share * (_chance(logit) - right)
        dw += error * x
        db += error
    return Point(w, b, bits, dw, db)


def _chance(logit: float) -> float:
    return 1 / (1 + exp(-logit)) if logit >= 0 else exp(logit) / (1 + exp(logit))


def walk(found: Kinds, w: float, b: float, rate: float, steps: int) -> list[Point]:
    """Return where gradient descent stands before the first step and after each."""
    way = [stand(found, w, b)]
    for _ in range(steps):
        last = way[-1]
        way.append(stand(found, last.w - rate * last.dw, last.b - rate * last.db))
    return way


def contours(found: Kinds, span: tuple[float, float], levels: Sequence[float], points: int = 41) -> list[list[float]]:
    """Return the lines of equal loss in a square of weights and biases.

    Parameters
    ----------
    found : Kinds
        The kinds of prediction.
    span : (float, float)
        The least and the greatest weight, and bias.
    levels : sequence of float
        The losses, in bits.
    points : int
        How many points of a grid along each side the lines are found from.

    Returns
    -------
    list of list of float
        One a line: its level, then weight and bias of each of its points in turn, to a hundredth.
    """
    from contourpy import contour_generator  # with Matplotlib: only a notebook needs it

    ticks = np.linspace(*span, points)
    surface = [[stand(found, w, b).bits for w in ticks] for b in ticks]
    generator = contour_generator(ticks, ticks, surface)
    lines = [(level, line) for level in levels for line in generator.lines(level)]
    return [[level, *np.asarray(line).round(2).ravel().tolist()] for level, line in lines]
