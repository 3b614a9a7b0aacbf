from __future__ import annotations

import numpy as np
import pytest

from alignbook.alignment.experiments.rated_replies import KINDS, likings, ranked, replies_to
from alignbook.world.building import build_world
from alignbook.world.catalogue import grade
from alignbook.world.families import recall
from alignbook.world.raters import Rater, knows, prefer, utility

WORLD = build_world(0, "tiny")
ITEMS = recall.items(WORLD, "held-out", 40, np.random.default_rng(0))
REPLIES = [replies_to(WORLD, item, np.random.default_rng(1)) for item in ITEMS]


def test_replies_are_of_the_kinds_that_they_are_said_to_be() -> None:
    for item, replies in zip(ITEMS, REPLIES, strict=True):
        outcomes = [grade(WORLD, item, reply).outcome for reply in replies]
        assert outcomes == ["correct"] * 4 + ["wrong"] * 2 + ["abstained"]
        assert len(set(replies)) == len(KINDS)


def test_rankings_of_two_are_the_raters_own_comparisons() -> None:
    rater, rng = Rater(0, "confident"), np.random.default_rng(2)
    item, replies = next(pair for pair in zip(ITEMS, REPLIES, strict=True) if knows(rater, WORLD, pair[0]))
    expected = []
    for first, second in ((0, 4), (0, 6), (5, 2)):
        pair = replies[first], replies[second]
        liked = np.array([utility(rater, WORLD, item, reply) for reply in pair])
        asked = np.mean([prefer(rater, WORLD, item, *pair, rng) for _ in range(3000)])
        first_places = ranked(np.tile(liked, (3000, 1)), rng)[:, 0] == 0
        assert first_places.mean() == pytest.approx(asked, abs=0.04)
        expected.append(asked)
    assert 0.02 < min(expected) < 0.1  # far from even, so that the size of the noise matters


def test_likings_are_the_raters_utilities() -> None:
    pool = [Rater(3, "wordy"), Rater(9, "courteous")]
    found = likings(WORLD, pool, ITEMS[:2], REPLIES[:2])
    assert found.shape == (2, 2, len(KINDS))
    assert found[1, 0, 3] == utility(pool[1], WORLD, ITEMS[0], REPLIES[0][3])
