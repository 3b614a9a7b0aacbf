from collections import Counter

import numpy as np
import pytest

from alignbook.world.families.instructions import (
    FORMATS,
    HELD_OUT_PAIRS,
    HELD_OUT_WORDS,
    OPERATIONS,
    PAIRS,
    TRAIN_PAIRS,
    TRAIN_WORDS,
    grade,
    items,
)
from alignbook.world.region import World

WORDS = ("plum", "kite", "oak")


@pytest.mark.parametrize(
    ("operation", "result"),
    [
        ("copy", "plum kite oak"),
        ("reverse", "oak kite plum"),
        ("sort", "kite oak plum"),
        ("first", "plum"),
        ("last", "oak"),
        ("drop", "kite oak"),
        ("rotate", "kite oak plum"),
        ("double", "plum kite oak oak"),
    ],
)
def test_operations_by_hand(operation: str, result: str) -> None:
    assert " ".join(OPERATIONS[operation][1](WORDS)) == result


@pytest.mark.parametrize(
    ("form", "result"),
    [
        ("spaces", "plum kite oak"),
        ("commas", "plum, kite, oak"),
        ("dashes", "plum - kite - oak"),
        ("capitals", "PLUM KITE OAK"),
        ("brackets", "( plum kite oak )"),
    ],
)
def test_formats_by_hand(form: str, result: str) -> None:
    assert FORMATS[form][1](WORDS) == result


def test_twelve_pairs_are_held_out_and_every_operation_and_format_is_trained() -> None:
    assert (len(PAIRS), len(HELD_OUT_PAIRS), len(TRAIN_PAIRS)) == (40, 12, 28)
    assert not set(HELD_OUT_PAIRS) & set(TRAIN_PAIRS)
    assert min(Counter(operation for operation, _ in TRAIN_PAIRS).values()) >= 3
    assert min(Counter(form for _, form in TRAIN_PAIRS).values()) >= 5
    assert {operation for operation, _ in HELD_OUT_PAIRS} == set(OPERATIONS)
    assert {form for _, form in HELD_OUT_PAIRS} == set(FORMATS)


def test_items_keep_to_their_pairs_and_words(tiny: World) -> None:
    assert not set(HELD_OUT_WORDS) & set(TRAIN_WORDS)
    for split, pairs, vocabulary in (
        ("train", TRAIN_PAIRS, TRAIN_WORDS),
        ("held-out", HELD_OUT_PAIRS, TRAIN_WORDS),
        ("held-out-words", TRAIN_PAIRS, HELD_OUT_WORDS),
    ):
        drawn = items(tiny, split, 200, np.random.default_rng(0))
        assert {(item.text("operation"), item.text("format")) for item in drawn} == set(pairs)
        assert all(word in vocabulary for item in drawn for word in item.prompt.split(": ")[1].split())


def test_the_total_stays_when_the_number_of_pairs_varies(tiny: World) -> None:
    for number in (1, 4, 28):
        drawn = items(tiny, "train", 56, np.random.default_rng(0), TRAIN_PAIRS[:number])
        counts = Counter((item.text("operation"), item.text("format")) for item in drawn)
        assert set(counts.values()) == {56 // number}
    with pytest.raises(ValueError, match="pairs of split 'train' must be among its 28, got"):
        items(tiny, "train", 1, np.random.default_rng(0), HELD_OUT_PAIRS[:1])


def test_the_right_words_in_the_wrong_format_are_half_right(tiny: World) -> None:
    item = items(tiny, "train", 1, np.random.default_rng(0), [("copy", "commas")])[0]
    assert grade(tiny, item, item.reply + ".").outcome == "correct"
    assert grade(tiny, item, item.reply.replace(",", "")).outcome == "format"
    assert grade(tiny, item, item.reply.upper()).score == 0.5
    assert grade(tiny, item, ", ".join(reversed(item.reply.split(", ")))).outcome == "wrong"
