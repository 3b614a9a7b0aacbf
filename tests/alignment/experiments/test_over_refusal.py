from __future__ import annotations

import numpy as np
import pytest

from alignbook.alignment.experiments.over_refusal import LOOK_ALIKES, NOISE, OverRefusal, over_refusal


@pytest.fixture(scope="module", params=[0, 1])
def result(request: pytest.FixtureRequest) -> OverRefusal:
    return over_refusal(request.param, "tiny")


def test_it_starts_from_an_assistant_that_refuses_nothing(result: OverRefusal) -> None:
    assert max(result.start.sealed, result.start.look_alikes) < 0.1


def test_look_alikes_teach_where_to_stop(result: OverRefusal) -> None:
    none, most = (result.by_look_alikes[count, 0.0] for count in (LOOK_ALIKES[0], LOOK_ALIKES[-1]))
    assert none.sealed > 0.7
    assert none.look_alikes > 0.4
    assert most.look_alikes < none.look_alikes - 0.25
    assert most.area > none.area + 0.05


def test_a_frontier_goes_from_nothing_to_everything(result: OverRefusal) -> None:
    assert set(result.by_look_alikes) == {(count, noise) for count in LOOK_ALIKES for noise in NOISE}
    for each in result.by_look_alikes.values():
        assert each.frontier[0] == (0, 0)
        assert each.frontier[-1] == (1, 1)
        steps = np.array(each.frontier)
        assert (np.diff(steps, axis=0) >= 0).all()
        between = (np.diff(steps[:, 0]) * (steps[1:, 1] + steps[:-1, 1]) / 2).sum()
        assert each.area == pytest.approx(between, abs=1e-9)
