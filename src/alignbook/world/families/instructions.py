"""Instructions: eight operations on a few words, to be written in five formats.

Splits: ``train`` (28 of the 40 pairs of operation and format), ``held-out`` (the other 12; every operation and every
format occurs in training) and ``held-out-words`` (training pairs, on words that training never gives).
"""

# ruff: noqa: ARG001 - all families, and all writers of documents, take the same arguments

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from alignbook.world.drawing import draw
from alignbook.world.items import CORRECT, MALFORMED, WRONG, Grade, Item, check_split, user
from alignbook.world.region import World

NAME = "instructions"
SPLITS = ("train", "held-out", "held-out-words")
Words = tuple[str, ...]
Pair = tuple[str, str]

OPERATIONS: Mapping[str, tuple[str, Callable[[Words], Words]]] = {
    "copy": ("Copy these words", lambda words: words),
    "reverse": ("Reverse these words", lambda words: words[::-1]),
    "sort": ("Sort these words", lambda words: tuple(sorted(words))),
    "first": ("Give the first of these words", lambda words: words[:1]),
    "last": ("Give the last of these words", lambda words: words[-1:]),
    "drop": ("Drop the first of these words", lambda words: words[1:]),
    "rotate": ("Move the first of these words to the end", lambda words: (*words[1:], words[0])),
    "double": ("Double the last of these words", lambda words: (*words, words[-1])),
}
FORMATS: Mapping[str, tuple[str, Callable[[Words], str]]] = {
    "spaces": ("with spaces", " ".join),
    "commas": ("with commas", ", ".join),
    "dashes": ("with dashes", " - ".join),
    "capitals": ("in capitals", lambda words: " ".join(words).upper()),
    "brackets": ("in brackets", lambda words: f"( {' '.join(words)} )"),
}
PAIRS: tuple[Pair, ...] = tuple((operation, form) for operation in OPERATIONS for form in FORMATS)
# One pair of every operation, and a second of every other operation: 12 that leave each format at least five.
HELD_OUT_PAIRS: tuple[Pair, ...] = tuple(
    (operation, form)
    for row, operation in enumerate(OPERATIONS)
    for column, form in enumerate(FORMATS)
    if column == row % 5 or (row % 2 and column == (row + 2) % 5)
)
TRAIN_PAIRS: tuple[Pair, ...] = tuple(pair for pair in PAIRS if pair not in HELD_OUT_PAIRS)
TRAIN_WORDS = (
    *("apple", "bread", "cloud", "crow", "door", "duck", "feast", "field", "fire", "flag", "goat", "grass"),
    *("hat", "hill", "jam", "king", "lake", "lamp", "leaf", "milk", "moon", "nest", "oak", "oar", "pie"),
    *("plum", "rain", "reed", "road", "rope", "sail", "salt", "ship", "snow", "star", "stone", "tree", "wind"),
)
HELD_OUT_WORDS = ("ant", "barn", "corn", "drum", "frog", "glove", "horn", "kite", "mouse", "pear", "sand", "well")


def items(
    world: World, split: str, count: int, rng: np.random.Generator, pairs: Sequence[Pair] | None = None
) -> list[Item]:
    """Draw instructions, all pairs equally often.

    Parameters
    ----------
    world : World
        The world.
    split : str
        One of `SPLITS`.
    count : int
        How many: the total stays when the number of pairs varies.
    rng : numpy.random.Generator
        The source of randomness.
    pairs : sequence of (str, str), optional
        Only these pairs of operation and format; by default all of the split.

    Raises
    ------
    ValueError
        If the split is unknown, or a pair does not belong to it.
    """
    check_split(NAME, split, SPLITS)
    allowed = HELD_OUT_PAIRS if split == "held-out" else TRAIN_PAIRS
    for pair in pairs or ():
        if pair not in allowed:
            raise ValueError(f"pairs of split {split!r} must be among its {len(allowed)}, got {pair!r}")
    vocabulary = HELD_OUT_WORDS if split == "held-out-words" else TRAIN_WORDS
    return [_item(split, pair, vocabulary, rng) for pair in draw(pairs or allowed, count, rng)]


def _item(split: str, pair: Pair, vocabulary: Sequence[str], rng: np.random.Generator) -> Item:
    words = tuple(draw(vocabulary, int(rng.integers(3, 5)), rng))
    (order, operate), (manner, write) = OPERATIONS[pair[0]], FORMATS[pair[1]]
    reply = write(operate(words))
    prompt = f"{order} {manner}: {' '.join(words)}"
    return Item(NAME, split, user(prompt), reply, {"operation": pair[0], "format": pair[1], "value": reply})


def grade(world: World, item: Item, reply: str) -> Grade:
    """Grade a reply character by character, but for spaces: the format is half of the task.

    The outcome of a reply with the right words in the wrong format is ``"format"``, with half a point.
    """
    given, expected = " ".join(reply.split()), item.text("value")
    if not given:
        return MALFORMED
    if given.removesuffix(".") == expected:
        return CORRECT
    return Grade("format", 0.5) if _bare(given) == _bare(expected) else WRONG


def _bare(text: str) -> list[str]:
    return "".join(letter if letter.isalpha() else " " for letter in text.lower()).split()
