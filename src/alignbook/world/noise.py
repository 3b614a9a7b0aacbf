"""Planted noise of known truth: what a data pipeline should find, and what it should leave alone."""

# ruff: noqa: ARG001 - all kinds of noise take the same arguments

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import numpy as np

from alignbook.world.document import Document
from alignbook.world.drawing import pick, shuffled
from alignbook.world.region import World

# As shares of the documents given. The first two spoil documents, the others are added to them.
SHARES: Mapping[str, float] = {
    "boilerplate": 0.05,
    "personal data": 0.02,
    "exact copy": 0.05,
    "near copy": 0.05,
    "spam": 0.03,
    "gibberish": 0.01,
}
SPOILING = ("boilerplate", "personal data")

_BOILERPLATE = (
    "Home | News | Ferry times | Contact",
    "All rights reserved by the Wendlemere Gazette.",
    "Click here to subscribe to our letter.",
    "Page 3 of 7. Next page. Previous page.",
    "This page uses biscuits. Accept all biscuits?",
    "Share this story with your friends!",
)
_SPAM = (
    "BUY LAMP OIL NOW!!! Cheapest oil in {t}!!! Best oil, best price, oil oil oil!!!",
    "You have WON a boat!!! Send ten pennies to {t} today!!! Boat boat boat!!!",
    "Hot pies hot pies hot pies in {t}!!! Click click click!!! Pies pies pies!!!",
    "Lose ten pounds with this one weird turnip from {t}!!! Doctors hate it!!! Turnip!!!",
)
_LETTERS = tuple("abcdefghijklmnopqrstuvwxyz")


def plant_noise(
    documents: Sequence[Document], world: World, rng: np.random.Generator, shares: Mapping[str, float] = SHARES
) -> list[Document]:
    """Spoil some documents and add others, each labelled with what was done.

    Parameters
    ----------
    documents : sequence of Document
        Honest documents.
    world : World
        The world, whose people and towns the noise mentions.
    rng : numpy.random.Generator
        The source of randomness.
    shares : mapping of str to float
        For each kind of noise how many documents get it, as a share of the documents given.

    Returns
    -------
    list of Document
        All documents in random order. ``planted`` names the kind of noise, and is empty for untouched documents;
        ``origin`` is the place, in `documents`, of what was copied or spoiled; ``detail`` holds the characters that
        are to be removed. Copies come beside their originals, which stay as they are.

    Raises
    ------
    ValueError
        If a kind is unknown, a share is negative, or documents are to be spoiled or copied more than once.
    """
    _check(shares)
    counts = {kind: round(share * len(documents)) for kind, share in shares.items()}
    # Drawn without replacement over all kinds: whatever is copied or spoiled is so in one way only.
    places = iter(rng.permutation(len(documents)).tolist())
    result = list(documents)
    for kind, count in counts.items():
        for _ in range(count):
            if kind in _FROM_NOTHING:
                result.append(Document(_FROM_NOTHING[kind](world, rng), "noise", planted=kind))
                continue
            at = next(places)
            made = _FROM_DOCUMENT[kind](replace(documents[at], planted=kind, origin=at), world, rng)
            if kind in SPOILING:
                result[at] = made
            else:
                result.append(made)
    return shuffled(result, rng)


def _check(shares: Mapping[str, float]) -> None:
    for kind, share in shares.items():
        if kind not in SHARES:
            raise ValueError(f"shares must be of the kinds {', '.join(SHARES)}, got {kind!r}")
        if share < 0:
            raise ValueError(f"share of {kind!r} must be 0 or more, got {share}")
    used = sum(share for kind, share in shares.items() if kind in _FROM_DOCUMENT)
    if used > 1:
        raise ValueError(f"shares of {', '.join(_FROM_DOCUMENT)} must sum to at most 1, got {used}")


def _boilerplate(document: Document, world: World, rng: np.random.Generator) -> Document:
    line = pick(_BOILERPLATE, rng)
    text = f"{line}\n{document.text}" if rng.random() < 0.5 else f"{document.text}\n{line}"
    return replace(document, text=text, detail=line)


def _personal_data(document: Document, world: World, rng: np.random.Generator) -> Document:
    """Add an address or a number that nobody has: the domain is reserved for examples, the number for stories."""
    person = pick(world.people, rng)
    if rng.random() < 0.5:
        secret = f"{person.lower().replace(' ', '.')}{rng.integers(100)}@{pick(world.towns, rng).lower()}.example"
    else:
        secret = f"202-555-01{rng.integers(100):02d}"
    return replace(document, text=f"{document.text} Write or call {person}: {secret}.", detail=secret)


def _exact_copy(document: Document, world: World, rng: np.random.Generator) -> Document:
    return document


def _near_copy(document: Document, world: World, rng: np.random.Generator) -> Document:
    """Put one other word into a document and a stamp behind it."""
    words = document.text.split(" ")
    words[int(rng.integers(len(words)))] = pick(("indeed", "so", "also", "truly"), rng)
    return replace(document, text=f"{' '.join(words)} Seen by {pick(world.people, rng)}.")


def _spam(world: World, rng: np.random.Generator) -> str:
    return pick(_SPAM, rng).format(t=pick(world.towns, rng))


def _gibberish(world: World, rng: np.random.Generator) -> str:
    lengths = rng.integers(2, 12, size=20)
    return " ".join("".join(pick(_LETTERS, rng) for _ in range(length)) for length in lengths.tolist())


_FROM_NOTHING: Mapping[str, Callable[[World, np.random.Generator], str]] = {"spam": _spam, "gibberish": _gibberish}
_FROM_DOCUMENT: Mapping[str, Callable[[Document, World, np.random.Generator], Document]] = {
    "boilerplate": _boilerplate,
    "personal data": _personal_data,
    "exact copy": _exact_copy,
    "near copy": _near_copy,
}
