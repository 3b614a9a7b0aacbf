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

    def __post_init__(self) -> None:
        shortest = min((size for size, _ in (*self.top_ngrams, *self.repeated_ngrams)), default=2)
        if shortest < 2:
            raise ValueError(f"runs must have 2 words or more, got {shortest}")

    def problem(self, text: str) -> str | None:
        """Return which bound the text exceeds, with its share, or None if it exceeds none."""
        return self.problems([text], word_table([text]))[0]

    def problems(self, texts: Sequence[str], table: WordTable) -> list[str | None]:
        """Return the same for many texts at once, with the table of their words."""
        found = [self._blocks_problem(text) if text else None for text in texts]
        lengths = np.array([max(1, len(text)) for text in texts])
        # To count runs one has to sort them. What pairs of words say of longer runs lets most texts pass without it.
        pairs = pair_counts(table)
        for size, most in self.top_ngrams:
            suspects = np.flatnonzero(top_ngram_bound(table, pairs, size) > most * lengths)
            shares = top_ngram_characters(table.select(suspects), size) / lengths[suspects]
            for at, share in zip(suspects.tolist(), shares.tolist(), strict=True):
                if share > most:
                    found[at] = found[at] or f"one run of {size} words is {share:.0%} of the text, over {most:.0%}"
        for size, most in self.repeated_ngrams:
            suspects = np.flatnonzero(repeated_bound(table, pairs, size) > most * lengths)
            chosen = table.select(suspects)
            for row in np.flatnonzero(repeated_cover(chosen, size) > most * lengths[suspects]).tolist():
                at = int(suspects[row])
                share = repeated_characters(chosen, row, size) / lengths[at]
                if share > most:
                    found[at] = found[at] or f"repeated runs of {size} words are {share:.0%}, over {most:.0%}"
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


def pair_counts(table: WordTable) -> NDArray[np.int64]:
    """Return for each word how often its text has this word and the next side by side; 0 for the last of a text."""
    pairs = _Ngrams.find(table, 2)
    result = np.zeros(len(table.hashes), dtype=np.int64)
    result[pairs.places] = np.repeat(pairs.counts, pairs.counts)
    return result


def count_bounds(pairs: NDArray[np.int64], size: int) -> NDArray[np.int64]:
    """Return for each word a number that is never less than how often its text has the run that begins there.

    A run is no more frequent than the rarest pair of words in it. Where no run begins the number is 0.

    Parameters
    ----------
    pairs : array of int64, shape (words,)
        What `pair_counts` returns.
    size : int
        Words in a run, 2 or more.
    """
    bounds = pairs.copy()
    for at in range(1, min(size - 1, len(pairs))):
        np.minimum(bounds[:-at], pairs[at:], out=bounds[:-at])
        bounds[-at:] = 0
    return bounds


def top_ngram_bound(table: WordTable, pairs: NDArray[np.int64], size: int) -> NDArray[np.int64]:
    """Return for each text a number that is never less than `top_ngram_characters`, found without sorting runs."""
    ends = np.concatenate([[0], np.cumsum(table.lengths)])
    bounds = count_bounds(pairs, size)
    places = np.flatnonzero(bounds)
    characters = np.zeros(len(table.hashes), dtype=np.int64)
    characters[places] = bounds[places] * (ends[places + size] - ends[places] + size - 1)
    result = np.zeros(len(table), dtype=np.int64)
    spoken = np.flatnonzero(np.diff(table.offsets))
    if len(spoken):
        result[spoken] = np.maximum.reduceat(characters, table.offsets[spoken])
    return result


def repeated_bound(table: WordTable, pairs: NDArray[np.int64], size: int) -> NDArray[np.int64]:
    """Return for each text a number that is never less than `repeated_cover`, found without sorting runs."""
    return _covered(table, np.flatnonzero(count_bounds(pairs, size) > 1), size)


def repeated_cover(table: WordTable, size: int) -> NDArray[np.int64]:
    """Return for each text the characters of all words in runs that stood in it before; each word counts once."""
    ngrams = _Ngrams.find(table, size)
    is_repeated = np.zeros(len(table.hashes), dtype=bool)
    is_repeated[ngrams.places] = True
    is_repeated[ngrams.first] = False
    return _covered(table, np.flatnonzero(is_repeated), size)


def _covered(table: WordTable, places: NDArray[np.int64], size: int) -> NDArray[np.int64]:
    """Return for each text the characters of all words in the runs at some places; each word counts once."""
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
        Where any run begins; equal ones of one text lie side by side, in the order of the other arrays.
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
        keys, places = keys[order], places[order]
        starts = np.flatnonzero(np.concatenate([[True], keys[1:] != keys[:-1]])) if len(keys) else np.zeros(0, np.int64)
        counts = np.diff(starts, append=len(keys))
        first = np.minimum.reduceat(places, starts) if len(starts) else starts
        return cls((keys[starts] >> bits).astype(np.int64), counts, first, places)
