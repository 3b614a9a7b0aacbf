from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from tests.alignment.preferences import golden

from alignbook.alignment import plackett_luce
from alignbook.alignment.bradley_terry import NoConvergenceError, Strengths, fit_mm, fit_newton, log_likelihood
from alignbook.alignment.comparisons import compare

FITS = (fit_newton, fit_mm)
# The classic table of four players: how often the row beat the column.
FOUR = [[0, 2, 0, 1], [3, 0, 5, 0], [0, 3, 0, 1], [4, 0, 3, 0]]
FULL = arrays(np.int64, (4, 4), elements=st.integers(1, 9)).map(lambda wins: wins * (1 - np.eye(4)))


@pytest.mark.parametrize("fit", FITS)
def test_the_classic_four_players(fit: Callable[..., Strengths]) -> None:
    assert fit(FOUR).worths.round(3).tolist() == [0.640, 1.043, 0.660, 2.270]


@pytest.mark.parametrize("fit", FITS)
def test_two_items_by_hand(fit: Callable[..., Strengths]) -> None:
    found = fit([[0, 3], [1, 0]])
    assert found.theta.tolist() == pytest.approx([np.log(3) / 2, -np.log(3) / 2])
    # The information on theta_0 - theta_1 is 4 * .75 * .25, and each strength is half of that difference.
    assert found.standard_errors.tolist() == pytest.approx([(1 / 0.75) ** 0.5 / 2] * 2)
    assert found.log_likelihood == pytest.approx(3 * np.log(0.75) + np.log(0.25))


@pytest.mark.parametrize("fit", FITS)
@pytest.mark.parametrize("ridge", ["0.0", "0.01", "0.5"])
def test_strengths_are_those_of_choix(fit: Callable[..., Strengths], ridge: str) -> None:
    expected = golden()["pairwise"]
    pairs = np.array(expected["pairs"])
    found = fit(compare(pairs[:, 0], pairs[:, 1], items=8).wins(), float(ridge))
    reference = np.array(expected["theta"][ridge])
    np.testing.assert_allclose(found.theta, reference - reference.mean(), atol=1e-6)
    if ridge == "0.0":
        np.testing.assert_allclose(found.theta, expected["mm"], atol=1e-8)


@settings(max_examples=30)
@given(FULL, st.sampled_from([0.0, 0.01, 1.0]))
def test_mm_and_newton_agree_and_nothing_near_is_better(wins: np.ndarray, ridge: float) -> None:
    newton, mm = fit_newton(wins, ridge), fit_mm(wins, ridge)
    np.testing.assert_allclose(newton.theta, mm.theta, atol=1e-9)
    np.testing.assert_allclose(newton.standard_errors, mm.standard_errors, atol=1e-8)
    assert abs(newton.theta.mean()) < 1e-12
    best = newton.log_likelihood - ridge * newton.theta @ newton.theta
    for item in range(4):
        for move in (0.01, -0.01):
            other = newton.theta + move * np.eye(4)[item]
            assert log_likelihood(wins, other) - ridge * other @ other < best


@given(FULL, st.permutations(range(4)))
def test_another_order_of_items_gives_the_same_in_that_order(wins: np.ndarray, order: list[int]) -> None:
    moved = fit_newton(wins[np.ix_(order, order)])
    np.testing.assert_allclose(moved.theta, fit_newton(wins).theta[order], atol=1e-9)


def test_standard_errors_are_the_spread_of_repeated_experiments() -> None:
    rng, theta = np.random.default_rng(0), np.array([0.6, 0.1, -0.7])
    chance = 1 / (1 + np.exp(-np.subtract.outer(theta, theta)))
    fits = []
    for _ in range(400):
        upper = np.triu(rng.binomial(60, chance), 1)
        fits.append(fit_newton(upper + np.tril(60 - upper.T, -1)))
    spread = np.std([fit.theta for fit in fits], axis=0)
    claimed = np.mean([fit.standard_errors for fit in fits], axis=0)
    np.testing.assert_allclose(claimed, spread, rtol=0.12)
    assert np.mean([fit.theta for fit in fits], axis=0) == pytest.approx(theta, abs=0.05)


