from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alignbook.alignment.comparisons import compare, from_rankings, ranking_pairs


def test_a_ranking_with_a_tie_by_hand() -> None:
    # 3 is best, 0 and 2 are tied, 1 is worst
    assert sorted(ranking_pairs([3, [0, 2], 1])) == [
        (0, 1, False),
        (0, 2, True),
        (2, 1, False),
        (3, 0, False),
        (3, 1, False),
        (3, 2, False),
    ]
    assert (3, 1, False) not in ranking_pairs([3, [0, 2], 1], only_neighbours=True)


@given(st.permutations(range(6)), st.integers(0, 5))
def test_every_two_items_of_a_ranking_are_compared_once(order: list[int], cut: int) -> None:
    ranking: list[int | list[int]] = [*order[:cut], order[cut:]]
    pairs = ranking_pairs(ranking)
    assert {frozenset(pair[:2]) for pair in pairs} == {frozenset((i, j)) for i in range(6) for j in range(i)}
    assert len(pairs) == 15
    for better, worse, tied in pairs:
        assert tied == (order.index(better) >= cut and order.index(worse) >= cut)
        assert tied or order.index(better) < order.index(worse)


def test_wins_count_ties_as_half_for_both() -> None:
    comparisons = compare([0, 0, 1], [1, 1, 0], items=3, tied=[False, False, True])
    assert comparisons.wins().tolist() == [[0, 2.5, 0], [0.5, 0, 0], [0, 0, 0]]


def test_each_rater_gets_back_what_that_rater_said() -> None:
    comparisons = from_rankings([[0, 1], [1, 2], [2, 0]], items=3, raters=[7, 4, 7])
    said = dict(comparisons.by_rater())
    assert list(said) == [4, 7]
    assert said[4].winners.tolist() == [1]
    assert list(zip(said[7].winners, said[7].losers, strict=True)) == [(0, 1), (2, 0)]
    assert np.array_equal(sum(part.wins() for part in said.values()), comparisons.wins())


def test_what_is_no_comparison_is_refused() -> None:
    with pytest.raises(ValueError, match="comparison 1 must be between two items, got item 2 twice"):
        compare([0, 2], [1, 2], items=3)
    with pytest.raises(ValueError, match="losers must be items from 0 to 2, got 3"):
        compare([0], [3], items=3)
    with pytest.raises(ValueError, match="must have one length"):
        compare([0, 1], [1], items=3)
    with pytest.raises(ValueError, match="name each item once, got item 1 2 times"):
        ranking_pairs([1, [0, 1]])
    with pytest.raises(ValueError, match="as many as rankings, 1, got 2"):
        from_rankings([[0, 1]], 2, raters=[0, 1])
