"""Recall: the facts of the world, asked as questions or as sentences to be completed.

Splits: ``train`` (facts and questions that training text may use), ``held-out`` (other facts, the same questions),
``held-out-templates`` (other facts, other questions), ``anchor`` (facts kept for trusted raters),
``complete`` (beginnings of the four statements that pretraining text uses, all facts) and ``complete-held-out``
(beginnings of the other two).
"""

from collections.abc import Sequence

import numpy as np

from alignbook.world.answers import grade_answer
from alignbook.world.drawing import draw
from alignbook.world.items import Grade, Item, check_split, user
from alignbook.world.region import Fact, World
from alignbook.world.relations import RELATIONS, TRAIN_QUESTIONS, TRAIN_STATEMENTS

NAME = "recall"
SPLITS = ("train", "held-out", "held-out-templates", "anchor", "complete", "complete-held-out")


def items(world: World, split: str, count: int, rng: np.random.Generator) -> list[Item]:
    """Draw questions with their answers, or beginnings of statements with their values.

    Parameters
    ----------
    world : World
        The world.
    split : str
        One of `SPLITS`.
    count : int
        How many; no pair of fact and template comes twice before every one came once.
    rng : numpy.random.Generator
        The source of randomness.

    Raises
    ------
    ValueError
        If the split is unknown.
    """
    check_split(NAME, split, SPLITS)
    if split.startswith("complete"):
        templates = range(TRAIN_STATEMENTS) if split == "complete" else range(TRAIN_STATEMENTS, 6)
        return [completion(fact, template, split) for fact, template in _draw(world.facts, templates, count, rng)]
    templates = range(TRAIN_QUESTIONS, 6) if split == "held-out-templates" else range(TRAIN_QUESTIONS)
    facts = world.select("held-out" if split == "held-out-templates" else split)
    return [question(fact, template, split) for fact, template in _draw(facts, templates, count, rng)]


def _draw(
    facts: Sequence[Fact], templates: Sequence[int], count: int, rng: np.random.Generator
) -> list[tuple[Fact, int]]:
    return draw([(fact, template) for fact in facts for template in templates], count, rng)


def question(fact: Fact, template: int, split: str) -> Item:
    """Ask for a fact; the reply is a sentence that ends with its value."""
    return Item(NAME, split, user(fact.question(template)), fact.answer, describe(fact) | {"form": "question"})


def completion(fact: Fact, template: int, split: str) -> Item:
    """Begin a statement of a fact; the reply is its value alone."""
    return Item(NAME, split, user(fact.prefix(template)), f"{fact.value}.", describe(fact) | {"form": "completion"})


def describe(fact: Fact) -> dict[str, str | int | float]:
    """Return what an item about a fact says about it."""
    return {
        "subject": fact.subject,
        "relation": fact.relation,
        "value": fact.value,
        "tier": fact.tier,
        "exposures": fact.exposures,
        "kind": RELATIONS[fact.relation].kind,
    }


def prior_accuracy(world: World, relation: str) -> float:
    """Return how often the commonest value of a relation would be right: what a guess can reach.

    Parameters
    ----------
    world : World
        The world.
    relation : str
        The name of a relation.

    Raises
    ------
    ValueError
        If the world has no such relation.
    """
    if relation not in RELATIONS:
        raise ValueError(f"relation must be one of {', '.join(RELATIONS)}, got {relation!r}")
    values = [fact.value for fact in world.facts if fact.relation == relation]
    return max(values.count(value) for value in values) / len(values)


def grade(world: World, item: Item, reply: str) -> Grade:
    """Grade a reply: it should name the value, bare or in a sentence, and no other value of the relation.

    A completion is read up to its first full stop, since a model that completes text goes on.
    """
    if item.meta["form"] == "completion":
        reply = reply.split(".")[0]
    return grade_answer(world, item, reply)