@pytest.mark.parametrize(
    ("wins", "message"),
    [
        ([[0, 1, 1], [0, 0, 2], [0, 1, 0]], "items 1, 2 never won against any of the others"),
        ([[0, 1, 0], [1, 0, 0], [1, 1, 0]], "item 2 never lost to any of the others"),
        ([[0, 1, 1], [1, 0, 1], [0, 0, 0]], "item 2 never won against any of the others"),
        ([[0, 1, 0], [1, 0, 0], [0, 0, 0]], "item 2 cannot be compared with any of the others"),
    ],
)
def test_who_never_lost_or_never_won_is_named_and_a_ridge_makes_it_finite(wins: list[list[int]], message: str) -> None:
    for fit in FITS:
        with pytest.raises(ValueError, match=f"{message}.*give a ridge > 0"):
            fit(wins)
        assert np.isfinite(fit(wins, ridge=0.1).theta).all()
    np.testing.assert_allclose(fit_mm(wins, 0.1).theta, fit_newton(wins, 0.1).theta, atol=1e-9)


def test_what_is_no_table_of_wins_is_refused() -> None:
    with pytest.raises(ValueError, match=r"a shape \(items, items\) with two items or more, got \(2, 3\)"):
        fit_newton(np.ones((2, 3)))
    with pytest.raises(ValueError, match="items 1, 2 cannot be compared with any of the others"):
        fit_newton(compare([], [], items=3).wins())
    with pytest.raises(ValueError, match="wins must be finite and >= 0, got nan"):
        fit_newton([[0.0, np.nan], [1.0, 0.0]])
    with pytest.raises(ValueError, match="wins must be finite and >= 0, got -1"):
        fit_newton([[0, -1], [1, 0]])
    with pytest.raises(ValueError, match="ridge must be >= 0, got -1"):
        fit_newton(FOUR, ridge=-1)
    with pytest.raises(NoConvergenceError, match="after 3 steps"):
        fit_mm(FOUR, most_steps=3)


# --- Plackett-Luce ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("fit", [plackett_luce.fit_newton, plackett_luce.fit_mm])
@pytest.mark.parametrize("ridge", ["0.0", "0.01", "0.5"])
def test_strengths_of_rankings_are_those_of_choix(fit: Callable[..., Strengths], ridge: str) -> None:
    expected = golden()["rankings"]
    found = fit(expected["rankings"], 6, float(ridge))
    reference = np.array(expected["theta"][ridge])
    np.testing.assert_allclose(found.theta, reference - reference.mean(), atol=1e-6)


def test_rankings_of_two_are_comparisons() -> None:
    pairs = [(0, 1)] * 3 + [(1, 0)] + [(1, 2)] * 2 + [(2, 1)] * 2 + [(2, 0)]
    wins = compare([pair[0] for pair in pairs], [pair[1] for pair in pairs], items=3).wins()
    found, expected = plackett_luce.fit_newton(pairs, 3), fit_newton(wins)
    np.testing.assert_allclose(found.theta, expected.theta, atol=1e-10)
    np.testing.assert_allclose(found.standard_errors, expected.standard_errors, atol=1e-10)
    assert found.log_likelihood == pytest.approx(expected.log_likelihood)


def test_strengths_that_rankings_were_drawn_from_are_found_again() -> None:
    theta = np.array([1.0, 0.3, -0.2, -1.1])
    drawn = plackett_luce.sample_rankings(theta, 4000, np.random.default_rng(0))
    found = plackett_luce.fit_mm(drawn.tolist(), 4)
    assert (np.abs(found.theta - theta) < 4 * found.standard_errors).all()
    assert found.standard_errors.max() < 0.03
    first = np.bincount(drawn[:, 0], minlength=4) / 4000
    np.testing.assert_allclose(first, np.exp(theta) / np.exp(theta).sum(), atol=0.03)


def test_rankings_that_teach_nothing_are_refused() -> None:
    with pytest.raises(ValueError, match="ranking 1 must name items from 0 to 2, each at most once, got"):
        plackett_luce.fit_mm([[0, 1], [2, 2]], 3)
    with pytest.raises(ValueError, match="at least one ranking must have two items"):
        plackett_luce.fit_mm([[0], []], 3)
    with pytest.raises(ValueError, match=r"items 1, 2 never won against any"):
        plackett_luce.fit_newton([[0, 1, 2], [0, 2, 1]], 3)
