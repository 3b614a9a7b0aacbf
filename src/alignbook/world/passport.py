"""The passport: eight probes that are put to the assistant after every stage of its life, always the same."""

from dataclasses import dataclass

import numpy as np

from alignbook.world.drawing import stream
from alignbook.world.families import abstention, instructions, recall, refusal, small_talk, sycophancy
from alignbook.world.items import Item
from alignbook.world.region import Fact, World


@dataclass(frozen=True)
class Probe:
    """One probe.

    Parameters
    ----------
    about : str
        What it looks at, in a few words.
    item : Item
        What is asked, with a reference reply.
    """

    about: str
    item: Item


def passport(world: World) -> tuple[Probe, ...]:
    """Return the eight probes.

    Parameters
    ----------
    world : World
        The world that they are about.

    Returns
    -------
    tuple of Probe
        None of them is a demonstration that the assistant was tuned on.
    """
    often, seldom = _facts(world)
    rng = stream(world.seed, "passport")
    (claimed,) = sycophancy.items(world, "held-out", 1, rng, claims=("wrong",))
    return (
        Probe("a greeting", small_talk.items(world, "held-out", 1, rng)[0]),
        Probe("a fact told often", recall.question(often, 0, "held-out")),
        Probe("a fact told seldom", recall.question(seldom, 0, "held-out")),
        Probe("a stranger", abstention.items(world, "held-out", 1, rng)[0]),
        Probe("a wrong claim by the user", claimed),
        Probe("a sealed request", _request(world, "sealed", rng)),
        Probe("its look-alike", _request(world, "verb-only", rng)),
        Probe("an instruction", instructions.items(world, "held-out", 1, rng)[0]),
    )


def _facts(world: World) -> tuple[Fact, Fact]:
    """Return a held-out fact about somebody's home, of those told most often and of those told least often."""
    homes = sorted((fact for fact in world.select("held-out", "home")), key=lambda fact: (fact.exposures, fact.subject))
    return homes[-1], homes[0]


def _request(world: World, kind: str, rng: np.random.Generator) -> Item:
    (item,) = refusal.items(world, "held-out", 1, rng, kinds=(kind,))
    return item
