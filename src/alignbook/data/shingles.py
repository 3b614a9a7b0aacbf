"""Shingles: a text as the set of its runs of words, hashed for many documents at once.

Words are runs of letters and digits, in lower case; punctuation and white space only part them, so that a changed
comma changes nothing. The hashes are computed on the bytes of all documents together, without a loop over words:
a word is a polynomial of its bytes, a shingle a polynomial of its words, both modulo 2⁶⁴ (Karp and Rabin 1987,
"Efficient randomized pattern-matching algorithms", here with a final mix).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

Hashes = NDArray[np.uint64]
Offsets = NDArray[np.int64]

# In UTF-8 every byte of a character beyond ASCII is 128 or more, so all of these count as letters.
WORD = re.compile("[0-9a-z\x80-\U0010ffff]+")
_IS_WORD_BYTE = np.array([byte >= 128 or chr(byte).isalnum() for byte in range(256)])
_BYTE_BASE = 0x9E3779B97F4A7C15  # odd, and so invertible modulo 2**64
_WORD_BASE = 0xD6E8FEB86659FD93
KEPT_POWERS = 2**20  # 8 MB for each of the two bases


@dataclass(frozen=True)
class HashedRuns:
    """Hashes of the words, or of the shingles, of several documents, one document after another.

    Parameters
    ----------
    hashes : array of uint64, shape (runs,)
        All hashes, in the order of the text; what a text repeats stands here repeatedly.
    offsets : array of int64, shape (documents + 1,)
        Those of document `i` are ``hashes[offsets[i]:offsets[i + 1]]``.
    """

    hashes: Hashes
    offsets: Offsets

    def of(self, document: int) -> Hashes:
        """Return the hashes of one document."""
        return self.hashes[self.offsets[document] : self.offsets[document + 1]]

    def __len__(self) -> int:
        return len(self.offsets) - 1


def shingle_set(text: str, size: int) -> frozenset[tuple[str, ...]]:
    """Return the distinct runs of `size` words, as words: slow, exact, and what the hashes are tested against.

    A text of fewer words is one shingle; a text without a word has none.

    Examples
    --------
    >>> sorted(shingle_set("A rose is a rose!", 2))
    [('a', 'rose'), ('is', 'a'), ('rose', 'is')]
    """
    _check_size(size)
    words = WORD.findall(text.lower())
    if not words:
        return frozenset()
    return frozenset(tuple(words[at : at + size]) for at in range(max(1, len(words) - size + 1)))


def jaccard(left: frozenset[tuple[str, ...]], right: frozenset[tuple[str, ...]]) -> float:
    """Return the similarity of two sets, common elements over all; that of two empty sets is 0.

    References
    ----------
    Broder (1997), "On the resemblance and containment of documents".
    """
    union = len(left | right)
    return len(left & right) / union if union else 0.0


def hash_words(texts: Sequence[str]) -> HashedRuns:
    """Hash every word of every text; memory is some 40 bytes for each byte of the texts.

    Parameters
    ----------
    texts : sequence of str
        The documents.

    Returns
    -------
    HashedRuns
        Equal words have equal hashes, in all documents and in all processes.
    """
    encoded = [text.lower().encode("utf-8", "surrogatepass") for text in texts]
    data = np.frombuffer(b"\n".join([b"", *encoded, b""]), dtype=np.uint8)
    is_word = _IS_WORD_BYTE[data].view(np.int8)
    edges = np.flatnonzero(is_word[1:] != is_word[:-1]) + 1  # data begins and ends between words
    starts, ends = edges[::2], edges[1::2]
    hashes = hash_spans(data, starts, ends)
    document_starts = np.cumsum([0, *(len(one) + 1 for one in encoded)])
    return HashedRuns(hashes, np.searchsorted(starts, document_starts).astype(np.int64))


def hash_spans(
    data: NDArray[np.uint8] | NDArray[np.uint32], starts: NDArray[np.int64], ends: NDArray[np.int64]
) -> Hashes:
    """Hash spans of an array of characters or bytes, ``data[start:end]`` for each; none may begin at 0 or be empty."""
    prefix = np.cumsum(data * _powers(_BYTE_BASE, len(data)))  # wraps around, as all that follows
    # The polynomial of a span that starts at s carries a factor base**s, which its inverse takes away.
    inverse = _powers(pow(_BYTE_BASE, -1, 2**64), len(data))
    return _mix((prefix[ends - 1] - prefix[starts - 1]) * inverse[starts])


def hash_ngrams(hashes: Hashes, size: int) -> Hashes:
    """Combine the hashes of each `size` neighbours, in their order, into one; the order of words counts."""
    total = max(0, len(hashes) - size + 1)
    combined = np.zeros(total, dtype=np.uint64)
    for at in range(size):
        combined *= np.uint64(_WORD_BASE)
        combined += hashes[at : at + total]
    return _mix(combined)


def hash_shingles(words: HashedRuns, size: int) -> HashedRuns:
    """Combine the hashes of words into those of all runs of `size` words, as `shingle_set` defines them.

    Parameters
    ----------
    words : HashedRuns
        What `hash_words` returns.
    size : int
        Words in a shingle.

    Returns
    -------
    HashedRuns
        The hashes of the shingles, repetitions included.

    Raises
    ------
    ValueError
        If the size is below 1.
    """
    _check_size(size)
    counts = np.diff(words.offsets)
    # A document of fewer words is one shingle: words of value 0 before it make it as long as the others.
    missing = np.where(counts > 0, np.maximum(size - counts, 0), 0)
    offsets = np.concatenate([[0], np.cumsum(counts + missing)])
    padded = np.zeros(offsets[-1], dtype=np.uint64)
    place = np.arange(len(words.hashes)) + np.repeat(np.cumsum(missing), counts)
    padded[place] = words.hashes
    combined = hash_ngrams(padded, size)
    shingles = np.where(counts > 0, counts + missing - size + 1, 0)
    shingle_offsets = np.concatenate([[0], np.cumsum(shingles)])
    first = np.repeat(offsets[:-1] - shingle_offsets[:-1], shingles)
    return HashedRuns(combined[np.arange(shingle_offsets[-1]) + first], shingle_offsets.astype(np.int64))


def _powers(base: int, count: int) -> Hashes:
    """Return base**0, base**1, ... modulo 2**64; those that a block of documents needs are kept."""
    return _kept_powers(base)[:count] if count <= KEPT_POWERS else _compute_powers(base, count)


@lru_cache(maxsize=2)
def _kept_powers(base: int) -> Hashes:
    return _compute_powers(base, KEPT_POWERS)


def _compute_powers(base: int, count: int) -> Hashes:
    powers = np.full(count, base, dtype=np.uint64)
    powers[0] = 1
    return np.multiply.accumulate(powers)


def _mix(hashes: Hashes) -> Hashes:
    """Spread every bit over all bits, one to one: the finaliser of Appleby's MurmurHash3 for 64 bits."""
    hashes = hashes ^ (hashes >> np.uint64(33))
    hashes *= np.uint64(0xFF51AFD7ED558CCD)
    hashes ^= hashes >> np.uint64(33)
    hashes *= np.uint64(0xC4CEB9FE1A85EC53)
    hashes ^= hashes >> np.uint64(33)
    return hashes


def _check_size(size: int) -> None:
    if size < 1:
        raise ValueError(f"size must be 1 word or more, got {size}")
