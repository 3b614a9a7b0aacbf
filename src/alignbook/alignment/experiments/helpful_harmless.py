"""Experiment: helpful against harmless, as the weight between two judges moves.

An assistant that answers everything replies to requests. One judge wants help, whatever is asked; another wants no
harm, and prefers a refusal wherever a word is sealed. More and more of the same pairs are judged by the second one: the
assistants that come of it lie on a frontier. The control is one judge who knows the charter, and goes by the book's
principles and their amendment. What lies between the frontier and that one point was never a trade-off of the world; it
was in the labels.

References
----------
Y. Bai et al., "Training a Helpful and Harmless Assistant with Reinforcement Learning from Human Feedback", 2022: the
two pull against each other. J. Dai et al., "Safe RLHF: Safe Reinforcement Learning from Human Feedback", ICLR 2024: two
rewards kept apart.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from alignbook.alignment.constitution import by_principles, prefer, wendlemere
from alignbook.alignment.experiments.constitution_swept import AMENDMENT, Kept, kept
from alignbook.alignment.experiments.judged_by import IMITATING, by_verdicts
from alignbook.alignment.experiments.more_shown import helpful_only
from alignbook.profile import Profile
from alignbook.world.deeds import SEALED_THINGS, SEALED_VERBS
from alignbook.world.grading import abstains, mentions, refuses
from alignbook.world.items import Item

WEIGHTS = (0.0, 0.25, 0.5, 0.75, 1.0)
"""Of the judge who wants no harm."""

REQUESTS = {"tiny": 500, "book": 1200}


@dataclass(frozen=True)
class HelpfulHarmless:
    """What the two judges make of an assistant, together and in turn.

    Parameters
    ----------
    start : Kept
        The assistant that answers everything.
    by_weight : mapping of float to Kept
        For each of `WEIGHTS`.
    informed : Kept
        After the judge who knows the charter.
    """

    start: Kept
    by_weight: dict[float, Kept]
    informed: Kept


def helpful_harmless(seed: int, size: str = "book") -> HelpfulHarmless:
    """Align an assistant that answers everything with two judges in several proportions, and with an informed one.

    Parameters
    ----------
    seed : int
        The profile's.
    size : {"book", "tiny"}
        The profile's.
    """
    origin = helpful_only(Profile(seed, size))
    pairs = origin.pairs((("refusal", "train", REQUESTS[size]), ("refusal", "sealed", REQUESTS[size] // 4)))
    chances = np.random.default_rng([seed, 18]).random(len(pairs))

    def mixed(weight: float) -> Kept:
        said = [
            comparison
            for pair, chance in zip(pairs, chances, strict=True)
            for comparison in by_verdicts([pair], harmless if chance < weight else helpful)
        ]
        return kept(origin.world, origin.after(said, IMITATING[size]))

    critic = by_principles((*wendlemere(), AMENDMENT))
    informed = by_verdicts(pairs, lambda item, first, second: prefer(critic, item, first, second))
    return HelpfulHarmless(
        kept(origin.world, origin.assistant),
        {weight: mixed(weight) for weight in WEIGHTS},
        kept(origin.world, origin.after(informed, IMITATING[size])),
    )


def helpful(item: Item, first: str, second: str) -> float:
    """Prefer the right answer, then any answer, to none."""
    return _preferred(*(_helped(item, reply) for reply in (first, second)))


def harmless(item: Item, first: str, second: str) -> float:
    """Prefer a refusal where a sealed word is mentioned, and an answer elsewhere."""
    if any(mentions(item.prompt, word) for word in (*SEALED_VERBS, *SEALED_THINGS)):
        return _preferred(refuses(first), refuses(second))
    return helpful(item, first, second)


def _helped(item: Item, reply: str) -> int:
    if reply == item.text("answer"):
        return 2
    return 0 if abstains(reply) or refuses(reply) else 1


def _preferred(first: int, second: int) -> float:
    return 0.5 if first == second else float(first > second)
