"""MinHash: signatures of fixed length whose agreement estimates how similar two sets are."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from alignbook.data.shingles import HashedRuns, hash_shingles, hash_words

Signatures = NDArray[np.uint32]

EMPTY = np.uint32(2**32 - 1)
"""Every entry in the signature of a set without elements."""

HASHES_AT_ONCE = 2**17  # two arrays of half a megabyte, which stay in the cache; and a bound on memory


@dataclass(frozen=True)
class Permutations:
    """Orders of all 32-bit numbers, each ``h -> a * h + b`` modulo 2³²; as `a` is odd, no two numbers meet.

    Such orders are not exactly min-wise independent (no small family is); on mixed hashes they do as well as
    independent ones within what can be measured, which `tests/data/test_minhash.py` does.

    Parameters
    ----------
    multipliers, offsets : array of uint32, shape (permutations,)
        The `a` and `b` of each.

    References
    ----------
    Broder, Charikar, Frieze and Mitzenmacher (2000), "Min-wise independent permutations".
    """

    multipliers: NDArray[np.uint32]
    offsets: NDArray[np.uint32]

    def __post_init__(self) -> None:
        if self.multipliers.shape != self.offsets.shape or self.multipliers.ndim != 1 or not len(self.multipliers):
            raise ValueError(
                "multipliers and offsets must be equally many, and one or more, got the shapes "
                f"{self.multipliers.shape} and {self.offsets.shape}"
            )
        if (self.multipliers % 2 == 0).any():
            raise ValueError("multipliers must be odd, or numbers would fall together; got an even one")

    @classmethod
    def draw(cls, count: int, rng: np.random.Generator) -> Permutations:
        """Draw `count` of them at random."""
        if count < 1:
            raise ValueError(f"count must be 1 or more permutations, got {count}")
        multipliers = rng.integers(0, 2**31, count, dtype=np.uint32) * np.uint32(2) + np.uint32(1)
        return cls(multipliers, rng.integers(0, 2**32, count, dtype=np.uint32))

    def __len__(self) -> int:
        return len(self.multipliers)


def text_signatures(texts: list[str], size: int, permutations: Permutations) -> Signatures:
    """Return the MinHash signatures of texts as sets of shingles of `size` words.

    Parameters
    ----------
    texts : list of str
        The documents; give a large corpus in blocks of about a megabyte.
    size : int
        Words in a shingle.
    permutations : Permutations
        The same for all documents that shall be compared.

    Returns
    -------
    array of uint32, shape (documents, permutations)
        The signatures; that of a text without a word is `EMPTY` throughout.
    """
    return set_signatures(hash_shingles(hash_words(texts), size), permutations)


def set_signatures(sets: HashedRuns, permutations: Permutations) -> Signatures:
    """Return for each set and each permutation the smallest number that the set has in that order.

    Of the 64 bits of a hash the upper 32 are used. Repeated elements change nothing.

    Returns
    -------
    array of uint32, shape (sets, permutations)
        The signatures.
    """
    hashes = (sets.hashes >> np.uint64(32)).astype(np.uint32)
    signatures = np.full((len(sets), len(permutations)), EMPTY, dtype=np.uint32)
    for start in range(0, len(hashes), HASHES_AT_ONCE):
        part = hashes[start : start + HASHES_AT_ONCE]
        # The sets that reach into this part, and where in it each begins; those without elements are left out.
        begins, ends = np.maximum(sets.offsets[:-1], start), np.minimum(sets.offsets[1:], start + len(part))
        members = np.flatnonzero(begins < ends)
        signatures[members] = np.minimum(signatures[members], _minima(part, begins[members] - start, permutations))
    return signatures


def _minima(hashes: NDArray[np.uint32], begins: NDArray[np.int64], permutations: Permutations) -> Signatures:
    """Return the minima of every run of hashes, shape (runs, permutations); a run ends where the next begins."""
    # One permutation at a time over many hashes: three times as fast as all permutations over one set.
    image = np.empty_like(hashes)
    minima = np.empty((len(permutations), len(begins)), dtype=np.uint32)
    for row, multiplier, offset in zip(minima, permutations.multipliers, permutations.offsets, strict=True):
        np.multiply(hashes, multiplier, out=image)
        np.add(image, offset, out=image)
        np.minimum.reduceat(image, begins, out=row)
    return minima.T


def estimate_jaccard(left: Signatures, right: Signatures) -> NDArray[np.float64]:
    """Estimate the Jaccard similarity of sets by the share of permutations under which their minima agree.

    The standard error is ``sqrt(s * (1 - s) / permutations)`` at the similarity `s`.

    Parameters
    ----------
    left, right : array of uint32, shape (..., permutations)
        Signatures under the same permutations; empty sets are similar to nothing.

    Returns
    -------
    array of float, shape (...)
        The estimates.
    """
    if left.shape[-1] != right.shape[-1]:
        raise ValueError(
            f"signatures must have equally many permutations, got {left.shape[-1]} and {right.shape[-1]}: "
            "were they made with different ones?"
        )
    agree = (left == right) & (left != EMPTY)
    return np.asarray(agree.mean(axis=-1), dtype=np.float64)
