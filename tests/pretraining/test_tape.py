import json
import math
from collections.abc import Callable, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays, mutually_broadcastable_shapes
from numpy.typing import NDArray

from alignbook.pretraining.finite_differences import central_differences, relative_error
from alignbook.pretraining.tape import Tensor, cross_entropy, sum_to

GOLDEN = json.loads((Path(__file__).parents[1] / "goldens/pretraining_tape/gradients.json").read_text(encoding="utf-8"))
Array = NDArray[np.float64]

number = st.floats(-2, 2, allow_subnormal=False)
small_shape = array_shapes(max_dims=3, max_side=3)


def gradients(loss: Tensor, *tensors: Tensor) -> list[Array]:
    loss.backward()
    return [tensor.grad.copy() for tensor in tensors]


# --- By hand ----------------------------------------------------------------------------------------------


def test_two_numbers_by_hand() -> None:
    x, y = Tensor(3.0), Tensor(-2.0)
    loss = x * y + x  # dloss/dx = y + 1, dloss/dy = x
    assert [float(each) for each in (loss.data, *gradients(loss, x, y))] == [-3.0, -1.0, 3.0]


def test_a_number_used_twice_gets_the_sum_of_both_gradients() -> None:
    x = Tensor(5.0)
    assert gradients(x * x, x) == [10.0]
    assert gradients(x + x + x, x) == [3.0]


def test_a_matrix_product_by_hand() -> None:
    x, y = Tensor([[1.0, 2.0]]), Tensor([[3.0, 4.0], [5.0, 6.0]])
    loss = (x @ y * [[1.0, 10.0]]).sum()  # 13 + 10 * 16
    assert loss.data == 173.0
    by_x, by_y = gradients(loss, x, y)
    assert by_x.tolist() == [[43.0, 65.0]]
    assert by_y.tolist() == [[1.0, 10.0], [2.0, 20.0]]


@pytest.mark.parametrize(
    ("operation", "derivative"),
    [
        (Tensor.exp, math.exp),
        (Tensor.log, lambda x: 1 / x),
        (Tensor.tanh, lambda x: 1 / math.cosh(x) ** 2),
        (Tensor.relu, lambda x: 1.0),
        (lambda x: -x, lambda x: -1.0),
        (lambda x: 3.0 - x, lambda x: -1.0),
        (lambda x: x - 3.0, lambda x: 1.0),
        (lambda x: 3.0 / x, lambda x: -3 / x**2),
        (lambda x: x / 4.0, lambda x: 0.25),
        (lambda x: x.mean() + 7.0 * x, lambda x: 8.0),
    ],
)
def test_derivatives_in_closed_form(
    operation: Callable[[Tensor], Tensor], derivative: Callable[[float], float]
) -> None:
    for x in (0.1, 0.7, 1.0, 2.9):
        tensor = Tensor(x)
        assert gradients(operation(tensor), tensor)[0] == pytest.approx(derivative(x), rel=1e-12)


def test_relu_stops_the_gradient_below_zero_and_at_zero() -> None:
    x = Tensor([-1.0, 0.0, 2.0])
    loss = (x.relu() * [10.0, 20.0, 30.0]).sum()
    assert loss.data == 60.0
    assert gradients(loss, x)[0].tolist() == [0.0, 0.0, 30.0]


def test_the_summed_axis_stays_with_length_one() -> None:
    x = Tensor([[1.0, 2.0], [3.0, 5.0]])
    assert x.sum(axis=1).data.tolist() == [[3.0], [8.0]]
    assert x.mean(axis=0).data.tolist() == [[2.0, 3.5]]
    assert x.sum().data == 11.0
    assert gradients((x.mean(axis=0) * [[1.0, 10.0]]).sum(), x)[0].tolist() == [[0.5, 5.0], [0.5, 5.0]]


