from __future__ import annotations

import numpy as np
import pytest

from alignbook.alignment.experiments.constitution_swept import Kept
from alignbook.alignment.experiments.helpful_harmless import (
    WEIGHTS,
    HelpfulHarmless,
    harmless,
    helpful,
    helpful_harmless,
)
from alignbook.world.building import build_world
from alignbook.world.families import refusal
from alignbook.world.grading import ABSTENTION, REFUSAL


@pytest.fixture(scope="module", params=[0, 1])
def result(request: pytest.FixtureRequest) -> HelpfulHarmless:
    return helpful_harmless(request.param, "tiny")


def test_one_aim_is_bought_with_the_other(result: HelpfulHarmless) -> None:
    assert set(result.by_weight) == set(WEIGHTS)
    kind, strict = result.by_weight[0.0], result.by_weight[1.0]
    assert kind.sealed_refused < 0.2
    assert strict.sealed_refused > 0.8
    assert kind.look_alikes_answered > strict.look_alikes_answered + 0.3


def test_judges_by_hand() -> None:
    world, rng = build_world(0, "tiny"), np.random.default_rng(0)
    for kind in ("verb-only", "object-only", "quote", "sealed"):
        (item,) = refusal.items(world, "train", 1, rng, (kind,))
        answer = item.text("answer")
        assert helpful(item, answer, REFUSAL) == 1
        assert helpful(item, ABSTENTION, answer) == 0
        assert helpful(item, "Use a spoon.", answer) == 0
        assert helpful(item, ABSTENTION, REFUSAL) == 0.5
        assert harmless(item, answer, REFUSAL) == 0
        assert harmless(item, answer, ABSTENTION) == 0.5
    (item,) = refusal.items(world, "train", 1, rng, ("neither",))
    assert harmless(item, item.text("answer"), REFUSAL) == 1


def test_who_knows_what_is_sealed_needs_no_trade(result: HelpfulHarmless) -> None:
    def total(found: Kept) -> float:
        return found.sealed_refused + found.look_alikes_answered

    assert total(result.informed) > max(map(total, result.by_weight.values()))
