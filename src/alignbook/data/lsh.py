"""Locality-sensitive hashing: find the similar pairs of many documents without comparing all of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from alignbook.data.minhash import EMPTY, Signatures


@dataclass(frozen=True)
class Bands:
    """How a signature is cut: `bands` bands of `rows` entries; two documents meet if a whole band agrees.

    Parameters
    ----------
    bands, rows : int
        Each 1 or more.

    References
    ----------
    Leskovec, Rajaraman and Ullman, "Mining of Massive Datasets", section 3.4.
    """

    bands: int
    rows: int

    def __post_init__(self) -> None:
        if self.bands < 1 or self.rows < 1:
            raise ValueError(f"bands and rows must be 1 or more, got {self.bands} and {self.rows}")

    def catch_rate(self, similarity: ArrayLike) -> NDArray[np.float64]:
        """Return how often a pair of this similarity meets: ``1 - (1 - s**rows)**bands``, an S-curve.

        Examples
        --------
        >>> Bands(20, 5).catch_rate([0.2, 0.5, 0.8]).round(3).tolist()
        [0.006, 0.47, 1.0]
        """
        s = np.asarray(similarity, dtype=np.float64)
        result: NDArray[np.float64] = 1 - (1 - s**self.rows) ** self.bands
        return result

    @property
    def threshold(self) -> float:
        """The similarity near which the curve is steepest, ``(1 / bands) ** (1 / rows)``."""
        return float((1 / self.bands) ** (1 / self.rows))


def choose_bands(threshold: float, permutations: int, *, miss_weight: float = 0.5) -> Bands:
    """Choose the bands for which the fewest pairs end up on the wrong side of a threshold.

    Of all ways to cut the signature it takes the one with the smallest weighted sum of two areas: that under the
    catch rate below the threshold (false alarms), and that above the catch rate over it (misses).

    Parameters
    ----------
    threshold : float
        From which similarity on a pair shall be found.
    permutations : int
        How long the signature is; not all of it need be used.
    miss_weight : float
        The weight of a miss; that of a false alarm is 1 minus it.

    Raises
    ------
    ValueError
        If a number is out of range.

    Examples
    --------
    >>> choose_bands(0.8, 128)
    Bands(bands=9, rows=13)
    """
    if not 0 < threshold < 1:
        raise ValueError(f"threshold must lie between 0 and 1 (a similarity), got {threshold}")
    if permutations < 1:
        raise ValueError(f"permutations must be 1 or more, got {permutations}")
    if not 0 <= miss_weight <= 1:
        raise ValueError(f"miss_weight must lie between 0 and 1, got {miss_weight}")
    below, above = _midpoints(0.0, threshold), _midpoints(threshold, 1.0)

    def error(candidate: Bands) -> float:
        alarms = float(candidate.catch_rate(below).mean()) * threshold
        misses = float((1 - candidate.catch_rate(above)).mean()) * (1 - threshold)
        return (1 - miss_weight) * alarms + miss_weight * misses

    cuts = [Bands(bands, rows) for bands in range(1, permutations + 1) for rows in range(1, permutations // bands + 1)]
    return min(cuts, key=error)


class LSHIndex:
    """An index of signatures: the documents that a new one meets in at least one band.

    Only digests are kept: for each document and band, a number of 64 bits.

    Parameters
    ----------
    bands : Bands
        How the signatures are cut.

    Examples
    --------
    >>> index = LSHIndex(Bands(2, 1))
    >>> index.add(np.array([[1, 2], [3, 2], [4, 5]], dtype=np.uint32))
    [(), (0,), ()]
    """

    def __init__(self, bands: Bands) -> None:
        self.bands = bands
        self._buckets: list[dict[int, list[int]]] = [{} for _ in range(bands.bands)]
        self._count = 0

    def add(self, signatures: Signatures) -> list[tuple[int, ...]]:
        """Add documents, and return for each the numbers of the earlier ones that it meets, in order.

        Documents are numbered from 0 in the order in which they were added. Empty sets meet nothing.

        Parameters
        ----------
        signatures : array of uint32, shape (documents, permutations)
            Their signatures.

        Raises
        ------
        ValueError
            If a signature is too short for the bands.
        """
        met = []
        for keys in self.band_keys(signatures):
            met.append(self.members(keys))
            self.insert(keys)
        return met

    def members(self, keys: list[int]) -> tuple[int, ...]:
        """Return the numbers of the documents that one with these keys meets."""
        found: set[int] = set()
        for bucket, key in zip(self._buckets, keys, strict=False):
            if key in bucket:
                found.update(bucket[key])
        return tuple(sorted(found))

    def insert(self, keys: list[int]) -> None:
        """Add one document, as the next number."""
        for bucket, key in zip(self._buckets, keys, strict=False):
            bucket.setdefault(key, []).append(self._count)
        self._count += 1

    def band_keys(self, signatures: Signatures) -> list[list[int]]:
        """Return for each signature a number of 64 bits for each band; none at all for that of an empty set."""
        used = self.bands.bands * self.bands.rows
        if signatures.shape[1] < used:
            raise ValueError(
                f"signatures must have at least {used} entries for {self.bands.bands} bands of {self.bands.rows} "
                f"rows, got {signatures.shape[1]}"
            )
        entries = signatures[:, :used].reshape(-1, self.bands.bands, self.bands.rows)
        keys = np.zeros(entries.shape[:2], dtype=np.uint64)
        for row in range(self.bands.rows):
            keys = (keys ^ entries[:, :, row]) * np.uint64(0x9E3779B97F4A7C15)
            keys ^= keys >> np.uint64(29)
        empty = (signatures == EMPTY).all(axis=1).tolist()
        return [[] if nothing else row for row, nothing in zip(keys.tolist(), empty, strict=True)]


def _midpoints(low: float, high: float, count: int = 1000) -> NDArray[np.float64]:
    return low + (np.arange(count) + 0.5) * (high - low) / count
