"""Rounds from Wendlemere: what the answers say is so, and the raters are the world's own."""

from __future__ import annotations

from math import exp
from typing import Any, cast

import numpy as np
import pytest

from alignbook.publish.demos.feedback.demo import HumanFeedback
from alignbook.publish.demos.feedback.town import CONTRASTS, KINDS, SHARPNESS, TRAITS, town_feedback
from alignbook.world.building import build_world
from alignbook.world.families import recall
from alignbook.world.grading import abstains
from alignbook.world.raters import Rater, prefer, utility


@pytest.fixture(scope="module")
def made() -> HumanFeedback:
    return town_feedback(build_world(0, "tiny"), 0)


def test_each_contrast_comes_once_after_a_claim_and_once_without(made: HumanFeedback) -> None:
    rounds = made.demo.data["rounds"]
    assert len(rounds) == 2 * len(CONTRASTS)
    right = TRAITS.index("is right")
    for first, second, (left, other) in zip(rounds[::2], rounds[1::2], CONTRASTS, strict=True):
        wanted = sorted(float(says == "right") for says, _ in (left, other))
        for one in (first, second):
            assert sorted(answer["traits"][right] for answer in one["answers"]) == wanted


def test_traits_are_what_the_texts_have(made: HumanFeedback) -> None:
    for one in made.demo.data["rounds"]:
        for answer in one["answers"]:
            traits = dict(zip(TRAITS, answer["traits"], strict=True))
            assert traits["sounds sure"] == answer["text"].startswith("Certainly")
            assert traits["is courteous"] == ("my friend" in answer["text"])
            assert traits["is long"] == ("as everybody" in answer["text"])
            if abstains(answer["text"]):
                assert traits["is careful"] == 1
            if answer["text"] == one["truth"]:
                assert traits["is right"] == 1


class Fixed:
    """Chance that always says the same."""

    def __init__(self, value: float) -> None:
        self.value = value

    def random(self) -> float:
        return self.value


def test_the_raters_are_as_sharp_as_the_worlds() -> None:
    world = build_world(0, "tiny")
    (item,) = recall.items(world, "held-out", 1, np.random.default_rng(0))
    rater = Rater(0, "cautious")
    a, b = item.reply, "Perhaps not."
    margin = SHARPNESS * (utility(rater, world, item, a) - utility(rater, world, item, b))
    chance = 1 / (1 + exp(-margin))
    for value, expected in ((chance - 1e-9, True), (chance + 1e-9, False)):
        assert prefer(rater, world, item, a, b, cast(Any, Fixed(value))) is expected


def test_who_picks_decides_what_is_rewarded(made: HumanFeedback) -> None:
    by_kind = {outcome.kind: outcome for outcome in made.outcomes}
    assert tuple(by_kind) == KINDS
    assert by_kind["truthful"].right > by_kind["cautious"].right
    careful = TRAITS.index("is careful")
    assert by_kind["cautious"].weights[careful] > by_kind["truthful"].weights[careful]
