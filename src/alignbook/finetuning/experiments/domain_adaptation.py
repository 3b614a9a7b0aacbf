"""Experiment: the assistant is made a specialist, by full tuning and by low-rank adapters; what does it forget?

The domain is Wendish, the world's second language: statements are to be put into it. Every run is looked at again and
again on its way. Methods are compared where they have learned *equally much* of the domain, by its held-out loss: at an
equal number of steps, the one that learns less would always seem to forget less. And each is tried at several learning
rates: a method that is compared at a bad rate is not compared. What is kept is measured twice, as answers to questions
that have nothing to do with the domain, and as statements completed, which shows whether the facts are still there.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from alignbook.finetuning.assistant import Assistant
from alignbook.finetuning.chat_template import ChatTemplate
from alignbook.finetuning.experiments.short_runs import answered
from alignbook.finetuning.stage import TUNED
from alignbook.finetuning.tuning import TuningConfig, tune
from alignbook.nn.batches import padded
from alignbook.nn.lora import initial_adapters, merged
from alignbook.nn.parameters import Parameters
from alignbook.nn.tape import Array
from alignbook.nn.trainer import Step
from alignbook.nn.transformer import Transformer
from alignbook.pretraining.language_model import LanguageModel
from alignbook.pretraining.recalling import completes, firmly_recalled
from alignbook.pretraining.stage import BASE
from alignbook.profile import Profile
from alignbook.store import fetch
from alignbook.world.building import build_world
from alignbook.world.families import recall, second_language
from alignbook.world.items import Item
from alignbook.world.region import Fact, World

METHODS = {
    "full": (0, (1e-4, 3e-4, 1e-3)),
    "LoRA, rank 2": (2, (1e-3, 2e-3, 5e-3)),
    "LoRA, rank 8": (8, (5e-4, 1e-3, 3e-3)),
}
"""For each method the rank of its adapters (0: all parameters), and learning rates to try."""

_COURSE = {
    "tiny": TuningConfig(steps=40, batch_size=16, learning_rate=1e-3, final=1.0),
    "book": TuningConfig(steps=120, batch_size=16, learning_rate=1e-3, final=1.0),
}
_LOOKS = {"tiny": 4, "book": 8}
_DEMONSTRATIONS = 800
_HELD_OUT = 100
_ASKED = {"tiny": 15, "book": 60}


@dataclass(frozen=True)
class Course:
    """One run, looked at on its way; the first entry of each list is before its first step.

    Parameters
    ----------
    method : str
        One of `METHODS`.
    learning_rate : float
        Its learning rate, the same from the end of the warm-up on.
    domain_loss : tuple of float
        Nats a token of held-out replies in the domain.
    answered : tuple of float
        The share of questions outside of the domain still answered rightly.
    recalled : tuple of float
        The share of statements of the same facts that the model still completes, put to it as to a base model.
    """

    method: str
    learning_rate: float
    domain_loss: tuple[float, ...]
    answered: tuple[float, ...]
    recalled: tuple[float, ...]

    def at(self, loss: float, kept: Sequence[float]) -> float:
        """Return what is kept where the run first reaches a domain loss, between two looks by a straight line.

        Parameters
        ----------
        loss : float
            The domain loss.
        kept : sequence of float
            `answered` or `recalled`.

        Returns
        -------
        float
            NaN where the run never gets there.
        """
        points = list(zip(self.domain_loss, kept, strict=True))
        for (before, held), (after, left) in pairwise(points):
            if after <= loss < before:
                return held + (left - held) * (before - loss) / (before - after)
        return float("nan")


@dataclass(frozen=True)
class DomainAdaptation:
    """What the runs forget.

    Parameters
    ----------
    courses : tuple of Course
        Every method with every learning rate.
    target : float
        The domain loss at which methods are compared: the lowest that all courses reach.
    answered, recalled : mapping of str to float
        For each method what it keeps there, at the learning rate that keeps most.
    """

    courses: tuple[Course, ...]
    target: float
    answered: dict[str, float]
    recalled: dict[str, float]


def domain_adaptation(seed: int, size: str = "book") -> DomainAdaptation:
    """Adapt the assistant to Wendish in several ways.

    Parameters
    ----------
    seed : int
        The profile's.
    size : {"book", "tiny"}
        The profile's.
    """
    run, world = Profile(seed, size), build_world(seed, size)
    tuned, rng = fetch(TUNED, run).model, np.random.default_rng([seed, 6])
    facts = [fact for fact in firmly_recalled(world, fetch(BASE, run).model) if fact.split == "held-out"][
        : _ASKED[size]
    ]
    items = second_language.items(world, "translate", _DEMONSTRATIONS, rng)
    held_out = second_language.items(world, "translate-held-out", _HELD_OUT, rng)
    courses = tuple(
        _course(
            world, tuned, items, held_out, facts, method, replace(_COURSE[size], learning_rate=rate, lora_rank=rank)
        )
        for method, (rank, rates) in METHODS.items()
        for rate in rates
    )
    return compared(courses)


def compared(courses: Sequence[Course]) -> DomainAdaptation:
    """Compare methods at the lowest domain loss that all courses reach: so no learning rate is left out.

    Parameters
    ----------
    courses : sequence of Course
        The runs; at least one of each method.

    Raises
    ------
    ValueError
        If a course learns nothing of the domain.
    """
    target = max(min(course.domain_loss) for course in courses)
    methods = list(dict.fromkeys(course.method for course in courses))
    if target >= min(course.domain_loss[0] for course in courses):
        raise ValueError(f"every course must lower the domain loss, one stays at {target:.3f}: give it more steps")
    answers, statements = dict[str, float](), dict[str, float]()
    for method in methods:
        own = [course for course in courses if course.method == method]
        answers[method] = max(course.at(target, course.answered) for course in own)
        statements[method] = max(course.at(target, course.recalled) for course in own)
    return DomainAdaptation(tuple(courses), target, answers, statements)


def _course(
    world: World,
    start: LanguageModel,
    items: Sequence[Item],
    held_out: Sequence[Item],
    facts: Sequence[Fact],
    method: str,
    config: TuningConfig,
) -> Course:
    """Tune once, and look at the model now and then on the way."""
    models = [start]

    def look(step: Step, state: Callable[[], dict[str, Array]]) -> None:
        if (step.number + 1) % (config.steps // _LOOKS[world.size]) == 0:
            models.append(_model_of(start, state()["parameters"], config, world.seed))

    tune(start, items, config, world.seed, callback=look)
    return Course(
        method,
        config.learning_rate,
        tuple(reply_loss(model, held_out) for model in models),
        tuple(answered(world, Assistant(model), facts) for model in models),
        tuple(_recalled(world, model, facts) for model in models),
    )


def _recalled(world: World, model: LanguageModel, facts: Sequence[Fact]) -> float:
    items = [recall.completion(fact, template, "complete") for fact in facts for template in (0, 1)]
    return float(np.mean(completes(world, model, items)))


def _model_of(start: LanguageModel, flat: Array, config: TuningConfig, seed: int) -> LanguageModel:
    """Return the model whose trained numbers, all of them or its adapters', are these."""
    size = start.transformer.config
    if not config.lora_rank:
        return LanguageModel(start.tokenizer, Transformer(size, Parameters(size.shapes, flat)))
    adapters = initial_adapters(size, config.lora_rank, np.random.default_rng(seed))
    adapters.flat[:] = flat
    return LanguageModel(start.tokenizer, merged(start.transformer, adapters, config.lora_scale))


def reply_loss(model: LanguageModel, items: Sequence[Item]) -> float:
    """Return the mean surprise of a model at the tokens of reference replies, in nats."""
    written = [ChatTemplate(model.tokenizer).demonstration(item.turns, item.reply) for item in items]
    batch = padded([ids for ids, _ in written], [learned for _, learned in written])
    return -float((model.transformer.logprobs(batch.ids, batch.targets) * batch.weights).sum())
