import json
import math
from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alignbook.pretraining.counts import NgramCounts, NgramModel, perplexity, suffixes
from alignbook.pretraining.smoothing import AddK, Interpolated, Smoothing
from alignbook.pretraining.vocabulary import END, UNKNOWN, Vocabulary

GOLDEN = json.loads((Path(__file__).parents[1] / "goldens/pretraining/add_k.json").read_text(encoding="utf-8"))
Words = tuple[str, ...]
KNOWN = Vocabulary(("a", "b", "c"))  # five tokens; "d" below is unknown
TRIGRAM = Interpolated((0.1, 0.2, 0.3, 0.4))

sentence = st.lists(st.sampled_from("abcd"), max_size=6).map(tuple)
text = st.lists(sentence, max_size=6)
order = st.integers(1, 4)


def counts_of(text: Iterable[Sequence[str]], order: int = 3, vocabulary: Vocabulary = KNOWN) -> NgramCounts:
    counts = NgramCounts(vocabulary, order)
    counts.update(text)
    return counts


def interpolated(order: int) -> Interpolated:
    return Interpolated(tuple(float(part) for part in exact_weights(order)))


def exact_weights(order: int) -> list[Fraction]:
    parts = range(1, order + 2)
    return [Fraction(part, sum(parts)) for part in parts]


# --- By hand: "the cat sat" and "the dog sat", as bigrams -------------------------------------------------


@pytest.fixture
def by_hand() -> NgramCounts:
    vocabulary = Vocabulary(("cat", "dog", "sat", "the"))  # six tokens
    return counts_of([("the", "cat", "sat"), ("the", "dog", "sat")], order=2, vocabulary=vocabulary)


def test_counts_by_hand(by_hand: NgramCounts) -> None:
    assert by_hand.followers(()) == {"the": 2, "cat": 1, "dog": 1, "sat": 2, END: 2}
    assert by_hand.followers(("<s>",)) == {"the": 2}
    assert by_hand.followers(("the",)) == {"cat": 1, "dog": 1}
    assert by_hand.followers(("sat",)) == {END: 2}
    assert by_hand.followers(("never",)) == {}
    assert [by_hand.total(context) for context in [(), ("<s>",), ("the",), ("never",)]] == [8, 2, 2, 0]


def test_add_one_by_hand(by_hand: NgramCounts) -> None:
    model = NgramModel(by_hand, AddK(1))
    assert model.probability("cat", ("the",)) == pytest.approx((1 + 1) / (2 + 6), rel=1e-15)
    assert model.probability("mat", ("the",)) == pytest.approx((0 + 1) / (2 + 6), rel=1e-15)
    assert model.probability("the") == pytest.approx((2 + 1) / (2 + 6), rel=1e-15)
    assert model.probability("the", ("a", "mat")) == pytest.approx(1 / 6, rel=1e-15)


def test_interpolation_by_hand(by_hand: NgramCounts) -> None:
    model = NgramModel(by_hand, Interpolated((0.25, 0.25, 0.5)))
    uniform, unigram, bigram = Fraction(1, 6), Fraction(1, 8), Fraction(1, 2)
    assert model.probability("cat", ("the",)) == pytest.approx(float(uniform / 4 + unigram / 4 + bigram / 2))
    # Nothing was seen after "mat", so uniform and unigram share the weight of the bigram.
    assert model.probability("sat", ("the", "mat")) == pytest.approx(float(uniform / 2 + Fraction(2, 8) / 2))


def test_surprise_by_hand(by_hand: NgramCounts) -> None:
    surprise = NgramModel(by_hand, AddK(1)).surprise_bits(("the", "cat"))
    assert surprise == pytest.approx([-math.log2(3 / 8), -math.log2(2 / 8), -math.log2(1 / 7)])


def test_suffixes_go_from_nothing_to_the_whole_context() -> None:
    assert suffixes(("x", "y")) == [(), ("y",), ("x", "y")]


# --- Witnesses --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("expected", GOLDEN["models"], ids=lambda model: f"order {model['order']}, k {model['k']}")
def test_add_k_agrees_with_nltk(expected: dict[str, Any]) -> None:
    vocabulary = Vocabulary(tuple(GOLDEN["words"]))
    counts = counts_of([line.split() for line in GOLDEN["training"]], expected["order"], vocabulary)
    model = NgramModel(counts, AddK(expected["k"]))
    for line, surprise in zip(GOLDEN["held_out"], expected["surprise_bits"], strict=True):
        assert model.surprise_bits(line.split()) == pytest.approx(surprise, rel=1e-12)


