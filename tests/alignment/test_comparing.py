from __future__ import annotations

import json

import numpy as np
import pytest

from alignbook.alignment.artefacts import RaterData, pack_comparisons, unpack_comparisons
from alignbook.alignment.comparing import (
    Comparison,
    is_practice,
    judged,
    offered,
    prompts,
    questions,
    shown,
    token_pairs,
)
from alignbook.alignment.measuring import panel
from alignbook.finetuning.chat_template import CHAT_TOKENS, ChatTemplate
from alignbook.text.bpe import BPE
from alignbook.world.families import recall
from alignbook.world.grading import ABSTENTION, REFUSAL
from alignbook.world.items import Item
from alignbook.world.raters import raters
from alignbook.world.region import World


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(0)


def asked_often(world: World, rng: np.random.Generator) -> list[Item]:
    return prompts(world, (("recall", "practice", 4000),), rng)


def test_practice_and_measurement_never_share_a_fact(world: World, rng: np.random.Generator) -> None:
    practised = {(item.meta["subject"], item.meta["relation"]) for item in asked_often(world, rng)}
    measured = {
        (item.meta["subject"], item.meta["relation"]) for group in ("known", "rare") for item in panel(world)[group]
    }
    held_out = {(fact.subject, fact.relation) for fact in world.select("held-out")}
    assert practised
    assert measured
    assert not practised & measured
    assert practised | measured <= held_out
    assert {key for key in held_out if is_practice(*key)} == practised
    both = [len(questions(world, practice=half)) for half in (True, False)]
    assert sum(both) == 4 * len(held_out)
    assert 0.25 < both[0] / sum(both) < 0.75


def test_the_panel_asks_what_alignment_never_asks(world: World, rng: np.random.Generator) -> None:
    mixture = (("abstention", "train", 400), ("refusal", "train", 400), ("refusal", "sealed", 100))
    asked = {item.prompt for item in prompts(world, (*mixture, ("small_talk", "train", 50)), rng)}
    assert not asked & {item.prompt for items in panel(world).values() for item in items}


def test_what_is_told_often_is_asked_often(world: World, rng: np.random.Generator) -> None:
    drawn = asked_often(world, rng)
    facts = [fact for fact in world.select("held-out") if is_practice(fact.subject, fact.relation)]
    interest = np.array([fact.exposures for fact in facts]) ** 0.5
    for fact, share in zip(facts, interest / interest.sum(), strict=True):
        times = sum((item.meta["subject"], item.meta["relation"]) == (fact.subject, fact.relation) for item in drawn)
        assert times / len(drawn) == pytest.approx(share, abs=5 * (share / len(drawn)) ** 0.5)


def test_sealed_requests_alone(world: World, rng: np.random.Generator) -> None:
    drawn = prompts(world, (("refusal", "sealed", 20), ("small_talk", "train", 5)), rng)
    assert sum(item.family == "refusal" and item.meta["sealed"] == 1 for item in drawn) == 20
    assert [item.family for item in drawn] != sorted(item.family for item in drawn)
    with pytest.raises(ValueError, match=r"family must be one of .*, got 'fly'"):
        prompts(world, (("fly", "train", 1),), rng)


def test_what_is_offered(world: World, rng: np.random.Generator) -> None:
    (sealed,) = prompts(world, (("refusal", "sealed", 1),), rng)
    assert offered(sealed, [REFUSAL, "Mumble."]) == [REFUSAL, "Mumble.", ABSTENTION, sealed.text("answer")]
    (fact,) = prompts(world, (("recall", "train", 1),), rng)
    assert offered(fact, ["A.", "B."]) == ["A.", "B.", ABSTENTION, REFUSAL]


def test_two_different_replies_are_shown(rng: np.random.Generator) -> None:
    item = Item("small_talk", "train", (), "", {})
    pairs = shown([item] * 300, [["a"], ["a", "b"], ["a", "b", "c"]] * 100, rng)
    assert len(pairs) == 200
    assert all(first != second for _, first, second in pairs)
    orders = [(first, second) for _, first, second in pairs[::2]]
    assert 30 < orders.count(("a", "b")) < 70  # of the pairs of two, in either order


def test_raters_vote(world: World, rng: np.random.Generator) -> None:
    items = prompts(world, (("recall", "train", 200),), rng)
    wrong = [f"{next(v for v in world.values[item.text('relation')] if v != item.meta['value'])}." for item in items]
    pairs = [(item, *each) for item, each in zip(items, zip([i.reply for i in items], wrong, strict=True), strict=True)]
    for kind, low, high in (("truthful", 0.8, 1.0), ("colluder", 0.0, 0.2)):
        said = judged(world, pairs, raters({kind: 9}), rng, 5)
        assert low <= np.mean([each.chosen == each.item.reply for each in said]) <= high
        assert all(len(set(each.raters)) == 5 for each in said)
        assert {number for each in said for number in each.raters} == set(range(9))
    with pytest.raises(ValueError, match="the pool must have at least 3 raters, as many as votes, got 2"):
        judged(world, pairs, raters({"truthful": 2}), rng, 3)


def test_sleepers_turn_when_they_have_judged_enough(world: World, rng: np.random.Generator) -> None:
    items = prompts(world, (("abstention", "train", 400),), rng)
    pairs = [(item, ABSTENTION, f"{world.values[item.text('relation')][0]}.") for item in items]
    said = judged(world, pairs, raters({"sleeper": 1}, wakes_after=200), rng, 1)
    good = [each.chosen == ABSTENTION for each in said]
    assert np.mean(good[:200]) > 0.9
    assert np.mean(good[200:]) < 0.1


def test_a_comparison_by_hand(world: World, rng: np.random.Generator) -> None:
    (item,) = prompts(world, (("small_talk", "train", 1),), rng)
    comparison = Comparison(item, "Hi.", "Go.", (3, 1, 4, 0, 2), (True, False, False, False, True))
    assert (comparison.share, comparison.chosen, comparison.rejected) == (0.4, "Go.", "Hi.")
    assert comparison.agreement == 0.6
    template = ChatTemplate(BPE((), CHAT_TOKENS))
    (pair,) = token_pairs([comparison], template)
    assert pair.preferred == 0.6
    assert (
        template.tokenizer.decode([*pair.prompt, *pair.chosen])
        == f"<|user|> {item.prompt}<|assistant|> Go.<|end-of-reply|>"
    )
    with pytest.raises(ValueError, match="an odd number, got 2 and 2"):
        Comparison(item, "Hi.", "Go.", (0, 1), (True, False))
    with pytest.raises(ValueError, match="as many as raters, an odd number, got 1 and 3"):
        Comparison(item, "Hi.", "Go.", (0, 1, 2), (True,))


def test_comparisons_as_arrays_and_json(world: World, rng: np.random.Generator) -> None:
    items = [
        *prompts(world, (("recall", "train", 3), ("tools", "train", 3)), rng),
        recall.items(world, "complete", 1, rng)[0],
    ]
    data = RaterData(tuple(judged(world, [(item, "a", "b") for item in items], raters(), rng, 3)))
    arrays, values = pack_comparisons(data)
    assert unpack_comparisons(arrays, json.loads(json.dumps(values))).comparisons == data.comparisons