def test_cross_entropy_is_the_surprise_and_its_gradient_is_probability_minus_target() -> None:
    logits = Tensor(np.log([[0.5, 0.25, 0.25], [0.1, 0.2, 0.7]]) + np.array([[3.0], [-40.0]]))  # shifts change nothing
    loss = cross_entropy(logits, [[0, 1, 0], [0, 0, 1]])
    assert loss.data == pytest.approx(-(math.log(0.25) + math.log(0.7)) / 2)
    expected = np.array([[0.5, -0.75, 0.25], [0.1, 0.2, -0.3]]) / 2
    assert gradients(loss, logits)[0] == pytest.approx(expected)


def test_cross_entropy_weighs_its_targets() -> None:
    logits = [[0.3, -1.0], [0.7, 0.1]]
    one_by_one = cross_entropy(Tensor([logits[0], logits[0], logits[1]]), [[1, 0], [0, 1], [0, 1]])
    assert cross_entropy(Tensor(logits), [[1, 1], [0, 1]]).data == pytest.approx(float(one_by_one.data))


def test_cross_entropy_of_huge_logits_does_not_overflow() -> None:
    logits = Tensor([[1e4, -1e4]])
    loss = cross_entropy(logits, [[0, 1]])
    assert loss.data == 2e4
    assert gradients(loss, logits)[0].tolist() == [[1.0, -1.0]]


# --- Witnesses --------------------------------------------------------------------------------------------


def network(x: Tensor, weights_1: Tensor, biases_1: Tensor, weights_2: Tensor, biases_2: Tensor) -> Tensor:
    hidden = (x @ weights_1 + biases_1).tanh()
    return cross_entropy(hidden @ weights_2 + biases_2, np.eye(3)[GOLDEN["targets"]])


def operations(a: Tensor, b: Tensor, c: Tensor) -> Tensor:
    ratio = (a * b + c).tanh() / (1 + b.exp())
    shares = ratio.relu().sum(axis=1) - a.mean(axis=0)
    return (2 - (a * a + c * c).log() * shares / ratio.sum()).mean()


@pytest.mark.parametrize("function", [network, operations])
def test_losses_and_gradients_agree_with_pytorch(function: Callable[..., Tensor]) -> None:
    expected = GOLDEN[function.__name__]
    tensors = {name: Tensor(value) for name, value in expected["inputs"].items()}
    loss = function(**tensors)
    loss.backward()
    assert float(loss.data) == pytest.approx(expected["loss"], rel=1e-12)
    for name, tensor in tensors.items():
        np.testing.assert_allclose(tensor.grad, expected["gradients"][name], rtol=1e-11, atol=1e-14)


@pytest.mark.parametrize("function", [network, operations])
def test_gradients_agree_with_finite_differences(function: Callable[..., Tensor]) -> None:
    inputs = [np.array(value) for value in GOLDEN[function.__name__]["inputs"].values()]
    tensors = [Tensor(value) for value in inputs]
    function(*tensors).backward()
    witness = central_differences(lambda moved: float(function(*map(Tensor, moved)).data), inputs)
    assert relative_error([tensor.grad for tensor in tensors], witness) < 1e-9


TAPE = SimpleNamespace(tanh=Tensor.tanh, exp=Tensor.exp, total=Tensor.sum)
COMPLEX = SimpleNamespace(tanh=np.tanh, exp=np.exp, total=np.sum)
STEPS: dict[str, Callable[[Any, Any, Any], Any]] = {
    "plus": lambda op, z, x: z + x,
    "times": lambda op, z, x: z * x,
    "minus": lambda op, z, x: x - z,
    "over": lambda op, z, x: z / (2.5 + x),
    "tanh": lambda op, z, x: op.tanh(z),
    "exp": lambda op, z, x: op.exp(op.tanh(z)),
    "matrix": lambda op, z, x: z @ x,
    "row": lambda op, z, x: z + op.total(x) * z,
}


