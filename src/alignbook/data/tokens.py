"""The words of many texts at once, as arrays: what the quality rules count.

A word is what stands between white space, punctuation included (the rules ask about it). Everything is computed on
the characters of all texts together, so that no rule loops over words.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from alignbook.data.shingles import Hashes, Offsets, hash_spans

SYMBOL, DIGIT, LETTER = 1, 2, 4
"""Kinds of characters; white space is 0. A word has the bits of all its characters."""


@dataclass(frozen=True)
class WordTable:
    """The words of several texts, one text after another.

    Parameters
    ----------
    hashes : array of uint64, shape (words,)
        Equal words have equal hashes; capitals count.
    lengths : array of int64, shape (words,)
        In characters.
    kinds : array of uint8, shape (words,)
        Which kinds of characters a word has: `SYMBOL`, `DIGIT` and `LETTER`, added up.
    offsets : array of int64, shape (texts + 1,)
        The words of text `i` are those from ``offsets[i]`` to ``offsets[i + 1]``.
    """

    hashes: Hashes
    lengths: NDArray[np.int64]
    kinds: NDArray[np.uint8]
    offsets: Offsets

    def __len__(self) -> int:
        return len(self.offsets) - 1

    def sums(self, values: NDArray[np.int64] | NDArray[np.bool_]) -> NDArray[np.int64]:
        """Add up one value per word over each text."""
        totals = np.concatenate([[0], np.cumsum(values, dtype=np.int64)])
        result: NDArray[np.int64] = totals[self.offsets[1:]] - totals[self.offsets[:-1]]
        return result

    def select(self, texts: NDArray[np.int64]) -> WordTable:
        """Return the table of some of the texts, in the order given."""
        counts = np.diff(self.offsets)[texts]
        offsets = np.concatenate([[0], np.cumsum(counts)])
        words = np.arange(offsets[-1]) + np.repeat(self.offsets[texts] - offsets[:-1], counts)
        return WordTable(self.hashes[words], self.lengths[words], self.kinds[words], offsets.astype(np.int64))


def word_table(texts: Sequence[str]) -> WordTable:
    """Find the words of texts; memory is some 40 bytes for each character.

    White space is that of `str.split`.

    Examples
    --------
    >>> table = word_table(["A rose, a rose", "", "42 #"])
    >>> table.lengths.tolist(), table.kinds.tolist(), table.offsets.tolist()
    ([1, 5, 1, 4, 2, 1], [4, 5, 4, 4, 2, 1], [0, 4, 4, 6])
    """
    joined = "\n".join(["", *texts, ""])
    characters: NDArray[np.uint8] | NDArray[np.uint32]
    if joined.isascii():  # the same numbers, four times as short
        characters = np.frombuffer(joined.encode("ascii"), dtype=np.uint8)
    else:
        characters = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    kinds = _character_kinds(characters)
    is_word = (kinds > 0).view(np.int8)
    edges = np.flatnonzero(is_word[1:] != is_word[:-1]) + 1  # the joined text begins and ends with white space
    starts, ends = edges[::2], edges[1::2]
    word_kinds = np.bitwise_or.reduceat(kinds, starts) if len(starts) else np.zeros(0, dtype=np.uint8)
    text_starts = np.cumsum([0, *(len(text) + 1 for text in texts)])
    offsets = np.searchsorted(starts, text_starts).astype(np.int64)
    return WordTable(hash_spans(characters, starts, ends), ends - starts, word_kinds, offsets)


def hash_word(word: str) -> np.uint64:
    """Return the hash that the word has in every table."""
    return np.uint64(word_table([word]).hashes[0])


def _character_kinds(characters: NDArray[np.uint8] | NDArray[np.uint32]) -> NDArray[np.uint8]:
    """Return the kind of each character; beyond ASCII each distinct one is looked up once."""
    kinds = _ASCII_KINDS[np.minimum(characters, 127)]
    beyond = np.flatnonzero(characters >= 128)
    if len(beyond):
        distinct, place = np.unique(characters[beyond], return_inverse=True)
        kinds[beyond] = np.array([_kind(chr(code)) for code in distinct.tolist()], dtype=np.uint8)[place]
    return kinds


def _kind(character: str) -> int:
    if character.isspace():
        return 0
    if character.isalpha():
        return LETTER
    return DIGIT if character.isalnum() else SYMBOL


_ASCII_KINDS = np.array([_kind(chr(code)) for code in range(128)], dtype=np.uint8)
