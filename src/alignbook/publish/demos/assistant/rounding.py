"""What a byte a weight costs: the same questions and statements, before and after rounding."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from alignbook.finetuning.assistant import Assistant
from alignbook.pretraining.language_model import LanguageModel
from alignbook.pretraining.recalling import recalled_facts
from alignbook.publish.demos.assistant.quantising import quantise
from alignbook.world.catalogue import FAMILIES
from alignbook.world.families import recall
from alignbook.world.region import World


@dataclass(frozen=True)
class Rounding:
    """The assistant before and after rounding. All are shares.

    Parameters
    ----------
    questions : int
        How many questions there are: about each held-out fact, in the four wordings of the demonstrations.
    answered, answered_rounded : float
        How many of them the tuned model answers rightly.
    same_replies : float
        How many replies are the same, letter for letter.
    recalled, recalled_rounded : float
        How many statements about all facts the base model completes rightly.
    """

    questions: int
    answered: float
    answered_rounded: float
    same_replies: float
    recalled: float
    recalled_rounded: float


def rounding(world: World, base: LanguageModel, tuned: LanguageModel) -> Rounding:
    """Ask the models, then ask what is left of them with a byte a weight.

    Parameters
    ----------
    world : World
        The world that they read about.
    base, tuned : LanguageModel
        The models, in full precision.
    """
    facts = [fact for fact in world.facts if fact.split == "held-out"]
    items = [recall.question(fact, template, fact.split) for fact in facts for template in range(4)]
    replies, rounded = (
        Assistant(model).reply([item.turns for item in items]) for model in (tuned, quantise(tuned).reference)
    )

    def right(given: list[str]) -> float:
        grade = FAMILIES["recall"].grade
        return float(np.mean([grade(world, item, reply).score for item, reply in zip(items, given, strict=True)]))

    return Rounding(
        questions=len(items),
        answered=right(replies),
        answered_rounded=right(rounded),
        same_replies=float(np.mean([one == other for one, other in zip(replies, rounded, strict=True)])),
        recalled=float(np.mean(list(recalled_facts(world, base).values()))),
        recalled_rounded=float(np.mean(list(recalled_facts(world, quantise(base).reference).values()))),
    )
