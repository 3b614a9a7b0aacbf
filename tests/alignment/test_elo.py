from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alignbook.alignment.comparisons import compare
from alignbook.alignment.elo import elo_ratings, expected_score, update


def test_the_classic_tournament_of_five_games() -> None:
    opponents, scores = [1609, 1477, 1388, 1586, 1720], [0, 0.5, 1, 1, 0]
    expected = [0.51, 0.69, 0.79, 0.54, 0.35]
    assert expected_score(1613, opponents).tolist() == pytest.approx(expected, abs=0.006)
    assert round(update(1613, opponents, scores, step=32)) == 1601


def test_two_games_by_hand() -> None:
    # Equals: 16 points change hands. Then 32 points apart: the draw costs the stronger player 32 * (expected - .5).
    ratings = elo_ratings(compare([0, 0], [1, 1], items=2, tied=[False, True]))
    lost = 32 * (1 / (1 + 10 ** (-32 / 400)) - 0.5)
    assert ratings.tolist() == pytest.approx([1016 - lost, 984 + lost])


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3), st.booleans()), min_size=1, max_size=30))
def test_points_only_change_hands(games: list[tuple[int, int, bool]]) -> None:
    real = [game for game in games if game[0] != game[1]]
    comparisons = compare([game[0] for game in real], [game[1] for game in real], 4, tied=[game[2] for game in real])
    assert elo_ratings(comparisons).sum() == pytest.approx(4000)


def test_ratings_find_who_is_stronger_and_scores_are_checked() -> None:
    rng = np.random.default_rng(0)
    first_wins = rng.random(400) < 0.8
    ratings = elo_ratings(compare(np.where(first_wins, 0, 1), np.where(first_wins, 1, 0), items=2), step=8)
    assert 150 < ratings[0] - ratings[1] < 350  # 241 points are a chance of .8
    with pytest.raises(ValueError, match=r"scores must be from 0 \(lost\) to 1 \(won\), got 2"):
        update(1000, [1000], [2])