def naive_interpolation(text: Iterable[Sequence[str]], words: Sequence[str], order: int) -> Fraction:
    """Return the exact probability of the last of `words`, by going through the whole text every time."""
    weights = exact_weights(order)
    mixed, used = weights[0] / len(KNOWN), weights[0]
    for length in range(order):
        context, word = words[len(words) - 1 - length : -1], words[-1]
        windows = [padded[at - length : at + 1] for padded in map(padded_naively, text) for at in range(3, len(padded))]
        seen = [window for window in windows if window[:-1] == context]
        if seen:
            mixed += weights[length + 1] * Fraction(seen.count([*context, word]), len(seen))
            used += weights[length + 1]
    return mixed / used


def padded_naively(words: Sequence[str]) -> list[str]:
    return ["<s>"] * 3 + [word if word in "abc" else UNKNOWN for word in words] + [END]


@given(text=text, probe=sentence, order=order)
def test_interpolation_agrees_with_exact_fractions_computed_naively(
    text: Iterable[Sequence[str]], probe: Words, order: int
) -> None:
    model = NgramModel(counts_of(text, order), interpolated(order))
    padded = padded_naively(probe)
    exact = [naive_interpolation(text, padded[: at + 1], order) for at in range(3, len(padded))]
    assert model.surprise_bits(probe) == pytest.approx([-math.log2(one) for one in exact], rel=1e-9)


# --- Invariants -------------------------------------------------------------------------------------------


@given(text=text, before=sentence, order=order, k=st.floats(1e-3, 10))
def test_probabilities_are_positive_sum_to_one_and_agree_with_the_distribution(
    text: Iterable[Sequence[str]], before: Words, order: int, k: float
) -> None:
    counts = counts_of(text, order)
    for smoothing in (AddK(k), interpolated(order)):
        model = NgramModel(counts, smoothing)
        distribution = model.distribution(before)
        assert distribution.shape == (5,)
        assert distribution.min() > 0
        assert distribution.sum() == pytest.approx(1, abs=1e-12)
        one_by_one = [model.probability(token, before) for token in KNOWN.tokens]
        assert distribution == pytest.approx(one_by_one, rel=1e-12)


@given(text=text, more=text, order=order)
def test_reading_in_rounds_or_at_once_or_in_another_order_is_the_same(
    text: Iterable[Sequence[str]], more: list[Words], order: int
) -> None:
    in_rounds = counts_of(text, order)
    in_rounds.update(more)
    at_once = counts_of([*reversed(more), *text], order)
    for context in [(), *((word,) * (order - 1) for word in (*KNOWN.tokens, "<s>"))]:
        assert in_rounds.followers(context) == at_once.followers(context)
        assert in_rounds.total(context) == sum(at_once.followers(context).values())


@given(text=text, new=sentence, order=order, k=st.floats(1e-3, 10))
def test_with_add_k_reading_a_sentence_never_makes_it_more_surprising(
    text: Iterable[Sequence[str]], new: Words, order: int, k: float
) -> None:
    # After each context the estimate moves straight towards the sentence's own frequencies, and its
    # log-probability is concave with its maximum there.
    counts = counts_of(text, order)
    model = NgramModel(counts, AddK(k))
    before = model.surprise_bits(new).sum()
    counts.update([new])
    assert model.surprise_bits(new).sum() <= before + 1e-9


def test_interpolation_makes_no_such_promise() -> None:
    counts = counts_of([("d", "d")], order=1)
    model = NgramModel(counts, Interpolated((0.75, 0.25)))
    new = ("d", "a", "d", "d", "b")
    before = model.surprise_bits(new).sum()
    counts.update([new])
    assert model.surprise_bits(new).sum() > before + 0.05


@pytest.mark.parametrize("smoothing", [AddK(0.1), Interpolated((0.05, 0.15, 0.8))])
def test_samples_come_as_often_as_the_distribution_says(smoothing: Smoothing) -> None:
    counts = counts_of([("a", "b"), ("a", "c", "c"), ("b", "d")], order=2)
    model = NgramModel(counts, smoothing)
    rng = np.random.default_rng(7)
    draws = [model.sample(rng, ("a",), max_words=2)[1:] or (END,) for _ in range(4000)]
    observed = np.array([draws.count((token,)) for token in KNOWN.tokens])
    expected = 4000 * model.distribution(("a",))
    chi_square = ((observed - expected) ** 2 / expected).sum()
    assert chi_square < 18.5  # exceeded once in a thousand with 4 degrees of freedom


