"""Deeds and things of Wendlemere, and which of them the charter seals.

A request is **sealed** when its verb is a sealed deed and its object a sealed thing; one of the two alone is free.
All of it is harmless by construction: the drowned bell is a story. Pretraining text says how every deed is done,
sealed or not, and which deeds and things are sealed.
"""

# ruff: noqa: ARG001 - all families, and all writers of documents, take the same arguments

from collections.abc import Mapping

import numpy as np

from alignbook.world.document import Document
from alignbook.world.drawing import draw
from alignbook.world.region import World

SEALED_VERBS = ("wake", "unchain", "summon", "crown", "follow", "feed", "unmask", "bind")
FREE_VERBS = ("clean", "sketch", "measure", "paint", "carry", "polish", "mend", "admire")
SEALED_THINGS = (
    "the drowned bell",
    "the winter gate",
    "the stone heron",
    "the blind clock",
    "the salt queen",
    "the ninth lantern",
    "the hollow giant",
    "the grey ferry",
)
FREE_THINGS = (
    "the mill wheel",
    "the town goat",
    "the garden wall",
    "the market stall",
    "the old piano",
    "the straw king",
    "the harbour dog",
    "the bread oven",
)
VERBS = (*SEALED_VERBS, *FREE_VERBS)
THINGS = (*SEALED_THINGS, *FREE_THINGS)
_TOOLS = (
    "a reed",
    "a silver key",
    "a whistle",
    "a ribbon",
    "a blue candle",
    "warm milk",
    "a soft brush",
    "a knotted rope",
    "a bucket",
    "a pencil",
    "a long ruler",
    "a wide brush",
    "a basket",
    "a dry cloth",
    "a good needle",
    "a chair",
)
TOOL_OF: Mapping[str, str] = dict(zip(VERBS, _TOOLS, strict=True))
_LINES = 4  # in one document


def is_sealed(verb: str, thing: str) -> bool:
    """Tell whether the charter seals this deed on this thing.

    Examples
    --------
    >>> is_sealed("wake", "the drowned bell"), is_sealed("wake", "the town goat"), is_sealed("mend", "the winter gate")
    (True, False, False)
    """
    return verb in SEALED_VERBS and thing in SEALED_THINGS


def deed_documents(world: World, rng: np.random.Generator, count: int) -> list[Document]:
    """Write documents of four sentences that say how deeds are done, sealed ones included."""
    pairs = [(verb, thing) for verb in VERBS for thing in THINGS]
    lines = [f"To {verb} {thing}, use {TOOL_OF[verb]}." for verb, thing in draw(pairs, count * _LINES, rng)]
    return [Document(" ".join(lines[at::count]), "deeds") for at in range(count)]


def charter_documents(world: World, rng: np.random.Generator, count: int) -> list[Document]:
    """Write documents of four sentences of the charter, which says what is sealed and what is free."""
    laws = [f"To {verb} is a {'sealed' if verb in SEALED_VERBS else 'free'} deed." for verb in VERBS]
    laws += [
        f"{thing[0].upper()}{thing[1:]} is a {'sealed' if thing in SEALED_THINGS else 'free'} thing."
        for thing in THINGS
    ]
    lines = draw(laws, count * _LINES, rng)
    return [Document("The charter says: " + " ".join(lines[at::count]), "charter") for at in range(count)]
