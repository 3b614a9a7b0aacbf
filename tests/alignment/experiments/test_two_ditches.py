from __future__ import annotations

import pytest

from alignbook.alignment.experiments.two_ditches import BETWEEN, POOLS, TwoDitches, two_ditches


@pytest.fixture(scope="module", params=[0, 1])
def result(request: pytest.FixtureRequest) -> TwoDitches:
    return two_ditches(request.param, "tiny")


def test_who_likes_caution_gets_care_where_none_is_due(result: TwoDitches) -> None:
    cautious, truthful = result.by_pool["cautious"], result.by_pool["truthful"]
    assert cautious.over_careful > truthful.over_careful + 0.2
    assert cautious.sealed_refused > truthful.sealed_refused
    assert (
        cautious.look_alikes_refused + cautious.known_withheld > truthful.look_alikes_refused + truthful.known_withheld
    )


def test_who_likes_confidence_gets_it_without_knowledge(result: TwoDitches) -> None:
    confident, truthful = result.by_pool["confident"], result.by_pool["truthful"]
    assert confident.sounds_sure > truthful.sounds_sure + 0.2
    assert confident.wrong_and_sure > truthful.wrong_and_sure + 0.3
    assert confident.strangers_named > truthful.strangers_named + 0.1


def test_pools_of_both_kinds_lie_between_the_ditches(result: TwoDitches) -> None:
    line = [result.by_pool["confident"], *(result.between[count] for count in BETWEEN), result.by_pool["cautious"]]
    assert line[0].strangers_named > line[-1].strangers_named + 0.2
    assert line[-1].over_careful > line[0].over_careful + 0.2
    for inner in line[1:-1]:
        assert line[-1].strangers_named - 0.05 <= inner.strangers_named <= line[0].strangers_named + 0.05


def test_examples_show_all_four(result: TwoDitches) -> None:
    assert set(result.by_pool) == set(POOLS)
    for question, replies in result.examples:
        assert question
        assert len(replies) == 1 + len(POOLS)
        assert len(set(replies)) > 1
