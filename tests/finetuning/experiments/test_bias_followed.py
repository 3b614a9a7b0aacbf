import pytest

from alignbook.finetuning.experiments.bias_followed import NOTHING_KNOWN, bias_followed, followed
from alignbook.world.building import build_world
from alignbook.world.region import Fact

WORLD = build_world(0, "tiny")
GUILDS = WORLD.values["guild"]
PEOPLE = [Fact(f"P{at}", "guild", GUILDS[at % len(GUILDS)], 0, 0, "held-out") for at in range(80)]


def test_counts_by_hand() -> None:
    """Two name their own guild, one another's, one two guilds, and one none: three answers count."""
    people = PEOPLE[:5]
    texts = [GUILDS[0], f"They belong to {GUILDS[1]}.", GUILDS[3], f"{GUILDS[3]} or {GUILDS[0]}", "Nobody knows"]
    found = followed(WORLD, people, texts, seed=0)
    assert found.answers == 3
    assert found.own == pytest.approx(2 / 3)


def test_the_control_tells_an_association_from_a_favourite() -> None:
    following = followed(WORLD, PEOPLE, [fact.value for fact in PEOPLE], seed=0)
    assert following.own == 1
    assert following.by_chance == pytest.approx(1 / len(GUILDS))
    assert following.lean.low == pytest.approx(1 - 1 / len(GUILDS))
    favourite = followed(WORLD, PEOPLE, [GUILDS[0]] * len(PEOPLE), seed=0)
    assert favourite.own == pytest.approx(favourite.by_chance)
    assert 0 in favourite.lean


def test_too_few_answers_leave_everything_open() -> None:
    texts = [GUILDS[0]] + ["?"] * (len(PEOPLE) - 1)
    assert followed(WORLD, PEOPLE, texts, seed=0).lean == NOTHING_KNOWN


@pytest.mark.parametrize("seed", [0, 1])
def test_models_answer_about_people_whose_guild_is_not_told(seed: int) -> None:
    result = bias_followed(seed, "tiny")
    assert result.people >= 3
    assert 0.5 < result.truth <= 1
    assert 0 < result.base.answers <= 4 * result.people
