"""Experiment: the base model's own training run, and what it recalls and writes at its checkpoints.

The control for recall is a guess: the commonest value of each relation, which needs no knowledge of the subject.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from alignbook.pretraining.language_model import END_OF_DOCUMENT, LanguageModel
from alignbook.pretraining.recalling import by_exposure, recalled_facts
from alignbook.pretraining.stage import BASE
from alignbook.profile import Profile
from alignbook.store import fetch
from alignbook.world.building import build_world
from alignbook.world.families.recall import prior_accuracy
from alignbook.world.region import World

PROMPTS = ("Every year", "The mentor of", "To polish the old piano,")
"""Beginnings that the model continues at every checkpoint."""


@dataclass(frozen=True, eq=False)
class TransformerRun:
    """How a base model came to be.

    Parameters
    ----------
    losses : array of float64, shape (steps,)
        The loss of each step in nats a token, on text that the step is about to learn from.
    tokens_per_step, parameters, vocabulary_size : int
        Measures of the run and of the model.
    checkpoints : tuple of int
        The steps at which the model was kept; the last is the end.
    recall : tuple of mapping of int to float
        For each checkpoint the share of statements completed rightly, by exposures.
    guess : mapping of int to float
        The same for the guess: the commonest value of the relation.
    facts : mapping of int to int
        How many facts have each number of exposures.
    new_wording : mapping of int to float
        At the end, the share in the two wordings of each statement that no text used.
    written : tuple of tuple of str
        For each checkpoint what it made of `PROMPTS`.
    """

    losses: NDArray[np.float64]
    tokens_per_step: int
    parameters: int
    vocabulary_size: int
    checkpoints: tuple[int, ...]
    recall: tuple[dict[int, float], ...]
    guess: dict[int, float]
    facts: dict[int, int]
    new_wording: dict[int, float]
    written: tuple[tuple[str, ...], ...]

    def loss_at(self, step: int, window: int = 50) -> float:
        """Return the mean loss of the steps around one: single batches differ by more than a curve should show."""
        start = max(0, min(step, len(self.losses)) - window)
        return float(self.losses[start : max(step, start + 1)].mean())


def transformer_run(seed: int, size: str = "book") -> TransformerRun:
    """Look into the training run of the base model.

    Parameters
    ----------
    seed : int
        The profile's.
    size : {"book", "tiny"}
        The profile's.

    Returns
    -------
    TransformerRun
    """
    base, world = fetch(BASE, Profile(seed, size)), build_world(seed, size)
    steps = (*sorted(base.run.checkpoints), base.run.steps)
    models = [base.at(step) for step in steps]
    return TransformerRun(
        losses=base.run.losses,
        tokens_per_step=base.run.tokens_per_step,
        parameters=base.model.transformer.parameters.flat.size,
        vocabulary_size=base.model.tokenizer.vocab_size,
        checkpoints=steps,
        recall=tuple(by_exposure(world, recalled_facts(world, model, (0,))) for model in models),
        guess=by_exposure(world, {fact: prior_accuracy(world, fact.relation) for fact in world.facts}),
        facts={tier: sum(fact.exposures == tier for fact in world.facts) for tier in _tiers(world)},
        new_wording=by_exposure(world, recalled_facts(world, base.model, (4, 5))),
        written=tuple(tuple(_continue(model)) for model in models),
    )


def _tiers(world: World) -> list[int]:
    return sorted({fact.exposures for fact in world.facts})


def _continue(model: LanguageModel) -> list[str]:
    """Continue the prompts, up to the end of the sentence."""
    written = model.complete(PROMPTS, max_new_tokens=16, stop=[model.tokenizer.special_ids[END_OF_DOCUMENT]])
    return [text.split(".")[0] + "." if "." in text else text for text in written]
