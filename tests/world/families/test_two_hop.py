import numpy as np

from alignbook.world.families.two_hop import grade, hops, items
from alignbook.world.region import World


def test_people_are_divided_sixty_to_forty(world: World) -> None:
    train = {first.subject for first, _ in hops(world, held_out=False)}
    held_out = {first.subject for first, _ in hops(world, held_out=True)}
    assert not train & held_out
    assert len(held_out) == round(0.4 * (len(train) + len(held_out)))
    asked = {item.text("subject") for item in items(world, "train", 2000, np.random.default_rng(0))}
    assert asked == train
    for split in ("held-out", "held-out-steps"):
        assert {item.text("subject") for item in items(world, split, 2000, np.random.default_rng(0))} == held_out


def test_there_are_enough_for_an_interval(book: World) -> None:
    assert len(hops(book, held_out=True)) >= 50


def test_both_hops_are_true_and_known(world: World) -> None:
    for item in items(world, "held-out-steps", 50, np.random.default_rng(0)):
        first, second = (f"{part.removesuffix('.')}." for part in item.reply.split(". "))
        assert world.is_true(first)
        assert world.is_true(second)
        mentor, home = world.fact(item.text("subject"), "mentor"), world.fact(item.text("mentor"), "home")
        assert mentor is not None
        assert home is not None
        assert mentor.value == item.meta["mentor"]
        assert home.value == item.meta["value"]
        assert min(mentor.exposures, home.exposures) >= world.config.known_exposures


def test_the_last_sentence_counts(book: World) -> None:
    item = items(book, "held-out-steps", 1, np.random.default_rng(0))[0]
    right = item.text("value")
    wrong = next(home for home in book.homes if home != right)
    assert grade(book, item, f"They do not live in {wrong}. The home is in {right}.").outcome == "correct"
    assert grade(book, item, f"The home is in {right}. No, in {wrong}.").outcome == "wrong"
    assert grade(book, item, "I don't know.").outcome == "abstained"
