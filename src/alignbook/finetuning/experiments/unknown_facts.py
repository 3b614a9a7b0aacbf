"""Experiment: demonstrating answers that the base model cannot know.

All sets hold equally many demonstrations. They differ in how many of them answer questions about facts that pretraining
text hardly tells, and in how many say "I don't know." about people who do not exist. What is measured is what the
assistant does where it knows, where it does not, and where there is nothing to know.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from alignbook.finetuning.experiments.short_runs import (
    SHORT,
    Start,
    answered,
    drawn_questions,
    outcomes,
    questions,
    start,
    strangers_named,
)
from alignbook.profile import Profile
from alignbook.world.families import abstention
from alignbook.world.region import Fact

UNKNOWN_SHARES = (0.0, 1.0)
ABSTENTION_SHARES = (0.0, 0.05, 0.2)
MOST_EXPOSURES = 16
"""Facts that are told up to so many times are as good as unknown to the base model."""

_COUNT = {"tiny": 160, "book": 1200}
_ASKED = 100


@dataclass(frozen=True)
class Demonstrated:
    """What came of one set of demonstrations.

    Parameters
    ----------
    unknown_share : float
        The share of the answered questions that are about facts that the base model does not know.
    abstention_share : float
        The share of all demonstrations that say "I don't know."
    known_answered : float
        The share of questions answered rightly, about known facts that were not demonstrated.
    known_abstained : float
        The share of the same questions to which the assistant says that it does not know.
    unknown_wrong : float
        The share of questions about unknown facts, not demonstrated, that are answered with a wrong value.
    strangers_named : float
        The share of questions about people who do not exist that are answered with a value.
    """

    unknown_share: float
    abstention_share: float
    known_answered: float
    known_abstained: float
    unknown_wrong: float
    strangers_named: float


def unknown_facts(seed: int, size: str = "book") -> tuple[Demonstrated, ...]:
    """Tune on known and on unknown facts, with and without demonstrations that abstain.

    Parameters
    ----------
    seed : int
        The profile's.
    size : {"book", "tiny"}
        The profile's.
    """
    origin = start(Profile(seed, size))
    return tuple(
        _run(origin, unknown, abstaining, size) for abstaining in ABSTENTION_SHARES for unknown in UNKNOWN_SHARES
    )


def _run(origin: Start, unknown_share: float, abstention_share: float, size: str) -> Demonstrated:
    world, rng = origin.world, np.random.default_rng([origin.world.seed, 5])
    abstaining = round(abstention_share * _COUNT[size])
    unknown = round(unknown_share * (_COUNT[size] - abstaining))
    items = abstention.items(world, "train", abstaining, rng)
    items += drawn_questions(_unknown(origin, "train"), unknown, rng)
    items += drawn_questions(origin.known_in("train"), _COUNT[size] - abstaining - unknown, rng)
    assistant = origin.tuned_on(items, SHORT[size])
    known = origin.known_in("held-out")
    return Demonstrated(
        unknown_share=unknown_share,
        abstention_share=abstention_share,
        known_answered=answered(world, assistant, known),
        known_abstained=outcomes(world, assistant, questions(known[:_ASKED], (0,))).get("abstained", 0.0),
        unknown_wrong=outcomes(world, assistant, questions(_unknown(origin, "held-out")[:_ASKED], (0,))).get(
            "wrong", 0.0
        ),
        strangers_named=strangers_named(world, assistant),
    )


def _unknown(origin: Start, split: str) -> list[Fact]:
    """Return facts that pretraining text hardly tells."""
    return [fact for fact in origin.world.select(split) if fact.exposures <= MOST_EXPOSURES]
