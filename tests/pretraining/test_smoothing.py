import math
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alignbook.pretraining.smoothing import AddK, Interpolated, Smoothing

totals = st.lists(st.integers(0, 10**6), min_size=1, max_size=4)
shares = st.lists(st.integers(1, 100), min_size=2, max_size=5)


@given(totals=totals, k=st.floats(1e-6, 1e3), size=st.integers(1, 10**5))
def test_add_k_weights_make_the_textbook_formula(totals: list[int], k: float, size: int) -> None:
    uniform, *orders = AddK(k).weights(totals, size)
    assert orders[:-1] == [0.0] * (len(totals) - 1)
    for count in {0, totals[-1] // 2, totals[-1]}:
        share = count / totals[-1] if totals[-1] else 0.0
        textbook = (Fraction(count) + Fraction(k)) / (totals[-1] + Fraction(k) * size)
        assert math.isclose(uniform / size + orders[-1] * share, textbook, rel_tol=1e-9)


@given(totals=totals, parts=shares)
def test_interpolated_weights_keep_their_proportions_among_orders_with_an_answer(
    totals: list[int], parts: list[int]
) -> None:
    totals = (totals * 4)[: len(parts) - 1]
    values = tuple(part / sum(parts) for part in parts)
    weights = Interpolated(values).weights(totals, 10)
    assert math.isclose(sum(weights), 1.0)
    for weight, value, total in zip(weights[1:], values[1:], totals, strict=True):
        expected = value / values[0] * weights[0] if total else 0.0
        assert math.isclose(weight, expected)


@pytest.mark.parametrize("smoothing", [AddK(0.3), Interpolated((0.1, 0.2, 0.7))])
def test_before_anything_is_read_all_weight_is_exactly_on_the_uniform(smoothing: Smoothing) -> None:
    assert smoothing.weights((0, 0), 4096) == (1.0, 0.0, 0.0)


@pytest.mark.parametrize("k", [0, -0.1, math.inf, math.nan])
def test_a_k_that_is_not_positive_is_refused(k: float) -> None:
    with pytest.raises(ValueError, match=rf"k must be a finite number > 0 .*, got {k}"):
        AddK(k)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ((), r"weights must be given, and none negative, got \(\)"),
        ((0.5, -0.1, 0.6), r"none negative, got \(0.5, -0.1, 0.6\)"),
        ((0.5, 0.6), r"weights must sum to 1, got \(0.5, 0.6\), which sum to 1.1"),
        ((0.5, math.nan), "weights must sum to 1"),
        ((0.0, 1.0), r"the first weight must be > 0, or unseen is impossible, got \(0.0, 1.0\)"),
    ],
)
def test_weights_that_are_no_mixture_are_refused(values: tuple[float, ...], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Interpolated(values)


def test_weights_that_do_not_fit_the_order_are_refused() -> None:
    with pytest.raises(ValueError, match=r"order 3 needs 4 weights, the first uniform, got \(0.5, 0.5\)"):
        Interpolated((0.5, 0.5)).weights((5, 5, 5), 10)
