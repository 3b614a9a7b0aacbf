import pytest

from alignbook.finetuning.experiments.base_against_tuned import BaseAgainstTuned, base_against_tuned


@pytest.fixture(scope="module", params=[0, 1])
def result(request: pytest.FixtureRequest) -> BaseAgainstTuned:
    return base_against_tuned(request.param, "tiny")


def test_tuning_is_what_makes_it_answer(result: BaseAgainstTuned) -> None:
    assert result.facts >= 3
    assert result.held_out > result.base_answers + 0.2


def test_what_was_recalled_is_mostly_kept(result: BaseAgainstTuned) -> None:
    assert result.recall_kept > 0.8
    assert result.recall_after > result.recall_before - 0.1


def test_examples_show_both_models(result: BaseAgainstTuned) -> None:
    for question, continued, reply in result.examples:
        assert question.endswith("?")
        assert continued != reply
    assert set(result.by_threshold) == {0.5, 0.75, 0.9}
    assert result.by_threshold[0.75] == result.held_out
