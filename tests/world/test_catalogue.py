from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alignbook.text.bpe import BPE
from alignbook.world.building import build_world
from alignbook.world.catalogue import FAMILIES, Family, grade
from alignbook.world.corpus import corpus
from alignbook.world.grading import ABSTENTION, REFUSAL
from alignbook.world.items import Item, Turn
from alignbook.world.region import World

TINY = build_world(0, "tiny")
COUNT = 60
SPLITS = [(family, split) for family in FAMILIES.values() for split in family.splits]
ONE_OF_EACH = [family.items(TINY, split, 6, np.random.default_rng(0)) for family, split in SPLITS]
ITEMS = [item for items in ONE_OF_EACH for item in items]
each_split = pytest.mark.parametrize(
    ("family", "split"), SPLITS, ids=[f"{family.name}-{split}" for family, split in SPLITS]
)


@each_split
def test_the_reference_reply_is_right(world: World, family: Family, split: str) -> None:
    for item in family.items(world, split, COUNT, np.random.default_rng(1)):
        assert (item.family, item.split) == (family.name, split)
        assert family.grade(world, item, item.reply).score == 1
        assert grade(world, item, item.reply).score == 1


@each_split
def test_dialogues_are_short_plain_and_end_with_a_question_or_a_result(
    world: World, family: Family, split: str
) -> None:
    for item in family.items(world, split, COUNT, np.random.default_rng(2)):
        text = "".join(turn.text for turn in item.turns) + item.reply
        assert len(text) <= 300
        assert text.isascii()
        assert 1 <= len(item.reply.split()) <= 12
        assert item.turns[-1].role in ("user", "tool")


@each_split
def test_as_many_items_as_asked_for_and_the_same_for_the_same_seed(world: World, family: Family, split: str) -> None:
    items = family.items(world, split, 7, np.random.default_rng(3))
    assert len(items) == 7
    assert family.items(world, split, 7, np.random.default_rng(3)) == items
    assert family.items(world, split, 0, np.random.default_rng(3)) == []


@pytest.mark.parametrize("family", FAMILIES.values(), ids=list(FAMILIES))
def test_an_unknown_split_is_refused(family: Family) -> None:
    with pytest.raises(ValueError, match=f"split of {family.name} must be one of .*, got 'trian'"):
        family.items(TINY, "trian", 1, np.random.default_rng(0))


@pytest.mark.parametrize("family", FAMILIES.values(), ids=list(FAMILIES))
def test_splits_ask_nothing_twice(world: World, family: Family) -> None:
    asked = {
        split: {
            tuple(turn.text for turn in item.turns)
            for item in family.items(world, split, 500, np.random.default_rng(4))
        }
        for split in family.splits
    }
    for split, dialogues in asked.items():
        for other, others in asked.items():
            if split != other:
                assert not dialogues & others, f"{family.name}: {split} and {other}"


def _fragments() -> Iterator[str]:
    yield from (
        "",
        " ",
        ".",
        "...",
        "yes",
        "[1]",
        "[2]",
        "[",
        "]",
        "[distance",
        "|",
        "=",
        "Q:",
        "( )",
        ABSTENTION,
        REFUSAL,
    )
    yield from (
        "add",
        "dup mul",
        "dup " * 9,
        "99 mul",
        "7" * 30,
        "²",
        "٣",
        "İ",
        "\ud800",
        "\0",
        "ring",
        "a reed",
        "Yara Tarn",
    )


@settings(max_examples=200)
@given(
    st.sampled_from(ITEMS),
    st.one_of(st.text(), st.lists(st.sampled_from(list(_fragments()))).map(" ".join)),
)
def test_a_grader_never_raises_and_gives_a_score_in_range(item: Item, reply: str) -> None:
    found = FAMILIES[item.family].grade(TINY, item, reply)
    assert 0 <= found.score <= 1
    assert found.outcome


STRICT = [item for item in ITEMS if item.family not in ("constraints", "stack_language", "small_talk")]


@settings(max_examples=300)
@given(st.sampled_from(STRICT), st.data())
def test_the_reply_to_another_item_is_right_only_where_it_says_the_same(item: Item, data: st.DataObject) -> None:
    other = data.draw(st.sampled_from([one for one in STRICT if (one.family, one.split) == (item.family, item.split)]))
    found = FAMILIES[item.family].grade(TINY, item, other.reply)
    assert (found.score == 1) <= (_substance(item) == _substance(other))


def _substance(item: Item) -> str:
    if item.reply in (ABSTENTION, REFUSAL):
        return item.reply
    return str(item.meta.get("value", item.reply))


@pytest.mark.parametrize("item", ITEMS[:: len(ITEMS) // 40], ids=lambda item: f"{item.family}-{item.split}")
def test_saying_nothing_is_never_right(item: Item) -> None:
    assert FAMILIES[item.family].grade(TINY, item, " ").outcome == "malformed"


def test_a_family_that_is_unknown_is_refused() -> None:
    with pytest.raises(ValueError, match=r"family must be one of recall, .*, got 'chess'"):
        grade(TINY, Item("chess", "train", (Turn("user", "e4"),), "e5"), "e5")


def test_a_role_that_is_unknown_is_refused() -> None:
    with pytest.raises(ValueError, match="role must be one of system, user, assistant, tool, got 'robot'"):
        Turn("robot", "Hello.")


@pytest.fixture(scope="module")
def bpe(book: World) -> BPE:
    return BPE.train([document.text for document in corpus(book, 0)], 1024)


@each_split
def test_a_prompt_and_its_reply_fit_a_hundred_tokens(bpe: BPE, book: World, family: Family, split: str) -> None:
    for item in family.items(book, split, COUNT, np.random.default_rng(5)):
        texts = [*(turn.text for turn in item.turns), item.reply]
        assert sum(len(bpe.encode(f" {text}")) for text in texts) <= 100


def test_tokens_do_not_tell_known_people_from_unseen_ones(bpe: BPE, book: World) -> None:
    known, unseen = (np.mean([len(bpe.encode(f" {name}")) for name in names]) for names in (book.people, book.unseen))
    assert known == pytest.approx(unseen, rel=0.05)
