"""What the stages of our own assistant took and gave: examples, tokens, operations, computed from what was trained."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from alignbook.finetuning.assistant import grade_replies
from alignbook.finetuning.chat_template import ChatTemplate
from alignbook.finetuning.stage import TUNED, shown_demonstrations
from alignbook.finetuning.tuning import demonstration_batches
from alignbook.pretraining.stage import BASE, documents
from alignbook.profile import Profile
from alignbook.store import fetch
from alignbook.world.building import build_world
from alignbook.world.catalogue import FAMILIES
from alignbook.world.families import recall

TRAINING = 6
"""Operations for each parameter and token that is learned from: two forward, four backward (Kaplan et al. 2020)."""

WRITING = 2
"""Operations for each parameter and token that is only read or written."""


@dataclass(frozen=True)
class Cost:
    """What a stage took.

    Parameters
    ----------
    stage : str
        Its name.
    kind : str
        What an example is: ``"documents"``, ``"demonstrations"``, …
    examples, tokens : int
        How many different ones there were, and how many tokens passed through a model, repetitions included.
    operations : float
        How many additions and multiplications that took, about.
    """

    stage: str
    kind: str
    examples: int
    tokens: int
    operations: float


def pretraining_cost(run: Profile) -> Cost:
    """Return what pretraining took."""
    base, read = fetch(BASE, run), documents(run, BASE.config(run).question_answer_share)
    tokens = base.run.steps * base.run.tokens_per_step
    parameters = base.model.transformer.parameters.flat.size
    return Cost("Pretrain", "documents", len(read), tokens, float(TRAINING * parameters * tokens))


def tuning_cost(run: Profile) -> Cost:
    """Return what fine-tuning took; the text that it reads again beside the demonstrations is counted in the tokens."""
    tuned, config = fetch(TUNED, run), TUNED.config(run)
    shown, training = shown_demonstrations(run, config), config.training
    batch = demonstration_batches(shown, ChatTemplate(tuned.model.tokenizer), training.batch_size, run.seed)
    shapes = np.array([batch(step).ids.shape for step in range(training.steps)])
    rows = shapes[:, 0] + (np.maximum(1, shapes[:, 0] // 2) if training.replay else 0)
    tokens = int((rows * shapes[:, 1]).sum())
    parameters = tuned.model.transformer.parameters.flat.size
    return Cost("Fine-tune", "demonstrations", len(shown), tokens, float(TRAINING * parameters * tokens))


def bits_a_token(run: Profile) -> tuple[float, float]:
    """Return the base model's surprise at the beginning of its training and at the end, in bits a token."""
    losses = fetch(BASE, run).run.losses
    return float(losses[0] / np.log(2)), float(losses[-50:].mean() / np.log(2))


def answers_right(run: Profile, questions: int = 200) -> tuple[float, float]:
    """Return which share of questions that no demonstration answered the base model and the tuned one answer.

    Parameters
    ----------
    run : Profile
        Seed and size.
    questions : int
        How many, about facts of all kinds, told often or seldom.
    """
    world = build_world(run.seed, run.size)
    items = recall.items(world, "held-out", questions, np.random.default_rng([run.seed, 13]))
    written = fetch(BASE, run).model.complete([item.prompt for item in items], max_new_tokens=24)
    grade = FAMILIES["recall"].grade
    base = [grade(world, item, text.split(".")[0]).score for item, text in zip(items, written, strict=True)]
    tuned = [found.score for found in grade_replies(world, fetch(TUNED, run).assistant, items)]
    return float(np.mean(base)), float(np.mean(tuned))
