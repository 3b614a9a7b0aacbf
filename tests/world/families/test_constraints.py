from collections import Counter

import numpy as np
import pytest

from alignbook.world.families.constraints import HELD_OUT_PAIRS, PAIRS, TRAIN_PAIRS, grade, items
from alignbook.world.items import Item, user
from alignbook.world.region import World


def _item(length: int, extra: str, required: str) -> Item:
    return Item("constraints", "train", user(""), "", {"length": length, "extra": extra, "required": required})


@pytest.mark.parametrize(
    ("extra", "required", "reply", "outcome"),
    [
        ("none", "", "Rivers never sleep.", "correct"),
        ("none", "", "Rivers sleep.", "wrong"),
        ("begin", "old", "Old goats sing!", "correct"),
        ("begin", "old", "The old goats.", "wrong"),
        ("end", "old", "Goats get old.", "correct"),
        ("end", "old", "Old goats sing.", "wrong"),
        ("include", "goats", "Old goats sing.", "correct"),
        ("include", "goats", "Old geese sing.", "wrong"),
        ("include", "goats", "goats", "wrong"),
        ("none", "", "...", "malformed"),
    ],
)
def test_constraints_by_hand(tiny: World, extra: str, required: str, reply: str, outcome: str) -> None:
    assert grade(tiny, _item(3, extra, required), reply).outcome == outcome


def test_half_of_the_pairs_are_held_out_and_each_length_and_extra_is_trained_twice(tiny: World) -> None:
    assert (len(PAIRS), len(TRAIN_PAIRS), len(HELD_OUT_PAIRS)) == (16, 8, 8)
    for split, pairs in (("train", TRAIN_PAIRS), ("held-out", HELD_OUT_PAIRS)):
        drawn = items(tiny, split, 100, np.random.default_rng(0))
        assert {(item.meta["length"], item.meta["extra"]) for item in drawn} == set(pairs)
    assert Counter(length for length, _ in TRAIN_PAIRS) == {2: 2, 3: 2, 4: 2, 5: 2}
    assert Counter(extra for _, extra in TRAIN_PAIRS) == {"none": 2, "begin": 2, "end": 2, "include": 2}
