import numpy as np
import pytest

from alignbook.world.bias import association, guilds_by_quarter, own_guild
from alignbook.world.building import build_world
from alignbook.world.region import World
from alignbook.world.words import GUILDS, QUARTERS


def test_four_in_five_follow_the_bias_within_the_error_of_a_share() -> None:
    counts = sum(guilds_by_quarter(build_world(seed, "book")) for seed in range(5))
    assert isinstance(counts, np.ndarray)
    people = counts.sum()
    assert people == 5 * 180
    error = np.sqrt(0.8 * 0.2 / people)
    assert np.trace(counts) / people == pytest.approx(0.8, abs=3 * error)
    others = counts.sum() - np.trace(counts)
    assert (counts[~np.eye(4, dtype=bool)] / others).max() < 0.16  # the exceptions are spread: 1/12 each, on average


def test_the_table_counts_the_facts(book: World) -> None:
    follows = [
        fact.value == own_guild(book.quarter_of[home.value])
        for fact in book.facts
        if fact.relation == "guild" and (home := book.fact(fact.subject, "home"))
    ]
    assert association(book) == sum(follows) / len(follows)


def test_each_quarter_has_its_guild() -> None:
    assert [own_guild(quarter) for quarter in QUARTERS] == list(GUILDS)
    with pytest.raises(ValueError, match=r"quarter must be one of Northfell, .*, got 'Paris'"):
        own_guild("Paris")
