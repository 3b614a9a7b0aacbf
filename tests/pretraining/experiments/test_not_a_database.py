import pytest

from alignbook.pretraining.experiments.not_a_database import (
    OUTCOMES,
    NotADatabase,
    not_a_database,
    outcome,
    taught,
)
from alignbook.world.building import build_world

WORLD = build_world(0, "tiny")
FACT = WORLD.select("held-out", "home")[0]
OTHER = next(value for value in WORLD.values["home"] if value != FACT.value)


@pytest.mark.parametrize(
    ("text", "expected"),
    [(f" {FACT.value}", "right"), (f" {OTHER}", "another value"), (" the rain", "something else"), ("", OUTCOMES[2])],
)
def test_outcomes_by_hand(text: str, expected: str) -> None:
    assert outcome(WORLD, FACT, text) == expected


def test_everybody_has_one_part_in_one_pair() -> None:
    both_ways, one_way = taught(WORLD)
    names = [name for fact in (*both_ways, *one_way) for name in (fact.subject, fact.value)]
    assert len(names) == len(set(names)) == 4 * len(both_ways) == 4 * len(one_way)


@pytest.fixture(scope="module", params=[0, 1])
def result(request: pytest.FixtureRequest) -> NotADatabase:
    return not_a_database(request.param, "tiny")


def test_what_was_told_often_is_right_and_what_was_not_is_plausible(result: NotADatabase) -> None:
    assert [each.exposures for each in result.told] == sorted({fact.exposures for fact in WORLD.facts})
    for each in result.told:
        assert sum(each.shares.values()) == pytest.approx(1)
    assert result.told[-1].shares["right"] > result.told[0].shares["right"] + 0.5
    assert result.right_kind > 0.5
    assert result.sure_right > result.sure_wrong


def test_what_was_told_one_way_cannot_be_asked_the_other(result: NotADatabase) -> None:
    assert result.one_way.forward > 0.3
    assert result.both_ways.backward > result.one_way.backward + 0.3
    assert result.both_ways.backward_rank > result.one_way.backward_rank + 0.2


def test_examples_are_wrong(result: NotADatabase) -> None:
    for _, said, truth in result.examples:
        assert truth not in said
