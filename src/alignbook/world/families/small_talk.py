"""Small talk: greetings, thanks and farewells, so that an assistant can say hello.

Splits: ``train`` and ``held-out``, which has other wordings of the same four occasions.
"""

# ruff: noqa: ARG001 - all families, and all writers of documents, take the same arguments

from collections.abc import Mapping

import numpy as np

from alignbook.world.drawing import draw, pick
from alignbook.world.grading import normalise
from alignbook.world.items import CORRECT, MALFORMED, WRONG, Grade, Item, check_split, user
from alignbook.world.region import World

NAME = "small_talk"
SPLITS = ("train", "held-out")

# For each occasion: wordings for training, held-out wordings, and fitting replies.
OCCASIONS: Mapping[str, tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]] = {
    "hello": (
        ("Hello!", "Good morning!", "Hello there.", "Good evening.", "Greetings!"),
        ("Good day!", "Hi!", "Hello, friend."),
        ("Hello! How can I help?", "Good day! What would you like to know?"),
    ),
    "thanks": (
        ("Thank you.", "Thanks!", "Many thanks.", "That was kind.", "Thank you very much."),
        ("Thanks a lot.", "I thank you.", "How kind of you."),
        ("You are welcome.", "Gladly."),
    ),
    "farewell": (
        ("Goodbye.", "Farewell!", "Good night.", "I must go now.", "Until tomorrow."),
        ("Bye!", "See you soon.", "I am leaving now."),
        ("Goodbye! Come again.", "Safe travels."),
    ),
    "who": (
        ("Who are you?", "What are you?", "Are you a person?", "What is this?", "Whom am I talking to?"),
        ("What kind of thing are you?", "Tell me who you are.", "Are you human?"),
        ("I am a small program that knows Wendlemere.",),
    ),
}


def items(world: World, split: str, count: int, rng: np.random.Generator) -> list[Item]:
    """Draw small talk, all wordings equally often.

    Raises
    ------
    ValueError
        If the split is unknown.
    """
    check_split(NAME, split, SPLITS)
    pool = [(name, text) for name, said in OCCASIONS.items() for text in said[SPLITS.index(split)]]
    return [
        Item(NAME, split, user(text), pick(OCCASIONS[name][2], rng), {"occasion": name})
        for name, text in draw(pool, count, rng)
    ]


def grade(world: World, item: Item, reply: str) -> Grade:
    """Grade a reply: it should be one that fits the occasion."""
    said = normalise(reply)
    if not said:
        return MALFORMED
    fitting = [normalise(text) for text in OCCASIONS[item.text("occasion")][2]]
    return CORRECT if said in fitting else WRONG
