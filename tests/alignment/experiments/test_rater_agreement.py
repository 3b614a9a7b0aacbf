from __future__ import annotations

import numpy as np
import pytest

from alignbook.alignment.agreement import krippendorff_alpha
from alignbook.alignment.experiments.rater_agreement import RaterAgreement, agreement, between, rater_agreement


@pytest.fixture(scope="module", params=[0, 1])
def result(request: pytest.FixtureRequest) -> RaterAgreement:
    return rater_agreement(request.param, "tiny")


def test_raters_agree_beyond_chance_and_far_from_wholly(result: RaterAgreement) -> None:
    assert 0 < result.everybody.alpha < result.truthful.alpha < 0.7
    assert result.everybody.share in result.interval


def test_they_agree_on_what_they_know(result: RaterAgreement) -> None:
    assert result.truthful_often.alpha > result.truthful_rare.alpha + 0.1


def test_cultures_agree_except_about_courtesy(result: RaterAgreement) -> None:
    assert result.cultures.alpha > 0.1
    assert result.cultures_on_courtesy.alpha < 0
    assert result.within_culture_on_courtesy.alpha > 0.3


def test_even_with_oneself_one_does_not_always_agree(result: RaterAgreement) -> None:
    assert result.truthful.share < result.oneself.share < 0.9


def test_shares_by_hand() -> None:
    votes = np.array([[1, 0, 1, 0], [1, 0, 0, 0], [1, 1, 0, 0]])
    assert agreement(votes).share == pytest.approx((1 + 1 / 3 + 1 / 3 + 1) / 4)
    assert agreement(votes).alpha == krippendorff_alpha(votes)
    across = between(votes[:1], votes[1:])
    assert across.share == pytest.approx((3 / 4 + 2 / 4) / 2)
