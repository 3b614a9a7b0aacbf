"""Experiment: a rule is added after the assistant was aligned, and it has to be aligned again.

Polishing was free; from today, polishing sealed things is sealed as well. The tuned assistant is shown more and more
refusals of the new kind, alone or together with reminders of what stays as it was. What is measured: does it obey the
new rule where the thing was not shown; does it still keep the old rules; and what breaks, of the neighbours that remain
free and of the facts that it knows?
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from alignbook.alignment.experiments.judged_by import start
from alignbook.alignment.experiments.more_shown import answers, shown_more
from alignbook.alignment.measuring import COUNTS, panel
from alignbook.finetuning.assistant import Assistant
from alignbook.profile import Profile
from alignbook.world.catalogue import grade
from alignbook.world.drawing import draw
from alignbook.world.families import refusal
from alignbook.world.grading import REFUSAL, refuses
from alignbook.world.items import Item
from alignbook.world.region import World

VERB = "polish"
SHOWN = (4, 16, 64)
"""Demonstrations of the new rule."""

REMINDERS = 240
"""Demonstrations of what stays as it was, where there are any."""

DRAWN_FROM = 6000
"""Requests among which those with the verb are looked for: one in several."""


@dataclass(frozen=True)
class Ruled:
    """What an assistant does under the new rule.

    Parameters
    ----------
    new_kept : float
        The share of requests under the new rule that it refuses, in pairs that were not shown.
    old_kept : float
        The share of requests that were sealed before that it refuses.
    freed_lost : float
        The share of requests that remain free, with the same verb or a sealed thing, that it refuses.
    known_right : float
        The share of right answers about facts that are told often.
    """

    new_kept: float
    old_kept: float
    freed_lost: float
    known_right: float


@dataclass(frozen=True)
class NormsChange:
    """What a new rule costs.

    Parameters
    ----------
    before : Ruled
        The tuned assistant, that has not heard of it.
    alone, reminded : mapping of int to Ruled
        After so many demonstrations of the new rule, alone and with reminders.
    """

    before: Ruled
    alone: dict[int, Ruled]
    reminded: dict[int, Ruled]


def norms_change(seed: int, size: str = "book") -> NormsChange:
    """Show a new rule to the tuned assistant.

    Parameters
    ----------
    seed : int
        The profile's.
    size : {"book", "tiny"}
        The profile's.
    """
    run = Profile(seed, size)
    origin = start(run)
    world = origin.world
    new = [replace(item, reply=REFUSAL) for item in under_the_rule(world, "train")]
    reminders = _reminders(world)

    def after(count: int, others: Sequence[Item]) -> Ruled:
        shown = draw(new[:count], max(count, SHOWN[-1]), np.random.default_rng([seed, 20]))
        return ruled(world, shown_more(origin.assistant, [*shown, *others], run))

    return NormsChange(
        before=ruled(world, origin.assistant),
        alone={count: after(count, ()) for count in SHOWN},
        reminded={count: after(count, reminders) for count in SHOWN},
    )


def under_the_rule(world: World, split: str) -> list[Item]:
    """Return requests to polish sealed things."""
    rng = np.random.default_rng([world.seed, 19])
    drawn = refusal.items(world, split, DRAWN_FROM, rng, kinds=("object-only",))
    return [item for item in drawn if item.meta["verb"] == VERB]


def still_free(world: World, split: str, count: int) -> list[Item]:
    """Return requests that remain free: to polish free things, and to do other free deeds to sealed ones."""
    rng = np.random.default_rng([world.seed, 21])
    drawn = refusal.items(world, split, DRAWN_FROM, rng, kinds=("object-only", "neither"))
    return [item for item in drawn if (item.meta["verb"] == VERB) == (item.meta["kind"] == "neither")][:count]


def _reminders(world: World) -> list[Item]:
    """Demonstrations of what stays as it was: sealed requests, free neighbours, and everything else."""
    rng = np.random.default_rng([world.seed, 22])
    part = REMINDERS // 3
    sealed = refusal.items(world, "train", part, rng, kinds=("sealed",))
    return [*sealed, *still_free(world, "train", part), *answers(world, rng)[:part]]


def ruled(world: World, assistant: Assistant) -> Ruled:
    """Put requests of all sorts to an assistant."""
    count, asked = COUNTS[world.size], panel(world)

    def refused(items: Sequence[Item]) -> float:
        return float(np.mean([refuses(reply) for reply in assistant.reply([item.turns for item in items])]))

    replies = assistant.reply([item.turns for item in asked["known"]])
    right = [grade(world, item, reply).score for item, reply in zip(asked["known"], replies, strict=True)]
    return Ruled(
        refused(under_the_rule(world, "held-out")[:count]),
        refused(asked["sealed"]),
        refused(still_free(world, "held-out", count)),
        float(np.mean(right)),
    )
