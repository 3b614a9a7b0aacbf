"""Decontamination: drop what would give a test away, a document that shares a run of words with a test item."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from alignbook.data.shingles import HashedRuns, Hashes, hash_shingles, hash_words


@dataclass(frozen=True)
class Benchmark:
    """The hashed runs of words of a test's items.

    Parameters
    ----------
    size : int
        Words in a run. Brown et al. (2020), "Language Models are Few-Shot Learners", appendix C, use 13.
    hashes : array of uint64, shape (runs,)
        Distinct and in rising order.
    """

    size: int
    hashes: Hashes

    @classmethod
    def of(cls, items: Iterable[str], size: int = 13) -> Benchmark:
        """Hash the items; an item of fewer words is one run, which only an equally short document can match.

        Raises
        ------
        ValueError
            If no item has a word, or the size is below 1.
        """
        hashes = np.unique(hash_shingles(hash_words(list(items)), size).hashes)
        if not len(hashes):
            raise ValueError("items must hold at least one word, got none")
        return cls(size, hashes)

    def shared_runs(self, texts: Sequence[str]) -> list[int]:
        """Return how many runs of each text also stand in an item.

        Examples
        --------
        >>> benchmark = Benchmark.of(["Who keeps the lamp of the north pier?"], size=5)
        >>> benchmark.shared_runs(["who keeps the lamp of the south pier", "the lamp of the north"])
        [2, 1]
        """
        return self.shared_runs_of_words(hash_words(texts))

    def shared_runs_of_words(self, words: HashedRuns) -> list[int]:
        """Return the same for texts whose words are hashed already."""
        runs = hash_shingles(words, self.size)
        place = np.minimum(np.searchsorted(self.hashes, runs.hashes), len(self.hashes) - 1)
        shared = np.concatenate([[0], np.cumsum(self.hashes[place] == runs.hashes)])
        counts: list[int] = (shared[runs.offsets[1:]] - shared[runs.offsets[:-1]]).tolist()
        return counts
