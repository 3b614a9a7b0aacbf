from __future__ import annotations

import numpy as np
import pytest

from alignbook.alignment.experiments.one_question import FEATURES, drawn_wins, question
from alignbook.world.building import build_world
from alignbook.world.styles import is_confident, is_courteous

ASKED = question(build_world(0, "tiny"), np.random.default_rng(0))


def test_replies_and_their_features() -> None:
    assert len(set(ASKED.replies)) == len(ASKED.replies) == 25
    features = dict(zip(FEATURES, ASKED.features.T, strict=True))
    assert features["right"].sum() == 12
    assert features["abstains"].sum() == 1
    assert features["courteous"].tolist() == [is_courteous(reply) for reply in ASKED.replies]
    assert features["sure"].tolist() == [is_confident(reply) for reply in ASKED.replies]
    assert ASKED.reference.sum() == pytest.approx(1)


def test_the_raters_average_is_a_sum_over_features() -> None:
    design = np.hstack([ASKED.features, np.ones((25, 1))])
    left = ASKED.rewards - design @ np.linalg.lstsq(design, ASKED.rewards, rcond=None)[0]
    assert np.abs(left).max() < 0.02 * np.ptp(ASKED.rewards)  # all but the limit on what length is worth


def test_comparisons_follow_bradley_terry() -> None:
    wins = drawn_wins(ASKED, 200_000, np.random.default_rng(1))
    assert wins.sum() == 200_000
    assert np.trace(wins) == 0
    best, worst = int(ASKED.rewards.argmax()), int(ASKED.rewards.argmin())
    games = wins[best, worst] + wins[worst, best]
    expected = 1 / (1 + np.exp(ASKED.rewards[worst] - ASKED.rewards[best]))
    assert wins[best, worst] / games == pytest.approx(expected, abs=4 * (expected * (1 - expected) / games) ** 0.5)
