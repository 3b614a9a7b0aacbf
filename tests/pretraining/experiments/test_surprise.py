from dataclasses import replace
from itertools import pairwise

import pytest

from alignbook.pretraining.experiments import surprise
from alignbook.pretraining.experiments.surprise import (
    CONFIGS,
    SurpriseByRound,
    surprise_by_round,
    training_and_held_out,
)

SEEDS = (0, 1)


@pytest.fixture(scope="module")
def results() -> dict[int, SurpriseByRound]:
    return {seed: surprise_by_round(seed, "tiny") for seed in SEEDS}


@pytest.fixture(params=SEEDS)
def result(request: pytest.FixtureRequest, results: dict[int, SurpriseByRound]) -> SurpriseByRound:
    return results[request.param]


def test_knowing_nothing_every_model_is_surprised_by_exactly_log2_of_the_vocabulary(
    result: SurpriseByRound,
) -> None:
    curves = (result.unigram, result.bigram, result.trigram, result.shuffled_unigram, result.shuffled_trigram)
    assert [curve[0] for curve in curves] == [10.0] * 5
    assert result.vocabulary_size == 2**10


def test_held_out_surprise_falls_in_every_round(result: SurpriseByRound) -> None:
    for curve in (result.unigram, result.bigram, result.trigram):
        assert all(later < earlier for earlier, later in pairwise(curve))


def test_longer_contexts_pay_once_enough_has_been_read(result: SurpriseByRound) -> None:
    assert result.bigram[-1] < result.unigram[-1] - 0.5
    assert result.trigram[-1] < result.unigram[-1] - 0.5


def test_in_shuffled_text_there_is_nothing_to_gain_from_contexts(result: SurpriseByRound) -> None:
    assert result.shuffled_trigram[-1] > result.shuffled_unigram[-1]
    assert result.shuffled_unigram[-1] == pytest.approx(result.unigram[-1])  # the same words, after all
    assert result.shuffled_unigram[1] != pytest.approx(result.unigram[1])  # but not after the first round


def test_the_numbers_that_a_reader_needs_belong_to_the_text(results: dict[int, SurpriseByRound]) -> None:
    result = results[0]
    training, held_out = training_and_held_out(0, "tiny")
    assert result.sentences_read == (0, 8, 16, 32, 64, 128, 256, 512)
    assert result.words_read[-1] == sum(len(sentence) for sentence in training)
    assert result.held_out_tokens == sum(len(sentence) + 1 for sentence in held_out)
    assert 0.1 < result.unknown_share < 0.3
    assert len(result.written) == len(result.trigram) == len(result.words_read) == 8


def test_the_same_seed_gives_the_same_result_and_another_seed_another(
    results: dict[int, SurpriseByRound],
) -> None:
    assert surprise_by_round(0, "tiny") == results[0]
    assert results[0].trigram[-1] != results[1].trigram[-1]


@pytest.mark.parametrize("size", ["tiny", "book"])
def test_no_sentence_is_read_twice_and_none_that_is_read_is_predicted(size: str) -> None:
    training, held_out = training_and_held_out(0, size)
    assert len(set(training)) == len(training) == CONFIGS[size].sentences_read[-1]
    assert len(set(held_out)) == len(held_out) == CONFIGS[size].held_out_sentences
    assert not set(training) & set(held_out)


def test_an_unknown_size_is_refused() -> None:
    with pytest.raises(ValueError, match="size must be one of tiny, book, got 'huge'"):
        surprise_by_round(0, "huge")


def test_more_rounds_than_the_corpus_has_sentences_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(surprise.CONFIGS, "tiny", replace(CONFIGS["tiny"], rounds=15))
    with pytest.raises(ValueError, match=r"size 'tiny' reads 131072 sentences, got \d{4}: lower its rounds"):
        training_and_held_out(0, "tiny")
