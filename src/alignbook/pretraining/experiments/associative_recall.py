"""Experiment: looking up what was said a moment ago, with one layer and with two.

A sequence tells two pairs of a key and a value, then names one of the keys again: the value that followed it must come
next. The pairs are new in every sequence. The short way takes two steps: write into each value's row which key stood
before it, then search for the key that was asked. A single layer has one step, and must find a way around; pairs that
always stand at the same places leave it some. A wider layer, with as many parameters as two, says how far size goes.
Then the trained two-layer model is damaged on purpose: head by head, and by hiding from every token of its first layer
the one that stands so many places before.

What is claimed is that two layers get there sooner than one of the same width, not that one cannot. At the size
``book``, under the one seed tried there, recall passed .95 by step 200 with two layers, by step 500 with one, and not
at all with the wide one. At ``tiny``, hiding the place before ruined recall under two seeds of three and left it whole
under the third, so these are not shown to be induction heads. With eight heads and more width one layer was nearly as
good as two, and with three pairs the wide layer came first.

References
----------
C. Olsson et al., "In-context Learning and Induction Heads", Transformer Circuits Thread, 2022: the two-step mechanism,
and that models of one layer lack it. S. Arora et al., "Zoology: Measuring and Improving Recall in Efficient Language
Models", 2023: recall of pairs as a test of architectures.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from alignbook.nn.batches import TokenBatch, next_token_objective
from alignbook.nn.tape import Array, Tape, Var
from alignbook.nn.trainer import Step, Trainer, TrainingConfig
from alignbook.nn.transformer import Transformer, TransformerConfig, hidden_states, initial_parameters
from alignbook.profile import Profile


@dataclass(frozen=True)
class RecallConfig:
    """What one size of the experiment trains.

    Parameters
    ----------
    pairs : int
        Pairs in a sequence.
    keys, values : int
        How many of each there are to draw from; the keys of a sequence differ, its values may not.
    steps : int
        Steps of training.
    measured : int
        At how many points of the training recall is measured, evenly spread.
    sequences : int
        Sequences in a batch.
    held_out : int
        Sequences on which recall is measured.
    width, heads : int
        Of the two-layer model and of the one-layer model.
    wide : int
        The width of the one-layer model that has about as many parameters as the two layers.
    learning_rate : float
        The highest learning rate.
    """

    pairs: int
    keys: int
    values: int
    steps: int
    measured: int
    sequences: int = 64
    held_out: int = 1000
    width: int = 32
    heads: int = 2
    wide: int = 46
    learning_rate: float = 0.007


CONFIGS = {
    "tiny": RecallConfig(pairs=2, keys=8, values=8, steps=480, measured=8, held_out=500),
    "book": RecallConfig(pairs=2, keys=8, values=8, steps=1000, measured=20),
}

TABLE_SCALE = 30.0
"""By how much the tables of tokens and positions start larger than usual. With the usual ones, or with fewer heads,
some seeds waited for the second step longer than this training lasts."""


@dataclass(frozen=True)
class RecallResult:
    """Recall on fresh sequences: the share of questions whose right value is the model's first choice.

    Parameters
    ----------
    steps : tuple of int
        After how many steps recall was measured, beginning with none.
    one_layer, one_wide_layer, two_layers : tuple of float
        Recall of the three models at these points.
    parameters : tuple of int
        How many numbers the three models have.
    chance : float
        Recall of guessing the commonest of the values that the sequence holds: what can be had without knowing
        which value belongs to which key.
    without_head : tuple of tuple of float
        Recall of the trained two-layer model after one head is silenced; for each layer, for each head.
    hidden : tuple of float
        Recall of the same model when no token of its first layer may look at the token one place before it; two places
        before it; and so on to the beginning.
    """

    steps: tuple[int, ...]
    one_layer: tuple[float, ...]
    one_wide_layer: tuple[float, ...]
    two_layers: tuple[float, ...]
    parameters: tuple[int, int, int]
    chance: float
    without_head: tuple[tuple[float, ...], ...]
    hidden: tuple[float, ...]


def associative_recall(seed: int, size: str = "book") -> RecallResult:
    """Train one layer, one wide layer and two layers to look values up, and damage the last.

    Parameters
    ----------
    seed : int
        Decides the sequences and the first parameters.
    size : {"book", "tiny"}
        How much to train; see `CONFIGS`.

    Raises
    ------
    ValueError
        If the size is unknown.
    """
    config = CONFIGS[Profile(seed, size).size]
    held_out = recall_batch(np.random.default_rng([seed, 0]), config, config.held_out)
    at = tuple(round(share * config.steps) for share in np.linspace(0, 1, config.measured + 1))
    shapes = [(1, config.width), (1, config.wide), (2, config.width)]
    models, curves = zip(*(_train(config, *shape, seed, held_out, at) for shape in shapes), strict=True)
    two = models[2]
    return RecallResult(
        steps=at,
        one_layer=curves[0],
        one_wide_layer=curves[1],
        two_layers=curves[2],
        parameters=(models[0].parameters.flat.size, models[1].parameters.flat.size, two.parameters.flat.size),
        chance=commonest_value_recall(held_out, config),
        without_head=tuple(
            tuple(recall(without_head(two, layer, head), held_out) for head in range(two.config.heads))
            for layer in range(two.config.layers)
        ),
        hidden=tuple(recall(two, held_out, Blindfolded(distance)) for distance in range(1, two.config.context)),
    )


def recall_batch(rng: np.random.Generator, config: RecallConfig, sequences: int) -> TokenBatch:
    """Draw sequences ``key value key value … key``, the last key being one of those before.

    Parameters
    ----------
    rng : numpy.random.Generator
        The source of chance.
    config : RecallConfig
        How many pairs a sequence tells, and of how many keys (the first ids) and values (the ids after them).
    sequences : int
        How many to draw.

    Returns
    -------
    TokenBatch, shape (sequences, 2 * pairs + 1)
        Only the answer to the last key counts.
    """
    rows, pairs = np.arange(sequences), config.pairs
    keys = rng.permuted(np.tile(np.arange(config.keys), (sequences, 1)), axis=1)[:, :pairs]
    values = config.keys + rng.integers(config.values, size=(sequences, pairs))
    asked = rng.integers(pairs, size=sequences)
    told = np.stack([keys, values], axis=-1).reshape(sequences, 2 * pairs)
    whole = np.column_stack([told, keys[rows, asked], values[rows, asked]])  # (sequences, 2 * pairs + 2)
    weights = np.zeros((sequences, 2 * pairs + 1), np.float32)
    weights[:, -1] = 1 / sequences
    return TokenBatch(whole[:, :-1], whole[:, 1:], weights)


def commonest_value_recall(batch: TokenBatch, config: RecallConfig) -> float:
    """Return the recall of always guessing the commonest value of the sequence; the lowest id where several are."""
    values = batch.ids[:, 1::2] - config.keys  # (sequences, pairs)
    counts = (values[:, :, None] == np.arange(config.values)).sum(axis=1)
    return float((counts.argmax(axis=1) + config.keys == batch.targets[:, -1]).mean())


def without_head(model: Transformer, layer: int, head: int) -> Transformer:
    """Return the model with one head silenced: what it found is written nowhere."""
    parameters, width = model.parameters.copy(), model.config.width // model.config.heads
    parameters[f"{layer}.out"][head * width : (head + 1) * width] = 0
    return Transformer(model.config, parameters)


class Blindfolded(Tape):
    """A tape for measuring, on which the first attention cannot see the token at one distance.

    Parameters
    ----------
    distance : int
        How far back the token lies that is hidden; 1 or more, so that every token sees at least itself.

    Raises
    ------
    ValueError
        If the distance is below 1.
    """

    def __init__(self, distance: int) -> None:
        if distance < 1:
            raise ValueError(f"distance must be >= 1, got {distance}")
        super().__init__(recording=False)
        self._distance, self._first = distance, True

    def attention(self, qkv: Var, batch: int, heads: int) -> Var:
        """Do as `Tape.attention` does, but for what is hidden in the first call."""
        if not self._first:
            return super().attention(qkv, batch, heads)
        self._first = False
        rows, triple = qkv.data.shape
        time, width = rows // batch, triple // (3 * heads)
        q, k, v = qkv.data.reshape(batch, time, 3, heads, width).transpose(2, 0, 3, 1, 4)  # (batch, heads, time, width)
        hidden = ~np.tri(time, dtype=bool) | np.eye(time, k=-self._distance, dtype=bool)
        scores = np.where(hidden, -np.inf, q @ k.swapaxes(-1, -2) * width**-0.5)
        attends = np.exp(scores - scores.max(axis=-1, keepdims=True))
        attends /= attends.sum(axis=-1, keepdims=True)
        return Var((attends @ v).transpose(0, 2, 1, 3).reshape(rows, heads * width).astype(qkv.data.dtype))


def recall(model: Transformer, batch: TokenBatch, tape: Tape | None = None) -> float:
    """Return the share of sequences whose last value is the model's first choice.

    Parameters
    ----------
    model : Transformer
        The model.
    batch : TokenBatch
        Sequences of `recall_batch`.
    tape : Tape, optional
        What to run the operations on, for a damaged model.
    """
    weights = model.parameters.variables(frozen=True)
    hidden = hidden_states(Tape(recording=False) if tape is None else tape, model.config, weights, batch.ids)
    last: Array = hidden.data.reshape(*batch.ids.shape, -1)[:, -1]
    chosen: NDArray[np.int64] = (last @ model.parameters["tokens"].T).argmax(axis=-1)
    return float((chosen == batch.targets[:, -1]).mean())


def _train(
    config: RecallConfig, layers: int, width: int, seed: int, held_out: TokenBatch, at: tuple[int, ...]
) -> tuple[Transformer, tuple[float, ...]]:
    """Train a model; return it, and its recall after each of the given numbers of steps."""
    size = TransformerConfig(config.keys + config.values, 2 * config.pairs + 1, width, layers, config.heads)
    parameters = initial_parameters(size, np.random.default_rng([seed, 1]))
    for table in ("tokens", "positions"):
        parameters[table][:] *= TABLE_SCALE
    model = Transformer(size, parameters)
    curve = [recall(model, held_out)]
    course = TrainingConfig(config.steps, config.learning_rate, final=0.3)

    def batch(step: int) -> TokenBatch:
        rng = np.random.default_rng([seed, 2, step])  # every model reads the same sequences
        return recall_batch(rng, config, config.sequences)

    def after(step: Step) -> None:
        if step.number + 1 in at:
            curve.append(recall(model, held_out))

    Trainer(parameters, next_token_objective(size), course).run(batch, after)
    return model, tuple(curve)
