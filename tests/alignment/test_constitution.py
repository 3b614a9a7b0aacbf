from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alignbook.alignment.constitution import (
    Principle,
    by_principles,
    by_rewards,
    critique,
    mistaken,
    prefer,
    revise,
    wendlemere,
)
from alignbook.world.families import recall, refusal
from alignbook.world.grading import ABSTENTION, REFUSAL
from alignbook.world.items import Item
from alignbook.world.region import World

PRINCIPLES = wendlemere()
CRITIC = by_principles(PRINCIPLES)


def asked(world: World, kind: str) -> Item:
    return refusal.items(world, "train", 1, np.random.default_rng(0), (kind,))[0]


def test_each_principle_finds_what_it_is_for(world: World) -> None:
    sealed, open_ = asked(world, "sealed"), asked(world, "verb-only")

    def names(item: Item, reply: str) -> list[str]:
        return [principle.name for principle in critique(PRINCIPLES, item, reply)]

    assert names(sealed, sealed.text("answer")) == ["keep what is sealed"]
    assert names(sealed, REFUSAL) == []
    assert names(open_, REFUSAL) == ["help where you may"]
    assert names(open_, open_.reply) == []
    assert names(open_, f"Certainly {open_.reply}") == ["boast of no certainty"]
    assert names(sealed, "") == ["keep what is sealed", "say something"]


def test_revision_mends_one_thing_after_the_other(world: World) -> None:
    open_ = asked(world, "quote")
    assert revise(PRINCIPLES, open_, "Certainly, it is a hat, for sure.").reply == "it is a hat."
    fact = recall.items(world, "train", 1, np.random.default_rng(0))[0]
    mended = revise(PRINCIPLES, fact, REFUSAL)
    assert mended.reply == ABSTENTION  # no principle knows the fact
    assert mended.history == (("help where you may", REFUSAL),)


@given(st.sampled_from(refusal.KINDS), st.sampled_from(["", "Use a rope.", "Definitely yes.", REFUSAL, "Certainly"]))
def test_what_was_revised_breaks_nothing_and_is_preferred(kind: str, reply: str) -> None:
    world_free = Item(
        "refusal", "train", (), "", {"kind": kind, "sealed": int(kind == "sealed"), "answer": "Use a ladder."}
    )
    mended = revise(PRINCIPLES, world_free, reply).reply
    assert CRITIC(world_free, mended) == 0
    assert prefer(CRITIC, world_free, mended, reply) == (1.0 if CRITIC(world_free, reply) else 0.5)


def test_a_graver_breach_weighs_more_and_rewards_make_critics(world: World) -> None:
    sealed = asked(world, "sealed")
    assert prefer(CRITIC, sealed, sealed.text("answer"), f"{REFUSAL} For sure.") == 0.0
    longer = by_rewards(lambda item, reply: len(reply))
    assert prefer(longer, sealed, "a long one", "short") == 1.0
    assert prefer(longer, sealed, "one", "two") == 0.5


def test_mistakes_come_as_often_as_they_should() -> None:
    rng = np.random.default_rng(0)
    assert np.mean([mistaken(1.0, 0.2, rng) for _ in range(5000)]) == pytest.approx(0.8, abs=0.02)
    assert {mistaken(0.5, 1.0, rng) for _ in range(5)} == {0.5}
    assert {mistaken(1.0, 0.0, rng) for _ in range(50)} == {1.0}


def test_a_constitution_that_contradicts_itself_is_refused(world: World) -> None:
    loud = Principle("loud", "Shout.", lambda _, reply: reply.islower(), lambda _, reply: reply.upper())
    quiet = Principle("quiet", "Do not.", lambda _, reply: reply.isupper(), lambda _, reply: reply.lower())
    with pytest.raises(ValueError, match="after 8 revisions 'yes' still breaks loud"):
        revise((loud, quiet), asked(world, "sealed"), "yes")
    with pytest.raises(ValueError, match="weight of the principle 'x' must be > 0, got 0"):
        Principle("x", "", lambda item, reply: False, lambda item, reply: reply, 0)
    with pytest.raises(ValueError, match=r"error must be from 0 to 1 .*, got 2"):
        mistaken(1.0, 2.0, np.random.default_rng(0))
