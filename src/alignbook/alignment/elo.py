"""Elo ratings: Bradley-Terry one game at a time, as chess players keep them and as chatbot arenas did.

References
----------
A. E. Elo, "The Rating of Chessplayers, Past and Present", 1978.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from alignbook.alignment.comparisons import Comparisons
from alignbook.alignment.losses import Floats, sigmoid

POINTS_PER_FACTOR_TEN = 400.0
"""A player who is this many points ahead is expected to win ten games for each one that is lost."""


def expected_score(rating: ArrayLike, opponent: ArrayLike) -> Floats:
    """Return the expected score, from 0 to 1, of a game against an opponent.

    Examples
    --------
    >>> expected_score(1613, 1609).round(2).tolist()
    0.51
    """
    ahead = np.asarray(rating, np.float64) - np.asarray(opponent, np.float64)
    return sigmoid(ahead * np.log(10) / POINTS_PER_FACTOR_TEN)


def update(rating: float, opponents: ArrayLike, scores: ArrayLike, step: float = 32.0) -> float:
    """Return the rating after some games that are counted together.

    Parameters
    ----------
    rating : float
        The rating before.
    opponents : array, shape (games,)
        The ratings of the opponents.
    scores : array, shape (games,)
        1 for a win, 0.5 for a draw, 0 for a loss.
    step : float
        How many points a game is worth at most: Elo's K.

    Raises
    ------
    ValueError
        If a score is not from 0 to 1.

    Examples
    --------
    >>> round(update(1613, [1609, 1477, 1388, 1586, 1720], [0, 0.5, 1, 1, 0]))
    1601
    """
    found = np.asarray(scores, np.float64)
    if not ((found >= 0) & (found <= 1)).all():
        raise ValueError(f"scores must be from 0 (lost) to 1 (won), got {found[(found < 0) | (found > 1)][0]}")
    return float(rating + step * (found - expected_score(rating, opponents)).sum())


def elo_ratings(comparisons: Comparisons, start: float = 1000.0, step: float = 32.0) -> Floats:
    """Return the ratings after all comparisons, one after the other: another order gives other ratings.

    Parameters
    ----------
    comparisons : Comparisons
        The games, in their order.
    start : float
        What everybody starts with.
    step : float
        How many points a game is worth at most.

    Returns
    -------
    array of float64, shape (items,)
    """
    ratings = np.full(comparisons.items, start)
    games = zip(comparisons.winners.tolist(), comparisons.losers.tolist(), comparisons.tied.tolist(), strict=True)
    for winner, loser, tied in games:
        gain = step * ((0.5 if tied else 1.0) - float(expected_score(ratings[winner], ratings[loser])))
        ratings[winner] += gain
        ratings[loser] -= gain
    return ratings