@given(
    program=st.lists(st.sampled_from(sorted(STEPS)), max_size=6),
    x=arrays(np.float64, (2, 2), elements=number),
    direction=arrays(np.float64, (2, 2), elements=number),
)
def test_random_programs_agree_with_complex_steps(program: Sequence[str], x: Array, direction: Array) -> None:
    # f(x + ihd) = f(x) + ih f'(x)d + ..., so the imaginary part is a derivative without cancellation.
    def run(op: SimpleNamespace, x: Any) -> Any:
        z = x
        for step in program:
            z = STEPS[step](op, z, x)
        return op.total(z)

    h = 1e-100
    expected = run(COMPLEX, x + 1j * h * direction).imag / h
    tensor = Tensor(x)
    slope = (gradients(run(TAPE, tensor), tensor)[0] * direction).sum()
    assert slope == pytest.approx(expected, rel=1e-9, abs=1e-9)


# --- Invariants -------------------------------------------------------------------------------------------


@given(shapes=mutually_broadcastable_shapes(num_shapes=2, max_dims=3, max_side=3), data=st.data())
def test_gradients_have_the_shapes_of_what_they_belong_to_however_it_was_broadcast(
    shapes: Any, data: st.DataObject
) -> None:
    first, second = (data.draw(arrays(np.float64, shape, elements=number)) for shape in shapes.input_shapes)
    x, y = Tensor(first), Tensor(second)
    by_x, by_y = gradients((x * y).sum(), x, y)
    assert (by_x.shape, by_y.shape) == (first.shape, second.shape)
    # d(sum)/dx is the sum of the y that each x met: by broadcasting y and adding up copy by copy.
    expected = np.zeros(first.shape)
    stretched, met = np.broadcast_arrays(np.arange(first.size).reshape(first.shape), second)
    np.add.at(expected.reshape(-1), stretched.reshape(-1), met.reshape(-1))
    np.testing.assert_allclose(by_x, expected, atol=1e-12)


@given(shapes=mutually_broadcastable_shapes(num_shapes=2, max_dims=4, max_side=3), data=st.data())
def test_undoing_broadcasting_is_its_transpose(shapes: Any, data: st.DataObject) -> None:
    shape = shapes.input_shapes[0]
    x = data.draw(arrays(np.float64, shape, elements=number))
    g = data.draw(arrays(np.float64, shapes.result_shape, elements=number))
    summed = sum_to(g, shape)
    assert summed.shape == shape
    assert (summed * x).sum() == pytest.approx((g * np.broadcast_to(x, g.shape)).sum(), abs=1e-9)


@given(x=arrays(np.float64, small_shape, elements=number), a=number, b=number)
def test_the_gradient_is_linear_in_the_loss(x: Array, a: float, b: float) -> None:
    def first(x: Tensor) -> Tensor:
        return (x * x.tanh()).sum()

    def second(x: Tensor) -> Tensor:
        return (x.exp() / (x * x + 1)).mean()

    tensor = Tensor(x)
    by_first, by_second = gradients(first(tensor), tensor)[0], gradients(second(tensor), tensor)[0]
    by_both = gradients(a * first(tensor) + second(tensor) * b, tensor)[0]
    np.testing.assert_allclose(by_both, a * by_first + b * by_second, atol=1e-12)


@given(x=arrays(np.float64, small_shape, elements=number), data=st.data())
def test_a_sum_along_any_axis_has_the_gradient_one(x: Array, data: st.DataObject) -> None:
    axis = data.draw(st.integers(-x.ndim, x.ndim - 1))
    tensor = Tensor(x)
    assert gradients(tensor.sum(axis).sum(), tensor)[0].tolist() == np.ones(x.shape).tolist()


def test_gradients_of_an_earlier_loss_are_replaced_and_do_not_add_up() -> None:
    x = Tensor(2.0)
    loss = x * x
    assert gradients(loss, x) == gradients(loss, x) == [4.0]
    assert gradients(3 * x, x) == [3.0]


def test_arrays_on_the_left_and_plain_lists_work_too() -> None:
    x = Tensor([[1.0, 2.0]])
    ones = np.ones((2, 2))
    for result in (ones + x, ones * x, ones - x, ones / x, ones[:, :1] @ x, x + ones.tolist()):
        assert isinstance(result, Tensor)
        assert result.data.shape == (2, 2)
    assert gradients((ones[:, :1] @ x).sum(), x)[0].tolist() == [[2.0, 2.0]]


