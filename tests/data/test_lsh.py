import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.data.test_minhash import GOLDEN, golden_signatures

from alignbook.data.lsh import Bands, LSHIndex, choose_bands
from alignbook.data.minhash import EMPTY


def test_catch_rate_by_hand() -> None:
    # one band of 2 rows agrees with chance 1/4; that neither of two does is 9/16
    assert Bands(2, 2).catch_rate(0.5) == pytest.approx(7 / 16)
    assert Bands(16, 4).threshold == pytest.approx(0.5)


@pytest.mark.parametrize(("threshold", "permutations", "bands", "rows"), GOLDEN["chosen bands"])
def test_bands_equal_datasketch(threshold: float, permutations: int, bands: int, rows: int) -> None:
    assert choose_bands(threshold, permutations) == Bands(bands, rows)


def test_candidates_equal_datasketch() -> None:
    met = LSHIndex(Bands(*GOLDEN["bands"])).add(golden_signatures())
    assert [list(one) for one in met] == GOLDEN["earlier"]
    assert sum(map(len, met)) >= 5


@given(st.lists(st.lists(st.integers(0, 2), min_size=4, max_size=4), min_size=1, max_size=8), st.integers(1, 7))
def test_two_meet_exactly_if_a_band_agrees(rows: list[list[int]], first_block: int) -> None:
    signatures = np.array(rows, dtype=np.uint32)
    index = LSHIndex(Bands(2, 2))
    met = index.add(signatures[:first_block]) + index.add(signatures[first_block:])
    for at, row in enumerate(rows):
        agree = [other for other in range(at) if rows[other][:2] == row[:2] or rows[other][2:] == row[2:]]
        assert list(met[at]) == agree


@settings(max_examples=25, deadline=None)
@given(st.floats(0.05, 0.95), st.integers(1, 24))
def test_the_chosen_bands_fit_and_are_best_of_all(threshold: float, permutations: int) -> None:
    chosen = choose_bands(threshold, permutations)
    assert chosen.bands * chosen.rows <= permutations

    def error(bands: Bands) -> float:
        below, above = np.linspace(0, threshold, 400), np.linspace(threshold, 1, 400)
        alarms = float(np.trapezoid(bands.catch_rate(below), below))
        return alarms + float(np.trapezoid(1 - bands.catch_rate(above), above))

    cuts = [Bands(b, r) for b in range(1, permutations + 1) for r in range(1, permutations // b + 1)]
    assert error(chosen) <= min(map(error, cuts)) + 1e-4


def test_missing_costs_more_than_false_alarms_if_one_says_so() -> None:
    careful = choose_bands(0.7, 128, miss_weight=0.95)
    assert careful.catch_rate(0.7) > choose_bands(0.7, 128).catch_rate(0.7) + 0.2


def test_empty_sets_meet_nothing_but_keep_their_numbers() -> None:
    index = LSHIndex(Bands(2, 1))
    signatures = np.array([[1, 2], [EMPTY, EMPTY], [EMPTY, EMPTY], [1, 5]], dtype=np.uint32)
    assert index.add(signatures) == [(), (), (), (0,)]


@pytest.mark.parametrize("threshold", [0.0, 1.0, -0.5, 1.5])
def test_thresholds_outside_0_and_1_are_refused(threshold: float) -> None:
    with pytest.raises(ValueError, match=rf"threshold must lie between 0 and 1 \(a similarity\), got {threshold}"):
        choose_bands(threshold, 128)


def test_impossible_input_is_named() -> None:
    with pytest.raises(ValueError, match="permutations must be 1 or more, got 0"):
        choose_bands(0.5, 0)
    with pytest.raises(ValueError, match=r"miss_weight must lie between 0 and 1, got 2"):
        choose_bands(0.5, 8, miss_weight=2)
    with pytest.raises(ValueError, match="bands and rows must be 1 or more, got 0 and 3"):
        Bands(0, 3)
    with pytest.raises(ValueError, match="at least 6 entries for 2 bands of 3 rows, got 5"):
        LSHIndex(Bands(2, 3)).add(np.zeros((1, 5), np.uint32))
