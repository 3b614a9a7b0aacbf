from __future__ import annotations

import numpy as np
import pytest

from alignbook.alignment.experiments.best_of_n_cost import BestOfNCost, best_of_n_cost, stars, tempered_at
from alignbook.alignment.kl import kl_categorical


@pytest.fixture(scope="module", params=[0, 1])
def result(request: pytest.FixtureRequest) -> BestOfNCost:
    return best_of_n_cost(request.param, "tiny")


def test_the_formula_is_an_upper_bound_that_ties_and_few_replies_break(result: BestOfNCost) -> None:
    for bound, many, few, tied in zip(
        result.bound[1:], result.many_replies[1:], result.few_replies[1:], result.stars[1:], strict=True
    ):
        assert bound + 1e-12 >= many > few > tied > 0
    assert result.many_replies[-1] == pytest.approx(result.bound[-1], abs=0.01)
    assert result.stars[-1] < result.bound[-1] - 1


def test_it_comes_close_to_the_best_that_its_divergence_could_buy(result: BestOfNCost) -> None:
    for gained, possible in zip(result.gained[1:], result.best_possible[1:], strict=True):
        assert 0.8 * possible < gained <= possible + 1e-6
    assert (np.diff(result.gained) > 0).all()


def test_stars_and_tempering_by_hand() -> None:
    assert stars(np.array([-2.0, 0.0, 2.0, 1.2])).tolist() == [1, 3, 5, 4]
    reference, rewards = np.array([0.5, 0.3, 0.2]), np.array([0.0, 1.0, 2.0])
    policy = tempered_at(reference, rewards, 0.3)
    assert kl_categorical(policy, reference) == pytest.approx(0.3, abs=1e-6)
    ratios = np.log(policy / reference)
    assert ratios[2] - ratios[1] == pytest.approx(ratios[1] - ratios[0])
