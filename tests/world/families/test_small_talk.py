import numpy as np

from alignbook.world.families.small_talk import OCCASIONS, grade, items
from alignbook.world.region import World


def test_held_out_wordings_are_others_of_the_same_occasions(tiny: World) -> None:
    for split, count in (("train", 20), ("held-out", 12)):
        drawn = items(tiny, split, count, np.random.default_rng(0))
        assert len({item.prompt for item in drawn}) == count
        assert {item.text("occasion") for item in drawn} == set(OCCASIONS)


def test_a_reply_must_fit_the_occasion(tiny: World) -> None:
    for item in items(tiny, "train", 20, np.random.default_rng(0)):
        for occasion, (_, _, replies) in OCCASIONS.items():
            for reply in replies:
                assert (grade(tiny, item, reply).score == 1) == (occasion == item.meta["occasion"])
