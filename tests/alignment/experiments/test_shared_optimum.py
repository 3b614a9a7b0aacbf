from __future__ import annotations

import numpy as np
import pytest

from alignbook.alignment.experiments.one_question import drawn_wins, question
from alignbook.alignment.experiments.shared_optimum import (
    BETA,
    RIDGE,
    STEPS,
    SharedOptimum,
    dpo_policy,
    shared_optimum,
)
from alignbook.alignment.tempered import dpo_optimum, total_variation
from alignbook.world.building import build_world


@pytest.fixture(scope="module", params=[0, 1])
def result(request: pytest.FixtureRequest) -> SharedOptimum:
    return shared_optimum(request.param, "tiny")


def test_with_endless_comparisons_both_find_the_optimum(result: SharedOptimum) -> None:
    assert result.kl > 0.1  # there is somewhere to go
    assert result.population_dpo < 1e-12
    assert result.population_rl < 0.02


def test_with_a_few_they_still_agree_as_long_as_all_else_is_equal(result: SharedOptimum) -> None:
    assert result.same_likelihood < 1e-9
    assert result.ridge_matched < 1e-9
    assert result.features_both < 1e-9


def test_each_inequality_alone_drives_them_apart(result: SharedOptimum) -> None:
    assert result.ridge > 0.005
    assert result.features > 0.05
    assert max(result.apart_on_the_way) > 0.1
    assert result.apart_on_the_way[0] == 0
    assert result.apart_on_the_way[-1] < 0.02
    assert len(result.apart_on_the_way) == len(STEPS)


def test_few_features_help_with_few_comparisons_and_hurt_with_many(result: SharedOptimum) -> None:
    assert result.few_by_count[0] < result.dpo_by_count[0]
    assert result.few_by_count[-1] > result.dpo_by_count[-1]
    assert result.features_by_count[-1] < result.few_by_count[-1]


def test_dpos_own_loss_leads_to_the_strengths_of_bradley_terry() -> None:
    rng = np.random.default_rng(0)
    asked = question(build_world(0, "tiny"), rng)
    wins = drawn_wins(asked, 500, rng)
    found = dpo_policy(asked, wins, np.eye(len(wins)), RIDGE * BETA**2)
    assert total_variation(found, dpo_optimum(wins, asked.reference, BETA, RIDGE)) < 1e-9
    assert total_variation(found, dpo_optimum(wins, asked.reference, BETA, 2 * RIDGE)) > 1e-3
