"""Experiment: the table that counting fills in one reading is found by gradient descent too, step by step.

A bigram model as one matrix: a row of numbers (logits) for each word, whose softmax are the probabilities of the
next word. It starts with zeros, every word equally likely. Nothing is counted into it; the tape gives the gradient of
its surprise, and it goes downhill. It arrives at the counted probabilities, because no table of this form is less
surprised by the text than the counted one. Rows of frequent words arrive first.

As the control, a model with a single row for all words, which cannot look at the last one.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from alignbook.corpora.prose import Sentence
from alignbook.pretraining.counts import NgramCounts
from alignbook.pretraining.experiments.surprise import training_and_held_out
from alignbook.pretraining.tape import Tensor, cross_entropy
from alignbook.pretraining.vocabulary import START, UNKNOWN, Vocabulary
from alignbook.profile import Profile

Array = NDArray[np.float64]


@dataclass(frozen=True)
class BigramConfig:
    """What one size of the experiment does.

    Parameters
    ----------
    vocabulary_size : int
        Tokens that can come next, and contexts too. It is small, so that every row has much to learn from.
    steps : int
        How many steps of gradient descent the matrix makes.
    early_step : int
        After which step the rows are compared one by one.
    learning_rate : float
        The learning rate of the matrix.
    control_steps : int
        How many steps the model without context makes.
    control_learning_rate : float
        Its learning rate; its one row is steeper.
    """

    vocabulary_size: int
    steps: int
    early_step: int = 100
    learning_rate: float = 10.0
    control_steps: int = 300
    control_learning_rate: float = 5.0


CONFIGS = {
    "tiny": BigramConfig(vocabulary_size=16, steps=600),
    "book": BigramConfig(vocabulary_size=32, steps=6_000),
}


@dataclass(frozen=True)
class BigramResult:
    """What the two ways of learning found; surprise in bits per token.

    Parameters
    ----------
    tokens : tuple of str
        What can come next: the columns.
    contexts : tuple of str
        What can stand before it: the rows.
    context_shares : tuple of float
        How much of the training text stands after each context.
    steps : tuple of int
        The steps after which the matrix was measured, from 0, each about a fifth more than the one before.
    training_bits, held_out_bits : tuple of float
        Its surprise there, on the text it learns from and on held-out text.
    counted_bits : float
        The surprise of the counted table on the training text: the least possible.
    held_out_never_seen : int
        How many held-out words follow a word that they never followed in training: each would surprise the counted
        table infinitely.
    held_out_tokens : int
        Out of how many.
    largest_difference : float
        The largest difference between a learned and a counted probability, at the end.
    early_step : int
        After which step the rows were compared.
    early_gap_bits : tuple of float
        How much more each row surprised the matrix then than the counted table, in bits per token after that context.
    learned, counted : tuple of tuple of float
        Both tables of probabilities at the end: contexts by tokens.
    no_context_bits : float
        The surprise at the end of the control, which has one row for all contexts.
    no_context_counted_bits : float
        The surprise of the counted share of each token, whatever stands before it.
    """

    tokens: tuple[str, ...]
    contexts: tuple[str, ...]
    context_shares: tuple[float, ...]
    steps: tuple[int, ...]
    training_bits: tuple[float, ...]
    held_out_bits: tuple[float, ...]
    counted_bits: float
    held_out_never_seen: int
    held_out_tokens: int
    largest_difference: float
    early_step: int
    early_gap_bits: tuple[float, ...]
    learned: tuple[tuple[float, ...], ...]
    counted: tuple[tuple[float, ...], ...]
    no_context_bits: float
    no_context_counted_bits: float


def bigram_by_gradient(seed: int, size: str = "book") -> BigramResult:
    """Learn a bigram model of NumPy's prose by gradient descent, and compare it with the counted one.

    Parameters
    ----------
    seed : int
        Decides which documents are held out and which sentences are read; the descent itself has no chance in it.
    size : {"book", "tiny"}
        How much to read, and how many steps; see `CONFIGS`.

    Raises
    ------
    ValueError
        If the size is unknown.

    Examples
    --------
    >>> result = bigram_by_gradient(0, "tiny")
    >>> result.training_bits[0], result.training_bits[-1] - result.counted_bits < 0.05
    (4.0, True)
    """
    config = CONFIGS[Profile(seed, size).size]
    training, held_out = training_and_held_out(seed, size)
    vocabulary = Vocabulary.of_size(training, config.vocabulary_size)
    pairs, unread = pair_counts(training, vocabulary), pair_counts(held_out, vocabulary)  # (contexts, tokens)
    counted = pairs / pairs.sum(axis=1, keepdims=True)
    tables = descend(pairs, np.zeros_like(pairs), config.learning_rate, measured_steps(config))
    learned, early = tables[max(tables)], tables[config.early_step]
    one_row = pairs.sum(axis=0, keepdims=True)  # (1, tokens): what the control's only row is asked
    control = descend(one_row, np.zeros_like(one_row), config.control_learning_rate, (config.control_steps,))
    return BigramResult(
        tokens=vocabulary.tokens,
        contexts=_contexts(vocabulary),
        context_shares=tuple((pairs.sum(axis=1) / pairs.sum()).tolist()),
        steps=tuple(tables),
        training_bits=tuple(surprise_bits(pairs, table) for table in tables.values()),
        held_out_bits=tuple(surprise_bits(unread, table) for table in tables.values()),
        counted_bits=surprise_bits(pairs, counted),
        held_out_never_seen=int(unread[pairs == 0].sum()),
        held_out_tokens=int(unread.sum()),
        largest_difference=float(np.abs(learned - counted).max()),
        early_step=config.early_step,
        early_gap_bits=tuple(
            surprise_bits(row, early_row) - surprise_bits(row, best_row)
            for row, early_row, best_row in zip(pairs, early, counted, strict=True)
        ),
        learned=_rows(learned),
        counted=_rows(counted),
        no_context_bits=surprise_bits(one_row, control[config.control_steps]),
        no_context_counted_bits=surprise_bits(one_row, one_row / one_row.sum()),
    )


def pair_counts(sentences: Sequence[Sentence], vocabulary: Vocabulary) -> Array:
    """Return how often each token follows each context: the counts of a bigram model, as a matrix.

    Returns
    -------
    array, shape (contexts, tokens)
        The contexts are ``<s>``, the words and ``<unk>``; the tokens are those of the vocabulary.
    """
    counts = NgramCounts(vocabulary, order=2)
    counts.update(sentences)
    followers = [counts.followers((context,)) for context in _contexts(vocabulary)]
    return np.array([[row.get(token, 0) for token in vocabulary.tokens] for row in followers], dtype=np.float64)


def descend(pairs: Array, logits: Array, learning_rate: float, at: Sequence[int]) -> dict[int, Array]:
    """Go downhill in the mean surprise at some pairs, and return the tables of probabilities on the way.

    All tokens after the same context get the same prediction, so one row stands for all of them, weighted by how
    often each token comes: that is the same loss, and the same gradient, as going through the text token by token.

    Parameters
    ----------
    pairs : array, shape (contexts, tokens)
        How often each token follows each context.
    logits : array, shape (contexts, tokens)
        Where to start.
    learning_rate : float
        The learning rate, > 0.
    at : sequence of int
        After which steps to return the table.

    Returns
    -------
    dict of int to array, shape (contexts, tokens)
        The probabilities after each of these steps.

    Raises
    ------
    ValueError
        If the learning rate is not > 0.
    """
    if not learning_rate > 0:
        raise ValueError(f"learning_rate must be > 0, got {learning_rate}")
    tables = {}
    for step in range(max(at) + 1):
        if step in at:
            tables[step] = softmax(logits)
        weights = Tensor(logits)
        cross_entropy(weights, pairs).backward()
        logits = logits - learning_rate * weights.grad
    return tables


def softmax(logits: Array) -> Array:
    """Return the probabilities that the logits of each row stand for."""
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    probabilities: Array = powers / powers.sum(axis=1, keepdims=True)
    return probabilities


def surprise_bits(pairs: Array, table: Array) -> float:
    """Return the mean surprise at some pairs, in bits; infinite if one of them has the probability 0.

    Parameters
    ----------
    pairs, table : arrays of one shape
        How often each pair occurs, and its probability.
    """
    occurs = pairs > 0
    if (table[occurs] == 0).any():
        return math.inf
    return float(-(pairs[occurs] @ np.log2(table[occurs])) / pairs.sum())


def measured_steps(config: BigramConfig) -> tuple[int, ...]:
    """Return 0, the early step, the last, and steps between them that lie ever further apart."""
    steps = {0, config.early_step, config.steps}
    step = 1.0
    while step < config.steps:
        steps.add(int(step))
        step *= 1.2
    return tuple(sorted(steps))


def _contexts(vocabulary: Vocabulary) -> tuple[str, ...]:
    return (START, *vocabulary.words, UNKNOWN)


def _rows(table: Array) -> tuple[tuple[float, ...], ...]:
    return tuple(tuple(row) for row in table.tolist())
