"""Wilson's interval: by hand, against SciPy, and in what it promises."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alignbook.stats.proportions import wilson

GOLDEN = json.loads((Path(__file__).parents[1] / "goldens/stats/wilson.json").read_text(encoding="utf-8"))


def test_by_hand() -> None:
    # z = 1.96: (1/2 + 3.8416/20) / (1 + 3.8416/10) = 0.5 is the centre, and 0.2634 the reach
    interval = wilson(5, 10)
    assert interval.low == pytest.approx(0.5 - 0.2634, abs=1e-4)
    assert interval.high == pytest.approx(0.5 + 0.2634, abs=1e-4)


@pytest.mark.parametrize(("successes", "trials", "confidence", "low", "high"), GOLDEN["rows"])
def test_equals_scipy(successes: int, trials: int, confidence: float, low: float, high: float) -> None:
    interval = wilson(successes, trials, confidence)
    assert (interval.low, interval.high) == pytest.approx((low, high), abs=1e-12)


@given(st.integers(1, 500), st.data())
def test_holds_the_share_and_mirrors(trials: int, data: st.DataObject) -> None:
    successes = data.draw(st.integers(0, trials))
    interval, mirror = wilson(successes, trials), wilson(trials - successes, trials)
    assert 0 <= interval.low <= successes / trials <= interval.high <= 1
    assert interval.low == pytest.approx(1 - mirror.high, abs=1e-12)


@pytest.mark.parametrize("rate", [0.05, 0.3, 0.9])
def test_holds_the_true_rate_as_often_as_it_says(rate: float) -> None:
    counts = np.random.default_rng(0).binomial(100, rate, 4000)
    covered = np.mean([rate in wilson(int(count), 100) for count in counts])
    assert 0.93 < covered < 0.98


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((0, 0), "trials must be at least 1, got 0"),
        ((3, 2), "successes must lie between 0 and the 2 trials, got 3"),
        ((-1, 2), "successes must lie between 0 and the 2 trials, got -1"),
        ((1, 2, 1.0), "confidence must lie between 0 and 1, got 1.0"),
    ],
)
def test_impossible_input_is_named(arguments: tuple[int, int], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        wilson(*arguments)
