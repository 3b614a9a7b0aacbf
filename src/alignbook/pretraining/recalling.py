"""What a base model recalls: it continues the beginning of a statement, and the world knows whether it is right."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from alignbook.pretraining.language_model import LanguageModel
from alignbook.world.families import recall
from alignbook.world.items import Item
from alignbook.world.region import Fact, World

LONGEST_VALUE = 12
"""Tokens that the longest value takes, with room to spare."""


def completes(world: World, model: LanguageModel, items: Sequence[Item]) -> list[bool]:
    """Tell for each beginning of a statement whether the model completes it rightly, with the most probable tokens.

    Parameters
    ----------
    world : World
        The world.
    model : LanguageModel
        The model.
    items : sequence of Item
        Completions of the family ``recall``.
    """
    written = model.complete([item.prompt for item in items], max_new_tokens=LONGEST_VALUE)
    return [recall.grade(world, item, text).score == 1 for item, text in zip(items, written, strict=True)]


def recalled_facts(world: World, model: LanguageModel, templates: Sequence[int] = (0, 1, 2, 3)) -> dict[Fact, float]:
    """Return for each fact in what share of its paraphrases the model states it.

    Parameters
    ----------
    world : World
        The world.
    model : LanguageModel
        The model.
    templates : sequence of int
        The paraphrases; those of pretraining where they are not given.
    """
    items = [recall.completion(fact, template, "complete") for fact in world.facts for template in templates]
    right = np.reshape(completes(world, model, items), (len(world.facts), len(templates)))
    return dict(zip(world.facts, right.mean(axis=1).tolist(), strict=True))


def by_exposure(world: World, recalled: dict[Fact, float]) -> dict[int, float]:
    """Return the mean of a number of each fact for each number of exposures, the rarest first."""
    tiers = sorted({fact.exposures for fact in world.facts})
    return {
        tier: float(np.mean([number for fact, number in recalled.items() if fact.exposures == tier])) for tier in tiers
    }
