"""The repetition rules of Gopher: drop a text that says the same again and again.

Rae et al. (2021), "Scaling Language Models: Methods, Analysis & Insights from Training Gopher", table A1.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from alignbook.data.shingles import hash_ngrams
from alignbook.data.tokens import WordTable, word_table

_PARAGRAPHS = re.compile(r"\n{2,}")


@dataclass(frozen=True)
class RepetitionRules:
    """The largest shares that are allowed; those of the paper are the defaults.

    Parameters
    ----------
    lines, paragraphs : float
        Lines and paragraphs that stood in the text before, as a share of their number.
    line_characters, paragraph_characters : float
        The same, as a share of the characters.
    top_ngrams : tuple of (int, float)
        For some lengths in words, the characters of the most frequent run of that length, over all its occurrences.
    repeated_ngrams : tuple of (int, float)
        For some lengths, the characters of all runs that stood in the text before, without counting any twice.
    """

    lines: float = 0.30
    paragraphs: float = 0.30
    line_characters: float = 0.20
    paragraph_characters: float = 0.20
    top_ngrams: tuple[tuple[int, float], ...] = ((2, 0.20), (3, 0.18), (4, 0.16))
    repeated_ngrams: tuple[tuple[int, float], ...] = (
        (5, 0.15), (6, 0.14), (7, 0.13), (8, 0.12), (9, 0.11), (10, 0.10),
    )  # fmt: skip

    def problem(self, text: str) -> str | None:
        """Return which bound the text exceeds, with its share, or None if it exceeds none."""
        return self.problems([text], word_table([text]))[0]

    def problems(self, texts: Sequence[str], table: WordTable) -> list[str | None]:
        """Return the same for many texts at once, with the table of their words."""
        found = [self._blocks_problem(text) if text else None for text in texts]
        lengths = np.array([max(1, len(text)) for text in texts])
        for size, most in self.top_ngrams:
            shares = top_ngram_characters(table, size) / lengths
            for at in np.flatnonzero(shares > most).tolist():
                found[at] = found[at] or f"one run of {size} words is {shares[at]:.0%} of the text, over {most:.0%}"
        # A longer run is only repeated where shorter ones are: the texts that may break a rule soon become few.
        suspects = np.array([at for at, problem in enumerate(found) if problem is None], dtype=np.int64)
        for size, most in sorted(self.repeated_ngrams):
            loosest = min(bound for length, bound in self.repeated_ngrams if length >= size)
            chosen = table.select(suspects)
            cover = repeated_cover(chosen, size) / lengths[suspects]
            for row in np.flatnonzero(cover > most).tolist():
                at = int(suspects[row])
                share = repeated_characters(chosen, row, size) / lengths[at]
                if share > most:
                    found[at] = found[at] or f"repeated runs of {size} words are {share:.0%}, over {most:.0%}"
            suspects = suspects[cover > loosest]
        return found

    def _blocks_problem(self, text: str) -> str | None:
        for name, blocks, most, most_characters in (
            ("paragraphs", _paragraphs(text.strip()), self.paragraphs, self.paragraph_characters),
            ("lines", [line for line in text.split("\n") if line], self.lines, self.line_characters),
        ):
            count, characters = _repeated_blocks(blocks)
            if count > most * len(blocks):
                return f"{count} of {len(blocks)} {name} stood there before, more than {most:.0%}"
            if characters > most_characters * len(text):
                return f"{characters / len(text):.0%} of the characters are in repeated {name}"
        return None


def _paragraphs(text: str) -> list[str]:
    return _PARAGRAPHS.split(text) if "\n\n\n" in text else text.split("\n\n")  # the latter is much faster


def _repeated_blocks(blocks: Sequence[str]) -> tuple[int, int]:
    """Return how many of the blocks stood there before, and how many characters these have."""
    if len(set(blocks)) == len(blocks):
        return 0, 0
    seen: set[str] = set()
    count = characters = 0
    for block in blocks:
        if block in seen:
            count += 1
            characters += len(block)
        seen.add(block)
    return count, characters


def top_ngram_characters(table: WordTable, size: int) -> NDArray[np.int64]:
    """Return for each text the characters of its most frequent run of words, over all occurrences.

    Single spaces between the words count; of equally frequent runs the first counts; texts of fewer words have 0.
    """
    ngrams = _Ngrams.find(table, size)
    result = np.zeros(len(table), dtype=np.int64)
    if not len(ngrams.counts):
        return result
    # The largest count wins, and then the earliest place: both in one number.
    rank = (ngrams.counts << 32) - ngrams.first
    text_starts = np.flatnonzero(np.diff(ngrams.texts, prepend=-1))
    best = np.maximum.reduceat(rank, text_starts)
    count = (best >> 32) + (best & 0xFFFFFFFF > 0)
    place = (count << 32) - best
    ends = np.concatenate([[0], np.cumsum(table.lengths)])
    result[ngrams.texts[text_starts]] = count * (ends[place + size] - ends[place] + size - 1)
    return result


def repeated_cover(table: WordTable, size: int) -> NDArray[np.int64]:
    """Return for each text the characters of all words in runs that stood in it before; each word counts once."""
    ngrams = _Ngrams.find(table, size)
    is_repeated = np.zeros(len(table.hashes), dtype=bool)
    is_repeated[ngrams.places] = True
    is_repeated[ngrams.first] = False
    places = np.flatnonzero(is_repeated)
    covered = np.zeros(len(table.hashes), dtype=bool)
    for at in range(size):
        covered[places + at] = True
    return table.sums(np.where(covered, table.lengths, 0))


def repeated_characters(table: WordTable, text: int, size: int) -> int:
    """Return the characters of the runs of one text that stood in it before; after one, the search goes on behind it.

    So no character counts twice, and a run that lies half in a repetition is not searched for later. This is never
    more than `repeated_cover`.
    """
    words = slice(table.offsets[text], table.offsets[text + 1])
    ngrams, lengths = hash_ngrams(table.hashes[words], size).tolist(), table.lengths[words].tolist()
    seen: set[int] = set()
    characters = at = 0
    while at < len(ngrams):
        if ngrams[at] in seen:
            characters += sum(lengths[at : at + size])
            at += size
        else:
            seen.add(ngrams[at])
            at += 1
    return characters


@dataclass(frozen=True)
class _Ngrams:
    """The distinct runs of words of each text, ordered by text.

    Parameters
    ----------
    texts, counts, first : array of int64, shape (distinct,)
        In which text, how often, and where (which word of the table) first.
    places : array of int64, shape (runs,)
        Where any run begins.
    """

    texts: NDArray[np.int64]
    counts: NDArray[np.int64]
    first: NDArray[np.int64]
    places: NDArray[np.int64]

    @classmethod
    def find(cls, table: WordTable, size: int) -> _Ngrams:
        """Sort the runs by text and hash; equal ones then lie side by side."""
        runs = np.maximum(np.diff(table.offsets) - size + 1, 0)
        texts = np.repeat(np.arange(len(table)), runs)
        places = np.arange(len(texts)) + np.repeat(table.offsets[:-1] - np.cumsum(runs) + runs, runs)
        bits = np.uint64(64 - max(1, len(table).bit_length()))
        keys = (texts.astype(np.uint64) << bits) | (hash_ngrams(table.hashes, size)[places] >> (np.uint64(64) - bits))
        order = np.argsort(keys)
        keys = keys[order]
        starts = np.flatnonzero(np.concatenate([[True], keys[1:] != keys[:-1]])) if len(keys) else np.zeros(0, np.int64)
        counts = np.diff(starts, append=len(keys))
        first = np.minimum.reduceat(places[order], starts) if len(starts) else starts
        return cls((keys[starts] >> bits).astype(np.int64), counts, first, places)
