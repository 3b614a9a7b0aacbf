"""Experiment: the fewer words a model knows, the better it looks, if what it does not know is one word to it.

The trigram model of the chapter's opening reads the same text with vocabularies of different sizes. All other words are
``<unk>``, which is common and so easy to predict. Surprise per word falls as the vocabulary shrinks, while the model
knows less and less of what it predicts.
"""

from dataclasses import dataclass

from alignbook.pretraining.counts import NgramCounts, NgramModel
from alignbook.pretraining.experiments.surprise import TRIGRAM, training_and_held_out
from alignbook.pretraining.vocabulary import UNKNOWN, Vocabulary

VOCABULARY_SIZES = {"tiny": (16, 64, 256), "book": (16, 64, 256, 1024, 4096)}


@dataclass(frozen=True)
class UnknownWords:
    """What models with small and large vocabularies make of the same text.

    Parameters
    ----------
    vocabulary_sizes : tuple of int
        How many tokens can come next.
    bits_per_word : tuple of float
        The mean surprise on held-out words and ends of sentences, in bits.
    unknown_share : tuple of float
        Which share of the held-out words is ``<unk>``.
    sentence, as_read : str, tuple of str
        A held-out sentence, and what each model takes it for.
    """

    vocabulary_sizes: tuple[int, ...]
    bits_per_word: tuple[float, ...]
    unknown_share: tuple[float, ...]
    sentence: str
    as_read: tuple[str, ...]


def unknown_words(seed: int, size: str = "book") -> UnknownWords:
    """Measure trigram models of NumPy's prose with vocabularies of several sizes.

    Parameters
    ----------
    seed : int
        Decides which documents are held out, and what is read.
    size : {"book", "tiny"}
        How much to read; see `alignbook.pretraining.experiments.surprise.CONFIGS`.

    Raises
    ------
    ValueError
        If the size is unknown.

    Examples
    --------
    >>> result = unknown_words(0, "tiny")
    >>> result.bits_per_word[0] < result.bits_per_word[-1], result.unknown_share[0] > 0.5
    (True, True)
    """
    training, held_out = training_and_held_out(seed, size)
    sizes = VOCABULARY_SIZES[size]
    vocabularies = [Vocabulary.of_size(training, vocabulary_size) for vocabulary_size in sizes]
    bits = []
    for vocabulary in vocabularies:
        counts = NgramCounts(vocabulary, order=3)
        counts.update(training)
        bits.append(NgramModel(counts, TRIGRAM).cross_entropy(held_out))
    words = [word for sentence in held_out for word in sentence]
    shown = next(sentence for sentence in held_out if 8 <= len(sentence) <= 12)
    return UnknownWords(
        vocabulary_sizes=sizes,
        bits_per_word=tuple(bits),
        unknown_share=tuple(known.encode(words).count(UNKNOWN) / len(words) for known in vocabularies),
        sentence=" ".join(shown),
        as_read=tuple(" ".join(vocabulary.encode(shown)) for vocabulary in vocabularies),
    )
