"""What the tiny model reads: sentences of Wendlemere, in rounds that double, and a control with the words shuffled."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from alignbook.pretraining.counts import NgramCounts, NgramModel
from alignbook.pretraining.smoothing import Interpolated
from alignbook.pretraining.vocabulary import Vocabulary
from alignbook.world.region import World
from alignbook.world.tales import tale_documents

Sentence = tuple[str, ...]

MIXTURE = Interpolated((0.1, 0.2, 0.35, 0.35))
"""Weights of uniform, unigram, bigram and trigram, as in the experiment of the chapter."""

WRITING = Interpolated((0.001, 0.009, 0.09, 0.9))
"""The same for writing: nearly all weight on the longest context that was seen, so that few words come from nowhere."""

ROUNDS = (0, 4, 8, 16, 32, 64, 128, 256)
"""Sentences read by the end of each round."""

_HELD_OUT = 64
_WORD = re.compile(r"[\w'-]+", re.ASCII)


@dataclass(frozen=True)
class Reading:
    """Everything that the model may read, and what it is measured on.

    Parameters
    ----------
    vocabulary : Vocabulary
        The words of the real text.
    texts : dict of str to tuple of Sentence
        ``"real"``, and ``"shuffled"``: the same words, in sentences of the same lengths, in an order of no meaning.
    held_out : tuple of Sentence
        Sentences that stand in neither.
    """

    vocabulary: Vocabulary
    texts: dict[str, tuple[Sentence, ...]]
    held_out: tuple[Sentence, ...]

    def counts(self, text: str, sentences: int) -> NgramCounts:
        """Return what has been counted after the first so many sentences of a text."""
        counts = NgramCounts(self.vocabulary, order=3)
        counts.update(self.texts[text][:sentences])
        return counts

    def curve(self, text: str) -> tuple[float, ...]:
        """Return the held-out surprise after each round, in bits a word."""
        models = (NgramModel(self.counts(text, read), MIXTURE) for read in ROUNDS)
        return tuple(model.cross_entropy(self.held_out) for model in models)

    def ids(self, sentence: Sequence[str]) -> list[int]:
        """Return the places of a sentence's words in the vocabulary."""
        return [self.vocabulary.index[token] for token in self.vocabulary.encode(sentence)]


def words(text: str) -> Sentence:
    """Split a text into lower-cased words; whatever is no ASCII letter, digit, hyphen or apostrophe separates them.

    Examples
    --------
    >>> words("The soup was cold; and so?")
    ('the', 'soup', 'was', 'cold', 'and', 'so')
    """
    return tuple(_WORD.findall(text.lower()))


def reading(world: World, seed: int) -> Reading:
    """Choose what is read: sentences of tales and sentences that say where people live, each once.

    Parameters
    ----------
    world : World
        The world that the sentences are about.
    seed : int
        Decides the sentences and their order.
    """
    rng = np.random.default_rng([seed, 11])
    wanted = ROUNDS[-1] + _HELD_OUT
    found: dict[Sentence, None] = {}
    for sentence in _sentences(world, rng):
        found[sentence] = None
        if len(found) == wanted:
            break
    real = tuple(list(found)[: ROUNDS[-1]])
    known = sorted({word for sentence in real for word in sentence})
    row = [word for sentence in real for word in sentence]
    mixed = iter([row[at] for at in rng.permutation(len(row))])
    shuffled = tuple(tuple(next(mixed) for _ in sentence) for sentence in real)
    texts = {"real": real, "shuffled": shuffled}
    return Reading(Vocabulary(tuple(known)), texts, tuple(list(found)[ROUNDS[-1] :]))


def _sentences(world: World, rng: np.random.Generator) -> Iterator[Sentence]:
    """Yield sentences without end: two of tales, then one about a home."""
    homes = [fact for fact in world.facts if fact.relation == "home"]
    while True:
        (tale,) = tale_documents(world, rng, 1)
        for sentence in rng.permutation(tale.text.split(". "))[:2]:
            yield words(str(sentence))
        home = homes[int(rng.integers(len(homes)))]
        yield words(home.statement(int(rng.integers(2))))
