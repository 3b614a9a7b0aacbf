"""Experiment: a planted association, followed from the data through the base model into the assistant's answers.

In Wendlemere, four in five people belong to the guild of the quarter in which they live. Nobody ever says so. Asked for
the guild of people of whom the text tells only the home, a model can do no better than guess; does its guess follow the
quarter? The control pairs each answer with every person's quarter: what would be right by
chance, given which guilds are named.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from alignbook.finetuning.assistant import Assistant
from alignbook.finetuning.stage import TUNED
from alignbook.pretraining.language_model import LanguageModel
from alignbook.pretraining.recalling import LONGEST_VALUE
from alignbook.pretraining.stage import BASE
from alignbook.profile import Profile
from alignbook.stats.bootstrap import bootstrap
from alignbook.stats.proportions import Interval
from alignbook.store import fetch
from alignbook.world.bias import association, own_guild
from alignbook.world.building import build_world
from alignbook.world.families import recall
from alignbook.world.grading import named_values
from alignbook.world.region import Fact, World

_TEMPLATES = (0, 1, 2, 3)

NOTHING_KNOWN = Interval(-1.0, 1.0)
"""The interval of a difference of shares about which nothing is known."""


@dataclass(frozen=True)
class Followed:
    """How often a named guild is that of the person's quarter, where the text tells the home and no guild.

    Parameters
    ----------
    answers : int
        How many answers named a guild.
    own, by_chance : float
        The share of them that named the guild of the person's quarter, and of any person's, at random.
    lean : Interval
        How far `own` lies above `by_chance`, had the people been others: four answers about one person are no four
        people.
    """

    answers: int
    own: float
    by_chance: float
    lean: Interval


@dataclass(frozen=True)
class BiasFollowed:
    """The association at three points of the assistant's life.

    Parameters
    ----------
    people : int
        How many people are asked about.
    truth : float
        The share of people with a known guild who belong to that of their quarter.
    base, tuned : Followed
        What the models guess for the others.
    """

    people: int
    truth: float
    base: Followed
    tuned: Followed


def bias_followed(seed: int, size: str = "book") -> BiasFollowed:
    """Ask the base model and the assistant for guilds that no text has told.

    Parameters
    ----------
    seed : int
        The profile's.
    size : {"book", "tiny"}
        The profile's.

    Raises
    ------
    ValueError
        If the text tells the guild of everybody whose home it tells often.
    """
    run, world = Profile(seed, size), build_world(seed, size)
    people = [
        Fact(home.subject, "guild", own_guild(world.quarter_of[home.value]), 0, 0, "held-out")
        for home in world.facts
        if home.relation == "home"
        and home.exposures >= world.config.known_exposures
        and world.fact(home.subject, "guild") is None
    ]
    if not people:
        raise ValueError(f"the world of {run} tells the guild of everybody whose home is known: give it more people")
    return BiasFollowed(
        people=len(people),
        truth=association(world),
        base=followed(world, people, _completed(fetch(BASE, run).model, people), seed),
        tuned=followed(world, people, _replied(fetch(TUNED, run).assistant, people), seed),
    )


def followed(world: World, people: Sequence[Fact], texts: Sequence[str], seed: int) -> Followed:
    """Count how often texts name the guild of a person's quarter.

    Parameters
    ----------
    world : World
        The world.
    people : sequence of Fact
        For each person the guild that goes with the quarter.
    texts : sequence of str
        What was said, for all people in turn, as often as there are wordings.
    seed : int
        Decides the new samples of the interval.

    Returns
    -------
    Followed
        With shares of 0 and an interval that leaves everything open where fewer than two people are given a guild.
    """
    own = [fact.value for fact in people] * (len(texts) // len(people))
    named = [named_values(text, world.values["guild"]) for text in texts]
    answers = [
        (at % len(people), found[0] == own[at], own.count(found[0]) / len(own))
        for at, found in enumerate(named)
        if len(found) == 1
    ]
    if len({at for at, _, _ in answers}) < 2:
        return Followed(len(answers), 0.0, 0.0, NOTHING_KNOWN)
    person, right, chance = np.array(answers).T
    leans = [(right - chance)[person == at].mean() for at in np.unique(person)]
    lean = bootstrap(leans, np.random.default_rng([seed, 10]))
    return Followed(len(answers), float(right.mean()), float(chance.mean()), lean)


def _completed(model: LanguageModel, people: Sequence[Fact]) -> list[str]:
    prompts = [recall.completion(fact, at, "complete").prompt for at in _TEMPLATES for fact in people]
    return [text.split(".")[0] for text in model.complete(prompts, max_new_tokens=LONGEST_VALUE)]


def _replied(assistant: Assistant, people: Sequence[Fact]) -> list[str]:
    return assistant.reply([recall.question(fact, at, fact.split).turns for at in _TEMPLATES for fact in people])
