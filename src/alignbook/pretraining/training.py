"""Pretraining a transformer: documents become one long stream, and the model predicts every token of it once."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from alignbook.nn.batches import next_token_objective, windows
from alignbook.nn.tape import Array
from alignbook.nn.trainer import Step, Trainer, TrainingConfig
from alignbook.nn.transformer import Transformer, TransformerConfig, initial_parameters
from alignbook.pretraining.language_model import END_OF_DOCUMENT
from alignbook.text.bpe import BPE


@dataclass(frozen=True)
class PretrainingConfig:
    """How a base model is trained.

    Parameters
    ----------
    context, width, layers, heads : int
        The size of the transformer; see `alignbook.nn.transformer.TransformerConfig`.
    batch_size : int
        How many windows of `context` tokens make a batch.
    passes : float
        How often the whole text is read.
    learning_rate, warmup, final, weight_decay : float
        See `alignbook.nn.trainer.TrainingConfig`.
    checkpoints : tuple of float
        At which shares of the run the parameters are kept, besides its end.
    """

    context: int
    width: int
    layers: int
    heads: int
    batch_size: int
    passes: float
    learning_rate: float
    warmup: float = 0.03
    final: float = 0.05
    weight_decay: float = 0.1
    checkpoints: tuple[float, ...] = (0.0, 0.02, 0.1, 0.3, 0.6)


@dataclass(frozen=True, eq=False)
class Run:
    """What a training run has left behind.

    Parameters
    ----------
    losses : array of float64, shape (steps,)
        The loss of every step, in nats a token, measured on the step's batch *before* the model learned from it.
    learning_rates : array of float64, shape (steps,)
        The learning rate of every step.
    tokens_per_step : int
        How many tokens a step reads.
    checkpoints : mapping of int to array
        The parameters after so many steps, as one vector each.
    """

    losses: NDArray[np.float64]
    learning_rates: NDArray[np.float64]
    tokens_per_step: int
    checkpoints: dict[int, Array]

    @property
    def steps(self) -> int:
        """How many steps there were."""
        return len(self.losses)


def token_stream(documents: Iterable[str], tokenizer: BPE) -> NDArray[np.int64]:
    """Write documents as one sequence of ids, each followed by `END_OF_DOCUMENT`.

    Parameters
    ----------
    documents : iterable of str
        The texts.
    tokenizer : BPE
        A tokenizer that has the special token.

    Returns
    -------
    array of int, shape (tokens,)
    """
    end = tokenizer.special_ids[END_OF_DOCUMENT]
    ids: list[int] = []
    for document in documents:
        ids += tokenizer.encode(document)
        ids.append(end)
    return np.array(ids, np.int64)


def pretrain(
    stream: NDArray[np.int64],
    vocab_size: int,
    config: PretrainingConfig,
    seed: int,
    callback: Callable[[Step, Callable[[], dict[str, Array]]], object] | None = None,
    resume: dict[str, Array] | None = None,
) -> tuple[Transformer, Run]:
    """Train a transformer on a stream of tokens.

    Parameters
    ----------
    stream : array of int, shape (tokens,)
        The text.
    vocab_size : int
        How many ids there are.
    config : PretrainingConfig
        Size and course.
    seed : int
        Decides the first parameters and the order of the text.
    callback : function of a Step and a function, optional
        Called after every step. The function that it is given returns the state of the run, as arrays.
    resume : mapping of str to array, optional
        The state of a run that was interrupted; the result is the same as without the interruption.

    Returns
    -------
    Transformer, Run
        The model, and how its training went.

    Raises
    ------
    ValueError
        If the text is too short for one batch.
    DivergedError
        If the loss stops being a number.
    """
    size = TransformerConfig(vocab_size, config.context, config.width, config.layers, config.heads)
    parameters = initial_parameters(size, np.random.default_rng([seed, 0]))
    tokens_per_step = config.context * config.batch_size
    steps = max(1, round(config.passes * (len(stream) - 1) / tokens_per_step))
    course = TrainingConfig(
        steps, config.learning_rate, warmup=config.warmup, final=config.final, weight_decay=config.weight_decay
    )
    trainer = Trainer(parameters, next_token_objective(size), course)
    keep = {round(share * steps) for share in config.checkpoints}
    losses, rates, kept = np.zeros(steps), np.zeros(steps), dict[int, Array]()
    if resume is not None:
        trainer.restore(resume)
        losses[:], rates[:] = resume["losses"], resume["rates"]
        kept = {int(name.removeprefix("at-")): array for name, array in resume.items() if name.startswith("at-")}
    elif 0 in keep:
        kept[0] = parameters.flat.copy()

    def state() -> dict[str, Array]:
        at = {f"at-{step}": array for step, array in kept.items()}
        return {**trainer.state(), "losses": losses.copy(), "rates": rates.copy(), **at}

    def after(step: Step) -> None:
        losses[step.number], rates[step.number] = step.loss, step.learning_rate
        if step.number + 1 in keep:
            kept[step.number + 1] = parameters.flat.copy()
        if callback is not None:
            callback(step, state)

    trainer.run(windows(stream, config.context, config.batch_size, seed), after)
    return Transformer(size, parameters), Run(losses, rates, tokens_per_step, kept)
