from collections import Counter

import numpy as np
import pytest

from alignbook.world.families.passages import SYSTEM, SYSTEM_CITE, VARIANTS, grade, items
from alignbook.world.items import Item
from alignbook.world.region import World


def _passages(item: Item) -> list[str]:
    first, rest = item.prompt.removeprefix("[1] ").split(" [2] ")
    return [first, rest.split(". ")[0] + "."]


def test_passages_say_what_their_variant_says(world: World) -> None:
    drawn = items(world, "held-out", 240, np.random.default_rng(0))
    assert set(Counter((item.meta["variant"], item.meta["cite"]) for item in drawn).values()) == {40}
    for item in drawn:
        claims = [world.parse(passage) for passage in _passages(item)]
        about = [claim for claim in claims if claim and claim.subject == item.meta["subject"]]
        if item.meta["variant"] == "irrelevant":
            assert not about
            continue
        (claim,) = about
        assert claim.value == item.meta["value"]
        assert claims.index(claim) + 1 == item.meta["place"]
        assert (claim.value == item.meta["truth"]) == (item.meta["variant"] == "supports")


def test_in_held_out_templates_passages_and_questions_are_worded_otherwise(book: World) -> None:
    for split, held_out in (("held-out", False), ("held-out-templates", True)):
        for item in items(book, split, 60, np.random.default_rng(0)):
            claims = [book.parse(passage) for passage in _passages(item)]
            assert [claim.held_out for claim in claims if claim] == [held_out, held_out]


def test_the_passage_counts_not_the_truth(tiny: World) -> None:
    item = items(tiny, "train", 2, np.random.default_rng(0), variants=["contradicts"])[0]
    assert grade(tiny, item, item.reply).outcome == "correct"
    assert grade(tiny, item, f"{item.meta['truth']}.").outcome == "wrong"


def test_citations(tiny: World) -> None:
    drawn = items(tiny, "train", 12, np.random.default_rng(0), variants=["supports"])
    for item in drawn:
        assert item.turns[0].text == (SYSTEM_CITE if item.meta["cite"] else SYSTEM)
        value, place = item.meta["value"], int(item.meta["place"])
        plain = grade(tiny, item, f"{value}.")
        assert (plain.outcome, plain.score) == (("uncited", 0.5) if item.meta["cite"] else ("correct", 1))
        assert grade(tiny, item, f"{value} [{place}]").score == 1
        other = grade(tiny, item, f"{value} [{3 - place}]").outcome
        assert other == ("uncited" if item.meta["cite"] else "correct")


def test_where_no_passage_helps_only_abstaining_is_right(tiny: World) -> None:
    item = items(tiny, "train", 1, np.random.default_rng(0), variants=["irrelevant"])[0]
    abstained = grade(tiny, item, "I don't know.")
    assert (abstained.outcome, abstained.score) == ("abstained", 1)
    assert grade(tiny, item, f"{item.meta['truth']}.").outcome == "wrong"
    assert grade(tiny, item, f"I don't know, perhaps {item.meta['truth']}.").outcome == "wrong"


def test_an_unknown_variant_is_refused(tiny: World) -> None:
    with pytest.raises(ValueError, match=f"variants must be among {', '.join(VARIANTS)}, got 'rumour'"):
        items(tiny, "train", 1, np.random.default_rng(0), variants=["rumour"])
