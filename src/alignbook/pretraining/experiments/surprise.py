"""Experiment: a model that only counts gets less surprised by text it has never seen, round by round.

The trigram model starts knowing nothing but which words there are, so every word of the held-out text
surprises it by log2 of their number. Each round doubles what it has read. Two controls say what it learns
from: models with shorter contexts read the same text, and the same models read the same words shuffled.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeVar

import numpy as np

from alignbook.corpora.documents import split
from alignbook.corpora.numpy_docs import numpy_docstrings
from alignbook.corpora.prose import Sentence, sentences
from alignbook.pretraining.counts import NgramCounts, NgramModel
from alignbook.pretraining.smoothing import Interpolated
from alignbook.pretraining.vocabulary import END, UNKNOWN, Vocabulary
from alignbook.profile import Profile

T = TypeVar("T")

# Weights of uniform, unigram, bigram and trigram: four ways to read the same counts, where 0 leaves an order
# out. They were chosen by hand among a few, on the division of seed 0. The writer puts nearly all its weight
# on the longest context that was seen, so that few of its words come from nowhere.
UNIGRAM = Interpolated((0.1, 0.9, 0.0, 0.0))
BIGRAM = Interpolated((0.1, 0.3, 0.6, 0.0))
TRIGRAM = Interpolated((0.1, 0.2, 0.35, 0.35))
WRITER = Interpolated((0.001, 0.009, 0.09, 0.9))


@dataclass(frozen=True)
class SurpriseConfig:
    """What one size of the experiment reads.

    Parameters
    ----------
    vocabulary_size : int
        Tokens that can come next; a power of 2 makes the first surprise a whole number of bits.
    first_round : int
        Sentences read in round 1.
    rounds : int
        Each later round doubles what was read so far.
    held_out_sentences : int
        At most so many held-out sentences are predicted.
    held_out : float
        The share of documents that are held out: their sentences are never read.
    """

    vocabulary_size: int
    first_round: int
    rounds: int
    held_out_sentences: int
    held_out: float = 0.12

    @property
    def sentences_read(self) -> tuple[int, ...]:
        """Sentences read by the end of each round, beginning with none."""
        return (0, *(self.first_round * 2**doublings for doublings in range(self.rounds)))


CONFIGS = {
    "tiny": SurpriseConfig(vocabulary_size=1024, first_round=8, rounds=7, held_out_sentences=100),
    "book": SurpriseConfig(vocabulary_size=4096, first_round=24, rounds=9, held_out_sentences=500),
}


@dataclass(frozen=True)
class SurpriseByRound:
    """Mean held-out surprise in bits per token, before any reading and after each round.

    Parameters
    ----------
    sentences_read, words_read : tuple of int
        What the models have read by then; the first entry is 0.
    unigram, bigram, trigram : tuple of float
        Surprise of models that read the text as it is, and heed the last 0, 1 and 2 words.
    shuffled_unigram, shuffled_trigram : tuple of float
        Surprise, on the same held-out text, of models that read the same words in a shuffled order.
    written : tuple of str
        A sentence that the trigram model wrote at each of these points.
    vocabulary_size : int
        How many tokens there are.
    held_out_tokens : int
        Over how many words and ends the surprise is averaged.
    unknown_share : float
        Which share of these is ``<unk>``, and so easier to predict than the word that stands there.
    """

    sentences_read: tuple[int, ...]
    words_read: tuple[int, ...]
    unigram: tuple[float, ...]
    bigram: tuple[float, ...]
    trigram: tuple[float, ...]
    shuffled_unigram: tuple[float, ...]
    shuffled_trigram: tuple[float, ...]
    written: tuple[str, ...]
    vocabulary_size: int
    held_out_tokens: int
    unknown_share: float


def surprise_by_round(seed: int, size: str = "book") -> SurpriseByRound:
    """Let count models of three orders read NumPy's prose in doubling rounds, and measure held-out surprise.

    Every distinct sentence is read once, and none that was read is predicted, so that the many repetitions of
    the corpus cannot pass for learning.

    Parameters
    ----------
    seed : int
        Decides which documents are held out, the order of reading, the shuffled text and what is written.
    size : {"book", "tiny"}
        How much to read; see `CONFIGS`.

    Returns
    -------
    SurpriseByRound
        The surprise curves, with the numbers needed to read them.

    Raises
    ------
    ValueError
        If the size is unknown or the corpus has too few sentences for it.

    Examples
    --------
    >>> result = surprise_by_round(0, "tiny")
    >>> result.trigram[0]
    10.0
    >>> result.trigram[-1] < result.unigram[-1] < 8
    True
    """
    training, held_out = training_and_held_out(seed, size)
    config = CONFIGS[size]
    for_shuffling, for_writing = np.random.default_rng(seed).spawn(2)
    vocabulary = Vocabulary.of_size(training, config.vocabulary_size)
    reading = _read_in_rounds(training, vocabulary, config)
    unigram, bigram, trigram = _curves(reading, held_out, (UNIGRAM, BIGRAM, TRIGRAM))
    shuffled = _read_in_rounds(_shuffle_words(training, for_shuffling), vocabulary, config)
    shuffled_unigram, shuffled_trigram = _curves(shuffled, held_out, (UNIGRAM, TRIGRAM))
    writers = (NgramModel(counts, WRITER) for counts in _read_in_rounds(training, vocabulary, config))
    targets = [word for sentence in held_out for word in (*vocabulary.encode(sentence), END)]
    return SurpriseByRound(
        sentences_read=config.sentences_read,
        words_read=tuple(sum(map(len, training[:count])) for count in config.sentences_read),
        unigram=unigram,
        bigram=bigram,
        trigram=trigram,
        shuffled_unigram=shuffled_unigram,
        shuffled_trigram=shuffled_trigram,
        written=tuple(" ".join(writer.sample(for_writing, max_words=20)) for writer in writers),
        vocabulary_size=len(vocabulary),
        held_out_tokens=len(targets),
        unknown_share=targets.count(UNKNOWN) / len(targets),
    )


def training_and_held_out(seed: int, size: str = "book") -> tuple[list[Sentence], list[Sentence]]:
    """Return the distinct sentences to read, in order of reading, and the distinct sentences to predict.

    Parameters
    ----------
    seed : int
        Decides which documents are held out and the order of reading.
    size : {"book", "tiny"}
        How much to read; see `CONFIGS`.

    Raises
    ------
    ValueError
        If the size is unknown or the corpus has too few sentences for it.
    """
    config = CONFIGS[Profile(seed, size).size]
    training_documents, held_out_documents = split(numpy_docstrings(), held_out=config.held_out, seed=seed)
    readable = dict.fromkeys(sentences(training_documents))
    unread = [one for one in dict.fromkeys(sentences(held_out_documents)) if one not in readable]
    wanted = config.sentences_read[-1]
    if len(readable) < wanted:
        raise ValueError(f"size {size!r} reads {wanted} sentences, got {len(readable)}: lower its rounds")
    rng = np.random.default_rng(seed)
    return _shuffle(list(readable), rng)[:wanted], _shuffle(unread, rng)[: config.held_out_sentences]


def _shuffle(items: Sequence[T], rng: np.random.Generator) -> list[T]:
    return [items[at] for at in rng.permutation(len(items))]


def _shuffle_words(text: Sequence[Sentence], rng: np.random.Generator) -> list[Sentence]:
    """Return sentences of the same lengths which together hold the same words, in an order of no meaning."""
    words = iter(_shuffle([word for sentence in text for word in sentence], rng))
    return [tuple(next(words) for _ in sentence) for sentence in text]


def _read_in_rounds(text: Sequence[Sentence], vocabulary: Vocabulary, config: SurpriseConfig) -> Iterator[NgramCounts]:
    """Yield the same counts again and again: empty at first, then after each round of reading."""
    counts = NgramCounts(vocabulary, order=3)
    for start, stop in pairwise((0, *config.sentences_read)):
        counts.update(text[start:stop])
        yield counts


def _curves(
    rounds: Iterable[NgramCounts], held_out: Sequence[Sentence], smoothings: Sequence[Interpolated]
) -> list[tuple[float, ...]]:
    """Return for each smoothing the held-out surprise after each round."""
    surprise = [
        [NgramModel(counts, smoothing).cross_entropy(held_out) for smoothing in smoothings] for counts in rounds
    ]  # (rounds, smoothings)
    return list(zip(*surprise, strict=True))
