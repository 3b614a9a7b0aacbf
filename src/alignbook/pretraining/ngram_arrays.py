"""The count model of `alignbook.pretraining.counts` on arrays of ids: the same numbers, many times faster.

It serves where text is read as tokens many times over. A sentence is read as there: as many ``<s>`` before it as the
longest context has tokens, and one ``</s>`` after it, which is predicted too.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from alignbook.pretraining.smoothing import Interpolated

Array = NDArray[np.float64]
Ids = NDArray[np.int64]


def order_shares(
    training: Sequence[Sequence[int]], text: Sequence[Sequence[int]], vocabulary_size: int, order: int
) -> Array:
    """Return what each order of a count model answers about each token of a text: its share of what was seen.

    Parameters
    ----------
    training : sequence of sequences of int
        The sentences that are counted, as ids from 0 to ``vocabulary_size - 1``.
    text : sequence of sequences of int
        The sentences that are predicted.
    vocabulary_size : int
        How many ids there are; ``</s>`` comes on top.
    order : int
        The length of the longest n-gram, >= 1.

    Returns
    -------
    array, shape (tokens, order)
        The share of the token, or the end, among all that followed the last 0, 1, 2... tokens; NaN where none did.

    Raises
    ------
    ValueError
        If the order is below 1, or so high that an n-gram has no number in 64 bits.

    Examples
    --------
    >>> order_shares([[0, 1, 0, 2]], [[0, 1]], vocabulary_size=3, order=2)
    array([[0.4, 1. ],
           [0.2, 0.5],
           [0.2, 0. ]])
    """
    base = vocabulary_size + 2  # with </s> and <s>
    if order < 1 or base**order >= 2**63:
        raise ValueError(f"order must be >= 1 with ({vocabulary_size} + 2) ** order below 2 ** 63, got {order}")
    read, asked = _windows(training, vocabulary_size, order), _windows(text, vocabulary_size, order)
    shares = np.empty((len(asked), order))
    digits = base ** np.arange(order, dtype=np.int64)[::-1]
    for last in range(order):
        kept = slice(order - 1 - last, None)
        read_ngrams, asked_ngrams = (windows[:, kept] @ digits[kept] for windows in (read, asked))
        seen = _times(read_ngrams, asked_ngrams)
        total = _times(read_ngrams // base, asked_ngrams // base)  # the n-gram without its last token: the context
        shares[:, last] = np.divide(seen, total, out=np.full(len(asked), np.nan), where=total > 0)
    return shares


def mixed_surprise_bits(shares: Array, vocabulary_size: int, smoothing: Interpolated) -> Array:
    """Return the surprise at each token when the orders are mixed, as `NgramModel.surprise_bits` does.

    Parameters
    ----------
    shares : array, shape (tokens, order)
        What the orders answer, from `order_shares`.
    vocabulary_size : int
        How many ids there are; ``</s>`` comes on top.
    smoothing : Interpolated
        The weights.

    Returns
    -------
    array, shape (tokens,)
        In bits.

    Raises
    ------
    ValueError
        If the number of weights does not fit the order.
    """
    order = shares.shape[1]
    if len(smoothing.values) != order + 1:
        raise ValueError(f"order {order} needs {order + 1} weights, the first uniform, got {smoothing.values}")
    uniform, *weights = smoothing.values
    answered = ~np.isnan(shares)  # (tokens, order)
    mixed = uniform / (vocabulary_size + 1) + np.nan_to_num(shares) @ weights
    surprise: Array = -np.log2(mixed / (uniform + answered @ weights))  # those without an answer lend their weight
    return surprise


def _windows(sentences: Sequence[Sequence[int]], vocabulary_size: int, order: int) -> Ids:
    """Return each token with those before it, shape (tokens, order): the token itself stands last."""
    end, start = vocabulary_size, vocabulary_size + 1
    reach = order - 1
    row = [id_ for sentence in sentences for id_ in (*[start] * reach, *sentence, end)]
    ids: Ids = np.array(row, dtype=np.int64)
    windows: Ids = np.lib.stride_tricks.sliding_window_view(ids, order)
    asks: Ids = windows[windows[:, -1] != start]
    return asks


def _times(read: Ids, asked: Ids) -> Array:
    """Return how often each number that is asked about was read."""
    numbers, counts = np.unique(read, return_counts=True)
    places = np.searchsorted(numbers, asked).clip(max=len(numbers) - 1)
    return np.where(numbers[places] == asked, counts[places], 0).astype(np.float64)
