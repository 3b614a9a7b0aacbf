"""Texts to try on the assistant, chosen by the world and not by how well it does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from alignbook.publish.demos.assistant.demo import Voice, answers
from alignbook.world.families import recall
from alignbook.world.passport import passport
from alignbook.world.region import Fact, World


def told_most(world: World) -> list[Fact]:
    """Where people live, of those homes that no demonstration asked for: those told most often first."""
    homes = world.select("held-out", "home")
    return sorted(homes, key=lambda fact: (fact.exposures, fact.subject), reverse=True)


def prompts(world: World) -> tuple[str, ...]:
    """Return a question, the beginning of the sentence that would answer it, and what else the passport asks."""
    first = told_most(world)[0]
    probes = {probe.about: probe.item.prompt for probe in passport(world)}
    others = ("a greeting", "a stranger", "a wrong claim by the user", "a sealed request", "its look-alike")
    return (first.question(0), first.prefix(0), *(probes[about] for about in others))


def answered(world: World, voices: Sequence[Voice], count: int = 50, *, begun: bool = False) -> Mapping[str, float]:
    """Ask every voice, rounded as the page has it, where people live; return the share that each answers rightly.

    Parameters
    ----------
    world : World
        The world.
    voices : sequence of Voice
        The models.
    count : int
        How many homes to ask for, of those told most often.
    begun : bool
        Whether the sentence that would answer is begun, instead of the question being asked.
    """
    put = recall.completion if begun else recall.question
    items = [put(fact, 0, fact.split) for fact in told_most(world)[:count]]
    asked = [item.prompt for item in items]
    shares = {}
    for voice in voices:
        firsts = [text.strip().split("\n")[0] for text in answers(voice, asked)]
        grades = [recall.grade(world, item, text) for item, text in zip(items, firsts, strict=True)]
        shares[voice.title] = float(np.mean([grade.score for grade in grades]))
    return shares
