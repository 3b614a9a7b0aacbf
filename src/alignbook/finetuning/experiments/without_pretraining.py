"""Experiment: the same demonstrations, shown to a model that has read nothing before.

If demonstrations taught what the answers are, a model that starts from random numbers would do as well as the tuned
base model. It is given a head start: no part of its loss goes to replay, and its learning rate is that of pretraining.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from alignbook.finetuning.assistant import Assistant
from alignbook.finetuning.experiments.short_runs import Start, answered, questions, start
from alignbook.finetuning.stage import TUNED, shown_demonstrations
from alignbook.finetuning.tuning import tune
from alignbook.nn.transformer import Transformer, initial_parameters
from alignbook.pretraining.language_model import LanguageModel
from alignbook.pretraining.stage import TRAINING
from alignbook.profile import Profile
from alignbook.store import fetch
from alignbook.world.families.recall import prior_accuracy
from alignbook.world.items import Item
from alignbook.world.region import Fact, World


@dataclass(frozen=True)
class Answers:
    """What one assistant does with questions about facts that the base model firmly recalls.

    Parameters
    ----------
    demonstrated, held_out : float
        The share that it answers rightly, about facts that were demonstrated and about those that were not.
    in_form : float
        The share of replies to held-out questions that are a sentence about the right subject and relation, true or
        not.
    example : str
        Its reply to one of them.
    """

    demonstrated: float
    held_out: float
    in_form: float
    example: str


@dataclass(frozen=True)
class WithoutPretraining:
    """Two assistants that saw the same demonstrations.

    Parameters
    ----------
    demonstrations : int
        How many.
    pretrained, scratch : Answers
        The book's assistant, and the one that began with random numbers.
    guess : float
        What always naming the commonest value would reach on the held-out questions.
    question : str
        The question that the examples answer.
    """

    demonstrations: int
    pretrained: Answers
    scratch: Answers
    guess: float
    question: str


def without_pretraining(seed: int, size: str = "book") -> WithoutPretraining:
    """Tune a model that has read nothing, and compare it with the assistant.

    Parameters
    ----------
    seed : int
        The profile's.
    size : {"book", "tiny"}
        The profile's.
    """
    run = Profile(seed, size)
    origin, shown = start(run), shown_demonstrations(run, TUNED.config(run))
    asked = origin.known_in("held-out")
    return WithoutPretraining(
        demonstrations=len(shown),
        pretrained=_answers(origin, fetch(TUNED, run).assistant),
        scratch=_answers(origin, _from_nothing(run, origin, shown)),
        guess=float(np.mean([prior_accuracy(origin.world, fact.relation) for fact in asked])),
        question=asked[0].question(0),
    )


def _from_nothing(run: Profile, origin: Start, shown: Sequence[Item]) -> Assistant:
    """Tune a model that starts with random numbers."""
    size = origin.base.transformer.config
    course = replace(TUNED.config(run).training, replay=0.0, learning_rate=TRAINING[run.size].learning_rate)
    empty = Transformer(size, initial_parameters(size, np.random.default_rng([run.seed, 3])))
    blank = LanguageModel(origin.base.tokenizer, empty)
    return Assistant(tune(blank, shown, course, run.seed)[0])


def _answers(origin: Start, assistant: Assistant) -> Answers:
    held_out = origin.known_in("held-out")
    return Answers(
        demonstrated=answered(origin.world, assistant, origin.known_in("train")),
        held_out=answered(origin.world, assistant, held_out),
        in_form=_in_form(origin.world, assistant, held_out),
        example=assistant.ask(held_out[0].question(0)),
    )


def _in_form(world: World, assistant: Assistant, facts: Sequence[Fact]) -> float:
    """Return the share of replies that state something, true or not, about what the question is about."""
    claims = [world.parse(reply) for reply in assistant.reply([item.turns for item in questions(facts, (0,))])]
    right = [
        claim is not None and (claim.subject, claim.relation) == (fact.subject, fact.relation)
        for claim, fact in zip(claims, facts, strict=True)
    ]
    return float(np.mean(right))
