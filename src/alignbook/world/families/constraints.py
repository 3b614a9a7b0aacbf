"""Constraints that a program can verify: so many words, and one that must begin, end or occur in the sentence.

Splits: ``train`` (8 of the 16 pairs of length and extra constraint) and ``held-out`` (the other eight; every length
and every extra constraint occurs in training, twice).
"""

# ruff: noqa: ARG001 - all families, and all writers of documents, take the same arguments

import re
from collections.abc import Mapping

import numpy as np

from alignbook.world.drawing import draw, pick
from alignbook.world.items import CORRECT, MALFORMED, WRONG, Grade, Item, Meta, check_split, user
from alignbook.world.region import World

NAME = "constraints"
SPLITS = ("train", "held-out")
LENGTHS: Mapping[int, str] = {2: "two", 3: "three", 4: "four", 5: "five"}
EXTRAS: Mapping[str, str] = {"none": "", "begin": " Begin with {w}.", "end": " End with {w}.", "include": " Use {w}."}
PAIRS = tuple((length, extra) for length in LENGTHS for extra in EXTRAS)
HELD_OUT_PAIRS = (
    *((2, "end"), (2, "include"), (3, "begin"), (3, "end")),
    *((4, "none"), (4, "begin"), (5, "none"), (5, "include")),
)
TRAIN_PAIRS = tuple(pair for pair in PAIRS if pair not in HELD_OUT_PAIRS)

_QUALITIES = ("old", "small", "quiet", "grey", "happy", "bold")
_NOUNS = ("geese", "boats", "bakers", "rivers", "goats", "bells")
_VERBS = ("sing", "sleep", "wander", "dance", "wait", "hum")
_MANNERS = ("softly", "slowly", "again", "together", "outside", "loudly")


def items(world: World, split: str, count: int, rng: np.random.Generator) -> list[Item]:
    """Draw requests; the reference reply is one sentence of the many that satisfy them.

    Raises
    ------
    ValueError
        If the split is unknown.
    """
    check_split(NAME, split, SPLITS)
    pairs = HELD_OUT_PAIRS if split == "held-out" else TRAIN_PAIRS
    return [_item(split, length, extra, rng) for length, extra in draw(pairs, count, rng)]


def _item(split: str, length: int, extra: str, rng: np.random.Generator) -> Item:
    words = _sentence(length, rng)
    required = {"none": "", "begin": words[0], "end": words[-1], "include": pick(words, rng)}[extra]
    prompt = f"Write {LENGTHS[length]} words.{EXTRAS[extra].format(w=required)}"
    meta: dict[str, Meta] = {"length": length, "extra": extra, "required": required}
    return Item(NAME, split, user(prompt), f"{' '.join(words)}.", meta)


def _sentence(length: int, rng: np.random.Generator) -> list[str]:
    """Make a small sentence: "geese sing", "old geese sing", … up to "the old geese sing softly"."""
    words = ["the", pick(_QUALITIES, rng), pick(_NOUNS, rng), pick(_VERBS, rng), pick(_MANNERS, rng)]
    return {2: words[2:4], 3: words[1:4], 4: words[1:], 5: words}[length]


def grade(world: World, item: Item, reply: str) -> Grade:
    """Grade a reply by verifying each constraint; which sentence it is plays no part."""
    words = re.findall(r"[a-z']+", reply.lower())
    if not words:
        return MALFORMED
    required = item.text("required")
    met = {
        "none": True,
        "begin": words[0] == required,
        "end": words[-1] == required,
        "include": required in words,
    }[item.text("extra")]
    return CORRECT if met and len(words) == item.meta["length"] else WRONG
