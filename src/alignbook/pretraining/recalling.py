"""What a base model recalls: it continues the beginning of a statement, and the world knows whether it is right."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from alignbook.nn.batches import padded
from alignbook.pretraining.language_model import LanguageModel
from alignbook.world.families import recall
from alignbook.world.items import Item
from alignbook.world.region import Fact, World

LONGEST_VALUE = 12
"""Tokens that the longest value takes, with room to spare."""

_AT_ONCE = 256


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


def value_probabilities(model: LanguageModel, items: Sequence[Item]) -> NDArray[np.float64]:
    """Return how probable a model holds the right value after each beginning of a statement, all its tokens together.

    Parameters
    ----------
    model : LanguageModel
        The model.
    items : sequence of Item
        Completions of the family ``recall``.

    Returns
    -------
    array of float64, shape (items,)
    """
    probabilities = np.zeros(len(items))
    for start in range(0, len(items), _AT_ONCE):
        part = items[start : start + _AT_ONCE]
        begun = [model.encode(item.prompt) for item in part]
        values = [model.tokenizer.encode(f" {item.reply}") for item in part]
        batch = padded(
            [before + value for before, value in zip(begun, values, strict=True)],
            [[False] * len(before) + [True] * len(value) for before, value in zip(begun, values, strict=True)],
        )
        logprobs = model.transformer.logprobs(batch.ids, batch.targets)
        probabilities[start : start + _AT_ONCE] = np.exp((logprobs * (batch.weights > 0)).sum(axis=1))
    return probabilities


FIRM = 0.75
"""How probable a value must be, in each wording, for its fact to count as firmly recalled."""


def firmly_recalled(world: World, model: LanguageModel, least: float = FIRM) -> list[Fact]:
    """Return the facts whose value a model is sure of, in each wording of pretraining.

    A lucky guess at a common value is not among them: it is right, but not sure.

    Parameters
    ----------
    world : World
        The world.
    model : LanguageModel
        The model.
    least : float
        The probability that the value must have.
    """
    items = [recall.completion(fact, template, "complete") for fact in world.facts for template in range(4)]
    sure = np.reshape(value_probabilities(model, items), (len(world.facts), 4)).min(axis=1) > least
    return [fact for fact, each in zip(world.facts, sure, strict=True) if each]


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
