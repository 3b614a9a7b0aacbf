from __future__ import annotations

import pytest

from alignbook.alignment.experiments.constitution_swept import ERRORS, ConstitutionSwept, constitution_swept
from alignbook.world.raters import PRICE_OF_AI_LABEL, PRICE_OF_LABEL


@pytest.fixture(scope="module", params=[0, 1])
def result(request: pytest.FixtureRequest) -> ConstitutionSwept:
    return constitution_swept(request.param, "tiny")


def test_principles_teach_to_refuse_and_mistakes_unteach_it(result: ConstitutionSwept) -> None:
    assert result.start.sealed_refused < 0.1
    assert set(result.by_error) == set(ERRORS)
    assert result.by_error[0.0].sealed_refused > result.start.sealed_refused + 0.4
    assert result.by_error[0.0].sealed_refused > result.by_error[0.4].sealed_refused + 0.3


def test_revised_replies_are_demonstrations(result: ConstitutionSwept) -> None:
    assert result.revised.sealed_refused > 0.7


def test_the_same_money_buys_fewer_labels_by_people(result: ConstitutionSwept) -> None:
    assert result.for_the_money * PRICE_OF_LABEL == pytest.approx(
        result.comparisons * PRICE_OF_AI_LABEL, abs=PRICE_OF_LABEL
    )
    assert result.for_the_money < result.comparisons / 20


def test_an_amendment_closes_the_gap_that_comparisons_found(result: ConstitutionSwept) -> None:
    assert result.by_error[0.0].shrugged > result.amended.shrugged + 0.2
    assert result.amended.look_alikes_answered > result.by_error[0.0].look_alikes_answered + 0.2
    assert result.amended.sealed_refused > 0.5
