from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from tests.alignment.preferences import golden

from alignbook.alignment.agreement import LEVELS, WEIGHTS, cohen_kappa, fleiss_kappa, krippendorff_alpha

EXPECTED = golden()["agreement"]
RATINGS = np.array(EXPECTED["ratings"])
TABLES = arrays(np.int64, (3, 8), elements=st.integers(0, 3)).filter(lambda table: len(np.unique(table[:2])) > 1)


def test_cohen_by_hand() -> None:
    # They agree on 7 of 10; by chance they would on .6 * .5 + .4 * .5 = .5
    first, second = [1] * 6 + [0] * 4, [1] * 4 + [0, 0] + [1] + [0] * 3
    assert cohen_kappa(first, second) == pytest.approx((0.7 - 0.5) / (1 - 0.5))


def test_fleiss_by_hand() -> None:
    # Of three raters' pairs, all agree on two items and one in three on the third: 7/9. Shares 5/9 and 4/9: 41/81.
    assert fleiss_kappa([[3, 0], [0, 3], [2, 1]]) == pytest.approx((7 / 9 - 41 / 81) / (1 - 41 / 81))


@pytest.mark.parametrize("weights", WEIGHTS)
def test_cohen_is_that_of_statsmodels(weights: str) -> None:
    assert cohen_kappa(RATINGS[0], RATINGS[1], weights) == pytest.approx(EXPECTED["cohen"][weights], abs=1e-12)


def test_fleiss_is_that_of_statsmodels() -> None:
    counts = np.stack([np.equal(RATINGS, category).sum(axis=0) for category in range(1, 5)], axis=1)
    assert fleiss_kappa(counts) == pytest.approx(EXPECTED["fleiss"], abs=1e-12)


@pytest.mark.parametrize("level", LEVELS)
def test_alpha_with_missing_ratings_is_that_of_krippendorff(level: str) -> None:
    ratings = RATINGS.astype(float)
    for rater, item in EXPECTED["missing"]:
        ratings[rater, item] = np.nan
    assert krippendorff_alpha(ratings, level) == pytest.approx(EXPECTED["krippendorff"][level], abs=1e-12)


@given(TABLES, st.permutations(range(8)))
def test_the_order_of_items_and_raters_means_nothing(table: np.ndarray, order: list[int]) -> None:
    for level in LEVELS:
        expected = krippendorff_alpha(table, level)
        assert krippendorff_alpha(table[::-1, order], level) == pytest.approx(expected, abs=1e-12)
    assert cohen_kappa(table[1, order], table[0, order]) == pytest.approx(cohen_kappa(table[0], table[1]), abs=1e-12)


@given(TABLES)
def test_perfect_agreement_is_one_and_none_exceeds_it(table: np.ndarray) -> None:
    same = np.stack([table[0], table[0]])
    if len(np.unique(same)) > 1:
        assert krippendorff_alpha(same, "ordinal") == pytest.approx(1)
        assert cohen_kappa(same[0], same[1], "linear") == pytest.approx(1)
    assert krippendorff_alpha(table, "interval") <= 1 + 1e-12


def test_independent_raters_agree_as_by_chance() -> None:
    ratings = np.random.default_rng(0).integers(0, 3, (2, 20_000))
    assert abs(cohen_kappa(ratings[0], ratings[1])) < 0.02
    assert abs(krippendorff_alpha(ratings)) < 0.02


def test_ratings_without_variance_or_partner_are_refused() -> None:
    with pytest.raises(ValueError, match="all ratings are alike"):
        cohen_kappa([1, 1], [1, 1])
    with pytest.raises(ValueError, match="all ratings are alike"):
        fleiss_kappa([[2, 0], [2, 0]])
    with pytest.raises(ValueError, match="all ratings are alike"):
        krippendorff_alpha([[1, 1], [1, 1]])
    with pytest.raises(ValueError, match="no item has two ratings"):
        krippendorff_alpha([[1, np.nan], [np.nan, 2]])
    with pytest.raises(ValueError, match="as many ratings as the first, 2, got 3 for item 1"):
        fleiss_kappa([[1, 1], [2, 1]])
    with pytest.raises(ValueError, match="at least 2 ratings, got 1"):
        fleiss_kappa([[1, 0], [0, 1]])
    with pytest.raises(ValueError, match=r"with one item or more, got \(0,\)"):
        fleiss_kappa([])
    with pytest.raises(ValueError, match="no item has two ratings"):
        krippendorff_alpha(np.zeros((2, 0)))
    with pytest.raises(ValueError, match="one or more, got shapes"):
        cohen_kappa([], [])
    with pytest.raises(ValueError, match="the same items"):
        cohen_kappa([1, 2], [1])
    with pytest.raises(ValueError, match="weights must be one of none, linear, quadratic, got 'cubic'"):
        cohen_kappa([1, 2], [1, 2], "cubic")
    with pytest.raises(ValueError, match="level must be one of nominal, ordinal, interval, got 'ratio'"):
        krippendorff_alpha([[1, 2], [1, 2]], "ratio")
