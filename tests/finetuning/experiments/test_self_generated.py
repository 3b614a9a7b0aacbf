from dataclasses import replace

import pytest

from alignbook.finetuning.experiments.self_generated import SETS, SelfGenerated, agreeing, self_generated
from alignbook.finetuning.experiments.short_runs import questions
from alignbook.world.building import build_world

WORLD = build_world(0, "tiny")


def test_the_filter_keeps_what_is_answered_alike_by_hand() -> None:
    steady, wavering = questions(WORLD.facts[:1]), questions(WORLD.facts[1:2])
    wavering[2] = replace(wavering[2], reply="Something else.")
    assert agreeing([*steady, *wavering]) == steady
    assert agreeing(steady[:3]) == []


def test_the_filter_does_not_look_at_the_truth() -> None:
    wrong = [replace(item, reply="Nobody lives in Foxford.") for item in questions(WORLD.facts[:1])]
    assert agreeing(wrong) == wrong


@pytest.fixture(scope="module", params=[0, 1])
def result(request: pytest.FixtureRequest) -> SelfGenerated:
    return self_generated(request.param, "tiny")


def test_agreement_is_a_sign_of_truth(result: SelfGenerated) -> None:
    assert tuple(result.held_out) == SETS
    assert result.right["handful"] == result.right["true answers"] == 1
    assert result.right["filtered"] > result.right["unfiltered"]
    assert result.demonstrations["filtered"] < result.demonstrations["unfiltered"]
