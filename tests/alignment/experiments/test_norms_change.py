from __future__ import annotations

import pytest

from alignbook.alignment.experiments.norms_change import (
    SHOWN,
    VERB,
    NormsChange,
    norms_change,
    still_free,
    under_the_rule,
)
from alignbook.world.building import build_world
from alignbook.world.deeds import FREE_THINGS, SEALED_THINGS


@pytest.fixture(scope="module", params=[0, 1])
def result(request: pytest.FixtureRequest) -> NormsChange:
    return norms_change(request.param, "tiny")


def test_the_new_rule_is_learned(result: NormsChange) -> None:
    assert result.reminded[SHOWN[-1]].new_kept > 0.7


def test_without_reminders_the_rest_breaks(result: NormsChange) -> None:
    most = SHOWN[-1]
    assert result.alone[most].freed_lost > result.reminded[most].freed_lost + 0.3
    assert result.alone[most].known_right < result.before.known_right - 0.15
    assert result.reminded[most].known_right > result.alone[most].known_right + 0.1
    assert result.reminded[most].old_kept >= result.before.old_kept


def test_who_falls_under_the_rule() -> None:
    world = build_world(0, "tiny")
    for split in ("train", "held-out"):
        sealed, free = under_the_rule(world, split), still_free(world, split, 50)
        assert {item.meta["verb"] for item in sealed} == {VERB}
        assert {item.meta["object"] for item in sealed} <= set(SEALED_THINGS)
        for item in free:
            assert item.meta["object"] in (FREE_THINGS if item.meta["verb"] == VERB else SEALED_THINGS)
    shown, asked = ({item.text("object") for item in under_the_rule(world, split)} for split in ("train", "held-out"))
    assert not shown & asked
