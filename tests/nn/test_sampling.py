"""The choice of a token: by hand, at its edges, and whether it draws as often as it says."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from alignbook.nn.sampling import Sampling

HALVES = np.log([[0.5, 0.25, 0.125, 0.125]])
logits = arrays(np.float32, (2, 6), elements=st.floats(-30, 30, width=32))
settings = st.builds(
    Sampling,
    temperature=st.just(0.0) | st.floats(0.05, 5),
    top_k=st.none() | st.integers(1, 8),
    top_p=st.floats(0.01, 1),
)


@pytest.mark.parametrize(
    ("sampling", "expected"),
    [
        (Sampling(), [0.5, 0.25, 0.125, 0.125]),
        (Sampling(temperature=0.5), [16 / 22, 4 / 22, 1 / 22, 1 / 22]),  # squares
        (Sampling(temperature=0), [1, 0, 0, 0]),
        (Sampling(top_k=2), [2 / 3, 1 / 3, 0, 0]),
        (Sampling(top_k=3), [4 / 7, 2 / 7, 1 / 7, 0]),  # of equals, the lower id
        (Sampling(top_k=9), [0.5, 0.25, 0.125, 0.125]),
        (Sampling(top_p=0.7), [2 / 3, 1 / 3, 0, 0]),
        (Sampling(top_p=0.4), [1, 0, 0, 0]),
        (Sampling(top_k=2, top_p=0.9), [2 / 3, 1 / 3, 0, 0]),
    ],
)
def test_probabilities_by_hand(sampling: Sampling, expected: list[float]) -> None:
    assert sampling.probabilities(HALVES)[0] == pytest.approx(expected)


@pytest.mark.parametrize(
    ("chance", "token"), [(0.0, 0), (0.49, 0), (0.51, 1), (0.74, 1), (0.76, 2), (0.99, 3), (np.nextafter(1, 0), 3)]
)
def test_the_chance_decides(chance: float, token: int) -> None:
    assert Sampling().choose(HALVES, np.array([chance])).tolist() == [token]


@given(logits=logits, sampling=settings, chance=st.floats(0, 1, exclude_max=True))
def test_only_what_has_a_probability_is_chosen(logits: np.ndarray, sampling: Sampling, chance: float) -> None:
    probabilities = sampling.probabilities(logits)
    assert probabilities.sum(axis=-1) == pytest.approx([1, 1])
    for each in (chance, 0.0, float(np.nextafter(1, 0))):  # also where rounding would reach past the last one
        chosen = sampling.choose(logits, np.full(2, each))
        assert (probabilities[[0, 1], chosen] > 0).all()


@given(logits=logits, k=st.integers(1, 6), p=st.floats(0.01, 1))
def test_what_is_left_out_is_less_probable_than_what_stays(logits: np.ndarray, k: int, p: float) -> None:
    everything = Sampling().probabilities(logits)
    kept = Sampling(top_k=k, top_p=p).probabilities(logits) > 0
    for row, stays in zip(everything, kept, strict=True):
        assert 1 <= stays.sum() <= k
        assert row[stays].min() >= row[~stays].max(initial=0)
        # the fewest that reach p: without the least of them, they do not
        assert np.sort(row[stays])[1:].sum() < p + 1e-12
        assert stays.sum() == k or row[stays].sum() >= p - 1e-12 or row[~stays].max(initial=0) == 0


@given(logits=logits, seed=st.integers(0, 99))
def test_temperature_zero_takes_the_best_whatever_the_chance(logits: np.ndarray, seed: int) -> None:
    chances = np.random.default_rng(seed).random(2)
    chosen = Sampling(temperature=0).choose(logits, chances)
    assert (logits[[0, 1], chosen] == logits.max(axis=-1)).all()


def test_tokens_come_as_often_as_they_should() -> None:
    sampling, count = Sampling(temperature=0.7, top_k=3), 40_000
    chosen = sampling.choose(np.repeat(HALVES, count, axis=0), np.random.default_rng(0).random(count))
    expected = sampling.probabilities(HALVES)[0]
    assert np.bincount(chosen, minlength=4) / count == pytest.approx(expected, abs=0.01)


def test_scores_so_large_that_exp_overflows_are_compared_all_the_same() -> None:
    assert Sampling().probabilities(np.array([[3e38, 3e38, 0]], np.float32))[0] == pytest.approx([0.5, 0.5, 0])


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_temperature_next_to_zero_takes_the_best(dtype: type[np.floating]) -> None:
    logits = np.array([[1.0, 3.0, 2.0]], dtype)
    assert Sampling(temperature=1e-300).choose(logits, np.array([0.999])).tolist() == [1]


@given(logits=logits, seed=st.integers(0, 99), temperature=st.floats(0.3, 3))
def test_the_quick_choice_without_limits_is_that_of_the_probabilities(
    logits: np.ndarray, seed: int, temperature: float
) -> None:
    """By hand: the first token whose cumulative probability exceeds the chance, or so near to it that rounding may."""
    sampling, chances = Sampling(temperature), np.random.default_rng(seed).random(2)
    chosen = sampling.choose(logits, chances)
    cumulative = np.cumsum(sampling.probabilities(logits), axis=-1)
    for row, (token, chance) in enumerate(zip(chosen, chances, strict=True)):
        assert cumulative[row, token] > chance - 1e-5
        assert token == 0 or cumulative[row, token - 1] < chance + 1e-5


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ({"temperature": -0.1}, "temperature must be >= 0, got -0.1"),
        ({"temperature": float("nan")}, "temperature must be >= 0, got nan"),
        ({"top_k": 0}, "top_k must be >= 1, got 0"),
        ({"top_p": 0.0}, r"top_p must be in \(0, 1\], got 0.0"),
        ({"top_p": 1.1}, r"top_p must be in \(0, 1\], got 1.1"),
    ],
)
def test_settings_out_of_range_are_refused(setting: dict[str, float], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Sampling(**setting)  # type: ignore[arg-type]
