import json
import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from alignbook.pretraining.experiments.gradient_check import neuron_loss
from alignbook.pretraining.finite_differences import central_differences
from alignbook.pretraining.neuron import Neuron
from alignbook.pretraining.tape import Tensor

number = st.floats(-3, 3, allow_subnormal=False)
X, Y = [[1.0, 2.0], [-1.0, 0.5], [0.0, 1.0]], [1.0, 0.0, 1.0]


@st.composite
def neurons_and_answers(draw: st.DrawFn) -> tuple[Neuron, Any, Any]:
    n, inputs = draw(st.integers(1, 5)), draw(st.integers(1, 3))
    x = draw(arrays(np.float64, (n, inputs), elements=number))
    y = draw(arrays(np.float64, n, elements=st.sampled_from([0.0, 1.0])))
    return Neuron(tuple(draw(st.lists(number, min_size=inputs, max_size=inputs))), draw(number)), x, y


def test_a_step_by_hand() -> None:
    # z = 2 ln 3 - ln 3 = ln 3, so p = 3/4; the answer was no: the surprise is ln 4, two bits.
    neuron = Neuron(weights=(math.log(3),), bias=-math.log(3))
    x, y = [[2.0]], [0.0]
    assert neuron.probability(x) == pytest.approx([0.75])
    assert neuron.loss(x, y) == pytest.approx(math.log(4))
    assert neuron.surprise_bits(x, y) == pytest.approx(2.0)
    (by_weight,), by_bias = neuron.gradient(x, y)
    assert (by_weight, by_bias) == pytest.approx((0.75 * 2, 0.75))
    stepped = neuron.step(x, y, learning_rate=0.1)
    assert stepped.weights[0] == pytest.approx(math.log(3) - 0.15)
    assert stepped.bias == pytest.approx(-math.log(3) - 0.075)


def test_loss_and_gradient_are_means_over_the_rows() -> None:
    neuron = Neuron((0.3, -0.2), 0.1)
    each = [neuron.loss([x], [y]) for x, y in zip(X, Y, strict=True)]
    assert neuron.loss(X, Y) == pytest.approx(sum(each) / 3)
    slopes = [neuron.gradient([x], [y])[0][1] for x, y in zip(X, Y, strict=True)]
    assert neuron.gradient(X, Y)[0][1] == pytest.approx(sum(slopes) / 3)


@given(case=neurons_and_answers())
def test_the_gradient_by_hand_is_that_of_the_tape_and_of_finite_differences(case: tuple[Neuron, Any, Any]) -> None:
    neuron, x, y = case
    weights, bias = Tensor(np.array(neuron.weights)[:, None]), Tensor(neuron.bias)
    loss = neuron_loss(x, y)([weights, bias])
    loss.backward()
    by_weights, by_bias = neuron.gradient(x, y)
    assert float(loss.data) == pytest.approx(neuron.loss(x, y), rel=1e-6, abs=1e-9)
    assert weights.grad[:, 0] == pytest.approx(by_weights, rel=1e-6, abs=1e-9)
    assert float(bias.grad) == pytest.approx(by_bias, rel=1e-6, abs=1e-9)
    witness = central_differences(
        lambda p: Neuron(tuple(p[0].tolist()), float(p[1])).loss(x, y),
        [np.array(neuron.weights), np.array(neuron.bias)],
    )
    assert witness[0] == pytest.approx(by_weights, abs=1e-8)
    assert witness[1] == pytest.approx(by_bias, abs=1e-8)


@given(case=neurons_and_answers())
def test_a_small_step_never_goes_uphill(case: tuple[Neuron, Any, Any]) -> None:
    neuron, x, y = case
    curvature = 0.25 * ((x**2).sum(axis=1).max() + 1)  # nowhere is the loss more curved than this
    assert neuron.step(x, y, 1 / curvature).loss(x, y) <= neuron.loss(x, y) + 1e-12


@given(case=neurons_and_answers())
def test_sharpness_is_the_largest_second_derivative(case: tuple[Neuron, Any, Any]) -> None:
    neuron, x, y = case
    parameters = np.array([*neuron.weights, neuron.bias])

    def gradient(p: Any) -> Any:
        by_weights, by_bias = Neuron(tuple(p[:-1].tolist()), float(p[-1])).gradient(x, y)
        return np.array([*by_weights, by_bias])

    moves = 1e-5 * np.eye(len(parameters))
    hessian = np.array([gradient(parameters + move) - gradient(parameters - move) for move in moves]) / 2e-5
    assert neuron.sharpness(x) == pytest.approx(np.abs(np.linalg.eigvalsh(hessian)).max(), abs=1e-7)


def test_a_neuron_that_is_far_too_sure_has_a_large_and_finite_loss() -> None:
    neuron = Neuron((1000.0,), 0.0)
    assert neuron.loss([[-2.0]], [1.0]) == 2000.0
    assert neuron.probability([[2.0], [-2.0]]).tolist() == [1.0, 0.0]


def test_it_learns_an_and_of_two_inputs() -> None:
    x, y = [[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]], [0.0, 0.0, 0.0, 1.0]
    neuron = Neuron((0.0, 0.0), 0.0)
    assert neuron.surprise_bits(x, y) == pytest.approx(1.0)
    for _ in range(2_000):
        neuron = neuron.step(x, y, learning_rate=1.0)
    assert neuron.surprise_bits(x, y) < 0.1
    assert (neuron.probability(x) > 0.5).tolist() == [False, False, False, True]


def test_a_neuron_is_plain_numbers() -> None:
    stepped = Neuron((0.0, 0.0), 0.0).step(X, Y, learning_rate=0.5)
    assert json.loads(json.dumps([stepped.weights, stepped.bias])) == [list(stepped.weights), stepped.bias]


@pytest.mark.parametrize("learning_rate", [0.0, -0.1, math.nan, math.inf])
def test_a_learning_rate_that_is_none_is_refused(learning_rate: float) -> None:
    with pytest.raises(ValueError, match=f"learning_rate must be a finite number > 0, got {learning_rate}"):
        Neuron((0.0, 0.0), 0.0).step(X, Y, learning_rate)


@pytest.mark.parametrize("x", [[1.0, 2.0], [[1.0]], [[1.0, 2.0, 3.0]], np.empty((0, 2))])
def test_inputs_that_do_not_fit_are_refused(x: Any) -> None:
    message = r"x must have the shape \(n, 2\) with n >= 1, one column a weight, got \("
    neuron = Neuron((0.0, 0.0), 0.0)
    for use in (
        neuron.probability,
        neuron.sharpness,
        lambda x: neuron.loss(x, [1.0]),
        lambda x: neuron.step(x, [1], 1),
    ):
        with pytest.raises(ValueError, match=message):
            use(x)


@pytest.mark.parametrize(
    ("y", "message"),
    [
        ([1.0], r"y must have the shape \(3,\), one answer a row of x, got \(1,\)"),
        ([[1.0], [0.0], [1.0]], r"y must have the shape \(3,\), one answer a row of x, got \(3, 1\)"),
        ([0.0, 0.5, 1.0], r"y must be 0 \(no\) or 1 \(yes\), got 0.5"),
        ([0.0, math.nan, 1.0], r"y must be 0 \(no\) or 1 \(yes\), got nan"),
    ],
)
def test_answers_that_do_not_fit_are_refused(y: Any, message: str) -> None:
    for use in (Neuron((0.0, 0.0), 0.0).loss, Neuron((0.0, 0.0), 0.0).gradient):
        with pytest.raises(ValueError, match=message):
            use(X, y)
