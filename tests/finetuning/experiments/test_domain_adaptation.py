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


def test_what_is_kept_at_a_loss_by_hand() -> None:
    """Halfway from loss 3 to loss 1, half of what is lost in this stretch is lost."""
    course = Course("full", 1e-3, (5.0, 3.0, 1.0), (1.0, 0.8, 0.4))
    assert course.kept_at(2.0) == pytest.approx(0.6)
    assert course.kept_at(1.0) == pytest.approx(0.4)
    assert math.isnan(course.kept_at(0.9))


def test_methods_are_compared_where_the_slower_one_arrives() -> None:
    quick = Course("quick", 1.0, (4.0, 2.0, 0.5), (1.0, 0.5, 0.1))
    slow = Course("slow", 1.0, (4.0, 3.0, 2.0), (1.0, 0.9, 0.8))
    slower = Course("slow", 0.1, (4.0, 3.5, 3.0), (1.0, 1.0, 1.0))
    result = compared([quick, slow, slower])
    assert result.target == 2.0
    assert result.kept == {"quick": 0.5, "slow": 0.8}


@given(st.lists(st.floats(0.1, 5), min_size=2, max_size=6, unique=True))
def test_more_learned_is_never_less_forgotten_on_a_falling_course(losses: list[float]) -> None:
    ordered = sorted(losses, reverse=True)
    course = Course("full", 1.0, tuple(ordered), tuple(np.linspace(1, 0, len(ordered)).tolist()))
    kept = [course.kept_at(loss) for loss in ordered[1:]]
    assert kept == sorted(kept, reverse=True)


@pytest.fixture(scope="module", params=[0, 1])
def result(request: pytest.FixtureRequest) -> DomainAdaptation:
    return domain_adaptation(request.param, "tiny")


def test_every_method_learns_the_domain_and_forgets(result: DomainAdaptation) -> None:
    assert set(result.kept) == set(METHODS)
    for course in result.courses:
        assert min(course.domain_loss) < 0.95 * course.domain_loss[0]
    before = result.courses[0].kept[0]
    assert before > 0.2
    assert min(course.kept[-1] for course in result.courses) < before - 0.1


def test_all_courses_start_alike(result: DomainAdaptation) -> None:
    assert len({(course.domain_loss[0], course.kept[0]) for course in result.courses}) == 1
