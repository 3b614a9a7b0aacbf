import pytest

from alignbook.pretraining.experiments.base_behaviour import (
    FORMS,
    OUTCOMES,
    BaseBehaviour,
    base_behaviour,
    outcome,
    prompt,
)
from alignbook.world.building import build_world

WORLD = build_world(0, "tiny")
FACT = WORLD.select("held-out", "home")[0]


@pytest.fixture(scope="module", params=[0, 1])
def behaviour(request: pytest.FixtureRequest) -> BaseBehaviour:
    return base_behaviour(request.param, "tiny")


def test_put_plainly_a_question_is_not_answered(behaviour: BaseBehaviour) -> None:
    assert behaviour.answered["bare"]["answers"] < 0.5
    assert behaviour.unanswered["bare"]["answers"] < 0.5


def test_every_share_is_of_all_questions(behaviour: BaseBehaviour) -> None:
    assert behaviour.questions > 0
    for shares in (*behaviour.answered.values(), *behaviour.unanswered.values()):
        assert tuple(shares) == OUTCOMES
        assert sum(shares.values()) == pytest.approx(1)
    assert tuple(behaviour.answered) == FORMS
    assert 0 <= behaviour.sealed <= 1
    assert 0 <= behaviour.free <= 1


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("\nWho keeps the tall clock?\nWhere", "asks on"),
        (f" {FACT.value}. And so on.", "answers"),
        (f" {FACT.answer}", "answers"),
        (f" {next(value for value in WORLD.values['home'] if value != FACT.value)}.", "answers wrongly"),
        (" the soup was cold.", "goes on"),
    ],
)
def test_outcomes_by_hand(text: str, expected: str) -> None:
    assert outcome(WORLD, FACT, text) == expected


def test_the_forms_of_a_question_by_hand() -> None:
    question = FACT.question(0)
    assert prompt(FACT, [FACT], "bare") == question
    assert prompt(FACT, [FACT], "as in a list") == f"Q: {question} A:"
    assert prompt(FACT, [FACT], "after two examples") == f"Q: {FACT.question(1)} A: {FACT.answer}\nQ: {question} A:"
