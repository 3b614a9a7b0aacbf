"""Intervals for anything that is computed from a sample: how far would it have moved, had the sample been another?"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray

from alignbook.stats.proportions import Interval

Statistic = Callable[[NDArray[np.float64]], NDArray[np.float64]]

NUMBERS_AT_ONCE = 4_000_000  # 32 MB


def mean(samples: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the mean over the last axis."""
    return np.asarray(samples.mean(axis=-1), dtype=np.float64)


def bootstrap(
    sample: ArrayLike,
    rng: np.random.Generator,
    statistic: Statistic = mean,
    *,
    confidence: float = 0.95,
    resamples: int = 2000,
) -> Interval:
    """Return the percentile interval of a statistic by the bootstrap.

    The sample stands in for the world: new samples of the same size are drawn from it with replacement, and the
    interval holds the middle of what the statistic is on them. For a difference between two systems on the same
    items, give the differences: what the items have in common then cancels.

    It is too narrow for fewer than about 20 values, and knows nothing of what was not sampled: that runs differ by
    their seeds shows only if the sample is of runs. For a share of successes use `alignbook.stats.proportions.wilson`,
    which also holds when nothing, or all, has succeeded.

    Parameters
    ----------
    sample : array of float, shape (values,)
        Independent values, one for each item, person or run.
    rng : numpy.random.Generator
        Draws the new samples.
    statistic : callable
        From samples of shape (..., values) to numbers of shape (...).
    confidence : float
        How often such an interval holds the true value, about; between 0 and 1.
    resamples : int
        How many new samples to draw.

    Raises
    ------
    ValueError
        If there are fewer than two values, one is not finite, or a number is out of range.

    References
    ----------
    Efron and Tibshirani (1993), "An Introduction to the Bootstrap", chapter 13.

    Examples
    --------
    >>> interval = bootstrap(np.arange(100), np.random.default_rng(0))
    >>> 40 < interval.low < 49.5 < interval.high < 59
    True
    """
    values = np.asarray(sample, dtype=np.float64)
    if values.ndim != 1 or len(values) < 2:
        raise ValueError(f"sample must hold two values or more in one dimension, got the shape {values.shape}")
    if not np.isfinite(values).all():
        raise ValueError(f"sample must be finite, got {values[~np.isfinite(values)][0]}")
    if not 0 < confidence < 1:
        raise ValueError(f"confidence must lie between 0 and 1, got {confidence}")
    if resamples < 2:
        raise ValueError(f"resamples must be 2 or more, got {resamples}")
    replicates = np.empty(resamples)
    block = max(1, NUMBERS_AT_ONCE // len(values))
    for start in range(0, resamples, block):
        part = replicates[start : start + block]
        part[:] = statistic(values[rng.integers(0, len(values), (len(part), len(values)))])
    low, high = np.quantile(replicates, [(1 - confidence) / 2, (1 + confidence) / 2])
    return Interval(float(low), float(high))
