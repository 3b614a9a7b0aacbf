"""Scaling laws: how the loss falls with the size of the model and with the text that it reads.

The law says that three shortcomings add up: what no model could know (E), what a model of finite size cannot hold
(A/N^alpha), and what a finite text has not shown it (B/D^beta). Five numbers are fitted to the losses of many small
runs, and the law then speaks about larger ones: extrapolation, which is worth what its check on a held-out size says.

The fit is Hoffmann's third approach: the Huber loss of the difference between the logarithms of predicted and measured
loss. Theirs goes by L-BFGS from thousands of starts; five unknowns and a few hundred runs are small enough for
Gauss-Newton steps with a damping (Levenberg and Marquardt), which walk from all starts, and for all bootstrap samples,
at once.

References
----------
J. Hoffmann et al., "Training Compute-Optimal Large Language Models", 2022, section 3.3 (approach 3) and equation 4.
P. J. Huber, "Robust Estimation of a Location Parameter", Annals of Mathematical Statistics 35, 1964: the loss.
D. W. Marquardt, "An Algorithm for Least-Squares Estimation of Nonlinear Parameters", SIAM Journal 11, 1963.
"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]

DELTA = 1e-3
"""Residuals beyond this count linearly, not by their square: Hoffmann's choice, so that odd runs pull less."""

_EXPONENTS, _FLOORS = (0.1, 0.3, 0.6, 1.2), (0.2, 0.6, 0.9)
"""Starts: exponents of either term, and E as a share of the lowest loss that was measured."""

_STEPS, _QUIET, _REFINED = 1000, 6, 3
"""The most steps of a fit; after how many of them without gain it rests; how many starts go on to the Huber loss."""

_STEEPEST, _DEEPEST = 3.0, 20.0
"""Limits of the fit, far from any sensible law: the largest exponents, and how far ln(E) may lie below the lowest
ln(loss). Runs that cannot tell the terms apart would otherwise send them off to infinity."""

_NEGLIGIBLE = 1e-20
"""A gain of the objective that is no gain: the fit to losses without noise would otherwise go on for ever."""


@dataclass(frozen=True)
class ScalingLaw:
    """The law ``L(N, D) = e + a / N**alpha + b / D**beta``.

    Parameters
    ----------
    e : float
        The loss that remains however large the model and long the text.
    a, alpha : float
        What the number of parameters adds, and how fast that falls.
    b, beta : float
        What the number of tokens adds, and how fast that falls.
    """

    e: float
    a: float
    alpha: float
    b: float
    beta: float

    def loss(self, parameters: ArrayLike, tokens: ArrayLike) -> Array:
        """Return the loss that the law predicts.

        Parameters
        ----------
        parameters, tokens : arrays that broadcast
            The size of the model, and how many tokens it reads.

        Returns
        -------
        array

        Examples
        --------
        >>> float(ScalingLaw(e=1.0, a=2.0, alpha=0.5, b=3.0, beta=1.0).loss(4, 6))
        2.5
        """
        n, d = np.asarray(parameters, np.float64), np.asarray(tokens, np.float64)
        predicted: Array = self.e + self.a * n**-self.alpha + self.b * d**-self.beta
        return predicted

    def compute_optimal(self, flops: float) -> tuple[float, float]:
        """Return the parameters and tokens of least loss for a given amount of computation.

        A training run costs about 6 operations for each parameter and token, ``flops = 6 N D``.

        Parameters
        ----------
        flops : float
            Operations, > 0.

        Returns
        -------
        tuple of float
            Parameters and tokens.
        """
        ratio = (self.alpha * self.a / (self.beta * self.b)) ** (1 / (self.alpha + self.beta))
        parameters = ratio * (flops / 6) ** (self.beta / (self.alpha + self.beta))
        return parameters, flops / 6 / parameters


class NotConvergedError(ArithmeticError):
    """A fit has not come to rest."""


