"""Supervised fine-tuning: the objective of pretraining, on dialogues; only the assistant's own words are learned.

A small model forgets quickly. So beside the demonstrations each step can read some pretraining text again, *replay*,
whose loss counts for a share of the whole: an old remedy (Robins, "Catastrophic Forgetting, Rehearsal and
Pseudorehearsal", Connection Science 7, 1995) that the makers of large models use too (Ouyang et al., "Training language
models to follow instructions with human feedback", NeurIPS 2022, section 3.5, mix pretraining text into their last
stage).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from alignbook.finetuning.chat_template import ChatTemplate
from alignbook.nn.batches import TokenBatch, next_token_objective, padded
from alignbook.nn.lora import initial_adapters, merged
from alignbook.nn.tape import Array
from alignbook.nn.trainer import Step, Trainer, TrainingConfig
from alignbook.nn.transformer import Transformer
from alignbook.pretraining.language_model import LanguageModel
from alignbook.world.items import Item


@dataclass(frozen=True)
class TuningConfig:
    """How a model is tuned.

    Parameters
    ----------
    steps, batch_size : int
        How many steps, and how many demonstrations in each.
    learning_rate, warmup, final, weight_decay : float
        See `alignbook.nn.trainer.TrainingConfig`.
    lora_rank : int
        The rank of the adapters that are trained; 0 trains every parameter.
    lora_scale : float
        How much the adapters count.
    replay : float
        The share of the loss that pretraining text has, from 0 to below 1.

    Raises
    ------
    ValueError
        If the share is out of range.
    """

    steps: int
    batch_size: int
    learning_rate: float
    warmup: float = 0.05
    final: float = 0.1
    weight_decay: float = 0.0
    lora_rank: int = 0
    lora_scale: float = 2.0
    replay: float = 0.0

    def __post_init__(self) -> None:
        if not 0 <= self.replay < 1:
            raise ValueError(f"replay must be from 0 to below 1, got {self.replay}")


def demonstration_batches(
    items: Sequence[Item], template: ChatTemplate, batch_size: int, seed: int
) -> Callable[[int], TokenBatch]:
    """Deal out demonstrations in batches, each once in a pass.

    Parameters
    ----------
    items : sequence of Item
        The demonstrations.
    template : ChatTemplate
        How they are written.
    batch_size : int
        How many make a batch.
    seed : int
        Decides the order.

    Returns
    -------
    function of int
        The batch of a step, by its number.

    Raises
    ------
    ValueError
        If there are fewer demonstrations than a batch holds, or one has no reply.
    """
    per_pass = len(items) // batch_size
    if per_pass < 1:
        raise ValueError(f"at least {batch_size} demonstrations are needed for one batch, got {len(items)}")
    written = [template.demonstration(item.turns, item.reply) for item in items]

    def batch(step: int) -> TokenBatch:
        pass_, place = divmod(step, per_pass)
        order = np.random.default_rng([seed, pass_]).permutation(len(written))
        chosen = [written[at] for at in order[place * batch_size : (place + 1) * batch_size]]
        return padded([ids for ids, _ in chosen], [learned for _, learned in chosen])

    return batch


def with_replay(
    batch: Callable[[int], TokenBatch], text: NDArray[np.int64], share: float, seed: int
) -> Callable[[int], TokenBatch]:
    """Add windows of pretraining text to batches, half as many as the batch has rows and as long as they are.

    Parameters
    ----------
    batch : function of int
        Gives the batches.
    text : array of int, shape (tokens,)
        The pretraining text.
    share : float
        The share of the loss that the windows have together.
    seed : int
        Decides which windows.

    Returns
    -------
    function of int
        Gives the larger batches.
    """

    def mixed(step: int) -> TokenBatch:
        demonstrated = batch(step)
        rows, time = max(1, len(demonstrated.ids) // 2), demonstrated.ids.shape[1]
        starts = np.random.default_rng([seed, 2, step]).integers(len(text) - time, size=rows)
        at = starts[:, None] + np.arange(time)  # (rows, time)
        weights = np.full(at.shape, share / at.size, np.float32)
        return TokenBatch(
            np.concatenate([demonstrated.ids, text[at]]),
            np.concatenate([demonstrated.targets, text[at + 1]]),
            np.concatenate([demonstrated.weights * np.float32(1 - share), weights]),
        )

    return mixed


def tune(
    model: LanguageModel,
    items: Sequence[Item],
    config: TuningConfig,
    seed: int,
    replayed: NDArray[np.int64] | None = None,
    callback: Callable[[Step, Callable[[], dict[str, Array]]], object] | None = None,
    resume: dict[str, Array] | None = None,
) -> tuple[LanguageModel, NDArray[np.float64]]:
    """Teach a model to reply as demonstrated.

    Parameters
    ----------
    model : LanguageModel
        Where to start; it stays as it is.
    items : sequence of Item
        The demonstrations.
    config : TuningConfig
        How to tune.
    seed : int
        Decides the order of the demonstrations, and the adapters' first numbers.
    replayed : array of int, shape (tokens,), optional
        The pretraining text to read again, where the config asks for it.
    callback : function of a Step and a function, optional
        Called after every step. The function that it is given returns the state of the run, as arrays.
    resume : mapping of str to array, optional
        The state of a run that was interrupted.

    Returns
    -------
    LanguageModel, array of float64, shape (steps,)
        The tuned model (with adapters merged in), and the loss of every step in nats a token.

    Raises
    ------
    ValueError
        If there are too few demonstrations, or there is nothing to replay.
    DivergedError
        If the loss stops being a number.
    """
    start, low_rank = model.transformer, config.lora_rank > 0
    course = TrainingConfig(
        config.steps, config.learning_rate, warmup=config.warmup, final=config.final, weight_decay=config.weight_decay
    )
    objective = next_token_objective(start.config, config.lora_scale)
    if low_rank:
        trained = initial_adapters(start.config, config.lora_rank, np.random.default_rng([seed, 1]))
        trainer = Trainer(trained, objective, course, frozen=start.parameters)
    else:
        trained = start.parameters.copy()
        trainer = Trainer(trained, objective, course)
    losses = np.zeros(config.steps)
    if resume is not None:
        trainer.restore(resume)
        losses[:] = resume["losses"]

    def after(step: Step) -> None:
        losses[step.number] = step.loss
        if callback is not None:
            callback(step, lambda: {**trainer.state(), "losses": losses.copy()})

    batches = demonstration_batches(items, ChatTemplate(model.tokenizer), config.batch_size, seed)
    if config.replay:
        if replayed is None:
            raise ValueError(f"replay is {config.replay}: give the pretraining text as replayed")
        batches = with_replay(batches, replayed, config.replay, seed)
    trainer.run(batches, after)
    tuned = merged(start, trained, config.lora_scale) if low_rank else Transformer(start.config, trained)
    return LanguageModel(model.tokenizer, tuned), losses
