import numpy as np
import pytest

from alignbook.pretraining.counts import NgramCounts, NgramModel
from alignbook.pretraining.experiments.bits_per_byte import (
    CONFIGS,
    BitsPerByteResult,
    bits_per_byte,
    count_bytes,
    mixture,
)
from alignbook.pretraining.paragraphs import training_and_held_out_paragraphs
from alignbook.pretraining.smoothing import Interpolated
from alignbook.pretraining.vocabulary import UNKNOWN, Vocabulary
from alignbook.text.bpe import BPE

SEEDS = (0, 1)


@pytest.fixture(scope="module")
def results() -> dict[int, BitsPerByteResult]:
    return {seed: bits_per_byte(seed, "tiny") for seed in SEEDS}


@pytest.fixture(params=SEEDS)
def result(request: pytest.FixtureRequest, results: dict[int, BitsPerByteResult]) -> BitsPerByteResult:
    return results[request.param]


def test_per_token_the_order_is_the_reverse_of_that_per_byte(result: BitsPerByteResult) -> None:
    assert all(np.diff([model.bits_per_token for model in result.models]) > 0.5)
    assert all(np.diff([model.bits_per_byte for model in result.models]) < -0.03)


def test_all_models_have_learned_something(result: BitsPerByteResult) -> None:
    for model in (*result.models, *result.fewer, result.long_bytes):
        assert model.bits_per_token < np.log2(model.vocabulary_size) - 2
        assert 1 < model.bits_per_byte < 4


def test_more_text_is_better_whatever_the_tokens(result: BitsPerByteResult) -> None:
    for more, less in zip(result.models, result.fewer, strict=False):
        assert more.vocabulary_size == less.vocabulary_size
        assert more.bits_per_byte < less.bits_per_byte - 0.1
    assert result.training_bytes > 3 * result.fewer_bytes > result.held_out_bytes


def test_bytes_that_look_back_further_win_back_some_of_it(result: BitsPerByteResult) -> None:
    bytes_alone, *_, largest = result.models
    assert (bytes_alone.order, bytes_alone.bytes_per_token, result.long_bytes.order) == (3, 1.0, 5)
    assert largest.bits_per_byte < result.long_bytes.bits_per_byte < bytes_alone.bits_per_byte - 0.3


def test_both_measures_are_the_same_surprise(result: BitsPerByteResult) -> None:
    for model in (*result.models, *result.fewer, result.long_bytes):
        assert model.bits_per_byte * model.bytes_per_token == pytest.approx(model.bits_per_token)


def test_the_numbers_are_those_of_the_count_model(results: dict[int, BitsPerByteResult]) -> None:
    config, measured = CONFIGS["tiny"], results[0].models[-1]
    read, held_out = training_and_held_out_paragraphs(
        0, config.paragraphs + config.tuning_paragraphs, config.held_out_paragraphs
    )
    training = read[: config.paragraphs]
    bpe = BPE.train(training, 1024)
    # One id, which never comes, plays <unk>: so there are as many tokens as the model of the experiment knows.
    names = [*map(str, range(1023)), UNKNOWN]
    counts = NgramCounts(Vocabulary(tuple(names[:-1])), order=3)
    counts.update([names[id_] for id_ in bpe.encode(text)] for text in training)
    model = NgramModel(counts, Interpolated(measured.weights))
    sentences = [[names[id_] for id_ in bpe.encode(text)] for text in held_out]
    assert measured.bits_per_token == pytest.approx(model.cross_entropy(sentences), rel=1e-9)
    total = sum(model.surprise_bits(sentence).sum() for sentence in sentences)
    assert measured.bits_per_byte == pytest.approx(total / sum(len(text.encode()) + 1 for text in held_out), rel=1e-9)


def test_bytes_are_counted_with_the_end_of_each_text() -> None:
    assert count_bytes(["abc", "é"]) == 3 + 1 + 2 + 1


def test_mixtures_by_hand() -> None:
    assert mixture(3, 0.3, 2.0).values == pytest.approx((0.3, 0.1, 0.2, 0.4))
    assert mixture(1, 0.5, 8.0).values == (0.5, 0.5)


def test_the_same_seed_gives_the_same_result(results: dict[int, BitsPerByteResult]) -> None:
    assert bits_per_byte(0, "tiny") == results[0] != results[1]


def test_an_unknown_size_is_refused() -> None:
    with pytest.raises(ValueError, match="size must be one of tiny, book, got 'huge'"):
        bits_per_byte(0, "huge")
