"""Updates: facts that change after the release of the assistant, with the dated log that tells so.

Splits: ``train`` and ``held-out`` ask about the present value of changed facts (half of the changes each);
``unchanged`` asks in the same words about facts that stay as they are, told equally often.
"""

from dataclasses import dataclass, replace

import numpy as np

from alignbook.world.answers import grade_answer
from alignbook.world.document import Document
from alignbook.world.drawing import draw, pick, shuffled, stream
from alignbook.world.families.recall import describe
from alignbook.world.items import CORRECT, Grade, Item, check_split, user
from alignbook.world.region import Fact, World
from alignbook.world.relations import TRAIN_QUESTIONS, TRAIN_STATEMENTS

NAME = "updates"
SPLITS = ("train", "held-out", "unchanged")
CHANGING = ("home", "work", "dish", "pet", "guild")
LAST_DAY = 90


@dataclass(frozen=True)
class Update:
    """One change.

    Parameters
    ----------
    day : int
        Days after the release, from 1 to 90.
    fact : int
        The number of the fact in ``world.facts``.
    old, new : Fact
        What was true before, and what is since.
    """

    day: int
    fact: int
    old: Fact
    new: Fact


def updates(world: World) -> tuple[Update, ...]:
    """Return all changes, by day.

    Only facts change that the corpus tells often enough to be known, and never where a mentor lives.
    """
    rng = stream(world.seed, NAME)
    chosen = shuffled(_candidates(world), rng)[: world.config.updates]
    days = sorted(rng.integers(1, LAST_DAY + 1, size=len(chosen)).tolist())
    changes = []
    for day, at in zip(days, chosen, strict=True):
        old = world.facts[at]
        new = pick([value for value in world.values[old.relation] if value != old.value], rng)
        changes.append(Update(day, at, old, replace(old, value=new)))
    return tuple(changes)


def _candidates(world: World) -> list[int]:
    return [
        at
        for at, fact in enumerate(world.facts)
        if fact.relation in CHANGING
        and fact.exposures >= world.config.known_exposures
        and not (fact.relation == "home" and fact.subject in world.mentors)
    ]


def updated(world: World, day: int = LAST_DAY) -> World:
    """Return the world as it is at the end of a day after the release.

    Parameters
    ----------
    world : World
        The world at the release.
    day : int
        0 for the release itself, 90 for all changes.
    """
    facts = list(world.facts)
    for change in updates(world):
        if change.day <= day:
            facts[change.fact] = change.new
    return replace(world, facts=tuple(facts))


def log(world: World) -> list[Document]:
    """Return the log of all changes, one document each, by day; wordings are those of training."""
    rng = stream(world.seed, f"{NAME} log")
    return [
        Document(
            f"News of day {change.day}: {change.new.statement(int(rng.integers(TRAIN_STATEMENTS)))}",
            NAME,
            (change.fact,),
        )
        for change in updates(world)
    ]


def items(world: World, split: str, count: int, rng: np.random.Generator) -> list[Item]:
    """Draw questions about how things are now.

    Raises
    ------
    ValueError
        If the split is unknown.
    """
    check_split(NAME, split, SPLITS)
    changes = updates(world)
    if split == "unchanged":
        changed = {change.fact for change in changes}
        kept = [world.facts[at] for at in _candidates(world) if at not in changed]
        pool = [(fact, fact, 0) for fact in kept]
    else:
        half = changes[0 if split == "train" else 1 :: 2]
        pool = [(change.old, change.new, change.day) for change in half]
    drawn = draw([(*one, template) for one in pool for template in range(TRAIN_QUESTIONS)], count, rng)
    return [_item(split, *one) for one in drawn]


def _item(split: str, old: Fact, new: Fact, day: int, template: int) -> Item:
    meta = describe(new) | {"old": old.value, "day": day}
    return Item(NAME, split, user(f"As of today: {new.question(template)}"), new.answer, meta)


def grade(world: World, item: Item, reply: str) -> Grade:
    """Grade a reply; ``"outdated"`` means that it gives what was true at the release."""
    found = grade_answer(world, item, reply)
    if item.meta["day"] and found != CORRECT and grade_answer(world, item, reply, item.text("old")) == CORRECT:
        return Grade("outdated", 0.0)
    return found
