import pytest

from alignbook.finetuning.experiments.without_pretraining import WithoutPretraining, without_pretraining


@pytest.fixture(scope="module", params=[0, 1])
def result(request: pytest.FixtureRequest) -> WithoutPretraining:
    return without_pretraining(request.param, "tiny")


def test_demonstrations_alone_do_not_reach_held_out_facts(result: WithoutPretraining) -> None:
    assert result.pretrained.held_out > result.scratch.held_out + 0.2
    assert 0 < result.guess < 1


def test_what_demonstrations_alone_teach_is_what_they_say(result: WithoutPretraining) -> None:
    assert result.scratch.demonstrated > result.scratch.held_out
    assert result.demonstrations > 100
