import numpy as np
import pytest

from alignbook.pretraining.experiments.gradient_check import (
    CONFIGS,
    GradientCheckResult,
    gradient_check,
    mistaken_tanh,
    network_loss,
    neuron_loss,
)
from alignbook.pretraining.tape import Tensor

SEEDS = (0, 1)


@pytest.fixture(scope="module", params=SEEDS)
def result(request: pytest.FixtureRequest) -> GradientCheckResult:
    return gradient_check(request.param, "tiny")


def test_the_tape_agrees_with_finite_differences(result: GradientCheckResult) -> None:
    assert result.neuron.best < 1e-9
    assert result.network.best < 1e-9


def test_a_mistake_shows_at_every_step_size(result: GradientCheckResult) -> None:
    assert result.mistaken.best > 0.01


def test_errors_fall_with_the_square_of_the_step_and_rise_again_by_rounding(result: GradientCheckResult) -> None:
    steps, errors = result.steps, result.network.errors
    assert steps[:2] == pytest.approx((1e-1, 1e-3))
    assert errors[0] / errors[1] == pytest.approx(1e4, rel=0.5)
    assert np.argmin(errors) == steps.index(1e-5)
    assert errors[-1] > 100 * min(errors)


def test_finite_differences_need_two_losses_for_each_number(result: GradientCheckResult) -> None:
    assert (result.neuron.parameters, result.neuron.losses_computed) == (2, 4)
    parameters = 2 * 3 + 3 + 3 * 2 + 2
    assert (result.network.parameters, result.network.losses_computed) == (parameters, 2 * parameters)
    assert result.network.operations == result.mistaken.operations < 40


def test_losses_by_hand() -> None:
    x, y = np.array([[1.0], [-1.0]]), np.array([1.0, 0.0])
    zeros = [Tensor(np.zeros(shape)) for shape in ((1, 2), 2, (2, 2), 2)]
    assert neuron_loss(x, y)([Tensor([[0.0]]), Tensor(0.0)]).data == pytest.approx(np.log(2))
    assert neuron_loss(x, y)([Tensor([[1.0]]), Tensor(0.0)]).data == pytest.approx(np.log1p(np.exp(-1)))
    assert network_loss(x, y, Tensor.tanh)(zeros).data == pytest.approx(np.log(2))
    sure = [*zeros[:3], Tensor([0.0, np.log(3)])]  # gives a vowel 3/4, whatever came before
    y = np.array([1.0, 1.0])
    assert network_loss(x, y, Tensor.tanh)(sure).data == pytest.approx(-np.log(3 / 4))


def test_the_mistaken_tanh_is_right_but_for_its_derivative() -> None:
    right, wrong = Tensor(0.5), Tensor(0.5)
    values = [Tensor.tanh(right), mistaken_tanh(wrong)]
    assert values[0].data == values[1].data
    for value in values:
        value.backward()
    assert right.grad == pytest.approx(1 - np.tanh(0.5) ** 2)
    assert wrong.grad == pytest.approx(1 - np.tanh(0.5))


def test_the_book_tries_more_steps_and_a_larger_network() -> None:
    assert set(CONFIGS["tiny"].steps) < set(CONFIGS["book"].steps)
    assert CONFIGS["book"].reach * CONFIGS["book"].hidden > CONFIGS["tiny"].reach * CONFIGS["tiny"].hidden


def test_an_unknown_size_is_refused() -> None:
    with pytest.raises(ValueError, match="size must be one of tiny, book, got 'huge'"):
        gradient_check(0, "huge")
