from __future__ import annotations

import numpy as np
import pytest

from alignbook.alignment.experiments.over_optimisation import (
    DRAWN,
    PRICES,
    OverOptimisation,
    fitted,
    over_optimisation,
)


@pytest.fixture(scope="module", params=[0, 1])
def result(request: pytest.FixtureRequest) -> OverOptimisation:
    return over_optimisation(request.param, "tiny")


def test_pushed_far_the_proxy_rises_and_gold_falls(result: OverOptimisation) -> None:
    pushed = result.by_price[PRICES[0]]
    assert pushed.proxy[-1] > pushed.proxy[0] + 0.15
    assert pushed.gold[-1] < max(pushed.gold) - 0.1
    assert pushed.divergence[0] == 0
    assert pushed.divergence[-1] > 4


def test_a_dear_divergence_holds_back(result: OverOptimisation) -> None:
    farthest = [max(result.by_price[price].divergence) for price in PRICES]
    assert farthest[0] > farthest[1] > farthest[2]
    assert result.by_price[PRICES[2]].gold[-1] > result.by_price[PRICES[0]].gold[-1]


def test_choosing_raises_what_is_chosen_by(result: OverOptimisation) -> None:
    for pushed in result.best_of_n.values():
        assert len(pushed.gold) == len(DRAWN)
        assert (np.diff(pushed.proxy) > 0).all()
    first = {pushed.gold[0] for pushed in result.best_of_n.values()}
    assert max(first) - min(first) < 1e-12  # of one reply nobody chooses


def test_forms_are_found_again() -> None:
    divergence = [0.0, 0.5, 1.0, 2.0, 4.0]
    d = np.sqrt(divergence)
    found = fitted(divergence, d * (0.7 - 0.2 * d), logarithmic=False)
    assert (found.alpha, found.beta, found.explained) == pytest.approx((0.7, 0.2, 1))
    with np.errstate(divide="ignore", invalid="ignore"):
        gain = np.where(d > 0, d * (0.7 - 0.2 * np.log(d)), 0)
    found = fitted(divergence, gain, logarithmic=True)
    assert (found.alpha, found.beta, found.explained) == pytest.approx((0.7, 0.2, 1))
    assert fitted(divergence, gain, logarithmic=False).explained < 0.999
    with pytest.raises(ValueError, match="three points or more must lie away from the start, got 2"):
        fitted([0, 1, 2], [0, 1, 2], logarithmic=True)
