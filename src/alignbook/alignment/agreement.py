"""Do raters agree more than chance would have it? Three answers.

Two people who tick boxes at random agree now and then. Each statistic compares the agreement that was seen with what
chance would give: 1 is perfect, 0 is chance, below 0 is worse than chance.

References
----------
J. Cohen, "A Coefficient of Agreement for Nominal Scales", Educational and Psychological Measurement 20, 1960; with
weights: "Weighted kappa", Psychological Bulletin 70, 1968. J. L. Fleiss, "Measuring nominal scale agreement among many
raters", Psychological Bulletin 76, 1971. K. Krippendorff, "Content Analysis: An Introduction to Its Methodology":
alpha, with its distances for nominal, ordinal and interval data.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from alignbook.alignment.losses import Floats

NO_VARIANCE = "all ratings are alike, so that chance and agreement cannot be told apart: add items that differ"

LEVELS = ("nominal", "ordinal", "interval")
WEIGHTS = ("none", "linear", "quadratic")


def cohen_kappa(first: ArrayLike, second: ArrayLike, weights: str = "none") -> float:
    """Return Cohen's kappa of two raters who judged the same items.

    Parameters
    ----------
    first, second : array of int, shape (items,)
        What each said, as categories; with weights, as places on a scale.
    weights : {"none", "linear", "quadratic"}
        Whether a disagreement counts more the further apart the categories are. Categories that nobody used count as
        places of the scale only between those that were used.

    Raises
    ------
    ValueError
        If the lengths differ or are 0, the weights are unknown, or all ratings are alike.

    Examples
    --------
    >>> cohen_kappa([1, 1, 0, 0], [1, 0, 0, 0])
    0.5
    """
    one, other = np.asarray(first), np.asarray(second)
    if one.shape != other.shape or one.ndim != 1 or len(one) == 0:
        raise ValueError(f"both raters must judge the same items, one or more, got shapes {one.shape}, {other.shape}")
    if weights not in WEIGHTS:
        raise ValueError(f"weights must be one of {', '.join(WEIGHTS)}, got {weights!r}")
    low, high = int(min(one.min(), other.min())), int(max(one.max(), other.max()))
    if low == high:
        raise ValueError(NO_VARIANCE)
    size = high - low + 1
    together = np.zeros((size, size))
    np.add.at(together, (one - low, other - low), 1 / len(one))
    apart = np.abs(np.subtract.outer(np.arange(size), np.arange(size)))
    cost = {"none": (apart > 0) * 1.0, "linear": apart * 1.0, "quadratic": apart**2.0}[weights]
    by_chance = np.outer(together.sum(axis=1), together.sum(axis=0))
    return float(1 - (cost * together).sum() / (cost * by_chance).sum())


def fleiss_kappa(counts: ArrayLike) -> float:
    """Return Fleiss's kappa of items that were each judged by the same number of raters.

    Parameters
    ----------
    counts : array of int, shape (items, categories)
        How many raters put each item into each category.

    Raises
    ------
    ValueError
        If there are no items, they have different numbers of ratings or fewer than two each, or all ratings are alike.

    Examples
    --------
    >>> round(fleiss_kappa([[3, 0], [0, 3], [2, 1]]), 3)
    0.55
    """
    table = np.asarray(counts, np.float64)
    if table.ndim != 2 or len(table) == 0:
        raise ValueError(f"counts must have a shape (items, categories) with one item or more, got {table.shape}")
    totals = table.sum(axis=1)
    wrong = np.flatnonzero(totals != totals[0])
    if len(wrong):
        raise ValueError(
            f"every item must have as many ratings as the first, {totals[0]:g}, got {totals[wrong[0]]:g} for item "
            f"{wrong[0]}: Krippendorff's alpha takes missing ratings"
        )
    raters = totals[0]
    if raters < 2:
        raise ValueError(f"every item must have at least 2 ratings, got {raters:g}")
    shares = table.sum(axis=0) / table.sum()
    chance = float(shares @ shares)
    if chance == 1:
        raise ValueError(NO_VARIANCE)
    seen = float(((table**2).sum(axis=1) - raters).mean() / (raters * (raters - 1)))
    return (seen - chance) / (1 - chance)


def krippendorff_alpha(ratings: ArrayLike, level: str = "nominal") -> float:
    """Return Krippendorff's alpha of any number of raters, some of whom may have left out some items.

    Parameters
    ----------
    ratings : array of float, shape (raters, items)
        What each said about each item; NaN where nothing.
    level : {"nominal", "ordinal", "interval"}
        What a difference means: that there is one, how many ratings lie between, or how large it is.

    Raises
    ------
    ValueError
        If the level is unknown, no item has two ratings, or all ratings are alike.

    Examples
    --------
    >>> krippendorff_alpha([[1, 1, 0, 0], [1, 0, 0, np.nan]])  # of eight ratings, those of three items can be paired
    0.4444444444444444
    """
    if level not in LEVELS:
        raise ValueError(f"level must be one of {', '.join(LEVELS)}, got {level!r}")
    table = np.asarray(ratings, np.float64)
    values = np.unique(table[~np.isnan(table)])
    counts = (table[:, :, None] == values).sum(axis=0).astype(np.float64)  # (items, values)
    counts = counts[counts.sum(axis=1) > 1]
    if len(counts) == 0:
        raise ValueError("no item has two ratings: agreement needs items that two or more raters judged")
    # Each item's pairs of ratings by different raters, so that an item with many raters counts as often as it has them.
    shares = counts / (counts.sum(axis=1, keepdims=True) - 1)
    coincidences = shares.T @ counts - np.diag(shares.sum(axis=0))  # (values, values)
    totals = coincidences.sum(axis=0)
    expected = (np.outer(totals, totals) - np.diag(totals)) / (totals.sum() - 1)
    distance = _distances(values, totals, level)
    by_chance = float((distance * expected).sum())
    if by_chance == 0:
        raise ValueError(NO_VARIANCE)
    return 1 - float((distance * coincidences).sum()) / by_chance


def _distances(values: Floats, totals: Floats, level: str) -> Floats:
    """Squared distances between values: (values, values)."""
    if level == "nominal":
        return np.not_equal.outer(values, values).astype(np.float64)
    # On an ordinal scale a value lies in the middle of the ratings that have it, when all are lined up.
    places = values if level == "interval" else np.cumsum(totals) - totals / 2
    return np.asarray(np.subtract.outer(places, places) ** 2, np.float64)
