"""Experiment: a law fitted to small runs, asked about a model that it has not seen.

Transformers of several widths read fresh text of one world, each word of it once, in several amounts. The law
E + A/N^alpha + B/D^beta is fitted to the losses of all but the widest, and predicts the losses of the widest, each with
an interval. The learning rate is tuned for each width, at the smallest amount of text: one rate for all would make the
law one of badly tuned models. N counts every trained number, the table of tokens included, as Hoffmann et al. do; D is
tokens read; the size of a batch is the same in all runs, so more text also means more steps.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from alignbook.nn.batches import next_token_objective, windows
from alignbook.nn.trainer import Trainer, TrainingConfig
from alignbook.nn.transformer import Transformer, TransformerConfig, initial_parameters
from alignbook.pretraining.language_model import END_OF_DOCUMENT
from alignbook.pretraining.scaling_laws import ScalingLaw, bootstrap, fit
from alignbook.pretraining.training import token_stream
from alignbook.profile import Profile
from alignbook.stats.proportions import Interval
from alignbook.text.bpe import BPE
from alignbook.world.building import build_world
from alignbook.world.corpus import corpus

Stream = NDArray[np.int64]


@dataclass(frozen=True)
class ScalingConfig:
    """What one size of the experiment trains.

    Parameters
    ----------
    widths : tuple of int
        The widths of the models, rising; the last is the one that is predicted.
    budgets : tuple of int
        How many tokens a model reads, rising.
    rate_factors : tuple of float
        The learning rates tried for each width, times the width: wide models want small steps.
    held_out : int
        Windows of held-out text on which the loss is measured.
    resamples : int
        Bootstrap samples for the intervals.
    vocab_size, context, batch_size, layers, heads : int
        The same for all models; a batch is so many windows of `context` tokens.
    """

    widths: tuple[int, ...]
    budgets: tuple[int, ...]
    rate_factors: tuple[float, ...]
    held_out: int
    resamples: int
    vocab_size: int = 512
    context: int = 32
    batch_size: int = 8
    layers: int = 2
    heads: int = 2


CONFIGS = {
    "tiny": ScalingConfig((4, 8, 12, 20), (10_000, 20_000, 40_000), (0.4,), held_out=100, resamples=100),
    "book": ScalingConfig(
        (8, 12, 16, 24, 32), (40_000, 80_000, 160_000, 320_000), (0.16, 0.32, 0.64), held_out=800, resamples=400
    ),
}

TABLE_SCALE = 8.0
"""By how much the tables of tokens and positions start larger than usual: a run of a hundred steps would otherwise
spend them letting its tables grow, and the law would be one of slow starts."""

DELTA = 0.02
"""Where the fit's Huber loss turns into a line. Runs this small scatter by a percent or two, which is no oddity."""


@dataclass(frozen=True)
class ScalingResult:
    """Losses in nats a token on held-out text, and what the law says of them.

    Parameters
    ----------
    widths, parameters : tuple of int
        The models: their widths, and how many numbers each has.
    tokens : tuple of int
        How many tokens they read.
    losses : tuple of tuple of float
        For each width, for each number of tokens.
    learning_rates : tuple of float
        The rate that did best for each width.
    law : ScalingLaw
        Fitted to all widths but the last.
    law_intervals : tuple of Interval
        95% bootstrap intervals of its e, alpha and beta.
    predicted : tuple of float
        What the law says of the last width, for each number of tokens.
    intervals : tuple of Interval
        95% prediction intervals: the laws of resampled runs, each with a residual drawn from the fit's.
    residual : float
        How far the fit misses the runs that it was made from: the root mean square of ln(predicted / measured).
    """

    widths: tuple[int, ...]
    parameters: tuple[int, ...]
    tokens: tuple[int, ...]
    losses: tuple[tuple[float, ...], ...]
    learning_rates: tuple[float, ...]
    law: ScalingLaw
    law_intervals: tuple[Interval, Interval, Interval]
    predicted: tuple[float, ...]
    intervals: tuple[Interval, ...]
    residual: float

    @property
    def inside(self) -> tuple[bool, ...]:
        """Whether the loss of the last width lies within its interval, for each number of tokens."""
        return tuple(loss in interval for loss, interval in zip(self.losses[-1], self.intervals, strict=True))

    @property
    def error(self) -> float:
        """The mean of ``|ln(predicted / measured)|`` for the last width."""
        return float(np.abs(np.log(np.divide(self.predicted, self.losses[-1]))).mean())

    @property
    def error_of_no_change(self) -> float:
        """The same error where the loss of the last width but one is taken for the last's: the control."""
        return float(np.abs(np.log(np.divide(self.losses[-2], self.losses[-1]))).mean())


