from collections import Counter

import numpy as np
import pytest

from alignbook.finetuning.demonstrations import can_be_known, demonstrations, evened
from alignbook.world.building import build_world

WORLD = build_world(0, "tiny")


def test_as_many_of_each_family_as_asked_for_in_an_order_of_the_seed() -> None:
    counts = (("recall", "train", 30), ("refusal", "train", 20))
    drawn = demonstrations(WORLD, counts, np.random.default_rng(1))
    assert Counter(item.family for item in drawn) == {"recall": 30, "refusal": 20}
    assert [item.family for item in drawn] != sorted(item.family for item in drawn)
    assert drawn == demonstrations(WORLD, counts, np.random.default_rng(1))
    assert drawn != demonstrations(WORLD, counts, np.random.default_rng(2))


def test_a_family_that_does_not_exist_is_refused() -> None:
    with pytest.raises(ValueError, match=r"family must be one of recall, .*, got 'chess'"):
        demonstrations(WORLD, [("chess", "train", 1)], np.random.default_rng(0))


def test_every_kind_becomes_as_frequent_as_the_commonest() -> None:
    items = demonstrations(WORLD, [("recall", "train", 150)], np.random.default_rng(0))
    before = Counter(item.meta["relation"] for item in items)
    after = Counter(item.meta["relation"] for item in evened(items, "relation", np.random.default_rng(0)))
    assert min(before.values()) < max(before.values())
    assert after == dict.fromkeys(before, max(before.values()))
    assert evened([], "relation", np.random.default_rng(0)) == []


def test_rare_facts_are_left_out_and_what_needs_no_fact_is_kept() -> None:
    items = demonstrations(WORLD, [("recall", "train", 100), ("small_talk", "train", 5)], np.random.default_rng(0))
    kept = [item for item in items if can_be_known(item, 16)]
    assert sum(item.family == "small_talk" for item in kept) == 5
    assert 0 < sum(item.family == "recall" for item in kept) < 100
    assert min(int(item.meta["exposures"]) for item in kept if item.family == "recall") >= 16
