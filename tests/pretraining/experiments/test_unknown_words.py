from itertools import pairwise

import pytest

from alignbook.pretraining.counts import NgramCounts, NgramModel
from alignbook.pretraining.experiments import unknown_words as experiment
from alignbook.pretraining.experiments.surprise import TRIGRAM, training_and_held_out
from alignbook.pretraining.experiments.unknown_words import UnknownWords, unknown_words
from alignbook.pretraining.vocabulary import UNKNOWN, Vocabulary

SEEDS = (0, 1)


@pytest.fixture(scope="module", params=SEEDS)
def result(request: pytest.FixtureRequest) -> UnknownWords:
    return unknown_words(request.param, "tiny")


def test_the_fewer_words_it_knows_the_better_it_looks(result: UnknownWords) -> None:
    assert all(fewer < more - 0.5 for fewer, more in pairwise(result.bits_per_word))
    assert all(fewer > more + 0.1 for fewer, more in pairwise(result.unknown_share))
    assert result.bits_per_word[0] < 2.5
    assert result.unknown_share[0] > 0.6


def test_the_sentence_loses_its_words(result: UnknownWords) -> None:
    words = result.sentence.split()
    for read in result.as_read:
        assert all(shown in (word, UNKNOWN) for word, shown in zip(words, read.split(), strict=True))
    unknown = [read.split().count(UNKNOWN) for read in result.as_read]
    assert unknown == sorted(unknown, reverse=True)
    assert unknown[0] > unknown[-1]


def test_it_is_the_trigram_model_of_the_opening(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(experiment.VOCABULARY_SIZES, "tiny", (300,))
    training, held_out = training_and_held_out(0, "tiny")
    counts = NgramCounts(Vocabulary.of_size(training, 300), order=3)
    counts.update(training)
    unknown = [word not in counts.vocabulary.words for sentence in held_out for word in sentence]
    result = unknown_words(0, "tiny")
    assert result.unknown_share == (sum(unknown) / len(unknown),)
    assert result.bits_per_word == (NgramModel(counts, TRIGRAM).cross_entropy(held_out),)


def test_an_unknown_size_is_refused() -> None:
    with pytest.raises(ValueError, match="size must be one of tiny, book, got 'huge'"):
        unknown_words(0, "huge")