def fit(parameters: ArrayLike, tokens: ArrayLike, losses: ArrayLike, delta: float = DELTA) -> ScalingLaw:
    """Fit the law to measured losses.

    Parameters
    ----------
    parameters, tokens, losses : arrays, shape (runs,)
        Size, text and loss of each run, all > 0.
    delta : float
        Where the Huber loss turns from a square to a line, in units of ln(loss); > 0.

    Returns
    -------
    ScalingLaw
        The best that is reached from a grid of starts.

    Raises
    ------
    ValueError
        If the runs are too few to determine five numbers, or some number is not > 0.
    NotConvergedError
        If the best fit still changes when the steps run out.
    """
    logs = _logs(parameters, tokens, losses)
    if not delta > 0:
        raise ValueError(f"delta must be > 0, got {delta}")
    starts = _starts(*logs)
    weights = np.ones((len(starts), logs.shape[1]))
    rough, badness, _ = _minimise(starts, logs, weights, math.inf)
    best = rough[np.argsort(badness, kind="stable")[:_REFINED]]
    theta, badness, rested = _minimise(best, logs, weights[: len(best)], delta)
    winner = int(np.argmin(badness))
    if not rested[winner]:
        raise NotConvergedError(
            f"the fit still changes after {_STEPS} steps (objective {badness[winner]:.3g}): "
            "the runs may not vary enough in parameters and tokens"
        )
    return _law(theta[winner])


def bootstrap(
    law: ScalingLaw,
    parameters: ArrayLike,
    tokens: ArrayLike,
    losses: ArrayLike,
    resamples: int,
    rng: np.random.Generator,
    delta: float = DELTA,
) -> list[ScalingLaw]:
    """Fit the law again and again, each time to as many runs drawn with replacement.

    Parameters
    ----------
    law : ScalingLaw
        The fit to all runs: where each of these fits starts.
    parameters, tokens, losses : arrays, shape (runs,)
        The runs.
    resamples : int
        How many fits.
    rng : numpy.random.Generator
        The source of chance.
    delta : float
        See `fit`.

    Returns
    -------
    list of ScalingLaw
        How far they lie apart says how far the law can be trusted.
    """
    logs = _logs(parameters, tokens, losses)
    runs = logs.shape[1]
    weights = rng.multinomial(runs, np.full(runs, 1 / runs), size=resamples).astype(np.float64)  # (resamples, runs)
    start = np.array([math.log(law.a), math.log(law.b), math.log(law.e), law.alpha, law.beta])
    theta, _, _ = _minimise(np.tile(start, (resamples, 1)), logs, weights, delta)
    return [_law(row) for row in theta]


def _logs(parameters: ArrayLike, tokens: ArrayLike, losses: ArrayLike) -> Array:
    """Return ln N, ln D and ln L, shape (3, runs)."""
    columns = {"parameters": parameters, "tokens": tokens, "losses": losses}
    arrays = {name: np.asarray(column, np.float64) for name, column in columns.items()}
    shapes = [array.shape for array in arrays.values()]
    if len(set(shapes)) > 1 or len(shapes[0]) != 1:
        raise ValueError(f"parameters, tokens and losses must have one shape (runs,), got {shapes}")
    for name, array in arrays.items():
        if not (array > 0).all():
            raise ValueError(f"{name} must be > 0, got {array[~(array > 0)][0]}")
    if len(arrays["losses"]) < 6:
        raise ValueError(f"five numbers need at least 6 runs, got {len(arrays['losses'])}")
    for name in ("parameters", "tokens"):
        if len(np.unique(arrays[name])) < 3:
            raise ValueError(f"the runs must have at least 3 different {name}, got {np.unique(arrays[name]).tolist()}")
    return np.log(np.stack(list(arrays.values())))


def _starts(log_n: Array, log_d: Array, log_loss: Array) -> Array:
    """Return the grid of starts, shape (starts, 5); either term begins with half of what E leaves."""
    low, typical = math.exp(log_loss.min()), math.exp(log_loss.mean())
    rows = []
    for alpha, beta, floor in itertools.product(_EXPONENTS, _EXPONENTS, _FLOORS):
        half = math.log((typical - floor * low) / 2)
        rows.append((half + alpha * log_n.mean(), half + beta * log_d.mean(), math.log(floor * low), alpha, beta))
    return np.array(rows)


