"""A small model of text to measure data with: it predicts the next byte from the few before, by counting.

It knows no vocabulary, so the same model can be held to prose, code, mathematics and any language, and its surprise is
in one unit, bits per byte.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from alignbook.data.shingles import Hashes, hash_ngrams

Bytes = NDArray[np.uint64]


@dataclass(frozen=True)
class _Order:
    """The counts of one length of context; hashes in rising order.

    `contexts`, `totals` and `kinds`: which contexts occurred, how often, and how many different bytes followed.
    `grams` and `counts`: which contexts with their next byte occurred, and how often.
    """

    contexts: Hashes
    totals: NDArray[np.float64]
    kinds: NDArray[np.float64]
    grams: Hashes
    counts: NDArray[np.float64]


@dataclass(frozen=True)
class ByteModel:
    """Counts of bytes after contexts of 0, 1, 2, ... bytes, mixed by the rule of Witten and Bell.

    The longer context is trusted the more, the more often it was seen and the fewer different bytes followed it:
    ``p = (count + kinds * p_shorter) / (total + kinds)``. Below the shortest stands 1 in 256.

    References
    ----------
    Witten and Bell (1991), "The zero-frequency problem: estimating the probabilities of novel events in adaptive text
    compression", method C.
    """

    orders: tuple[_Order, ...]

    @classmethod
    def train(cls, texts: Sequence[str], longest_context: int = 5) -> ByteModel:
        """Count the bytes of texts after all contexts of up to `longest_context` bytes.

        Raises
        ------
        ValueError
            If there is no text, or the longest context is below 0.
        """
        if longest_context < 0:
            raise ValueError(f"longest_context must be 0 bytes or more, got {longest_context}")
        if not any(texts):
            raise ValueError("texts must hold some text to learn from, got none")
        data = _as_bytes(texts, longest_context)
        return cls(tuple(_count(data, size, longest_context) for size in range(longest_context + 1)))

    def bits(self, texts: Sequence[str]) -> NDArray[np.float64]:
        """Return the surprise at each byte of the texts, and at the end of each, in bits.

        Returns
        -------
        array of float, shape (bytes and ends,)
            Minus the logarithm to base 2 of the probability of each.
        """
        longest = len(self.orders) - 1
        data = _as_bytes(texts, longest)
        probability = np.full(len(data) - longest, 1 / 256)
        for size, order in enumerate(self.orders):
            contexts, grams = _hashes(data, size, longest)
            place, known = _find(order.contexts, contexts)
            gram_place, gram_known = _find(order.grams, grams)
            count = np.where(gram_known, order.counts[gram_place], 0.0)
            kinds = np.where(known, order.kinds[place], 1.0)
            total = np.where(known, order.totals[place], 0.0)
            probability = (count + kinds * probability) / (total + kinds)
        return np.asarray(-np.log2(probability), dtype=np.float64)

    def bits_per_byte(self, texts: Sequence[str]) -> float:
        """Return the mean surprise over all bytes of the texts and their ends."""
        return float(self.bits(texts).mean())


def _as_bytes(texts: Sequence[str], margin: int) -> Bytes:
    """Return the bytes of all texts, each ended by a 0, after `margin` zeros: contexts reach back over an end."""
    joined = b"".join(text.encode("utf-8", "surrogatepass") + b"\0" for text in texts)
    return np.frombuffer(b"\0" * margin + joined, dtype=np.uint8).astype(np.uint64)


def _hashes(data: Bytes, size: int, longest: int) -> tuple[Hashes, Hashes]:
    """Return for each byte after the margin the hash of its context of `size` bytes, and of both together."""
    grams = hash_ngrams(data[longest - size :] + np.uint64(1), size + 1)
    if size == 0:
        return np.zeros(len(grams), dtype=np.uint64), grams
    return hash_ngrams(data[longest - size : -1] + np.uint64(1), size), grams


def _count(data: Bytes, size: int, longest: int) -> _Order:
    contexts, grams = _hashes(data, size, longest)
    order = np.argsort(grams)
    distinct, first, counts = np.unique(grams[order], return_index=True, return_counts=True)
    context_of_gram = contexts[order][first]
    known, place = np.unique(context_of_gram, return_inverse=True)
    totals = np.bincount(place, weights=counts)
    kinds = np.bincount(place)
    return _Order(known, totals.astype(np.float64), kinds.astype(np.float64), distinct, counts.astype(np.float64))


def _find(keys: Hashes, wanted: Hashes) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    place = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    return place, keys[place] == wanted
