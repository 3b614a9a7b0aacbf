"""The rules of C4, the Colossal Clean Crawled Corpus: keep the lines that are sentences, drop the pages that are none.

Raffel et al. (2020), "Exploring the Limits of Transfer Learning with a Unified Text-to-Text Transformer", section 2.2.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_CITATION = re.compile(r"\[\d*\]|\[edit\]|\[citation needed\]")
_SENTENCE_END = re.compile(r"[.!?][\"')]*(?=\s|\Z)")
_TERMINAL = (".", "!", "?", '"', "'")
_POLICY = ("terms of use", "privacy policy", "cookie policy", "uses cookies", "use of cookies", "use cookies")


@dataclass(frozen=True)
class C4Rules:
    """Which of the rules apply, and their bounds; those of the paper and its released code are the defaults.

    The paper's list of obscene words is left out on purpose: it was found to remove text by and about minorities
    far more often than other text (Dodge et al. 2021, "Documenting Large Webtext Corpora").

    Parameters
    ----------
    terminal_punctuation : bool
        "only retained lines that ended in a terminal punctuation mark". Meant for pages with one paragraph a line:
        in text with hard line breaks it would take most lines away.
    least_words_a_line : int
        "only retained lines that contained at least 3 words" (before 2020's version: 5).
    least_sentences : int
        "discarded any page with fewer than 5 sentences" (in other versions of the paper: 3).
    curly_brackets : bool
        "removed any pages that contained a curly bracket", which programs have and prose has not.
    longest_word : int
        From the released code: lines with a longer word go.
    """

    terminal_punctuation: bool = True
    least_words_a_line: int = 3
    least_sentences: int = 5
    curly_brackets: bool = True
    longest_word: int = 1000

    def clean(self, text: str) -> str:
        """Return the text with the lines that pass, as they are but for ``[3]`` and ``[citation needed]``.

        Lines go that mention JavaScript or a policy ("uses cookies"), that have too few words or too long a one, or
        that do not end like a sentence.
        """
        lowered = text.lower()
        if "[" in text:
            text = _CITATION.sub("", text)
        suspicious = "javascript" in lowered or any(phrase in lowered for phrase in _POLICY)
        lines = text.split("\n")
        if (
            not (suspicious or self.terminal_punctuation or self.least_words_a_line)
            and max(map(len, lines)) <= self.longest_word
        ):
            return text
        kept = [line for line in lines if self._keeps(line.strip(), suspicious)]
        return "\n".join(kept)

    def problem(self, text: str) -> str | None:
        """Return which rule for whole pages the text breaks, or None; give it what `clean` has left."""
        if "lorem ipsum" in text.lower():
            return 'the placeholder "lorem ipsum"'
        if self.curly_brackets and "{" in text:
            return "a curly bracket"
        sentences = count_sentences(text)
        if sentences < self.least_sentences:
            return f"{sentences} sentences, fewer than {self.least_sentences}"
        return None

    def _keeps(self, line: str, suspicious: bool) -> bool:
        if self.terminal_punctuation and (not line.endswith(_TERMINAL) or line.endswith("...")):
            return False
        words = line.split(maxsplit=self.least_words_a_line - 1) if self.least_words_a_line > 0 else []
        if len(words) < self.least_words_a_line:
            return False
        if len(line) > self.longest_word and max(map(len, line.split())) > self.longest_word:
            return False
        if not suspicious:
            return True
        lowered = line.lower()
        return "javascript" not in lowered and not any(phrase in lowered for phrase in _POLICY)


def count_sentences(text: str) -> int:
    """Count the places where a sentence ends: a stop, perhaps quotes or brackets, then white space or the end.

    A simple rule, which takes "e.g. " for an end; the paper used NLTK's trained splitter.

    Examples
    --------
    >>> count_sentences('He said "no." Then 3.5 hours passed... And?')
    3
    """
    return len(_SENTENCE_END.findall(text))
