import numpy as np
import pytest

from alignbook.finetuning.experiments.refusals import HELD_OUT, Refusals, refusals


@pytest.fixture(scope="module", params=[0, 1])
def result(request: pytest.FixtureRequest) -> Refusals:
    return refusals(request.param, "tiny")


def test_demonstrations_are_what_makes_it_refuse(result: Refusals) -> None:
    assert max(result.base.sealed.values()) == 0
    assert np.mean(list(result.tuned.sealed.values())) > 0.05
    assert result.sealed_only.sealed["held-out"] > 0.5


def test_look_alikes_teach_where_to_stop(result: Refusals) -> None:
    assert result.sealed_only.look_alikes["held-out"] > result.by_noise[0.0].look_alikes["held-out"] + 0.1


def test_shares_are_of_the_same_requests(result: Refusals) -> None:
    for each in (result.base, result.tuned, result.sealed_only, *result.by_noise.values()):
        assert set(each.sealed) == set(each.look_alikes) == set(each.helped) == set(HELD_OUT)
        assert np.all([each.look_alikes[split] + each.helped[split] <= 1 for split in HELD_OUT])
