from __future__ import annotations

import numpy as np
import pytest

from alignbook.alignment.experiments.gold_against_divergence import (
    CHECKPOINTS,
    DRAWN,
    Enough,
    GoldAgainstDivergence,
    Snapshots,
    gold_against_divergence,
)
from alignbook.alignment.kl import kl_best_of_n


@pytest.fixture(scope="module")
def result() -> GoldAgainstDivergence:
    return gold_against_divergence(0, "tiny")


def test_rlhf_raises_the_gold_reward_and_goes_further_and_further(result: GoldAgainstDivergence) -> None:
    assert result.tuned.kl == pytest.approx(0, abs=1e-3)
    assert len(result.rlhf) == CHECKPOINTS + 1
    assert result.rlhf[-1].gold > result.tuned.gold + 0.05
    assert result.rlhf[-1].kl > result.rlhf[0].kl > 0.1


def test_dpo_moves_away_and_raises_its_margins(result: GoldAgainstDivergence) -> None:
    assert result.dpo[-1].kl > 0.1
    assert result.dpo[-1].proxy > result.tuned.proxy


def test_best_of_n_gains_without_training(result: GoldAgainstDivergence) -> None:
    assert [point.kl for point in result.best_of_n] == pytest.approx(list(kl_best_of_n(DRAWN)))
    assert (np.diff([point.proxy for point in result.best_of_n]) > 0).all()
    assert result.best_of_n[-1].gold > result.best_of_n[0].gold + 0.03
    assert result.best_of_n[0].gold == pytest.approx(result.tuned.gold, abs=0.05)
    assert 1 < result.distinct <= DRAWN[-1]


def test_snapshots_stop_a_run_when_there_are_enough() -> None:
    snapshots = Snapshots(2)
    snapshots.save(({"parameters": np.ones(3)}, {}))
    with pytest.raises(Enough):
        snapshots.save(({"parameters": np.zeros(3)}, {}))
    assert [float(each.sum()) for each in snapshots.kept] == [3, 0]
