"""Frontiers: where one good thing can only be had at the cost of another."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from alignbook.alignment.losses import Floats


def _points(points: ArrayLike) -> Floats:
    found = np.asarray(points, np.float64)
    if found.ndim != 2 or len(found) == 0:
        raise ValueError(f"points must have a shape (points, aims) with one or more, got {found.shape}")
    if not np.isfinite(found).all():
        raise ValueError(f"points must be finite, got {found[~np.isfinite(found)][0]}")
    return found


def pareto_front(points: ArrayLike) -> NDArray[np.int64]:
    """Return which points no other point beats: none is as good in every aim and better in one.

    Parameters
    ----------
    points : array, shape (points, aims)
        More is better; give costs with a minus.

    Returns
    -------
    array of int
        Their numbers, in the order of the first aim, then of the others. Of equal points all are named.

    Raises
    ------
    ValueError
        If there are no points, or one is not finite.

    Examples
    --------
    >>> pareto_front([[0, 3], [1, 1], [2, 2], [3, 0]]).tolist()
    [0, 2, 3]
    """
    found = _points(points)
    as_good = (found[:, None] >= found[None]).all(axis=-1)  # [i, j]: i is as good as j in every aim
    better = (found[:, None] > found[None]).any(axis=-1)
    front = np.flatnonzero(~(as_good & better).any(axis=0))
    return front[np.lexsort(found[front].T[::-1])]


def area_under_front(points: ArrayLike, reference: tuple[float, float]) -> float:
    """Return the area that points of two aims dominate, above a reference: one number to compare frontiers by.

    Parameters
    ----------
    points : array, shape (points, 2)
        More is better.
    reference : (float, float)
        The corner; what lies below it in an aim adds nothing.

    Raises
    ------
    ValueError
        If there are no points, one is not finite, or there are not two aims.

    Examples
    --------
    >>> area_under_front([[1, 2], [2, 1]], (0, 0))
    3.0
    """
    found = _points(points)
    if found.shape[1] != 2:
        raise ValueError(f"points must have 2 aims, got {found.shape[1]}")
    above = np.maximum(found - np.asarray(reference), 0)
    area, height = 0.0, 0.0
    for at in reversed(pareto_front(above)):  # from the widest to the highest
        width, tall = above[at]
        area += width * max(tall - height, 0.0)
        height = max(height, tall)
    return float(area)
