"""The smallest language model: count which words follow which, and predict by the counts.

`NgramCounts` reads sentences and counts, for every context of zero, one, two... words, what followed it. An
`NgramModel` reads the counts as probabilities, measures surprise with them, and writes sentences of its own.
Before anything is read, every word is equally likely.

A sentence of three words is read as ``<s> <s> w1 w2 w3 </s>``: as many ``<s>`` as the longest context has
words, so that the first word has a context too, and one ``</s>``, so that the model learns where sentences
end. ``</s>`` is predicted like a word, and counts as one in every average; ``<s>`` is never predicted.

To predict text from counts of n-grams, and to measure the surprise, is Shannon's idea [1]_, [2]_.

References
----------
.. [1] C. E. Shannon, "A Mathematical Theory of Communication", Bell System Technical Journal 27, 1948.
.. [2] C. E. Shannon, "Prediction and Entropy of Printed English", Bell System Technical Journal 30, 1951.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from alignbook.pretraining.smoothing import Smoothing
from alignbook.pretraining.vocabulary import END, START, Vocabulary

Context = tuple[str, ...]
"""The last words before the one to predict, as many as the longest n-gram allows."""


class NgramCounts:
    """How often each word followed each context: all that a count model ever learns.

    Parameters
    ----------
    vocabulary : Vocabulary
        The words that are told apart; all others are counted as ``<unk>``.
    order : int
        The length of the longest n-gram: 1 counts words, 2 also pairs (bigrams), 3 also triples (trigrams).

    Raises
    ------
    ValueError
        If `order` is less than 1.

    Examples
    --------
    >>> counts = NgramCounts(Vocabulary(("cat", "mat", "on", "sat", "the")), order=2)
    >>> counts.update([("the", "cat", "sat", "on", "the", "mat")])
    >>> counts.followers(("the",))
    Counter({'cat': 1, 'mat': 1})
    >>> counts.total(("the",))
    2
    """

    def __init__(self, vocabulary: Vocabulary, order: int = 3) -> None:
        if order < 1:
            raise ValueError(f"order must be >= 1 (1 unigram, 2 bigram, 3 trigram), got {order}")
        self.vocabulary = vocabulary
        self.order = order
        self._followers: defaultdict[Context, Counter[str]] = defaultdict(Counter)
        self._totals: Counter[Context] = Counter()

    def update(self, sentences: Iterable[Sequence[str]]) -> None:
        """Read more sentences. Learning is nothing but this: counting on from what was counted before."""
        for sentence in sentences:
            for context, word in self.predictions(sentence):
                for suffix in suffixes(context):
                    self._followers[suffix][word] += 1
                    self._totals[suffix] += 1

    def predictions(self, sentence: Sequence[str]) -> list[tuple[Context, str]]:
        """Return what a sentence asks a model to predict: each word, and the end, with the words before it.

        Parameters
        ----------
        sentence : sequence of str
            The words; unknown ones become ``<unk>``.

        Raises
        ------
        TypeError
            If the sentence is a string instead of a sequence of words.
        """
        if isinstance(sentence, str):
            raise TypeError(f"a sentence must be a sequence of words, got {sentence!r}: split it first")
        reach = self.order - 1
        padded = (START,) * reach + self.vocabulary.encode(sentence) + (END,)
        return [(padded[at - reach : at], padded[at]) for at in range(reach, len(padded))]

    def followers(self, context: Context) -> Mapping[str, int]:
        """Return the words seen after a context, and how often each was."""
        return self._followers.get(context) or {}

    def total(self, context: Context) -> int:
        """Return how many words were seen after a context."""
        return self._totals[context]


def suffixes(context: Context) -> list[Context]:
    """Return the ends of a context from none of it to all of it: one context per order of n-gram.

    Examples
    --------
    >>> suffixes(("on", "the"))
    [(), ('the',), ('on', 'the')]
    """
    return [context[start:] for start in range(len(context), -1, -1)]


@dataclass(frozen=True)
class NgramModel:
    """Counts read as a language model: a probability for every next word after every context.

    The model keeps no numbers of its own. When its counts are updated, it has learned; and two models may
    read the same counts with different smoothing.

    Parameters
    ----------
    counts : NgramCounts
        What has been read so far.
    smoothing : Smoothing
        How far to trust each order, `AddK` or `Interpolated`.

    Raises
    ------
    ValueError
        If the smoothing does not fit the order of the counts.

    Examples
    --------
    >>> from alignbook.pretraining.smoothing import AddK
    >>> counts = NgramCounts(Vocabulary(("cat", "dog", "on", "ran", "sat", "the")))  # 8 tokens in all
    >>> model = NgramModel(counts, AddK(0.1))
    >>> model.surprise_bits(("the", "dog", "sat")).tolist()
    [3.0, 3.0, 3.0, 3.0]
    >>> counts.update([("the", "dog", "ran"), ("the", "cat", "sat")])
    >>> model.surprise_bits(("the", "dog", "sat")).round(1).tolist()
    [0.4, 1.3, 4.2, 3.0]
    """

    counts: NgramCounts
    smoothing: Smoothing

    def __post_init__(self) -> None:
        self._mixture(suffixes((START,) * (self.counts.order - 1)))  # a misfit shows here, not in the middle

    def probability(self, word: str, before: Sequence[str] = ()) -> float:
        """Return the probability that `word` comes next.

        Parameters
        ----------
        word : str
            A word, or ``"</s>"`` for the end of the sentence; an unknown word is read as ``<unk>``.
        before : sequence of str
            The sentence so far, from its first word.
        """
        token = word if word == END else self.counts.vocabulary.encode([word])[0]
        return self._probability(self._context(before), token)

    def distribution(self, before: Sequence[str] = ()) -> NDArray[np.float64]:
        """Return the probabilities of all tokens after the sentence so far.

        Parameters
        ----------
        before : sequence of str
            The sentence so far, from its first word.

        Returns
        -------
        array, shape (vocabulary,)
            In the order of ``counts.vocabulary.tokens``; they sum to 1.
        """
        index = self.counts.vocabulary.index
        uniform, orders = self._mixture(suffixes(self._context(before)))
        distribution = np.full(len(index), uniform)  # (vocabulary,)
        for scale, followers in orders:
            for word, count in followers.items():
                distribution[index[word]] += scale * count
        return distribution

    def surprise_bits(self, sentence: Sequence[str]) -> NDArray[np.float64]:
        """Return how surprising each word of a sentence is: minus the log2 of its probability.

        A word held to be certain costs 0 bits, one of probability 1/2 one bit, one of 1/1024 ten bits.

        Returns
        -------
        array, shape (words + 1,)
            One number a word, in bits, and the last for ``</s>``.
        """
        predictions = self.counts.predictions(sentence)
        return -np.log2([self._probability(context, word) for context, word in predictions])

    def cross_entropy(self, sentences: Iterable[Sequence[str]]) -> float:
        """Return the mean surprise over all words and ends of some sentences, in bits.

        Raises
        ------
        ValueError
            If there is no sentence.
        """
        surprises = [self.surprise_bits(sentence) for sentence in sentences]
        if not surprises:
            raise ValueError("sentences must hold at least one sentence, got none: give the held-out text")
        return float(np.concatenate(surprises).mean())

    def sample(self, rng: np.random.Generator, prompt: Sequence[str] = (), *, max_words: int = 40) -> tuple[str, ...]:
        """Write a sentence: draw a next word from the distribution, again and again, until ``</s>`` comes.

        Parameters
        ----------
        rng : numpy.random.Generator
            The source of chance.
        prompt : sequence of str
            How the sentence begins; it is part of the answer.
        max_words : int
            Stop here if no end has come, prompt included.
        """
        tokens = self.counts.vocabulary.tokens
        sentence = tuple(prompt)
        while len(sentence) < max_words:
            word = tokens[rng.choice(len(tokens), p=self.distribution(sentence))]
            if word == END:
                break
            sentence = (*sentence, word)
        return sentence

    def _context(self, before: Sequence[str]) -> Context:
        """Return the context of the next word, which is that of ``</s>`` if the sentence ended here."""
        return self.counts.predictions(before)[-1][0]

    def _probability(self, context: Context, word: str) -> float:
        uniform, orders = self._mixture(suffixes(context))
        return uniform + sum(scale * followers.get(word, 0) for scale, followers in orders)

    def _mixture(self, contexts: list[Context]) -> tuple[float, list[tuple[float, Mapping[str, int]]]]:
        """Return the probability that every token has in any case, and what the counts add to it.

        The probability of a word is the uniform weight divided by ``|V|`` plus, for each order with an
        answer, ``weight * count / total``. Each such order is given as ``weight / total`` and its counts.
        """
        size = len(self.counts.vocabulary)
        totals = [self.counts.total(context) for context in contexts]
        uniform, *weights = self.smoothing.weights(totals, size)
        orders = [
            (weight / total, self.counts.followers(context))
            for weight, total, context in zip(weights, totals, contexts, strict=True)
            if weight > 0
        ]
        return uniform / size, orders


def perplexity(bits: float) -> float:
    """Return ``2 ** bits``: among how many equally likely words the model might as well be choosing.

    Parameters
    ----------
    bits : float
        A cross-entropy in bits per token, >= 0.

    Raises
    ------
    ValueError
        If `bits` is negative.

    Examples
    --------
    >>> perplexity(3.0)
    8.0
    """
    if not bits >= 0:
        raise ValueError(f"bits must be >= 0 (no probability is above 1), got {bits}")
    return float(2.0**bits)
