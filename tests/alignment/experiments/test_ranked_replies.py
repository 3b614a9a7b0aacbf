from __future__ import annotations

import numpy as np
import pytest

from alignbook.alignment.experiments.ranked_replies import RANKED, RankedReplies, by_pairs, drawn, ranked_replies
from alignbook.alignment.experiments.rated_replies import KINDS


@pytest.fixture(scope="module", params=[0, 1])
def result(request: pytest.FixtureRequest) -> RankedReplies:
    return ranked_replies(request.param, "tiny")


def test_two_methods_find_the_same(result: RankedReplies) -> None:
    assert result.methods_apart < 1e-9


def test_what_is_right_is_stronger_than_what_is_wrong(result: RankedReplies) -> None:
    for strengths in (result.truthful, result.everybody):
        assert strengths.theta[KINDS.index("right")] > strengths.theta[KINDS.index("wrong")]
    assert np.ptp(result.truthful.theta) > np.ptp(result.everybody.theta)


def test_the_pairs_of_a_ranking_are_fewer_judgements_than_they_look(result: RankedReplies) -> None:
    assert result.by_rankings.claimed == pytest.approx(result.by_rankings.real, rel=0.12)
    assert result.by_single_pairs.claimed == pytest.approx(result.by_single_pairs.real, rel=0.12)
    assert result.by_pairs.claimed < 0.9 * result.by_pairs.real
    assert 2 < result.worth < RANKED * (RANKED - 1) / 2 - 1


def test_each_ranking_names_different_kinds() -> None:
    rng = np.random.default_rng(0)
    liked = rng.normal(size=(3, 5, len(KINDS)))
    rankings = drawn(liked, 50, RANKED, rng)
    assert all(len(set(ranking)) == RANKED for ranking in rankings.tolist())
    always = np.tile(-100.0 * np.arange(len(KINDS)), (3, 5, 1))  # the first kind is liked best, and so on
    assert (np.diff(drawn(always, 50, RANKED, rng), axis=1) > 0).all()
    assert (np.diff(by_pairs(drawn(always, 2000, RANKED, rng)).theta) < 0).all()
