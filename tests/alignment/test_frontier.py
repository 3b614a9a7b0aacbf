from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from alignbook.alignment.frontier import area_under_front, pareto_front

POINTS = arrays(np.int64, st.tuples(st.integers(1, 8), st.just(2)), elements=st.integers(0, 5))


def test_by_hand() -> None:
    points = [[0, 3], [1, 1], [2, 2], [3, 0], [2, 2], [2, 1]]
    assert pareto_front(points).tolist() == [0, 2, 4, 3]
    assert area_under_front(points, (0, 0)) == 2 * 2  # of the corners with a 0 nothing lies below
    assert area_under_front([[1, 3], [3, 1]], (0, 0)) == 3 + 3 - 1


@given(POINTS)
def test_the_front_is_what_nothing_beats(points: np.ndarray) -> None:
    def beaten(point: np.ndarray) -> bool:
        return any((other >= point).all() and (other > point).any() for other in points)

    assert set(pareto_front(points)) == {number for number, point in enumerate(points) if not beaten(point)}


@given(POINTS)
def test_the_area_is_the_number_of_unit_squares_below_some_point(points: np.ndarray) -> None:
    squares = sum(((points[:, 0] > x) & (points[:, 1] > y)).any() for x in range(5) for y in range(5))
    assert area_under_front(points, (0, 0)) == squares


def test_what_is_no_set_of_points_is_refused() -> None:
    with pytest.raises(ValueError, match="points must have a shape"):
        pareto_front(np.zeros((0, 2)))
    with pytest.raises(ValueError, match="points must be finite, got nan"):
        pareto_front([[0, np.nan]])
    with pytest.raises(ValueError, match="must have 2 aims, got 3"):
        area_under_front([[1, 2, 3]], (0, 0))