def scaling(seed: int, size: str = "book") -> ScalingResult:
    """Train models of several widths on several amounts of text, and predict the widest from the others.

    Parameters
    ----------
    seed : int
        Decides the world, its text, the first parameters and the bootstrap.
    size : {"book", "tiny"}
        How much to train; see `CONFIGS`.

    Raises
    ------
    ValueError
        If the size is unknown.
    """
    config = CONFIGS[Profile(seed, size).size]
    stream, held_out = fresh_text(seed, config)
    per_step = config.context * config.batch_size
    tokens = tuple(budget // per_step * per_step for budget in config.budgets)
    rates, losses = [], []
    for width in config.widths:
        tried = {
            rate / width: _run(config, width, tokens[0], rate / width, seed, stream, held_out)
            for rate in config.rate_factors
        }
        rates.append(min(tried, key=lambda rate: tried[rate]))
        more = (_run(config, width, budget, rates[-1], seed, stream, held_out) for budget in tokens[1:])
        losses.append((tried[rates[-1]], *more))
    parameters = tuple(_parameter_count(config, width) for width in config.widths)
    return _extrapolated(config, seed, parameters, tokens, tuple(losses), tuple(rates))


def fresh_text(seed: int, config: ScalingConfig) -> tuple[Stream, Stream]:
    """Return text of one small world: what the models read, and what they are measured on.

    Every corpus tells the same facts in other documents, so held-out text is new and yet of the same kind.

    Parameters
    ----------
    seed : int
        Decides the world and the text.
    config : ScalingConfig
        How much is needed.

    Returns
    -------
    arrays of int, shapes (the largest budget + 1,) and (held_out * context + 1,)
    """
    world = build_world(seed, "tiny")
    corpora = ([document.text for document in corpus(world, number)] for number in range(1000))
    held_out_text, first = next(corpora), next(corpora)
    tokenizer = BPE.train(first, config.vocab_size, (END_OF_DOCUMENT,))
    parts, wanted = [token_stream(first, tokenizer)], config.budgets[-1] + 1
    while sum(map(len, parts)) < wanted:
        parts.append(token_stream(next(corpora), tokenizer))
    held_out = token_stream(held_out_text, tokenizer)[: config.held_out * config.context + 1]
    return np.concatenate(parts)[:wanted], held_out


def _model_size(config: ScalingConfig, width: int) -> TransformerConfig:
    return TransformerConfig(config.vocab_size, config.context, width, config.layers, config.heads)


def _parameter_count(config: ScalingConfig, width: int) -> int:
    return sum(int(np.prod(shape)) for shape in _model_size(config, width).shapes.values())


def _run(
    config: ScalingConfig, width: int, tokens: int, rate: float, seed: int, stream: Stream, held_out: Stream
) -> float:
    """Train a model on the first tokens of the stream, once; return its held-out loss."""
    size = _model_size(config, width)
    parameters = initial_parameters(size, np.random.default_rng([seed, width, tokens]))
    for table in ("tokens", "positions"):
        parameters[table][:] *= TABLE_SCALE
    course = TrainingConfig(tokens // (config.context * config.batch_size), rate)
    batches = windows(stream[: tokens + 1], config.context, config.batch_size, seed)
    Trainer(parameters, next_token_objective(size), course).run(batches)
    ids, targets = (part.reshape(-1, config.context) for part in (held_out[:-1], held_out[1:]))
    return -float(Transformer(size, parameters).logprobs(ids, targets).mean(dtype=np.float64))


def _extrapolated(
    config: ScalingConfig,
    seed: int,
    parameters: tuple[int, ...],
    tokens: tuple[int, ...],
    losses: tuple[tuple[float, ...], ...],
    rates: tuple[float, ...],
) -> ScalingResult:
    """Fit the law to all models but the last, and say with intervals what it expects of the last."""
    rng = np.random.default_rng([seed, 1])
    n, d = (grid.ravel() for grid in np.meshgrid(parameters[:-1], tokens, indexing="ij"))
    measured = np.array(losses[:-1]).ravel()
    law = fit(n, d, measured, DELTA)
    laws = bootstrap(law, n, d, measured, config.resamples, rng, DELTA)
    residuals = np.log(measured / law.loss(n, d))
    # Five numbers were fitted, so the residuals are smaller than the scatter of the runs.
    residuals *= (len(residuals) / (len(residuals) - 5)) ** 0.5
    shift = rng.choice(residuals, (config.resamples, len(tokens)))
    expected = np.array([each.loss(parameters[-1], tokens) for each in laws]) * np.exp(shift)  # (resamples, budgets)
    numbers = np.array([(each.e, each.alpha, each.beta) for each in laws])
    e, alpha, beta = _middle(numbers)
    return ScalingResult(
        widths=config.widths,
        parameters=parameters,
        tokens=tokens,
        losses=losses,
        learning_rates=rates,
        law=law,
        law_intervals=(e, alpha, beta),
        predicted=tuple(law.loss(parameters[-1], tokens).tolist()),
        intervals=tuple(_middle(expected)),
        residual=float(np.sqrt(np.square(np.log(measured / law.loss(n, d))).mean())),
    )


def _middle(samples: NDArray[np.float64]) -> list[Interval]:
    """Return for each column the interval that holds the middle 95% of its rows."""
    return [Interval(float(low), float(high)) for low, high in np.percentile(samples, (2.5, 97.5), axis=0).T]