def test_the_tape_reaches_back_over_very_many_operations() -> None:
    x = Tensor(1.0)
    y = x
    for _ in range(3_000):
        y = y + 0.5
    assert (y.depth, len(y.tape())) == (3_000, 6_001)
    assert gradients(y, x) == [1.0]


def test_what_is_used_again_and_again_stands_on_the_tape_once() -> None:
    x = Tensor(1.0)
    y = x
    for _ in range(60):  # 2 ** 60 ways lead back
        y = y + y
    assert len(y.tape()) == 61
    assert gradients(y, x) == [2.0**60]


def test_the_tape_ends_with_what_was_not_computed_and_never_goes_back() -> None:
    x = Tensor(1.0)
    y = x * x
    loss = y + (y + 1.0).exp() * x
    tape = loss.tape()
    place = {tensor: at for at, tensor in enumerate(tape)}
    assert tape[0] is loss
    assert all(place[tensor] < place[parent] for tensor in tape for parent, _ in tensor.parents)


# --- Learning ---------------------------------------------------------------------------------------------


def test_two_layers_learn_what_one_neuron_cannot() -> None:
    x, targets = np.array([[0, 0], [0, 1], [1, 0], [1, 1]]), np.array([[1, 0], [0, 1], [0, 1], [1, 0]])  # either, or
    rng = np.random.default_rng(0)

    def final_loss(hidden: int | None) -> float:
        shapes = [(2, 2), (2,)] if hidden is None else [(2, hidden), (hidden,), (hidden, 2), (2,)]
        parameters = [rng.normal(size=shape) for shape in shapes]
        for _ in range(400):
            tensors = [Tensor(parameter) for parameter in parameters]
            weights, biases, *second = tensors
            logits = x @ weights + biases
            loss = cross_entropy(logits.tanh() @ second[0] + second[1] if second else logits, targets)
            loss.backward()
            parameters = [tensor.data - 0.5 * tensor.grad for tensor in tensors]
        return float(loss.data) / math.log(2)

    assert final_loss(hidden=None) > 0.99  # the best that one layer can do is to toss a coin: 1 bit
    assert final_loss(hidden=8) < 0.05


# --- Errors -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("data", [[1.0, 2.0], [[1.0]]])
def test_only_a_single_number_has_a_gradient(data: Any) -> None:
    with pytest.raises(ValueError, match=r"backward needs a loss of shape \(\), got \(.*\): take its sum or mean"):
        Tensor(data).backward()


@pytest.mark.parametrize(("left", "right"), [((2, 3), (2, 3)), ((3,), (3, 1)), ((2, 3), (3,)), ((1, 2, 3), (3, 1))])
def test_matrices_that_do_not_fit_are_refused(left: tuple[int, ...], right: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match=r"@ needs shapes \(n, k\) and \(k, m\), got \(.*\) and \(.*\)"):
        Tensor(np.ones(left)) @ Tensor(np.ones(right))


def test_shapes_that_do_not_broadcast_are_refused_when_they_meet() -> None:
    with pytest.raises(ValueError, match=r"could not be broadcast together with shapes \(2,\) \(3,\)"):
        Tensor([1.0, 2.0]) + Tensor([1.0, 2.0, 3.0])


@pytest.mark.parametrize(
    ("logits", "targets", "message"),
    [
        ([[0.0, 0.0]], [1, 0], r"must both have a shape \(n, classes\), got \(1, 2\) and \(2,\)"),
        ([0.0, 0.0], [1, 0], r"must both have a shape \(n, classes\), got \(2,\) and \(2,\)"),
        ([[0.0, 0.0]], [[2, -1]], r"targets must be weights >= 0 and not all 0, got the sum 1.0 and the least -1.0"),
        ([[0.0, 0.0]], [[0, 0]], r"targets must be weights >= 0 and not all 0, got the sum 0.0"),
        (np.empty((0, 2)), np.empty((0, 2)), r"targets must be weights >= 0 and not all 0, got the sum 0.0"),
    ],
)
def test_targets_that_are_none_are_refused(logits: Any, targets: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        cross_entropy(Tensor(logits), targets)
