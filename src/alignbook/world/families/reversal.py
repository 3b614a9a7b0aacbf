"""Reversal: text says who keeps a thing; the question is which thing somebody keeps.

Every thing has one keeper and every keeper one thing, and all text names the thing first. Splits: ``train`` and
``held-out`` ask backwards about every second keeper each; ``forward`` asks forwards about those that are held out,
as the control.
"""

import numpy as np

from alignbook.world.drawing import draw
from alignbook.world.families.recall import describe
from alignbook.world.grading import grade_value
from alignbook.world.items import Grade, Item, check_split, user
from alignbook.world.region import Fact, World
from alignbook.world.relations import TRAIN_QUESTIONS

NAME = "reversal"
SPLITS = ("train", "held-out", "forward")
QUESTIONS = ("Which thing does {v} keep?", "What is in the hands of {v}?", "Of what is {v} the keeper?")


def items(world: World, split: str, count: int, rng: np.random.Generator) -> list[Item]:
    """Draw questions about keepers.

    Raises
    ------
    ValueError
        If the split is unknown.
    """
    check_split(NAME, split, SPLITS)
    keepers = [fact for fact in world.facts if fact.relation == "keeper"][0 if split == "train" else 1 :: 2]
    if split == "forward":
        forward = [(fact, template) for fact in keepers for template in range(TRAIN_QUESTIONS)]
        return [_item(split, fact, fact.question(template), fact.value) for fact, template in draw(forward, count, rng)]
    backward = [(fact, question) for fact in keepers for question in QUESTIONS]
    return [
        _item(split, fact, question.format(v=fact.value), fact.subject) for fact, question in draw(backward, count, rng)
    ]


def _item(split: str, fact: Fact, question: str, value: str) -> Item:
    return Item(NAME, split, user(question), f"{value}.", describe(fact) | {"value": value, "fact_split": fact.split})


def grade(world: World, item: Item, reply: str) -> Grade:
    """Grade a reply: it should name the thing (or, asked forwards, the person), and no other."""
    values = world.values["keeper"] if item.split == "forward" else world.things
    return grade_value(reply, item.text("value"), values)
