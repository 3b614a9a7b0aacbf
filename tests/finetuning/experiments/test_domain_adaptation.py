import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alignbook.finetuning.experiments.domain_adaptation import (
    METHODS,
    Course,
    DomainAdaptation,
    compared,
    domain_adaptation,
)


def course(method: str, losses: tuple[float, ...], answered: tuple[float, ...]) -> Course:
    return Course(method, 1.0, losses, answered, tuple(1 - (1 - share) / 2 for share in answered))


def test_what_is_kept_at_a_loss_by_hand() -> None:
    """Halfway from loss 3 to loss 1, half of what is lost in this stretch is lost."""
    full = course("full", (5.0, 3.0, 1.0), (1.0, 0.8, 0.4))
    assert full.at(2.0, full.answered) == pytest.approx(0.6)
    assert full.at(2.0, full.recalled) == pytest.approx(0.8)
    assert full.at(1.0, full.answered) == pytest.approx(0.4)
    assert math.isnan(full.at(0.9, full.answered))


def test_methods_are_compared_where_all_courses_arrive() -> None:
    quick = course("quick", (4.0, 2.0, 0.5), (1.0, 0.5, 0.1))
    slow = course("slow", (4.0, 3.0, 2.0), (1.0, 0.9, 0.8))
    slower = course("slow", (4.0, 3.5, 3.0), (1.0, 1.0, 0.95))
    result = compared([quick, slow, slower])
    assert result.target == 3.0
    assert result.answered == pytest.approx({"quick": 0.75, "slow": 0.95})
    assert result.recalled == pytest.approx({"quick": 0.875, "slow": 0.975})


def test_a_course_that_learns_nothing_is_no_comparison() -> None:
    with pytest.raises(ValueError, match="every course must lower the domain loss"):
        compared([course("full", (4.0, 3.0), (1.0, 0.9)), course("LoRA", (4.0, 4.5), (1.0, 1.0))])


@given(st.lists(st.floats(0.1, 5), min_size=2, max_size=6, unique=True))
def test_more_learned_is_never_less_forgotten_on_a_falling_course(losses: list[float]) -> None:
    ordered = sorted(losses, reverse=True)
    falling = course("full", tuple(ordered), tuple(np.linspace(1, 0, len(ordered)).tolist()))
    kept = [falling.at(loss, falling.answered) for loss in ordered[1:]]
    assert kept == sorted(kept, reverse=True)


@pytest.fixture(scope="module", params=[0, 1])
def result(request: pytest.FixtureRequest) -> DomainAdaptation:
    return domain_adaptation(request.param, "tiny")


def test_every_method_learns_the_domain_and_forgets(result: DomainAdaptation) -> None:
    assert set(result.answered) == set(result.recalled) == set(METHODS)
    before = result.courses[0].answered[0]
    assert before > 0.2
    for method in METHODS:
        own = [each for each in result.courses if each.method == method]
        assert min(min(each.domain_loss) for each in own) < 0.9 * own[0].domain_loss[0]
        assert min(each.answered[-1] for each in own) < before - 0.1


def test_all_courses_start_alike(result: DomainAdaptation) -> None:
    assert len({(each.domain_loss[0], each.answered[0], each.recalled[0]) for each in result.courses}) == 1
