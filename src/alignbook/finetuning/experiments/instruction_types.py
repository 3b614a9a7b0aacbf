"""Experiment: how many kinds of instructions it takes until new ones are understood.

An instruction is an operation on a few words and a format to write the result in. Specialists, copies of the base model
tuned on nothing else, see equally many demonstrations of more or fewer *pairs* of the two. Each set has every operation
and every format in it; the pairs that are asked about are in none. The control asks about the demonstrated pairs, with
lists of words that no demonstration had: what is missing there is not missing because a pair is new.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from alignbook.finetuning.assistant import Assistant, grade_replies
from alignbook.finetuning.tuning import TuningConfig, tune
from alignbook.pretraining.language_model import LanguageModel
from alignbook.pretraining.stage import BASE
from alignbook.profile import Profile
from alignbook.store import fetch
from alignbook.world.building import build_world
from alignbook.world.families import instructions
from alignbook.world.families.instructions import OPERATIONS, TRAIN_PAIRS, Pair
from alignbook.world.items import Item
from alignbook.world.region import World

TYPES = (8, 16, 28)
"""How many pairs are demonstrated: one, two or all of each operation."""

TRAININGS = 2
"""So many specialists are trained for each number of pairs, on other demonstrations; what is given is their mean."""

_COURSE = {
    "tiny": TuningConfig(steps=150, batch_size=16, learning_rate=5e-3),
    "book": TuningConfig(steps=300, batch_size=16, learning_rate=4e-3),
}
_DEMONSTRATIONS = {"tiny": 800, "book": 1600}
_ASKED = {"tiny": 96, "book": 240}


@dataclass(frozen=True)
class Specialist:
    """What specialists can do, on average.

    Parameters
    ----------
    types : int
        How many pairs of operation and format they were shown.
    demonstrations : int
        How many demonstrations each.
    new_pairs, new_pairs_format : float
        The share of instructions of unseen pairs that they follow to the letter, and in the right format at least.
    seen_pairs, seen_pairs_format : float
        The same for pairs that they were shown, on other lists of words.
    """

    types: int
    demonstrations: int
    new_pairs: float
    new_pairs_format: float
    seen_pairs: float
    seen_pairs_format: float


def instruction_types(seed: int, size: str = "book") -> tuple[Specialist, ...]:
    """Tune specialists on few and on many kinds of instructions.

    Parameters
    ----------
    seed : int
        The profile's.
    size : {"book", "tiny"}
        The profile's.
    """
    run, world = Profile(seed, size), build_world(seed, size)
    base = fetch(BASE, run).model
    return tuple(
        Specialist(
            types,
            _DEMONSTRATIONS[size],
            *np.mean([_trained(world, base, types, at) for at in range(TRAININGS)], axis=0).tolist(),
        )
        for types in TYPES
    )


def _trained(world: World, base: LanguageModel, types: int, number: int) -> tuple[float, float, float, float]:
    """Train one specialist; return what it can do with new pairs and with seen ones, to the letter and in format."""
    rng, pairs = np.random.default_rng([world.seed, 7, number]), shown_pairs(types)
    items = instructions.items(world, "train", _DEMONSTRATIONS[world.size], rng, pairs)
    tuned, _ = tune(base, items, _COURSE[world.size], TRAININGS * world.seed + number)
    assistant, asked = Assistant(tuned), _ASKED[world.size]
    shown = {item.prompt for item in items}
    others = [item for item in instructions.items(world, "train", 2 * asked, rng, pairs) if item.prompt not in shown]
    new, seen = instructions.items(world, "held-out", asked, rng), others[:asked]
    return (
        _followed(world, assistant, new),
        _formatted(assistant, new),
        _followed(world, assistant, seen),
        _formatted(assistant, seen),
    )


def shown_pairs(count: int) -> tuple[Pair, ...]:
    """Return so many pairs to demonstrate, of each operation equally many, or as many as it has.

    Fewer pairs are always among the more. From 8 on, every operation and every format occurs.

    Parameters
    ----------
    count : int
        How many, from 1 to 28.

    Raises
    ------
    ValueError
        If there are not so many.

    Examples
    --------
    >>> len({operation for operation, _ in shown_pairs(8)}), len({form for _, form in shown_pairs(8)})
    (8, 5)
    """
    if not 1 <= count <= len(TRAIN_PAIRS):
        raise ValueError(f"count must be from 1 to {len(TRAIN_PAIRS)}, got {count}")
    of_each = [[pair for pair in TRAIN_PAIRS if pair[0] == operation] for operation in OPERATIONS]
    turned = [pairs[row % len(pairs) :] + pairs[: row % len(pairs)] for row, pairs in enumerate(of_each)]
    rounds = [pairs[number] for number in range(5) for pairs in turned if number < len(pairs)]
    return tuple(rounds[:count])


def _followed(world: World, assistant: Assistant, items: Sequence[Item]) -> float:
    return float(np.mean([grade.outcome == "correct" for grade in grade_replies(world, assistant, items)]))


def _formatted(assistant: Assistant, items: Sequence[Item]) -> float:
    """Return the share of replies that look as the format wants it, whatever the words are."""
    replies = assistant.reply([item.turns for item in items])
    return float(np.mean([form_of(reply) == form_of(item.reply) for item, reply in zip(items, replies, strict=True)]))


def form_of(reply: str) -> str:
    """Tell in which format a list of words is written; a single word in small letters has that of spaces.

    Examples
    --------
    >>> form_of("( oak pie )"), form_of("OAK"), form_of("oak, pie"), form_of("oak - pie"), form_of("oak pie")
    ('brackets', 'capitals', 'commas', 'dashes', 'spaces')
    """
    text = reply.strip().removesuffix(".")
    if text.startswith("(") and text.endswith(")"):
        return "brackets"
    if text.isupper():
        return "capitals"
    return "commas" if "," in text else "dashes" if " - " in text else "spaces"
