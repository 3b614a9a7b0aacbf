"""The quality rules of Gopher: cheap counts that tell a page of prose from a list of keywords.

Rae et al. (2021), "Scaling Language Models: Methods, Analysis & Insights from Training Gopher", appendix A.1.1,
"Quality filtering". Words are what stands between white space; the paper does not say how it splits them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from alignbook.data.tokens import DIGIT, LETTER, WordTable, hash_word, word_table

STOP_WORDS = ("the", "be", "to", "of", "and", "that", "have", "with")
_ELLIPSES = ("...", "…")
_BULLETS = ("•", "-")


@dataclass(frozen=True)
class GopherRules:
    """The bounds of the rules; those of the paper are the defaults.

    Parameters
    ----------
    least_words, most_words : int
        "between 50 and 100,000 words"; what is all punctuation does not count.
    least_mean_length, most_mean_length : float
        "mean word length [in] the range of 3 to 10 characters".
    most_symbols : float
        "symbol-to-word ratio greater than 0.1 for either the hash symbol or the ellipsis".
    most_bullets : float
        "more than 90% of lines starting with a bullet point".
    most_ellipses : float
        "more than 30% [of lines] ending with an ellipsis".
    least_alphabetic : float
        "80% of words in a document contain at least one alphabetic character".
    least_stop_words : int
        "at least two of the following English words": see `STOP_WORDS`. Distinct ones are counted.
    """

    least_words: int = 50
    most_words: int = 100_000
    least_mean_length: float = 3.0
    most_mean_length: float = 10.0
    most_symbols: float = 0.1
    most_bullets: float = 0.9
    most_ellipses: float = 0.3
    least_alphabetic: float = 0.8
    least_stop_words: int = 2

    def problem(self, text: str) -> str | None:
        """Return which rule the text breaks, with its count, or None if it breaks none."""
        return self.problems([text], word_table([text]))[0]

    def problems(self, texts: Sequence[str], table: WordTable) -> list[str | None]:
        """Return the same for many texts at once, with the table of their words."""
        words = np.diff(table.offsets)
        spoken = (table.kinds & (LETTER | DIGIT)) > 0
        columns = (
            words,
            table.sums(spoken),
            table.sums(np.where(spoken, table.lengths, 0)),
            table.sums((table.kinds & LETTER) > 0),
            sum(table.sums(table.hashes == hash_) > 0 for hash_ in _stop_word_hashes()),
        )
        counts = map(_Counts._make, zip(*(np.asarray(column).tolist() for column in columns), strict=True))
        return [
            self._words_problem(count) or self._symbols_problem(text, count.words) or self._lines_problem(text)
            for text, count in zip(texts, counts, strict=True)
        ]

    def _words_problem(self, count: _Counts) -> str | None:
        if not self.least_words <= count.spoken <= self.most_words:
            return f"{count.spoken} words, not {self.least_words} to {self.most_words}"
        mean_length = count.spoken_characters / max(1, count.spoken)
        if not self.least_mean_length <= mean_length <= self.most_mean_length:
            return f"words of {mean_length:.1f} characters, not {self.least_mean_length} to {self.most_mean_length}"
        alphabetic = count.alphabetic / max(1, count.words)
        if alphabetic < self.least_alphabetic:
            return f"{alphabetic:.0%} of words have a letter, fewer than {self.least_alphabetic:.0%}"
        if count.stop_words < self.least_stop_words:
            return f"{count.stop_words} of the stop words, fewer than {self.least_stop_words}"
        return None

    def _symbols_problem(self, text: str, words: int) -> str | None:
        for name, count in (("hashes", text.count("#")), ("ellipses", sum(map(text.count, _ELLIPSES)))):
            if count > self.most_symbols * words:
                return f"{count} {name} to {words} words, more than {self.most_symbols:.0%}"
        return None

    def _lines_problem(self, text: str) -> str | None:
        # Few texts have marks enough to break these rules; only those are cut into lines.
        most_lines = text.count("\n") + 1
        if sum(map(text.count, _BULLETS)) > self.most_bullets * most_lines:
            lines = text.splitlines()
            bullets = sum(line.lstrip().startswith(_BULLETS) for line in lines)
            if bullets > self.most_bullets * len(lines):
                return f"{bullets} of {len(lines)} lines begin with a bullet, more than {self.most_bullets:.0%}"
        if sum(map(text.count, _ELLIPSES)) > self.most_ellipses * most_lines:
            lines = text.splitlines()
            ellipses = sum(line.rstrip().endswith(_ELLIPSES) for line in lines)
            if ellipses > self.most_ellipses * len(lines):
                return f"{ellipses} of {len(lines)} lines end with an ellipsis, more than {self.most_ellipses:.0%}"
        return None


class _Counts(NamedTuple):
    """What the rules count in the words of one text."""

    words: int
    spoken: int
    spoken_characters: int
    alphabetic: int
    stop_words: int


@lru_cache(maxsize=1)
def _stop_word_hashes() -> tuple[np.uint64, ...]:
    return tuple(map(hash_word, STOP_WORDS))
