"""The words that a count model tells apart, and the markers for what is not a word."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

START, END, UNKNOWN = "<s>", "</s>", "<unk>"


@dataclass(frozen=True)
class Vocabulary:
    """The words a model knows, fixed before it reads anything.

    Parameters
    ----------
    words : tuple of str
        The known words. ``<unk>``, which stands for every other word, and ``</s>`` are added.

    Raises
    ------
    ValueError
        If there are no words, if one stands twice, or if one is a marker.

    Examples
    --------
    >>> vocabulary = Vocabulary(("cat", "the"))
    >>> vocabulary.tokens
    ('cat', 'the', '<unk>', '</s>')
    >>> vocabulary.encode(["the", "axolotl"])
    ('the', '<unk>')
    """

    words: tuple[str, ...]

    def __post_init__(self) -> None:
        if not self.words:
            raise ValueError("words must not be empty: a vocabulary needs at least one word")
        repeated = [word for word, count in Counter(self.words).items() if count > 1]
        if repeated:
            raise ValueError(f"words must differ from one another, got {repeated[0]!r} more than once")
        for marker in (START, END, UNKNOWN):
            if marker in self.words:
                raise ValueError(f"words must not hold the marker {marker!r}: it has its own place")

    @classmethod
    def of_size(cls, sentences: Iterable[Sequence[str]], size: int) -> "Vocabulary":
        """Take the most frequent words of a text; of equally frequent ones, the alphabetically first.

        Parameters
        ----------
        sentences : iterable of sequences of str
            The text, which should be training text only.
        size : int
            How many tokens the vocabulary shall have, ``<unk>`` and ``</s>`` included.

        Raises
        ------
        ValueError
            If the size leaves no room for a word, or the text has too few distinct words for it.
        """
        frequency = Counter(word for sentence in sentences for word in sentence)
        largest = len(frequency) + 2
        if not 3 <= size <= largest:
            raise ValueError(f"size must be from 3 to {largest} (distinct words + <unk> + </s>), got {size}")
        by_frequency = sorted(frequency, key=lambda word: (-frequency[word], word))
        return cls(tuple(by_frequency[: size - 2]))

    @cached_property
    def tokens(self) -> tuple[str, ...]:
        """Everything that can come next: the words, ``<unk>`` and ``</s>``."""
        return (*self.words, UNKNOWN, END)

    @cached_property
    def index(self) -> Mapping[str, int]:
        """The place of every token in `tokens`."""
        return {token: place for place, token in enumerate(self.tokens)}

    @cached_property
    def _known(self) -> frozenset[str]:
        return frozenset(self.words)

    def __len__(self) -> int:
        return len(self.tokens)

    def encode(self, words: Iterable[str]) -> tuple[str, ...]:
        """Replace every word that is not one of the known words by ``<unk>``."""
        return tuple(word if word in self._known else UNKNOWN for word in words)
