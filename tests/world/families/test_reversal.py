import numpy as np

from alignbook.world.families.reversal import grade, items
from alignbook.world.region import World


def test_keepers_and_things_belong_together_one_to_one(book: World) -> None:
    keepers = [fact for fact in book.facts if fact.relation == "keeper"]
    assert len({fact.value for fact in keepers}) == len({fact.subject for fact in keepers}) == len(keepers) == 60


def test_the_control_asks_forwards_about_the_same_keepers(world: World) -> None:
    drawn = {split: items(world, split, 500, np.random.default_rng(0)) for split in ("train", "held-out", "forward")}
    subjects = {split: {item.text("subject") for item in asked} for split, asked in drawn.items()}
    assert subjects["forward"] == subjects["held-out"]
    assert not subjects["train"] & subjects["held-out"]
    for item in drawn["held-out"]:
        assert item.text("subject") not in item.prompt
        assert item.reply == f"{item.text('subject')}."
    for item in drawn["forward"]:
        assert item.text("subject") in item.prompt


def test_another_thing_is_wrong(book: World) -> None:
    item = items(book, "held-out", 1, np.random.default_rng(0))[0]
    for thing in book.things:
        assert (grade(book, item, thing).score == 1) == (thing == item.meta["value"])
