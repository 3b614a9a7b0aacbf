"""The Bradley-Terry model: from who was preferred to whom, to how strong each is.

Item i is preferred to item j with the probability ``sigmoid(theta_i - theta_j)``. The strengths that make what was seen
most probable are found in two ways that must agree: MM, whose every step is one line and never goes down, and Newton's
method, which needs a handful of steps and gives the standard errors on the way.

A ridge keeps strengths finite where somebody never lost, and shrinks what is known little: what is maximised is then
``log-likelihood - ridge * sum(theta ** 2)``.

References
----------
R. A. Bradley and M. E. Terry, "Rank Analysis of Incomplete Block Designs: I. The Method of Paired Comparisons",
Biometrika 39, 1952. L. R. Ford, "Solution of a Ranking Problem from Binary Comparisons", American Mathematical Monthly
64, 1957: when there is a solution. D. R. Hunter, "MM algorithms for generalized Bradley-Terry models", Annals of
Statistics 32, 2004.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from alignbook.alignment.losses import Floats, log_sigmoid, sigmoid


class NoConvergenceError(ArithmeticError):
    """The strengths still move after the last step that was allowed."""


@dataclass(frozen=True, eq=False)
class Strengths:
    """What was found.

    Parameters
    ----------
    theta : array of float64, shape (items,)
        The strengths, as logarithms; their mean is 0.
    standard_errors : array of float64, shape (items,)
        How uncertain each is, against the mean of all; from the curvature of what was maximised.
    log_likelihood : float
        Of what was seen, in nats, without the ridge's share.
    steps : int
        How many were needed.
    """

    theta: Floats
    standard_errors: Floats
    log_likelihood: float
    steps: int

    @property
    def worths(self) -> Floats:
        """The strengths as factors: ``exp(theta)``, whose geometric mean is 1."""
        return np.asarray(np.exp(self.theta), np.float64)

    def probability(self, first: int, second: int) -> float:
        """Return the probability that one item is preferred to another."""
        return float(sigmoid(self.theta[first] - self.theta[second]))


def fit_newton(wins: ArrayLike, ridge: float = 0.0, tolerance: float = 1e-9, most_steps: int = 100) -> Strengths:
    """Find the strengths by Newton's method.

    Parameters
    ----------
    wins : array, shape (items, items)
        How often the item of the row was preferred to the item of the column; fractions are fine.
    ridge : float
        See the module.
    tolerance : float
        Stop when no strength moves further than this; what is still missing then is about its square.
    most_steps : int
        Give up after so many.

    Raises
    ------
    ValueError
        If counts are negative, or the strengths would be infinite: says who wins or loses all.
    NoConvergenceError
        If that did not suffice.

    Examples
    --------
    >>> fit_newton([[0, 3], [1, 0]]).probability(0, 1)
    0.75
    """
    counts = check_wins(wins, ridge)
    games, won = counts + counts.T, counts.sum(axis=1)
    theta = np.zeros(len(counts))
    objective = _objective(counts, theta, ridge)
    for step in range(1, most_steps + 1):
        chance = sigmoid(np.subtract.outer(theta, theta))
        gradient = won - (games * chance).sum(axis=1) - 2 * ridge * theta
        move = np.linalg.solve(_curvature(games, chance, ridge) + 1 / len(counts), gradient)
        # Far from the top a whole step can go too far: halved until it goes up. Close to it, rounding hides that.
        before = objective
        while np.abs(move).max() > 1e-6 and (objective := _objective(counts, theta + move, ridge)) < before:
            move = move / 2
        theta = theta + move
        theta -= theta.mean()
        if np.abs(move).max() <= tolerance:
            return _strengths(counts, theta, ridge, step)
    raise NoConvergenceError(f"strengths still moved by {np.abs(move).max():.2g} after {most_steps} steps")


def fit_mm(wins: ArrayLike, ridge: float = 0.0, tolerance: float = 1e-12, most_steps: int = 100_000) -> Strengths:
    """Find the strengths by MM: minorise the likelihood by something simple, and maximise that.

    Without a ridge a step gives each item its wins over what it could expect: ``won_i / sum_j games_ij / (w_i + w_j)``
    with ``w = exp(theta)``, as in Zermelo's and Bradley and Terry's own iterations. With a ridge each strength solves
    an equation of its own.

    Parameters
    ----------
    wins, ridge, tolerance, most_steps
        As in `fit_newton`.

    Raises
    ------
    ValueError, NoConvergenceError
        As in `fit_newton`.
    """
    counts = check_wins(wins, ridge)
    games, won = counts + counts.T, counts.sum(axis=1)
    theta = np.zeros(len(counts))
    for step in range(1, most_steps + 1):
        worths = np.exp(theta)
        rates = (games / np.add.outer(worths, worths)).sum(axis=1)
        moved = mm_step(won, rates, theta, ridge)
        moved -= moved.mean()  # leaves the likelihood as it is, and can only lower the ridge's cost
        distance = np.abs(moved - theta).max()
        theta = moved
        if distance <= tolerance:
            return _strengths(counts, theta, ridge, step)
    raise NoConvergenceError(f"strengths still moved by {distance:.2g} after {most_steps} steps: use fit_newton")


def mm_step(won: Floats, rates: Floats, theta: Floats, ridge: float) -> Floats:
    """Maximise ``won * theta - rates * exp(theta) - ridge * theta ** 2`` for each item.

    Parameters
    ----------
    won, rates, theta : array, shape (items,)
        How often each won, how often it could expect to win per unit of worth, and where to start.
    ridge : float
        See the module.
    """
    if ridge == 0:
        return np.asarray(np.log(won / rates), np.float64)
    found = theta
    for _ in range(50):
        expected = rates * np.exp(found)
        move = (won - expected - 2 * ridge * found) / (expected + 2 * ridge)
        found = found + np.clip(move, -2, 2)  # from far below, a whole step would end far above
        if np.abs(move).max() < 1e-14:
            break
    return found


def check_wins(wins: ArrayLike, ridge: float) -> Floats:
    """Return counts as an array, if they have a solution.

    Without a ridge there is one if, and only if, the items cannot be divided into two groups, none of the one ever
    having been preferred to any of the other (Ford 1957).

    Raises
    ------
    ValueError
        If the counts are not square, negative or no numbers, the ridge is negative, or there is no solution.
    """
    counts = np.asarray(wins, np.float64)
    if counts.ndim != 2 or counts.shape[0] != counts.shape[1] or len(counts) < 2:
        raise ValueError(f"wins must have a shape (items, items) with two items or more, got {counts.shape}")
    if not (np.isfinite(counts).all() and (counts >= 0).all()):
        raise ValueError(f"wins must be finite and >= 0, got {counts[~(np.isfinite(counts) & (counts >= 0))][0]}")
    if not ridge >= 0:
        raise ValueError(f"ridge must be >= 0, got {ridge}")
    if ridge == 0:
        check_connected(counts > 0)
    return counts


def check_connected(beats: ArrayLike) -> None:
    """Refuse comparisons that leave strengths infinite or unknown, and name those whose they are.

    Parameters
    ----------
    beats : array of bool, shape (items, items)
        Whether the item of the row was ever preferred to that of the column.

    Raises
    ------
    ValueError
        If somebody cannot be reached from somebody else along preferences.
    """
    ways = np.asarray(beats, np.bool_)
    below, above = _reached(ways), _reached(ways.T)
    if below.all() and above.all():
        return
    apart = np.flatnonzero(~below) if not below.all() else np.flatnonzero(~above)
    rest = np.setdiff1d(np.arange(len(ways)), apart)
    wins, losses = ways[np.ix_(apart, rest)].any(), ways[np.ix_(rest, apart)].any()
    how = "never lost to" if wins and not losses else "never won against" if losses else "cannot be compared with"
    names = ", ".join(map(str, apart[:5])) + (", ..." if len(apart) > 5 else "")
    raise ValueError(
        f"item{'s' * (len(apart) > 1)} {names} {how} any of the others, so that the strengths have no finite best "
        "values: give a ridge > 0, or more comparisons"
    )


def _reached(ways: np.ndarray) -> np.ndarray:
    """Which items can be reached from item 0, one preference after the other: (items,)."""
    reached = np.zeros(len(ways), np.bool_)
    reached[0] = True
    while True:
        further = reached | ways[reached].any(axis=0)
        if (further == reached).all():
            return reached
        reached = further


def _objective(counts: Floats, theta: Floats, ridge: float) -> float:
    return log_likelihood(counts, theta) - ridge * float(theta @ theta)


def log_likelihood(wins: ArrayLike, theta: ArrayLike) -> float:
    """Return the log-likelihood of comparisons under given strengths, in nats.

    Parameters
    ----------
    wins : array, shape (items, items)
        How often the item of the row was preferred to the item of the column.
    theta : array, shape (items,)
        The strengths.
    """
    found = np.asarray(theta, np.float64)
    return float((np.asarray(wins) * log_sigmoid(np.subtract.outer(found, found))).sum())


def _curvature(games: Floats, chance: Floats, ridge: float) -> Floats:
    """The negative Hessian: (items, items)."""
    information = games * chance * chance.T
    return np.asarray(np.diag(information.sum(axis=1) + 2 * ridge) - information, np.float64)


def _strengths(counts: Floats, theta: Floats, ridge: float, steps: int) -> Strengths:
    chance = sigmoid(np.subtract.outer(theta, theta))
    errors = standard_errors(_curvature(counts + counts.T, chance, ridge))
    return Strengths(theta, errors, log_likelihood(counts, theta), steps)


def standard_errors(curvature: Floats) -> Floats:
    """Return how uncertain strengths are, each against the mean of all, from the negative Hessian: (items,).

    Only differences matter. Adding 1/n everywhere fills the one direction in which nothing changes, all strengths
    moving alike. It stays apart from all others, so that what it adds to the inverse is the same everywhere: its mean.
    """
    covariance = np.linalg.inv(curvature + 1 / len(curvature))
    return np.asarray(np.sqrt(np.diag(covariance) - covariance.mean()), np.float64)
