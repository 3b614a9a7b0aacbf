"""The bootstrap: by hand, against SciPy, and in what it promises."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alignbook.stats import bootstrap as module
from alignbook.stats.bootstrap import Statistic, bootstrap, mean
from alignbook.stats.proportions import Interval

GOLDEN = json.loads((Path(__file__).parents[1] / "goldens/stats/bootstrap.json").read_text(encoding="utf-8"))


def median(samples: np.ndarray) -> np.ndarray:
    return np.asarray(np.median(samples, axis=-1))


STATISTICS: dict[str, Statistic] = {"mean": mean, "median": median}


def test_by_hand() -> None:
    # Of 0 and 1 the resamples' means are 0, 1/2 and 1, with chances 1/4, 1/2 and 1/4.
    assert bootstrap([0, 1], np.random.default_rng(0), confidence=0.9) == Interval(0, 1)
    assert bootstrap([0, 1], np.random.default_rng(0), confidence=0.4) == Interval(0.5, 0.5)


@pytest.mark.parametrize(("statistic", "sample", "confidence", "low", "high"), GOLDEN["rows"])
def test_equals_scipy(statistic: str, sample: list[float], confidence: float, low: float, high: float) -> None:
    rng = np.random.default_rng(GOLDEN["rng"])
    interval = bootstrap(sample, rng, STATISTICS[statistic], confidence=confidence, resamples=GOLDEN["resamples"])
    assert (interval.low, interval.high) == pytest.approx((low, high), abs=1e-12)


@given(st.lists(st.integers(-100, 100), min_size=2, max_size=30), st.integers(0, 99), st.floats(0.1, 5))
def test_it_moves_and_stretches_with_its_sample(sample: list[int], seed: int, scale: float) -> None:
    plain = bootstrap(sample, np.random.default_rng(seed), resamples=50)
    moved = bootstrap(np.array(sample) * scale + 7, np.random.default_rng(seed), resamples=50)
    assert (moved.low, moved.high) == pytest.approx((plain.low * scale + 7, plain.high * scale + 7), abs=1e-9)
    assert min(sample) - 1e-9 <= plain.low <= plain.high <= max(sample) + 1e-9


def test_it_holds_the_true_mean_about_as_often_as_it_says() -> None:
    rng = np.random.default_rng(0)
    covered = [1.0 in bootstrap(rng.exponential(size=60), rng, resamples=400) for _ in range(500)]
    assert 0.89 < np.mean(covered) < 0.97


def test_blocks_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    sample = np.arange(40) ** 2
    whole = bootstrap(sample, np.random.default_rng(0))
    monkeypatch.setattr(module, "NUMBERS_AT_ONCE", 333)
    assert bootstrap(sample, np.random.default_rng(0)) == whole


def test_impossible_input_is_named() -> None:
    rng = np.random.default_rng(0)
    with pytest.raises(ValueError, match=r"two values or more in one dimension, got the shape \(1,\)"):
        bootstrap([1], rng)
    with pytest.raises(ValueError, match="sample must be finite, got nan"):
        bootstrap([1, float("nan")], rng)
    with pytest.raises(ValueError, match="confidence must lie between 0 and 1, got 1"):
        bootstrap([1, 2], rng, confidence=1)
    with pytest.raises(ValueError, match="resamples must be 2 or more, got 1"):
        bootstrap([1, 2], rng, resamples=1)
