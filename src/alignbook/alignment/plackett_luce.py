"""The Plackett-Luce model: Bradley-Terry for whole rankings.

A ranking is made from the top: the first place goes to item i with the probability ``exp(theta_i)`` over the sum of all
that are ranked, the next place in the same way among those that are left. With two items it is Bradley-Terry.

References
----------
R. L. Plackett, "The Analysis of Permutations", Applied Statistics 24, 1975. R. D. Luce, "Individual Choice Behavior",
1959. D. R. Hunter, "MM algorithms for generalized Bradley-Terry models", Annals of Statistics 32, 2004, section 5.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from alignbook.alignment.bradley_terry import NoConvergenceError, Strengths, check_connected, mm_step, standard_errors
from alignbook.alignment.losses import Floats


def choices(rankings: Sequence[Sequence[int]], items: int) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Cut rankings into the choices that they are made of.

    Parameters
    ----------
    rankings : sequence of sequences of int
        Items from the best to the worst, without ties; not every ranking need name every item.
    items : int
        How many items there are.

    Returns
    -------
    array of int, shape (choices,); array of bool, shape (choices, items)
        What was chosen, and among which.

    Raises
    ------
    ValueError
        If there is no choice, or a ranking names an item twice or one that does not exist.
    """
    chosen, offered = [], []
    for number, ranking in enumerate(rankings):
        if len(set(ranking)) != len(ranking) or not all(0 <= item < items for item in ranking):
            raise ValueError(
                f"ranking {number} must name items from 0 to {items - 1}, each at most once, got {list(ranking)}"
            )
        for place in range(len(ranking) - 1):
            among = np.zeros(items, np.bool_)
            among[list(ranking[place:])] = True
            chosen.append(ranking[place])
            offered.append(among)
    if not chosen:
        raise ValueError("there is nothing to learn from: at least one ranking must have two items or more")
    return np.array(chosen, np.int64), np.array(offered)


def fit_newton(
    rankings: Sequence[Sequence[int]], items: int, ridge: float = 0.0, tolerance: float = 1e-9, most_steps: int = 100
) -> Strengths:
    """Find the strengths by Newton's method.

    Parameters
    ----------
    rankings, items
        As in `choices`.
    ridge, tolerance, most_steps
        As in `alignbook.alignment.bradley_terry.fit_newton`.

    Raises
    ------
    ValueError
        If the rankings make no sense, or leave a strength infinite: names it.
    NoConvergenceError
        If the steps did not suffice.
    """
    chosen, offered, won = _prepared(rankings, items, ridge)
    theta = np.zeros(items)
    objective = _objective(chosen, offered, theta, ridge)
    for step in range(1, most_steps + 1):
        chances = _chances(offered, theta)
        gradient = won - chances.sum(axis=0) - 2 * ridge * theta
        move = np.linalg.solve(_curvature(chances, ridge) + 1 / items, gradient)
        while np.abs(move).max() > 1e-6 and _objective(chosen, offered, theta + move, ridge) < objective:
            move = move / 2
        theta = theta + move
        theta -= theta.mean()
        objective = _objective(chosen, offered, theta, ridge)
        if np.abs(move).max() <= tolerance:
            return _strengths(chosen, offered, theta, ridge, step)
    raise NoConvergenceError(f"strengths still moved by {np.abs(move).max():.2g} after {most_steps} steps")


def fit_mm(
    rankings: Sequence[Sequence[int]],
    items: int,
    ridge: float = 0.0,
    tolerance: float = 1e-12,
    most_steps: int = 100_000,
) -> Strengths:
    """Find the strengths by MM: each item's share of first places, over what it could expect.

    Parameters
    ----------
    rankings, items, ridge, tolerance, most_steps
        As in `fit_newton`.

    Raises
    ------
    ValueError, NoConvergenceError
        As in `fit_newton`.
    """
    chosen, offered, won = _prepared(rankings, items, ridge)
    theta = np.zeros(items)
    for step in range(1, most_steps + 1):
        rates = offered.T @ (1 / (offered @ np.exp(theta)))
        moved = mm_step(won, rates, theta, ridge)
        moved -= moved.mean()
        distance = np.abs(moved - theta).max()
        theta = moved
        if distance <= tolerance:
            return _strengths(chosen, offered, theta, ridge, step)
    raise NoConvergenceError(f"strengths still moved by {distance:.2g} after {most_steps} steps: use fit_newton")


def sample_rankings(theta: Floats, count: int, rng: np.random.Generator) -> NDArray[np.int64]:
    """Draw rankings of all items; adding Gumbel noise to the strengths and sorting is the same as choosing in turn.

    Parameters
    ----------
    theta : array, shape (items,)
        The strengths.
    count : int
        How many rankings.
    rng : numpy.random.Generator
        The source of randomness.

    Returns
    -------
    array of int, shape (count, items)
        Each from the best to the worst.
    """
    noisy = theta + rng.gumbel(size=(count, len(theta)))
    return np.argsort(-noisy, axis=1, kind="stable")


def _prepared(
    rankings: Sequence[Sequence[int]], items: int, ridge: float
) -> tuple[NDArray[np.int64], NDArray[np.bool_], Floats]:
    """What was chosen, among which, and how often each item was chosen."""
    chosen, offered = choices(rankings, items)
    if not ridge >= 0:
        raise ValueError(f"ridge must be >= 0, got {ridge}")
    if ridge == 0:
        beats = np.zeros((items, items), np.bool_)
        np.logical_or.at(beats, chosen, offered)
        np.fill_diagonal(beats, False)
        check_connected(beats)
    return chosen, offered, np.bincount(chosen, minlength=items).astype(np.float64)


def _chances(offered: NDArray[np.bool_], theta: Floats) -> Floats:
    """The probability of each item in each choice: (choices, items)."""
    scores = np.where(offered, theta, -np.inf)
    exponentials = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(exponentials / exponentials.sum(axis=1, keepdims=True), np.float64)


def _log_likelihood(chosen: NDArray[np.int64], offered: NDArray[np.bool_], theta: Floats) -> float:
    scores = np.where(offered, theta, -np.inf)
    return float((theta[chosen] - np.logaddexp.reduce(scores, axis=1)).sum())


def _objective(chosen: NDArray[np.int64], offered: NDArray[np.bool_], theta: Floats, ridge: float) -> float:
    return _log_likelihood(chosen, offered, theta) - ridge * float(theta @ theta)


def _curvature(chances: Floats, ridge: float) -> Floats:
    """The negative Hessian: (items, items)."""
    return np.asarray(np.diag(chances.sum(axis=0) + 2 * ridge) - chances.T @ chances, np.float64)


def _strengths(
    chosen: NDArray[np.int64], offered: NDArray[np.bool_], theta: Floats, ridge: float, steps: int
) -> Strengths:
    errors = standard_errors(_curvature(_chances(offered, theta), ridge))
    return Strengths(theta, errors, _log_likelihood(chosen, offered, theta), steps)