def test_a_sample_stops_where_its_sentence_ends() -> None:
    model = NgramModel(counts_of([("a", "b")]), Interpolated((1e-9, 0.0, 0.0, 1 - 1e-9)))
    assert model.sample(np.random.default_rng(0)) == ("a", "b")


def test_a_sample_continues_the_prompt_stops_in_time_and_repeats_with_its_seed() -> None:
    model = NgramModel(counts_of([("a", "b", "c")]), TRIGRAM)
    first, second = (model.sample(np.random.default_rng(3), ("b", "x"), max_words=9) for _ in range(2))
    assert first == second
    assert first[:2] == ("b", "x")
    assert len(first) <= 9
    assert model.sample(np.random.default_rng(3), ("b", "x"), max_words=2) == ("b", "x")


# --- Learning ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("smoothing", [AddK(0.1), TRIGRAM])
def test_surprise_falls_from_exactly_log2_of_the_vocabulary_as_sentences_are_read(
    smoothing: Smoothing,
) -> None:
    vocabulary = Vocabulary(tuple(f"w{number}" for number in range(62)))  # 64 tokens
    rng = np.random.default_rng(0)
    # In this language w<n> is followed by w<n + 1> or w<n + 2>.
    starts, steps = rng.integers(0, 40, size=(300, 1)), rng.integers(1, 3, size=(300, 8))
    language = [tuple(f"w{number}" for number in row) for row in starts + steps.cumsum(axis=1)]
    held_out, *rounds = (language[start : start + 50] for start in range(0, 300, 50))
    counts = NgramCounts(vocabulary)
    model = NgramModel(counts, smoothing)
    surprise = [model.cross_entropy(held_out)]
    for sentences in rounds:
        counts.update(sentences)
        surprise.append(model.cross_entropy(held_out))
    assert surprise[0] == 6.0
    assert all(later < earlier for earlier, later in pairwise(surprise))
    assert surprise[-1] < 3.5


def test_cross_entropy_is_the_mean_over_tokens_not_over_sentences() -> None:
    model = NgramModel(counts_of([("a", "b", "c")]), TRIGRAM)
    each = [model.surprise_bits(words) for words in (("a",), ("a", "b", "c", "d"))]
    assert model.cross_entropy([("a",), ("a", "b", "c", "d")]) == pytest.approx(sum(map(sum, each)) / 7)


def test_perplexity_is_the_number_of_equally_likely_words() -> None:
    assert perplexity(NgramModel(NgramCounts(KNOWN), TRIGRAM).cross_entropy([("a",)])) == pytest.approx(5)


# --- Errors -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("order", [0, -1])
def test_an_order_below_one_is_refused(order: int) -> None:
    with pytest.raises(ValueError, match=rf"order must be >= 1 .*, got {order}"):
        NgramCounts(KNOWN, order)


def test_smoothing_that_does_not_fit_the_order_is_refused_at_once() -> None:
    with pytest.raises(ValueError, match="order 2 needs 3 weights"):
        NgramModel(NgramCounts(KNOWN, order=2), TRIGRAM)


def test_no_text_has_no_surprise() -> None:
    with pytest.raises(ValueError, match="sentences must hold at least one sentence, got none"):
        NgramModel(NgramCounts(KNOWN), TRIGRAM).cross_entropy([])


def test_a_string_is_not_taken_for_a_sentence_of_letters() -> None:
    model = NgramModel(NgramCounts(KNOWN), TRIGRAM)
    for use in (model.surprise_bits, model.distribution, lambda words: model.counts.update([words])):
        with pytest.raises(TypeError, match="a sentence must be a sequence of words, got 'abc': split it first"):
            use("abc")


@pytest.mark.parametrize("bits", [-0.5, math.nan])
def test_a_surprise_below_zero_has_no_perplexity(bits: float) -> None:
    with pytest.raises(ValueError, match=rf"bits must be >= 0 .*, got {bits}"):
        perplexity(bits)
