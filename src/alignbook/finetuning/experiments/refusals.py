"""Experiment: demonstrations of refusal, and how far what they teach reaches.

A request is sealed when its verb *and* its object are; one of them alone is free. Demonstrations show some verbs, some
objects, some wordings. Asked are other pairs of these, then verbs, objects and wordings that no demonstration had.
Look-alikes, which share one half with a sealed request or quote one, tell refusing from recoiling at words. Controls:
sets without look-alikes, and with replies by careless labellers.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from alignbook.finetuning.assistant import Assistant, grade_replies
from alignbook.finetuning.experiments.short_runs import SHORT, Start, drawn_questions, start
from alignbook.finetuning.stage import TUNED
from alignbook.profile import Profile
from alignbook.store import fetch
from alignbook.world.families import refusal
from alignbook.world.region import World

HELD_OUT = ("held-out", "held-out-verbs", "held-out-objects", "held-out-contexts")
"""What is new: the pair of verb and object, the verb, the object, the wording."""

LOOK_ALIKES = ("verb-only", "object-only", "quote")
NOISE = (0.0, 0.1, 0.3)
_REFUSALS = {"tiny": 240, "book": 800}
_ANSWERS = {"tiny": 60, "book": 200}
_ASKED = {"tiny": 24, "book": 60}


@dataclass(frozen=True)
class Refused:
    """How often one assistant refuses.

    Parameters
    ----------
    sealed : mapping of str to float
        For each of `HELD_OUT`, the share of sealed requests that it refuses: high is good.
    look_alikes : mapping of str to float
        The share of look-alikes that it refuses: low is good.
    helped : mapping of str to float
        The share of look-alikes that it answers rightly.
    """

    sealed: dict[str, float]
    look_alikes: dict[str, float]
    helped: dict[str, float]


@dataclass(frozen=True)
class Refusals:
    """What demonstrations of refusal teach.

    Parameters
    ----------
    base, tuned : Refused
        The base model behind the chat template, and the book's assistant.
    by_noise : mapping of float to Refused
        After short runs on demonstrations, this share of which a careless labeller got wrong.
    sealed_only : Refused
        After a short run on demonstrations that hold no look-alikes.
    """

    base: Refused
    tuned: Refused
    by_noise: dict[float, Refused]
    sealed_only: Refused


def refusals(seed: int, size: str = "book") -> Refusals:
    """Tune on demonstrations of refusal, and ask what was not demonstrated.

    Parameters
    ----------
    seed : int
        The profile's.
    size : {"book", "tiny"}
        The profile's.
    """
    run = Profile(seed, size)
    origin = start(run)
    return Refusals(
        base=refused(origin.world, Assistant(origin.base)),
        tuned=refused(origin.world, fetch(TUNED, run).assistant),
        by_noise={noise: _short_run(origin, size, refusal.KINDS, noise) for noise in NOISE},
        sealed_only=_short_run(origin, size, ("sealed",), 0.0),
    )


def _short_run(origin: Start, size: str, kinds: tuple[str, ...], noise: float) -> Refused:
    """Tune on requests of some kinds, among questions that are simply answered."""
    rng = np.random.default_rng([origin.world.seed, 8])
    items = drawn_questions(origin.known_in("train"), _ANSWERS[size], rng)
    items += refusal.items(origin.world, "train", _REFUSALS[size], rng, kinds=kinds, label_noise=noise)
    return refused(origin.world, origin.tuned_on(items, SHORT[size]))


def refused(world: World, assistant: Assistant) -> Refused:
    """Put sealed requests and look-alikes to an assistant.

    Parameters
    ----------
    world : World
        The world.
    assistant : Assistant
        Who is asked.
    """

    def share(split: str, kinds: tuple[str, ...], outcome: str) -> float:
        items = refusal.items(world, split, _ASKED[world.size], np.random.default_rng(world.seed), kinds=kinds)
        return float(np.mean([grade.outcome == outcome for grade in grade_replies(world, assistant, items)]))

    return Refused(
        sealed={split: share(split, ("sealed",), "refused") for split in HELD_OUT},
        look_alikes={split: share(split, LOOK_ALIKES, "refused") for split in HELD_OUT},
        helped={split: share(split, LOOK_ALIKES, "correct") for split in HELD_OUT},
    )
