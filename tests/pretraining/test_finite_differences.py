from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from alignbook.pretraining.finite_differences import central_differences, relative_error


def test_a_quadratic_is_differentiated_exactly_with_any_step() -> None:
    # (f(x + h) - f(x - h)) / 2h has no error where the third derivative is 0, but for rounding.
    at = [np.array([1.0, -2.0]), np.array(3.0)]
    found = central_differences(lambda p: float(p[0] @ p[0] * p[1]), at, step=0.5)
    assert found[0] == pytest.approx([6.0, -12.0])
    assert found[1] == pytest.approx(5.0)
    assert [part.shape for part in found] == [(2,), ()]


def test_a_cubic_has_the_error_that_theory_says() -> None:
    (found,) = central_differences(lambda p: float(p[0] ** 3), [np.array(2.0)], step=0.1)
    assert found == pytest.approx(12 + 0.1**2)


def test_the_parameters_are_not_changed() -> None:
    parameters = [np.array([[1.0, 2.0], [3.0, 4.0]])]
    central_differences(lambda p: float(np.exp(p[0]).sum()), parameters, step=0.1)
    assert parameters[0].tolist() == [[1.0, 2.0], [3.0, 4.0]]


def test_not_even_when_the_loss_fails_halfway() -> None:
    parameters = [np.array([0.05, 2.0])]

    def loss(moved: Sequence[NDArray[np.float64]]) -> float:
        if moved[0][0] < 0:
            raise ArithmeticError("no logarithm")
        return float(np.log(moved[0]).sum())

    with pytest.raises(ArithmeticError):
        central_differences(loss, parameters, step=0.1)
    assert parameters[0].tolist() == [0.05, 2.0]


def test_relative_errors_by_hand() -> None:
    zero, right, up = np.zeros(2), np.array([1.0, 0.0]), np.array([0.0, 1.0])
    assert relative_error([zero], [zero]) == 0.0
    assert relative_error([right, up], [right, up]) == 0.0
    assert relative_error([right], [up]) == pytest.approx(2**0.5 / 2)
    assert relative_error([right], [zero]) == relative_error([right], [-right]) == 1.0


@pytest.mark.parametrize("step", [0.0, -1e-5, float("nan")])
def test_a_step_that_leads_nowhere_is_refused(step: float) -> None:
    with pytest.raises(ValueError, match=f"step must be > 0, got {step}"):
        central_differences(lambda p: 0.0, [np.array(1.0)], step)


def test_gradients_of_other_shapes_are_not_compared() -> None:
    with pytest.raises(ValueError, match=r"must have the shapes of the witness, \[\(2,\)\], got \[\(1,\)\]"):
        relative_error([np.ones(1)], [np.ones(2)])
