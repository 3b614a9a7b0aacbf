"""Batches of text: windows cut from a long stream for pretraining, and padded sequences with weights for the rest."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from alignbook.nn.tape import Array, Ids, Tape, Var
from alignbook.nn.trainer import Loss, Objective
from alignbook.nn.transformer import TransformerConfig, hidden_states


@dataclass(frozen=True, eq=False)
class TokenBatch:
    """Sequences, the token that follows each place, and how much each of these counts.

    Parameters
    ----------
    ids, targets : array of int, shape (batch, time)
        The tokens, and what comes after each.
    weights : array of float32, shape (batch, time)
        How much each target counts in the loss; over the whole batch they add up to 1. Padding and prompts count 0.

    Raises
    ------
    ValueError
        If the shapes differ.
    """

    ids: Ids
    targets: Ids
    weights: Array

    def __post_init__(self) -> None:
        if not self.ids.shape == self.targets.shape == self.weights.shape:
            got = f"{self.ids.shape}, {self.targets.shape} and {self.weights.shape}"
            raise ValueError(f"ids, targets and weights must have one shape, got {got}")

    def halves(self) -> tuple[TokenBatch, TokenBatch] | tuple[TokenBatch]:
        """Cut between the sequences; a single one stays whole."""
        middle = (len(self.ids) + 1) // 2
        if middle == len(self.ids):
            return (self,)
        first, second = (
            TokenBatch(self.ids[part], self.targets[part], self.weights[part])
            for part in (slice(None, middle), slice(middle, None))
        )
        return first, second


def next_token_objective(config: TransformerConfig, lora_scale: float = 1.0) -> Objective[TokenBatch]:
    """Return the objective of pretraining and fine-tuning: the weighted mean surprise of the targets, in nats.

    Parameters
    ----------
    config : TransformerConfig
        The size of the model.
    lora_scale : float
        How much adapters count, where there are any.
    """

    def objective(tape: Tape, weights: Mapping[str, Var], batch: TokenBatch) -> Loss:
        hidden = hidden_states(tape, config, weights, batch.ids, lora_scale)
        logprobs = tape.target_logprobs(hidden, weights["tokens"], batch.targets.ravel())
        counts = batch.weights.ravel().astype(logprobs.data.dtype, copy=False)
        return Loss(-float(logprobs.data @ counts), logprobs, -counts)

    return objective


def windows(stream: NDArray[np.integer], context: int, batch_size: int, seed: int) -> Callable[[int], TokenBatch]:
    """Cut a stream of tokens into windows, and deal them out in batches, each once in a pass.

    Parameters
    ----------
    stream : array of int, shape (tokens,)
        The documents, one after the other.
    context : int
        The length of a window.
    batch_size : int
        How many windows make a batch.
    seed : int
        Decides the order in each pass, and where the first window starts.

    Returns
    -------
    function of int
        The batch of a step, by its number. The last few windows of a pass that fill no batch are left out; the next
        pass has another order.

    Raises
    ------
    ValueError
        If the stream is too short for one batch.
    """
    count = (len(stream) - 1) // context
    per_pass = count // batch_size
    if per_pass < 1:
        needed = context * batch_size + 1
        raise ValueError(f"the stream must have at least {needed} tokens for one batch, got {len(stream)}")
    spare = (len(stream) - 1) - count * context
    weights = np.full((batch_size, context), 1 / (batch_size * context), np.float32)

    def batch(step: int) -> TokenBatch:
        pass_, place = divmod(step, per_pass)
        rng = np.random.default_rng([seed, pass_])
        offset = int(rng.integers(spare + 1))
        chosen = rng.permutation(count)[place * batch_size : (place + 1) * batch_size]
        at = offset + chosen[:, None] * context + np.arange(context)  # (batch, time)
        return TokenBatch(stream[at], stream[at + 1], weights)

    return batch


def padded(
    sequences: Sequence[Sequence[int]], masks: Sequence[Sequence[bool]], length: int | None = None
) -> TokenBatch:
    """Put sequences of different lengths into one batch, filled up at their ends.

    A token never sees what comes after it, so the filling changes nothing; it counts 0.

    Parameters
    ----------
    sequences : sequence of sequences of int
        The tokens, at least two each.
    masks : sequence of sequences of bool
        Which tokens are to be learned, as *targets*: the model's own replies, not the prompts.
    length : int, optional
        The length to fill up to; that of the longest where it is not given.

    Raises
    ------
    ValueError
        If a mask does not fit its sequence, a sequence is too short or too long, or nothing at all is to be learned.
    """
    longest = max(map(len, sequences)) if length is None else length + 1
    ids = np.zeros((len(sequences), longest - 1), np.int64)
    targets, weights = np.zeros_like(ids), np.zeros(ids.shape, np.float32)
    for row, (sequence, mask) in enumerate(zip(sequences, masks, strict=True)):
        if len(sequence) != len(mask):
            raise ValueError(f"mask {row} must have one entry a token, {len(sequence)}, got {len(mask)}")
        if not 2 <= len(sequence) <= longest:
            raise ValueError(f"sequence {row} must have from 2 to {longest} tokens, got {len(sequence)}")
        ids[row, : len(sequence) - 1] = sequence[:-1]
        targets[row, : len(sequence) - 1] = sequence[1:]
        weights[row, : len(sequence) - 1] = mask[1:]
    total = weights.sum()
    if total == 0:
        raise ValueError("nothing is to be learned: every mask is False after its first token")
    return TokenBatch(ids, targets, weights / total)
