from __future__ import annotations

import numpy as np
import pytest

from alignbook.alignment.experiments.reward_accuracy import RewardAccuracy, reward_accuracy, share_right


@pytest.fixture(scope="module", params=[0, 1])
def result(request: pytest.FixtureRequest) -> RewardAccuracy:
    return reward_accuracy(request.param, "tiny")


def test_rewards_learn_what_is_better_from_votes(result: RewardAccuracy) -> None:
    assert result.gold[-1] > 0.6
    assert result.gold[-1] > min(result.gold[:-1])
    assert result.raters_gold > 0.6


def test_nobody_predicts_much_better_than_who_knows_all_raters(result: RewardAccuracy) -> None:
    assert 0.5 < result.ceiling < 0.95
    assert max(result.accuracy) < result.ceiling + 0.05


def test_what_is_counted(result: RewardAccuracy) -> None:
    assert len(result.counts) == len(result.accuracy) == len(result.gold)
    assert list(result.counts) == sorted(set(result.counts))
    assert 0 < result.clear <= result.asked
    assert 0.3 < result.style < result.ceiling + 0.05


def test_shares_by_hand() -> None:
    margins, truth = np.array([2.0, -1.0, 0.0, 5.0]), np.array([1.0, 1.0, 1.0, 0.0])
    assert share_right(margins, truth) == pytest.approx(1.5 / 3)  # a tie is half right, and the last is not asked about
