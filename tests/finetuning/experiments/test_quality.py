from dataclasses import replace

import numpy as np
import pytest

from alignbook.finetuning.experiments.quality import CLEAN, FLAWS, SHARES, WEEDED, Quality, flawed, quality
from alignbook.finetuning.experiments.short_runs import questions
from alignbook.world.building import build_world
from alignbook.world.items import Item

WORLD = build_world(0, "tiny")
ITEMS = questions(WORLD.facts[:20], (0, 1))


def spoilt(flaw: str) -> list[Item]:
    return flawed(WORLD, ITEMS, range(0, len(ITEMS), 2), flaw, np.random.default_rng(0))


@pytest.mark.parametrize("flaw", FLAWS)
def test_only_the_chosen_replies_are_flawed(flaw: str) -> None:
    for at, (before, after) in enumerate(zip(ITEMS, spoilt(flaw), strict=True)):
        assert after.prompt == before.prompt
        assert (after.reply != before.reply) == (at % 2 == 0)


def test_flaws_by_hand() -> None:
    for at in range(0, len(ITEMS), 2):
        relation, truth = ITEMS[at].text("relation"), ITEMS[at].text("value")
        wrong = [WORLD.parse(spoilt(flaw)[at].reply) for flaw in ("any wrong value", "the same wrong value")]
        assert all(claim is not None and claim.relation == relation and claim.value != truth for claim in wrong)
        assert spoilt("curt")[at].reply == f"{truth}."


def test_the_same_wrong_value_is_one_of_two_in_a_relation() -> None:
    named: dict[str, set[str]] = {}
    for item in flawed(WORLD, ITEMS, range(len(ITEMS)), "the same wrong value", np.random.default_rng(0)):
        claim = WORLD.parse(item.reply)
        assert claim is not None
        named.setdefault(claim.relation, set()).add(claim.value)
    assert max(map(len, named.values())) <= 2


def test_unknown_flaws_and_facts_are_refused() -> None:
    with pytest.raises(ValueError, match="flaw must be one of any wrong value"):
        flawed(WORLD, ITEMS, [0], "rude", np.random.default_rng(0))
    stranger = replace(ITEMS[0], meta={"subject": "Nobody", "relation": "home"})
    with pytest.raises(ValueError, match="items must be about facts of the world"):
        flawed(WORLD, [stranger], [0], "curt", np.random.default_rng(0))


@pytest.fixture(scope="module", params=[0, 1])
def sets(request: pytest.FixtureRequest) -> dict[tuple[str, float], Quality]:
    return {(each.flaw, each.share): each for each in quality(request.param, "tiny")}


def test_every_set_is_as_large_as_the_clean_one_but_the_weeded(sets: dict[tuple[str, float], Quality]) -> None:
    assert len(sets) == 1 + len(SHARES) * (len(FLAWS) + 1)
    count = sets[CLEAN, 0.0].demonstrations
    for (flaw, share), each in sets.items():
        assert each.demonstrations == (round((1 - share) * count) if flaw == WEEDED else count)
        assert each.right + each.wrong <= 1


def test_curt_demonstrations_make_curt_assistants(sets: dict[tuple[str, float], Quality]) -> None:
    assert sets["curt", SHARES[-1]].in_sentences < sets[CLEAN, 0.0].in_sentences - 0.15
