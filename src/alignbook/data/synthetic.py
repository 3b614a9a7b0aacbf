"""Synthetic data: text that a program writes, so that everything about it is known."""

from __future__ import annotations

import string
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

VOWELS = "aeiou"
CONSONANTS = "".join(letter for letter in string.ascii_lowercase if letter not in VOWELS)
NUMBER_WORDS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


@dataclass(frozen=True)
class OtherLanguage:
    """A second language with the same grammar and new words.

    Every letter becomes another one, vowels vowels and consonants consonants. So words stay as long, as frequent and
    as regular as they were, two words never fall together, and no word looks as before: whatever a model finds harder
    about the language is owed to having read less of it.

    Parameters
    ----------
    letters : str
        What the 26 small letters become, in the order of the alphabet.

    Examples
    --------
    >>> OtherLanguage.draw(np.random.default_rng(0)).translate("A rose is a rose, 42 times.")
    'E kaxi ux e kaxi, 42 funix.'
    """

    letters: str

    def __post_init__(self) -> None:
        if sorted(self.letters) != list(string.ascii_lowercase):
            raise ValueError(f"letters must be the 26 small letters in some order, got {self.letters!r}")

    @classmethod
    def draw(cls, rng: np.random.Generator) -> OtherLanguage:
        """Draw a language in which no letter stays what it was."""
        become: dict[str, str] = {}
        for group in (VOWELS, CONSONANTS):
            shuffled = [group[at] for at in rng.permutation(len(group))]
            become |= dict(zip(shuffled, [*shuffled[1:], shuffled[0]], strict=True))
        return cls("".join(become[letter] for letter in string.ascii_lowercase))

    def translate(self, text: str) -> str:
        """Return the text in this language; what is no ASCII letter stays."""
        return text.translate(self._table)

    def mix_in(self, text: str, share: float, rng: np.random.Generator) -> str:
        """Return the text with a share of its words in this language, drawn at random."""
        words = text.split(" ")
        chosen = rng.random(len(words)) < share
        return " ".join(self.translate(word) if other else word for word, other in zip(words, chosen, strict=True))

    @cached_property
    def _table(self) -> dict[int, int]:
        small, capital = string.ascii_lowercase, string.ascii_uppercase
        return str.maketrans(small + capital, self.letters + self.letters.upper())


def arithmetic(rng: np.random.Generator, count: int, lines: int = 12) -> list[str]:
    """Write worked sums as documents of mathematics: right by construction, and never the same twice in a row.

    Parameters
    ----------
    rng : numpy.random.Generator
        Decides the numbers.
    count, lines : int
        How many documents, and how many sums in each.

    Examples
    --------
    >>> arithmetic(np.random.default_rng(0), 1, lines=2)[0].splitlines()
    ['86 + 67 = 153', '56 + 34 = 90']
    """
    terms = rng.integers(10, 100, (count, lines, 2))
    kinds = rng.integers(0, 3, (count, lines))
    return [
        "\n".join(_sum(int(left), int(right), int(kind)) for (left, right), kind in zip(pairs, row, strict=True))
        for pairs, row in zip(terms, kinds, strict=True)
    ]


def question_answers(facts: Sequence[tuple[str, str, str]], rng: np.random.Generator) -> list[str]:
    r"""Rewrite facts as questions and answers, the simplest use of a generator: new form, no new knowledge.

    Parameters
    ----------
    facts : sequence of (subject, relation, value)
        Such as ``("Ann", "home town", "Orle")``.
    rng : numpy.random.Generator
        Decides the wording.

    Examples
    --------
    >>> question_answers([("Ann", "home town", "Orle")], np.random.default_rng(0))
    ["Q: Name Ann's home town.\nA: Orle"]
    """
    wordings = (
        "Q: What is {subject}'s {relation}?\nA: {value}",
        "Q: Do you know the {relation} of {subject}?\nA: It is {value}.",
        "Q: Name {subject}'s {relation}.\nA: {value}",
    )
    chosen = rng.integers(0, len(wordings), len(facts)).tolist()
    return [
        wordings[at].format(subject=subject, relation=relation, value=value)
        for at, (subject, relation, value) in zip(chosen, facts, strict=True)
    ]


@dataclass(frozen=True)
class WordChain:
    """A model of two words that writes text: what comes next is what came after the same word in its text.

    It keeps the text it was trained on, sorted by the word before; to draw the next word is to draw one of the places
    where the present word stands. This is exactly sampling from the bigram model with maximum likelihood.

    Parameters
    ----------
    followers : array of int64, shape (words,)
        The word after each place, places sorted by the word that stands there.
    starts : array of int64, shape (vocabulary + 1,)
        Where the places of each word begin.
    """

    followers: NDArray[np.int64]
    starts: NDArray[np.int64]

    @classmethod
    def train(cls, text: NDArray[np.int64], vocabulary: int) -> WordChain:
        """Read a text of word ids, taken as a circle so that each word has a follower.

        Raises
        ------
        ValueError
            If the text is empty or has ids outside the vocabulary.
        """
        if not len(text) or text.min() < 0 or text.max() >= vocabulary:
            raise ValueError(f"text must hold ids from 0 to {vocabulary - 1}, one or more, got {text[:5].tolist()}...")
        order = np.argsort(text, kind="stable")
        return cls(np.roll(text, -1)[order], np.searchsorted(text[order], np.arange(vocabulary + 1)))

    def write(self, length: int, first: int, rng: np.random.Generator, *, chains: int = 100) -> NDArray[np.int64]:
        """Write a text of about `length` words, by chains side by side that all begin after the word `first`.

        Raises
        ------
        ValueError
            If the model has never read the word `first`.
        """
        if self.starts[first] == self.starts[first + 1]:
            raise ValueError(f"first must be a word of the text that was read, got {first}")
        words = np.empty((chains, -(-length // chains)), dtype=np.int64)
        current = np.full(chains, first)
        for at in range(words.shape[1]):
            low, high = self.starts[current], self.starts[current + 1]
            current = self.followers[low + (rng.random(chains) * (high - low)).astype(np.int64)]
            words[:, at] = current
        return words.reshape(-1)[:length]


def word_ids(sentences: Iterable[Sequence[str]]) -> tuple[NDArray[np.int64], tuple[str, ...]]:
    """Number the words of sentences in the order in which they appear; id 0 ends every sentence.

    Returns
    -------
    ids : array of int64, shape (words and ends,)
        The text.
    vocabulary : tuple of str
        The words by id.
    """
    numbers = {"</s>": 0}
    ids: list[int] = []
    for sentence in sentences:
        ids += [numbers.setdefault(word, len(numbers)) for word in sentence]
        ids.append(0)
    return np.array(ids, dtype=np.int64), tuple(numbers)


def _sum(left: int, right: int, kind: int) -> str:
    if kind == 0:
        return f"{left} + {right} = {left + right}"
    if kind == 1:
        return f"{max(left, right)} - {min(left, right)} = {abs(left - right)}"
    return f"{left} times {NUMBER_WORDS[right % 10]} is {left * (right % 10)}"
