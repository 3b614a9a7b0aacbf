"""How the assistant passes through pretraining: documents become a tokenizer, and then a base model."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from alignbook.nn.tape import Array
from alignbook.nn.trainer import Step
from alignbook.pretraining import language_model
from alignbook.pretraining.language_model import END_OF_DOCUMENT, LanguageModel
from alignbook.pretraining.training import PretrainingConfig, Run, pretrain, token_stream
from alignbook.profile import Profile
from alignbook.store import Progress, Recipe
from alignbook.text.bpe import BPE
from alignbook.world.building import build_world
from alignbook.world.corpus import corpus
from alignbook.world.items import ROLES

SPECIAL_TOKENS = (END_OF_DOCUMENT, *(f"<|{role}|>" for role in ROLES), "<|end-of-reply|>")
"""The base model knows the tokens of dialogues as well, and never reads one: tuning gives them their meaning."""

SHOWN_EVERY = 10
"""Steps between two movements of the progress bar."""


@dataclass(frozen=True)
class TokenizerConfig:
    """How the tokenizer is trained.

    Parameters
    ----------
    vocab_size : int
        How many tokens there are.
    """

    vocab_size: int


@dataclass(frozen=True)
class BaseConfig:
    """How the base model is trained.

    Parameters
    ----------
    training : PretrainingConfig
        Size and course.
    question_answer_share : float
        The share of documents that ask questions and answer them.
    """

    training: PretrainingConfig
    question_answer_share: float = 0.01


@dataclass(frozen=True, eq=False)
class BaseModel:
    """The base model, and how it came to be.

    Parameters
    ----------
    model : LanguageModel
        It continues text.
    run : Run
        The course of its training.
    """

    model: LanguageModel
    run: Run

    def at(self, step: int) -> LanguageModel:
        """Return the model as it was after so many steps.

        Raises
        ------
        ValueError
            If no checkpoint was kept there.
        """
        if step == self.run.steps:
            return self.model
        if step not in self.run.checkpoints:
            kept = ", ".join(map(str, [*self.run.checkpoints, self.run.steps]))
            raise ValueError(f"step must be one of the checkpoints, {kept}, got {step}")
        return language_model.with_parameters(self.model, self.run.checkpoints[step])


def documents(run: Profile, question_answer_share: float) -> list[str]:
    """Return the texts that the assistant of a profile reads in pretraining."""
    world = build_world(run.seed, run.size)
    return [document.text for document in corpus(world, run.seed, question_answer_share=question_answer_share)]


def make_tokenizer(run: Profile, config: TokenizerConfig, *, progress: Progress) -> BPE:
    """Learn how to cut the text of the world into tokens.

    Raises
    ------
    ValueError
        If the text has too few pairs for the vocabulary.
    """
    progress.start(1, "text")
    tokenizer = BPE.train(documents(run, 0.01), config.vocab_size, SPECIAL_TOKENS)
    if tokenizer.vocab_size < config.vocab_size:
        raise ValueError(f"vocab_size must be at most {tokenizer.vocab_size} for this text, got {config.vocab_size}")
    progress.advance(1)
    return tokenizer


def make_base(run: Profile, config: BaseConfig, tokenizer: BPE, *, progress: Progress) -> BaseModel:
    """Read the text of the world, once or a few times, and learn to predict it."""
    stream = token_stream(documents(run, config.question_answer_share), tokenizer)
    saved = progress.saved()
    steps = round(config.training.passes * (len(stream) - 1) / (config.training.context * config.training.batch_size))
    progress.start(steps)
    if saved is not None:
        progress.advance(int(saved[0]["steps"][0]))
    transformer, course = pretrain(
        stream,
        tokenizer.vocab_size,
        config.training,
        run.seed,
        shown_in(progress, steps),
        dict(saved[0]) if saved is not None else None,
    )
    return BaseModel(LanguageModel(tokenizer, transformer), course)


def shown_in(progress: Progress, steps: int) -> Callable[[Step, Callable[[], dict[str, Array]]], None]:
    """Return a callback that moves the bar now and then, and keeps a checkpoint ten times in a run."""

    def callback(step: Step, state: Callable[[], dict[str, Array]]) -> None:
        done = step.number + 1
        if done % SHOWN_EVERY == 0:
            progress.advance(SHOWN_EVERY, loss=step.loss)
        if done % max(1, steps // 10) == 0 and done < steps:
            progress.save((state(), {}))

    return callback


def pack_tokenizer(tokenizer: BPE) -> tuple[dict[str, np.ndarray], dict[str, Any]]:
    """Return the tokenizer as arrays and JSON."""
    merges = np.array(tokenizer.merges, np.int64).reshape(-1, 2)
    return {"merges": merges}, {
        "special_tokens": list(tokenizer.special_tokens),
        "meta": {"tokens": tokenizer.vocab_size},
    }


def unpack_tokenizer(arrays: Mapping[str, np.ndarray], values: Mapping[str, Any]) -> BPE:
    """Return the tokenizer that `pack_tokenizer` was given."""
    return BPE(tuple((int(left), int(right)) for left, right in arrays["merges"]), tuple(values["special_tokens"]))


def pack_base(base: BaseModel) -> tuple[dict[str, np.ndarray], dict[str, Any]]:
    """Return the base model as arrays and JSON."""
    arrays, values = language_model.pack(base.model)
    run = base.run
    arrays |= {"losses": run.losses, "learning_rates": run.learning_rates}
    arrays |= {f"at-{step}": parameters for step, parameters in run.checkpoints.items()}
    meta = {
        "parameters": base.model.transformer.parameters.flat.size,
        "tokens read": run.steps * run.tokens_per_step,
        "loss": round(float(run.losses[-50:].mean()), 3),
    }
    return arrays, {**values, "tokens_per_step": run.tokens_per_step, "meta": meta}


def unpack_base(arrays: Mapping[str, np.ndarray], values: Mapping[str, Any]) -> BaseModel:
    """Return the base model that `pack_base` was given."""
    kept = {int(name.removeprefix("at-")): array for name, array in arrays.items() if name.startswith("at-")}
    run = Run(arrays["losses"], arrays["learning_rates"], int(values["tokens_per_step"]), kept)
    return BaseModel(language_model.unpack(arrays, values), run)


TOKENIZER = Recipe(
    name="tokenizer",
    title="tokenizer",
    make=make_tokenizer,
    configs={"tiny": TokenizerConfig(512), "book": TokenizerConfig(1024)},
    pack=pack_tokenizer,
    unpack=unpack_tokenizer,
)

TRAINING = {
    "tiny": PretrainingConfig(128, 48, 2, 2, batch_size=4, passes=3, learning_rate=1e-2),
    "book": PretrainingConfig(128, 64, 3, 4, batch_size=8, passes=1, learning_rate=5e-3),
}
"""The course of pretraining for each size of the world."""

BASE = Recipe(
    name="base",
    title="base model",
    make=make_base,
    configs={size: BaseConfig(training) for size, training in TRAINING.items()},
    pack=pack_base,
    unpack=unpack_base,
    inputs=(TOKENIZER,),
)

BASE_UNANSWERED = Recipe(
    name="base-unanswered",
    title="base model that read no answered question",
    make=make_base,
    configs={size: BaseConfig(training, question_answer_share=0.0) for size, training in TRAINING.items()},
    pack=pack_base,
    unpack=unpack_base,
    inputs=(TOKENIZER,),
)

RECIPES = (TOKENIZER, BASE, BASE_UNANSWERED)