def _law(theta: NDArray[Any]) -> ScalingLaw:
    a, b, e, alpha, beta = map(float, theta)
    return ScalingLaw(math.exp(e), math.exp(a), alpha, math.exp(b), beta)


def _residuals(theta: Array, logs: Array) -> tuple[Array, Array]:
    """Return ln(predicted) - ln(measured), shape (fits, runs), and its derivatives by theta, (fits, runs, 5)."""
    log_n, log_d, log_loss = logs
    a, b, e, alpha, beta = theta.T[:, :, None]  # each (fits, 1)
    terms = np.stack(np.broadcast_arrays(a - alpha * log_n, b - beta * log_d, e), axis=-1)  # (fits, runs, 3)
    top = terms.max(axis=-1, keepdims=True)
    predicted = top + np.log(np.exp(terms - top).sum(axis=-1, keepdims=True))
    of_n, of_d, of_e = np.moveaxis(np.exp(terms - predicted), -1, 0)  # the share of each term in the loss
    jacobian = np.stack([of_n, of_d, of_e, -of_n * log_n, -of_d * log_d], axis=-1)
    return predicted[..., 0] - log_loss, jacobian


def _huber(residuals: Array, delta: float) -> Array:
    """Half the square of small residuals; of large ones only as much as a line with the same slope at delta."""
    size = np.abs(residuals)
    small = np.minimum(size, delta)
    return small * (size - 0.5 * small)


def _minimise(theta: Array, logs: Array, weights: Array, delta: float) -> tuple[Array, Array, NDArray[np.bool_]]:
    """Walk down from every row of theta at once, until each has come to rest.

    Returns the rows (fits, 5), their objectives (fits,), and which of them rest.
    """
    theta, damping, quiet = theta.copy(), np.full(len(theta), 1e-2), np.zeros(len(theta), np.int64)
    badness = (weights * _huber(_residuals(theta, logs)[0], delta)).sum(axis=1)
    for _ in range(_STEPS):
        moving = np.flatnonzero(quiet < _QUIET)
        if not len(moving):
            break
        here, weight = theta[moving], weights[moving]
        trial = here - _damped_step(*_residuals(here, logs), weight, delta, damping[moving])
        trial = np.clip(
            trial, (-np.inf, -np.inf, logs[2].min() - _DEEPEST, 0, 0), (*[np.inf] * 3, _STEEPEST, _STEEPEST)
        )
        reached = (weight * _huber(_residuals(trial, logs)[0], delta)).sum(axis=1)
        gain = badness[moving] - reached
        better = gain > 0
        quiet[moving] = np.where(gain > 1e-6 * badness[moving] + _NEGLIGIBLE, 0, quiet[moving] + 1)
        theta[moving[better]], badness[moving[better]] = trial[better], reached[better]
        damping[moving] = np.clip(damping[moving] * np.where(better, 1 / 3, 4), 1e-12, 1e8)
    return theta, badness, quiet >= _QUIET


def _damped_step(residuals: Array, jacobian: Array, weights: Array, delta: float, damping: Array) -> Array:
    """The Gauss-Newton step of a reweighted least-squares problem with the same slope as the Huber loss."""
    pull = weights * np.minimum(1, delta / np.maximum(np.abs(residuals), 1e-300))  # (fits, runs)
    weighted = jacobian * pull[..., None]
    slope = weighted.swapaxes(-1, -2) @ residuals[..., None]  # (fits, 5, 1)
    curvature = weighted.swapaxes(-1, -2) @ jacobian  # (fits, 5, 5)
    diagonal = np.einsum("fii->fi", curvature)
    diagonal += damping[:, None] * diagonal + 1e-14  # a view: the damping goes into the matrix
    step: Array = np.linalg.solve(curvature, slope).astype(np.float64)[..., 0]
    return step
