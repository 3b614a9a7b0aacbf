"""Pairs of replies, as tokens: what reward models and DPO learn from."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from alignbook.nn.tape import Array, Ids
from alignbook.nn.transformer import Transformer

ROWS_AT_ONCE = 64
"""How many sequences are measured side by side."""


@dataclass(frozen=True)
class Pair:
    """Two replies to one prompt.

    Parameters
    ----------
    prompt, chosen, rejected : tuple of int
        Their tokens; replies with the token that ends them.
    preferred : float
        The probability that the chosen one is better: 1 where the rater said so, 0.5 in a tie.

    Raises
    ------
    ValueError
        If a part is empty, or the probability is not from 0 to 1.
    """

    prompt: tuple[int, ...]
    chosen: tuple[int, ...]
    rejected: tuple[int, ...]
    preferred: float = 1.0

    def __post_init__(self) -> None:
        for name in ("prompt", "chosen", "rejected"):
            if not getattr(self, name):
                raise ValueError(f"{name} of a pair is empty: give at least one token")
        if not 0 <= self.preferred <= 1:
            raise ValueError(f"preferred must be a probability, from 0 to 1, got {self.preferred}")


@dataclass(frozen=True, eq=False)
class PairBatch:
    """Pairs side by side; along the second axis stands the chosen reply, then the rejected one.

    Parameters
    ----------
    ids, targets : array of int, shape (pairs, 2, time)
        Prompt and reply, filled up at the end, and the token after each place.
    mask : array of float32, shape (pairs, 2, time)
        1 where the target is a token of the reply, else 0.
    lengths : array of int, shape (pairs, 2)
        How many tokens each sequence has, prompt and reply.
    preferred : array of float64, shape (pairs,)
        The probability that the chosen reply is better.
    reference : array of float64, shape (pairs, 2)
        What `sequence_logprobs` says of the reference; zeros where nobody needs it.
    weights : array of float64, shape (pairs,)
        How much each pair counts; over the whole batch they add up to 1.
    """

    ids: Ids
    targets: Ids
    mask: Array
    lengths: NDArray[np.int64]
    preferred: Array
    reference: Array
    weights: Array

    def halves(self) -> tuple[PairBatch, PairBatch] | tuple[PairBatch]:
        """Cut between the pairs; a single one stays whole."""
        middle = (len(self.ids) + 1) // 2
        if middle == len(self.ids):
            return (self,)
        first, second = (
            PairBatch(*(getattr(self, field.name)[part] for field in fields(self)))
            for part in (slice(None, middle), slice(middle, None))
        )
        return first, second


def pair_batch(pairs: Sequence[Pair], reference: Array | None = None) -> PairBatch:
    """Put pairs into one batch.

    Parameters
    ----------
    pairs : sequence of Pair
        The pairs, at least one.
    reference : array, shape (pairs, 2), optional
        What `sequence_logprobs` says of the reference.

    Raises
    ------
    ValueError
        If there are no pairs, or they and the reference differ in number.
    """
    if not pairs:
        raise ValueError("a batch must have at least one pair, got none")
    if reference is None:
        reference = np.zeros((len(pairs), 2))
    if reference.shape != (len(pairs), 2):
        raise ValueError(f"reference must have the shape {(len(pairs), 2)}, two numbers a pair, got {reference.shape}")
    sequences = [[(*pair.prompt, *reply) for reply in (pair.chosen, pair.rejected)] for pair in pairs]
    lengths = np.array([[len(sequence) for sequence in both] for both in sequences], np.int64)
    ids = np.zeros((len(pairs), 2, int(lengths.max())), np.int64)
    targets, mask = np.zeros_like(ids), np.zeros(ids.shape, np.float32)
    for row, both in enumerate(sequences):
        for column, sequence in enumerate(both):
            ids[row, column, : len(sequence)] = sequence
            targets[row, column, : len(sequence) - 1] = sequence[1:]
            mask[row, column, len(pairs[row].prompt) - 1 : len(sequence) - 1] = 1
    preferred = np.array([pair.preferred for pair in pairs])
    return PairBatch(ids, targets, mask, lengths, preferred, reference, np.full(len(pairs), 1 / len(pairs)))


def pair_batches(
    pairs: Sequence[Pair], batch_size: int, seed: int, reference: Array | None = None
) -> Callable[[int], PairBatch]:
    """Deal out pairs in batches, each once in a pass.

    Parameters
    ----------
    pairs : sequence of Pair
        The pairs.
    batch_size : int
        How many make a batch.
    seed : int
        Decides the order.
    reference : array, shape (pairs, 2), optional
        What `sequence_logprobs` says of the reference, computed once for all passes.

    Returns
    -------
    function of int
        The batch of a step, by its number.

    Raises
    ------
    ValueError
        If there are fewer pairs than a batch holds.
    """
    per_pass = len(pairs) // batch_size
    if per_pass < 1:
        raise ValueError(f"at least {batch_size} pairs are needed for one batch, got {len(pairs)}")

    def batch(step: int) -> PairBatch:
        pass_, place = divmod(step, per_pass)
        order = np.random.default_rng([seed, pass_]).permutation(len(pairs))
        chosen = order[place * batch_size : (place + 1) * batch_size]
        return pair_batch([pairs[at] for at in chosen], None if reference is None else reference[chosen])

    return batch


def sequence_logprobs(model: Transformer, pairs: Sequence[Pair]) -> Array:
    """Return the log-probability of both replies of each pair, given the prompt: the sum over their tokens.

    Parameters
    ----------
    model : Transformer
        The model; for DPO the reference, once and for all.
    pairs : sequence of Pair
        The pairs.

    Returns
    -------
    array of float64, shape (pairs, 2)
        The chosen ones, then the rejected ones.

    Raises
    ------
    ValueError
        If a token is none of the model's, or a sequence is longer than its context.
    """
    found = np.zeros((len(pairs), 2))
    for start in range(0, len(pairs), ROWS_AT_ONCE // 2):
        batch = pair_batch(pairs[start : start + ROWS_AT_ONCE // 2])
        time = batch.ids.shape[-1]
        logprobs = model.logprobs(batch.ids.reshape(-1, time), batch.targets.reshape(-1, time))
        part = (logprobs.reshape(batch.mask.shape) * batch.mask).sum(axis=-1, dtype=np.float64)
        found[start : start + len(part)] = part
    return found
