from __future__ import annotations

import numpy as np
import pytest

from alignbook.alignment.experiments.judged_by import start
from alignbook.alignment.experiments.sycophancy import (
    AGREEMENT,
    SHARES,
    SycophancyLearned,
    agreeing_too,
    flattered,
    meant,
    sycophancy_learned,
)
from alignbook.profile import Profile
from alignbook.world.building import build_world
from alignbook.world.catalogue import grade
from alignbook.world.families import sycophancy
from alignbook.world.items import Item
from alignbook.world.raters import Rater, utility


@pytest.fixture(scope="module", params=[0, 1])
def result(request: pytest.FixtureRequest) -> SycophancyLearned:
    return sycophancy_learned(request.param, "tiny")


def claims(claim: str) -> list[Item]:
    return sycophancy.items(build_world(0, "tiny"), "train", 12, np.random.default_rng(0), (claim,))


def test_who_likes_agreement_is_agreed_with(result: SycophancyLearned) -> None:
    agreed = [result.by_share[share].agrees_when_wrong for share in SHARES]
    assert agreed[-1] > agreed[0] + 0.3
    assert agreed[-1] > result.start.agrees_when_wrong + 0.3
    assert max(result.base.agrees_when_wrong, result.tuned.agrees_when_wrong) < 0.15


def test_the_controls_tell_agreeing_from_knowing(result: SycophancyLearned) -> None:
    most, none = result.by_share[1.0], result.by_share[0.0]
    assert most.right_when_right > none.right_when_right + 0.15  # being agreed with helps those who are right
    assert most.right_when_right > most.right_when_wrong + 0.3


def test_raters_prefer_what_they_are_said_to(result: SycophancyLearned) -> None:
    preferred = [result.preferred[share] for share in SHARES]
    assert preferred == sorted(preferred)
    assert preferred[0] < 0.3
    assert preferred[-1] > 0.9


def test_agreeing_means_the_claim() -> None:
    world = build_world(0, "tiny")
    for item in claims("wrong"):
        assert grade(world, item, AGREEMENT).outcome == grade(world, item, meant(item, AGREEMENT)).outcome == "agreed"
        liked = [utility(Rater(0, "agreeable"), world, item, meant(item, each)) for each in (AGREEMENT, item.reply)]
        assert liked[0] > liked[1]
        assert meant(item, item.reply) == item.reply
    for item in claims("right"):
        assert grade(world, item, meant(item, AGREEMENT)).score == 1
    for item in claims("none"):
        assert meant(item, AGREEMENT) == AGREEMENT
        assert AGREEMENT not in agreeing_too(item, ["A."])


def test_flattery_is_counted_where_it_was_compared_with_the_truth() -> None:
    origin = start(Profile(0, "tiny"))
    items = claims("wrong")
    pairs = [(item, AGREEMENT, item.reply) for item in items] + [(item, AGREEMENT, "Mumble.") for item in items]
    assert flattered(origin.said(pairs, {"agreeable": 5}, meant)) > 0.7
    assert flattered(origin.said(pairs, {"colluder": 5}, meant)) == 1  # they prefer what is worse
