"""What every loss of this chapter returns, and the checks that they share."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from alignbook.nn.tape import Array, Var
from alignbook.nn.trainer import Loss

Floats = NDArray[np.float64]


class Losses(NamedTuple):
    """The loss of each token or pair, before anything is averaged, and where it would go.

    Parameters
    ----------
    values : array
        The losses.
    slopes : array, shape of values
        The derivative of each with respect to the one number that it was computed from: a log-probability, a margin,
        a reward or a value, as the function says.
    """

    values: Array
    slopes: Array


def weighted(losses: Losses, weights: Array, output: Var) -> Loss:
    """Return what the trainer needs: the weighted sum of losses, and its gradient with respect to the output.

    Parameters
    ----------
    losses : Losses
        One for each number of the output.
    weights : array, shape of the losses
        How much each counts; over a whole batch they add up to 1.
    output : Var, as many numbers as there are losses
        What the losses were computed from.
    """
    gradient = (weights * losses.slopes).reshape(output.data.shape).astype(output.data.dtype)
    return Loss(float((weights * losses.values).sum(dtype=np.float64)), output, gradient)


def sigmoid(x: ArrayLike) -> Floats:
    """Return ``1 / (1 + exp(-x))`` without overflow, in float64."""
    found = np.asarray(x, np.float64)
    return np.asarray(np.exp(np.minimum(found, 0)) / (1 + np.exp(-np.abs(found))), np.float64)


def log_sigmoid(x: ArrayLike) -> Floats:
    """Return ``log(sigmoid(x))`` without overflow, in float64."""
    found = np.asarray(x, np.float64)
    return np.asarray(np.minimum(found, 0) - np.log1p(np.exp(-np.abs(found))), np.float64)


def check_beta(beta: float) -> None:
    """Refuse a strength of the divergence that is not above 0.

    Raises
    ------
    ValueError
        If it is 0, negative or no number.
    """
    if not beta > 0:
        raise ValueError(f"beta must be > 0, got {beta}: without a price on the divergence there is no optimum")


def check_rewards(rewards: ArrayLike) -> Floats:
    """Return rewards as an array, or say which of them is no number.

    Raises
    ------
    ValueError
        If there are none, or one is NaN or infinite.
    """
    found = np.asarray(rewards, np.float64)
    if found.size == 0:
        raise ValueError("rewards are empty: sample at least one reply")
    wrong = np.argwhere(~np.isfinite(found))
    if len(wrong):
        at = tuple(int(index) for index in wrong[0])
        place = at[0] if len(at) == 1 else at
        raise ValueError(f"reward {place} must be finite, got {found[at]}: look at the reply that it was given to")
    return found
