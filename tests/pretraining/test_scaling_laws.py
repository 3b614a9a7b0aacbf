import json
import math
from dataclasses import astuple
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alignbook.pretraining import scaling_laws
from alignbook.pretraining.scaling_laws import Array, NotConvergedError, ScalingLaw, bootstrap, fit

LAW = ScalingLaw(e=1.2, a=40, alpha=0.4, b=90, beta=0.35)
GOLDEN = Path(__file__).parents[1] / "goldens/scaling_laws/fits.json"


def runs(seed: int = 0, noise: float = 0.0, count: int = 40) -> tuple[Array, Array, Array]:
    rng = np.random.default_rng(seed)
    n = np.exp(rng.uniform(np.log(1e4), np.log(1e6), count))
    d = np.exp(rng.uniform(np.log(1e5), np.log(1e7), count))
    return n, d, LAW.loss(n, d) * np.exp(noise * rng.standard_normal(count))


def objective(law: ScalingLaw, n: Array, d: Array, losses: Array) -> float:
    """The Huber loss again, case by case as Huber wrote it."""
    total = 0.0
    for predicted, measured in zip(law.loss(n, d), losses, strict=True):
        size = abs(math.log(predicted) - math.log(measured))
        total += size**2 / 2 if size <= 1e-3 else 1e-3 * (size - 1e-3 / 2)
    return total


def test_a_loss_by_hand() -> None:
    law = ScalingLaw(e=2, a=10, alpha=0.5, b=8, beta=1 / 3)
    assert law.loss(100, 1000) == pytest.approx(2 + 10 / 10 + 8 / 10)
    assert law.loss([[100], [400]], [1000, 8000]).tolist() == pytest.approx(np.array([[3.8, 3.4], [3.3, 2.9]]))


def test_no_other_split_of_the_computation_does_better_than_the_optimal_one() -> None:
    parameters, tokens = LAW.compute_optimal(1e12)
    assert 6 * parameters * tokens == pytest.approx(1e12)
    others = parameters * np.exp(np.linspace(-2, 2, 401))
    losses = LAW.loss(others, 1e12 / 6 / others)
    assert losses.argmin() == 200  # the optimum itself
    assert losses[0] > losses[200] + 0.01 < losses[-1]


def test_a_law_without_noise_is_found_exactly() -> None:
    assert astuple(fit(*runs())) == pytest.approx(astuple(LAW), rel=1e-6)


def test_with_noise_it_is_found_nearly() -> None:
    law = fit(*runs(noise=0.003, count=200))
    assert law.e == pytest.approx(LAW.e, rel=0.03)
    assert (law.alpha, law.beta) == pytest.approx((LAW.alpha, LAW.beta), abs=0.03)


@pytest.mark.parametrize("case", json.loads(GOLDEN.read_text(encoding="utf-8")), ids=["little noise", "more noise"])
def test_scipy_finds_the_same_minimum(case: dict[str, Any]) -> None:
    n, d, losses = (np.array(case[name]) for name in ("parameters", "tokens", "losses"))
    law, theirs = fit(n, d, losses), ScalingLaw(*case["law"])
    assert objective(theirs, n, d, losses) == pytest.approx(case["objective"], rel=1e-6)
    assert objective(law, n, d, losses) <= case["objective"] * (1 + 1e-5)
    assert (law.e, law.alpha, law.beta) == pytest.approx((theirs.e, theirs.alpha, theirs.beta), rel=0.01)


@settings(max_examples=5)
@given(scale=st.floats(0.1, 10), order=st.integers(0, 100))
def test_neither_the_unit_of_the_loss_nor_the_order_of_the_runs_matters(scale: float, order: int) -> None:
    n, d, losses = runs(noise=0.002)
    at = np.random.default_rng(order).permutation(len(n))
    law, other = fit(n, d, losses), fit(n[at], d[at], scale * losses[at])
    assert np.divide(other.loss(n, d), law.loss(n, d)).tolist() == pytest.approx([scale] * len(n), rel=1e-4)
    assert (other.alpha, other.beta) == pytest.approx((law.alpha, law.beta), rel=0.01)


def test_one_odd_run_pulls_the_fit_less_than_least_squares() -> None:
    n, d, losses = runs(noise=0.0005)
    losses[3] *= 1.2
    robust, squares = fit(n, d, losses), fit(n, d, losses, delta=10.0)
    error = [float(np.abs(np.log(law.loss(n, d) / LAW.loss(n, d))).max()) for law in (robust, squares)]
    assert error[0] < 0.005 < error[1]


def test_resampled_fits_spread_as_the_noise_says() -> None:
    spreads = []
    for noise in (0.0, 0.001, 0.004):
        n, d, losses = runs(noise=noise)
        laws = bootstrap(fit(n, d, losses), n, d, losses, 60, np.random.default_rng(1))
        spreads.append(float(np.std([law.alpha for law in laws])))
    assert spreads[0] < 1e-6
    assert spreads[0] < spreads[1] < spreads[2] / 2


def test_the_same_chance_gives_the_same_fits() -> None:
    n, d, losses = runs(noise=0.002)
    first, second = (bootstrap(LAW, n, d, losses, 5, np.random.default_rng(2)) for _ in range(2))
    assert first == second
    assert len(set(first)) == 5


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"parameters": [1, 2, 3]}, "must have one shape"),
        ({"tokens": [0, 1, 2, 3, 4, 5, 6]}, "tokens must be > 0, got 0"),
        ({"losses": [1, 2, 3, math.nan, 5, 6, 7]}, "losses must be > 0, got nan"),
        ({"parameters": [1, 1, 1, 1, 2, 2, 2]}, "at least 3 different parameters"),
    ],
)
def test_runs_that_cannot_determine_a_law_are_refused(change: dict[str, list[float]], message: str) -> None:
    columns = {name: [1.0, 2, 3, 4, 5, 6, 7] for name in ("parameters", "tokens", "losses")} | change
    with pytest.raises(ValueError, match=message):
        fit(columns["parameters"], columns["tokens"], columns["losses"])


def test_too_few_runs_and_a_delta_that_is_none_are_refused() -> None:
    n, d, losses = runs()
    with pytest.raises(ValueError, match="at least 6 runs, got 5"):
        fit(n[:5], d[:5], losses[:5])
    with pytest.raises(ValueError, match="delta must be > 0, got 0"):
        fit(n, d, losses, delta=0.0)


def test_a_fit_that_does_not_come_to_rest_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scaling_laws, "_STEPS", 3)
    with pytest.raises(NotConvergedError, match="still changes after 3 steps"):
        fit(*runs(noise=0.002))
