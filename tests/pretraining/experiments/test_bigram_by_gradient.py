import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from alignbook.pretraining.counts import NgramCounts, NgramModel
from alignbook.pretraining.experiments.bigram_by_gradient import (
    CONFIGS,
    BigramResult,
    bigram_by_gradient,
    descend,
    measured_steps,
    pair_counts,
    softmax,
    surprise_bits,
)
from alignbook.pretraining.experiments.surprise import training_and_held_out
from alignbook.pretraining.smoothing import AddK
from alignbook.pretraining.tape import Tensor, cross_entropy
from alignbook.pretraining.vocabulary import Vocabulary

SEEDS = (0, 1)
VOCABULARY = Vocabulary(("a", "b"))  # the tokens a, b, <unk>, </s>; the contexts <s>, a, b, <unk>
TEXT = [("a", "b"), ("a", "b", "b"), ("b", "x")]
PAIRS = [[2, 1, 0, 0], [0, 2, 0, 0], [0, 1, 1, 2], [0, 0, 0, 1]]


@pytest.fixture(scope="module")
def results() -> dict[int, BigramResult]:
    return {seed: bigram_by_gradient(seed, "tiny") for seed in SEEDS}


@pytest.fixture(params=SEEDS)
def result(request: pytest.FixtureRequest, results: dict[int, BigramResult]) -> BigramResult:
    return results[request.param]


def test_it_starts_with_every_word_equally_likely(result: BigramResult) -> None:
    assert result.training_bits[0] == result.held_out_bits[0] == 4.0
    assert len(result.tokens) == len(result.contexts) == 16


def test_the_gradient_finds_the_counted_table(result: BigramResult) -> None:
    assert 0 < result.training_bits[-1] - result.counted_bits < 0.025
    assert result.largest_difference < 0.05
    assert np.abs(np.subtract(result.learned, result.counted)).max() == result.largest_difference


def test_it_falls_all_the_way_and_never_below_the_counted_optimum(result: BigramResult) -> None:
    assert all(later < earlier for earlier, later in pairwise(result.training_bits))
    assert result.training_bits[-1] > result.counted_bits


def test_rows_of_frequent_words_arrive_first(result: BigramResult) -> None:
    shares, gaps = np.array(result.context_shares), np.array(result.early_gap_bits)
    frequent = shares >= np.median(shares)
    assert gaps[~frequent].mean() > 2 * gaps[frequent].mean() > 0
    assert gaps[shares.argmax()] == min(gaps)


def test_unlike_the_counts_it_calls_nothing_impossible(result: BigramResult) -> None:
    assert result.held_out_never_seen > 0  # so the counted table is infinitely surprised
    assert math.isfinite(max(result.held_out_bits))
    assert min(min(row) for row in result.counted) == 0.0 < min(min(row) for row in result.learned)


def test_without_context_it_finds_the_shares_of_the_words_and_no_more(result: BigramResult) -> None:
    assert result.no_context_bits == pytest.approx(result.no_context_counted_bits, abs=1e-3)
    assert result.no_context_bits > result.counted_bits + 0.1


def test_the_counted_numbers_are_those_of_the_count_model(results: dict[int, BigramResult]) -> None:
    training, held_out = training_and_held_out(0, "tiny")
    counts = NgramCounts(Vocabulary.of_size(training, 16), order=2)
    counts.update(training)
    counted = NgramModel(counts, AddK(1e-12)).cross_entropy(training)
    assert results[0].counted_bits == pytest.approx(counted, abs=1e-9)
    pairs = [pairwise(("<s>", *counts.vocabulary.encode(sentence), "</s>")) for sentence in (*training, *held_out)]
    read = {pair for sentence in pairs[: len(training)] for pair in sentence}
    assert results[0].held_out_never_seen == sum(pair not in read for some in pairs[len(training) :] for pair in some)
    assert results[0].held_out_tokens == sum(len(sentence) + 1 for sentence in held_out)


def test_pairs_by_hand() -> None:
    assert pair_counts(TEXT, VOCABULARY).tolist() == PAIRS


def test_a_row_stands_for_all_its_tokens() -> None:
    # The text token by token: one prediction and one target each, as a training loop would feed it.
    pairs = [(row, column) for row in range(4) for column in range(4) for _ in range(PAIRS[row][column])]
    asked, targets = (np.eye(4)[list(ids)] for ids in zip(*pairs, strict=True))  # (10, 4)
    logits = np.random.default_rng(0).normal(size=(4, 4))
    token_by_token, by_rows = Tensor(logits), Tensor(logits)
    first, second = cross_entropy(asked @ token_by_token, targets), cross_entropy(by_rows, PAIRS)
    assert float(first.data) == pytest.approx(float(second.data))
    first.backward()
    second.backward()
    np.testing.assert_allclose(token_by_token.grad, by_rows.grad, atol=1e-15)


@given(logits=arrays(np.float64, (2, 3), elements=st.floats(-3, 3)))
def test_the_gradient_is_zero_just_where_the_counts_are(logits: NDArray[np.float64]) -> None:
    pairs = np.array([[1.0, 2.0, 5.0], [3.0, 3.0, 2.0]])
    shares = pairs.sum(axis=1, keepdims=True) / pairs.sum()
    table = Tensor(logits)
    cross_entropy(table, pairs).backward()
    expected = shares * (softmax(logits) - pairs / pairs.sum(axis=1, keepdims=True))
    np.testing.assert_allclose(table.grad, expected, atol=1e-12)


def test_a_descent_by_hand() -> None:
    tables = descend(np.array([[3.0, 1.0]]), np.zeros((1, 2)), learning_rate=1.0, at=(0, 1))
    assert tables[0].tolist() == [[0.5, 0.5]]
    assert tables[1] == pytest.approx(softmax(np.array([[0.25, -0.25]])))


def test_surprise_by_hand() -> None:
    pairs = np.array([[3.0, 1.0, 0.0]])
    assert surprise_bits(pairs, np.array([[0.5, 0.25, 0.25]])) == pytest.approx((3 * 1 + 1 * 2) / 4)
    assert surprise_bits(pairs, np.array([[1.0, 0.0, 0.0]])) == math.inf
    assert surprise_bits(pairs, np.array([[0.5, 0.5, 0.0]])) == 1.0


def test_steps_are_measured_ever_further_apart() -> None:
    steps = measured_steps(CONFIGS["book"])
    assert (steps[0], steps[1], steps[-1]) == (0, 1, 6000)
    assert 100 in steps
    assert len(steps) < 60


def test_the_same_seed_gives_the_same_result(results: dict[int, BigramResult]) -> None:
    assert bigram_by_gradient(0, "tiny") == results[0] != results[1]


@pytest.mark.parametrize("learning_rate", [0.0, -1.0, math.nan])
def test_a_learning_rate_that_is_none_is_refused(learning_rate: float) -> None:
    with pytest.raises(ValueError, match=f"learning_rate must be > 0, got {learning_rate}"):
        descend(np.ones((1, 2)), np.zeros((1, 2)), learning_rate, at=(1,))


def test_an_unknown_size_is_refused() -> None:
    with pytest.raises(ValueError, match="size must be one of tiny, book, got 'huge'"):
        bigram_by_gradient(0, "huge")
