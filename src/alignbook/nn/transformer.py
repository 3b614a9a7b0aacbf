"""The model: a decoder-only transformer, in a page.

Tokens become rows of numbers; each layer lets the rows look at earlier ones (attention) and then changes each by itself
(a small network); each time the result is *added* to what was there. At the end, the product of a row with the table of
tokens says how well each token would follow. The same table serves at the entrance and at the exit.

References
----------
A. Radford et al., "Language Models are Unsupervised Multitask Learners", 2019: this arrangement, with the norm before
each branch. O. Press and L. Wolf, "Using the Output Embedding to Improve Language Models", EACL 2017: one table for
both ends.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from alignbook.nn.parameters import Parameters
from alignbook.nn.tape import Array, Ids, Tape, Var


@dataclass(frozen=True)
class TransformerConfig:
    """The size of a transformer.

    Parameters
    ----------
    vocab_size : int
        How many tokens it knows.
    context : int
        How many tokens it can look at.
    width : int
        How many numbers stand for a token inside; a multiple of `heads`.
    layers, heads : int
        How many layers it has, and how many heads in each.

    Raises
    ------
    ValueError
        If a number is below 1, or the heads do not share the width evenly.
    """

    vocab_size: int
    context: int
    width: int
    layers: int
    heads: int

    def __post_init__(self) -> None:
        for name in ("vocab_size", "context", "width", "layers", "heads"):
            if getattr(self, name) < 1:
                raise ValueError(f"{name} must be >= 1, got {getattr(self, name)}")
        if self.width % self.heads:
            raise ValueError(f"width must be a multiple of heads, got {self.width} and {self.heads}")

    @property
    def shapes(self) -> dict[str, tuple[int, ...]]:
        """The shape of each array of parameters, by name."""
        width = self.width
        shapes: dict[str, tuple[int, ...]] = {"tokens": (self.vocab_size, width), "positions": (self.context, width)}
        for layer in range(self.layers):
            shapes |= {
                f"{layer}.norm1": (width,),
                f"{layer}.qkv": (width, 3 * width),
                f"{layer}.out": (width, width),
                f"{layer}.norm2": (width,),
                f"{layer}.up": (width, 4 * width),
                f"{layer}.down": (4 * width, width),
            }
        return shapes | {"norm": (width,)}


def initial_parameters(config: TransformerConfig, rng: np.random.Generator) -> Parameters:
    """Draw the numbers that training starts from.

    Gains are 1. A matrix has variance one over its inputs, so that a row keeps its size on the way through it; those
    that write into the stream are smaller, since ``2 * layers`` of them add up. Rows of the tables are small, so that
    at first every token is about equally likely.

    Parameters
    ----------
    config : TransformerConfig
        The size.
    rng : numpy.random.Generator
        The source of chance.

    Returns
    -------
    Parameters, float32
    """
    parameters = Parameters(config.shapes)
    for name, array in parameters.items():
        if array.ndim == 1:
            array[:] = 1
            continue
        deviation = 0.05 if name in ("tokens", "positions") else len(array) ** -0.5
        if name.endswith((".out", ".down")):
            deviation *= (2 * config.layers) ** -0.5
        array[:] = rng.standard_normal(array.shape, dtype=np.float32) * np.float32(deviation)
    return parameters


def hidden_states(
    tape: Tape, config: TransformerConfig, weights: Mapping[str, Var], ids: Ids, lora_scale: float = 1.0
) -> Var:
    """Compute what the model holds at each place, before it names a token.

    Parameters
    ----------
    tape : Tape
        Runs the operations.
    config : TransformerConfig
        The size.
    weights : mapping of str to Var
        The parameters; where ``name.a`` and ``name.b`` are among them, they adapt the matrix ``name``
        (`alignbook.nn.lora`).
    ids : array of int, shape (batch, time)
        The tokens.
    lora_scale : float
        How much the adapters count.

    Returns
    -------
    Var, shape (batch * time, width)

    Raises
    ------
    ValueError
        If an id is no token, or the sequences are empty or longer than the context.
    """
    check_ids(config, ids)

    def project(x: Var, name: str) -> Var:
        y = tape.linear(x, weights[name])
        if f"{name}.a" not in weights:
            return y
        return tape.add(y, tape.linear(tape.linear(x, weights[f"{name}.a"]), weights[f"{name}.b"]), lora_scale)

    x = tape.embedding(weights["tokens"], weights["positions"], ids)
    for layer in range(config.layers):
        qkv = project(tape.norm(x, weights[f"{layer}.norm1"]), f"{layer}.qkv")
        x = tape.add(x, project(tape.attention(qkv, len(ids), config.heads), f"{layer}.out"))
        inner = tape.gelu(project(tape.norm(x, weights[f"{layer}.norm2"]), f"{layer}.up"))
        x = tape.add(x, project(inner, f"{layer}.down"))
    return tape.norm(x, weights["norm"])


def check_ids(config: TransformerConfig, ids: Ids) -> None:
    """Refuse what would be read from outside the tables.

    Raises
    ------
    ValueError
        If an id is no token, or the sequences are empty or longer than the context.
    """
    if ids.ndim != 2 or ids.size == 0:
        raise ValueError(f"ids must have a shape (batch, time) with at least one token, got {ids.shape}")
    if ids.shape[1] > config.context:
        raise ValueError(
            f"ids must be at most {config.context} tokens long (the context), got {ids.shape[1]}: shorten the text"
        )
    low, high = int(ids.min()), int(ids.max())
    if low < 0 or high >= config.vocab_size:
        wrong = low if low < 0 else high
        raise ValueError(
            f"ids must be from 0 to {config.vocab_size - 1}, got {wrong}: were they made by another tokenizer?"
        )


@dataclass(frozen=True, eq=False)
class Transformer:
    """A model: its size and its parameters.

    Parameters
    ----------
    config : TransformerConfig
        The size.
    parameters : Parameters
        The numbers that training found.

    Raises
    ------
    ValueError
        If the parameters belong to another size.
    """

    config: TransformerConfig
    parameters: Parameters

    def __post_init__(self) -> None:
        if self.parameters.shapes != self.config.shapes:
            raise ValueError(f"parameters must have the shapes of {self.config}, got those of another size")

    def logits(self, ids: Ids) -> Array:
        """Score every token as the next one, at each place.

        Parameters
        ----------
        ids : array of int, shape (batch, time)
            The tokens.

        Returns
        -------
        array, shape (batch, time, vocab_size)
            Their softmax are the probabilities of what comes after each place.
        """
        weights = self.parameters.variables(frozen=True)
        hidden = hidden_states(Tape(recording=False), self.config, weights, ids)
        scored: Array = (hidden.data @ self.parameters["tokens"].T).reshape(*ids.shape, self.config.vocab_size)
        return scored

    def logprobs(self, ids: Ids, targets: Ids) -> Array:
        """Log-probability of given targets, for measuring: nothing is recorded.

        Parameters
        ----------
        ids, targets : array of int, shape (batch, time)
            The tokens, and the token asked about after each.

        Returns
        -------
        array, shape (batch, time)
            Natural logarithms.
        """
        tape, weights = Tape(recording=False), self.parameters.variables(frozen=True)
        hidden = hidden_states(tape, self.config, weights, ids)
        logprobs = tape.target_logprobs(hidden, weights["tokens"], targets.ravel())
        return logprobs.data.reshape(ids.shape)
