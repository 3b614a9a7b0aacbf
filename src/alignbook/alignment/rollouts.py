"""Rollouts: replies that the policy writes, with what it and the reference thought of each token."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from alignbook.nn.generation import generate
from alignbook.nn.tape import Array, Ids
from alignbook.nn.transformer import Transformer

ROWS_AT_ONCE = 64
"""How many replies are measured side by side."""


@dataclass(frozen=True, eq=False)
class Rollouts:
    """Prompts with replies.

    Parameters
    ----------
    replies : list of list of int
        The tokens that were drawn, with the one that ended the reply where it was ended.
    finished : array of bool, shape (batch,)
        Whether it was, or was cut off.
    ids, targets : array of int, shape (batch, time)
        Prompt and reply, filled up at the end, and the token after each place.
    mask : array of float32, shape (batch, time)
        1 where the target is a token of the reply, else 0.
    logprobs, reference : array of float64, shape (batch, time)
        Log-probabilities of the targets under the policy that wrote them and under the reference; 0 where the mask is.
    """

    replies: list[list[int]]
    finished: NDArray[np.bool_]
    ids: Ids
    targets: Ids
    mask: Array
    logprobs: Array
    reference: Array

    @property
    def logratios(self) -> Array:
        """``log pi - log pi_ref`` of each token; (batch, time)."""
        return self.logprobs - self.reference

    @property
    def kl(self) -> Array:
        """The divergence as each reply shows it (k1): the sum of the log-ratios of its tokens; (batch,)."""
        return np.asarray(self.logratios.sum(axis=1))


@dataclass(frozen=True, eq=False)
class PolicyBatch:
    """Replies to learn from, for every algorithm: those that need no values leave them 0.

    Parameters
    ----------
    ids, targets : array of int, shape (batch, time)
        Prompt and reply, and the token after each place.
    weights : array, shape (batch, time)
        How much each token counts; over the whole batch as its algorithm says, 0 outside of replies.
    logprobs, reference : array, shape (batch, time)
        Log-probabilities under the policy that wrote the replies, and under the reference.
    advantages : array, shape (batch, time)
        How much better each token was than expected.
    values, returns : array, shape (batch, time)
        What the value head said, and what it should have said.
    """

    ids: Ids
    targets: Ids
    weights: Array
    logprobs: Array
    reference: Array
    advantages: Array
    values: Array
    returns: Array

    def select(self, rows: NDArray[np.int64] | slice) -> PolicyBatch:
        """Return some of the replies, with their weights as they are."""
        return PolicyBatch(*(getattr(self, field.name)[rows] for field in fields(self)))

    def halves(self) -> tuple[PolicyBatch, PolicyBatch] | tuple[PolicyBatch]:
        """Cut between the replies; a single one stays whole."""
        middle = (len(self.ids) + 1) // 2
        if middle == len(self.ids):
            return (self,)
        return self.select(slice(None, middle)), self.select(slice(middle, None))

    def minibatches(self, count: int, rng: np.random.Generator) -> list[PolicyBatch]:
        """Deal the replies out into batches, in which the weights count so that all have their share of the whole."""
        parts = np.array_split(rng.permutation(len(self.ids)), count)
        whole = float(self.weights.sum())
        chosen = [self.select(part) for part in parts]
        return [batch.reweighted(whole / float(batch.weights.sum())) for batch in chosen]

    def reweighted(self, factor: float) -> PolicyBatch:
        """Return the batch with all weights multiplied."""
        found = {field.name: getattr(self, field.name) for field in fields(self)}
        return PolicyBatch(**{**found, "weights": self.weights * factor})


def sample(
    policy: Transformer,
    reference: Transformer,
    prompts: Sequence[Sequence[int]],
    *,
    max_new_tokens: int,
    end: int,
    seed: int,
) -> Rollouts:
    """Let the policy reply to prompts, at temperature 1: only so are the log-probabilities those of what was drawn.

    Parameters
    ----------
    policy, reference : Transformer
        Who writes, and who is compared; of one vocabulary.
    prompts : sequence of sequences of int
        The prompts; give one several times for several replies.
    max_new_tokens : int
        After how many tokens a reply is cut off.
    end : int
        The token that ends a reply. It is a decision of the policy, and so part of the reply.
    seed : int
        Decides every draw.

    Raises
    ------
    ValueError
        If there are no prompts, one does not fit, or the vocabularies differ in size.
    """
    if not prompts:
        raise ValueError("prompts are empty: give at least one")
    sizes = policy.config.vocab_size, reference.config.vocab_size
    if sizes[0] != sizes[1]:
        raise ValueError(f"policy and reference must have one vocabulary, got sizes of {sizes[0]} and {sizes[1]}")
    written = generate(policy, prompts, max_new_tokens=max_new_tokens, temperature=1.0, stop={end}, seed=seed)
    context = policy.config.context
    finished = np.array(
        [
            len(reply) < max_new_tokens and len(prompt) + len(reply) < context
            for prompt, reply in zip(prompts, written, strict=True)
        ]
    )
    replies = [[*reply, end] if done else reply for reply, done in zip(written, finished, strict=True)]
    ids, targets, mask = _stacked(prompts, replies)
    logprobs, others = (token_logprobs(model, ids, targets) * mask for model in (policy, reference))
    return Rollouts(replies, finished, ids, targets, mask, logprobs, others)


def token_logprobs(model: Transformer, ids: Ids, targets: Ids) -> Array:
    """Return log-probabilities of targets, a part of the rows at a time; (batch, time), in float64."""
    parts = [
        model.logprobs(ids[start : start + ROWS_AT_ONCE], targets[start : start + ROWS_AT_ONCE])
        for start in range(0, len(ids), ROWS_AT_ONCE)
    ]
    return np.concatenate(parts).astype(np.float64)


def _stacked(prompts: Sequence[Sequence[int]], replies: Sequence[Sequence[int]]) -> tuple[Ids, Ids, Array]:
    """Ids, targets and mask, each (batch, time)."""
    time = max(len(prompt) + len(reply) for prompt, reply in zip(prompts, replies, strict=True)) - 1
    ids = np.zeros((len(prompts), time), np.int64)
    targets, mask = np.zeros_like(ids), np.zeros(ids.shape, np.float32)
    for row, (prompt, reply) in enumerate(zip(prompts, replies, strict=True)):
        text = [*prompt, *reply]
        ids[row, : len(text) - 1] = text[:-1]
        targets[row, : len(text) - 1] = text[1:]
        mask[row, len(prompt) - 1 : len(text) - 1] = 1
    return ids, targets, mask
