"""Every operation of the tape: by hand, beside PyTorch, beside finite differences; and the walk back."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.nn.models import golden

from alignbook.nn.tape import Array, Tape, Var
from alignbook.pretraining.finite_differences import central_differences, relative_error

OPERATIONS = golden("operations")
IDS, TARGETS = OPERATIONS["ids"].astype(int), OPERATIONS["targets"].astype(int)
CALLS: dict[str, Callable[..., Var]] = {
    "embedding": lambda tape, tokens, positions: tape.embedding(tokens, positions, IDS),
    "norm": lambda tape, x, gain: tape.norm(x, gain),
    "linear": lambda tape, x, weight: tape.linear(x, weight),
    "gelu": lambda tape, x: tape.gelu(x),
    "attention": lambda tape, qkv: tape.attention(qkv, batch=3, heads=2),
    "add": lambda tape, x, y: tape.add(x, y, 0.3),
    "target_logprobs": lambda tape, hidden, table: tape.target_logprobs(hidden, table, TARGETS),
}
FREEZABLE = {"embedding": (0, 1), "norm": (1,), "linear": (1,), "target_logprobs": (1,)}
operations = pytest.mark.parametrize("name", CALLS)


def inputs_of(name: str) -> list[Array]:
    return [OPERATIONS[f"{name}.input{number}"] for number in range(2) if f"{name}.input{number}" in OPERATIONS]


def gradients_of(variables: Sequence[Var]) -> list[Any]:
    gradients = [variable.grad for variable in variables]
    assert all(gradient is not None for gradient in gradients)
    return [gradient for gradient in gradients if gradient is not None]


@operations
def test_each_operation_and_its_gradients_are_pytorchs(name: str) -> None:
    tape, variables = Tape(), [Var(array) for array in inputs_of(name)]
    output = CALLS[name](tape, *variables)
    np.testing.assert_allclose(output.data, OPERATIONS[f"{name}.output"], rtol=1e-10, atol=1e-12)
    tape.backward(output, OPERATIONS[f"{name}.upstream"])
    for number, gradient in enumerate(gradients_of(variables)):
        np.testing.assert_allclose(gradient, OPERATIONS[f"{name}.gradient{number}"], rtol=1e-10, atol=1e-12)


@operations
def test_each_gradient_is_that_of_finite_differences(name: str) -> None:
    rng = np.random.default_rng(3)
    inputs = [rng.normal(size=array.shape) for array in inputs_of(name)]
    upstream = rng.normal(size=OPERATIONS[f"{name}.upstream"].shape)

    def loss(arrays: Sequence[Array]) -> float:
        return float((CALLS[name](Tape(recording=False), *map(Var, arrays)).data * upstream).sum())

    tape, variables = Tape(), [Var(array) for array in inputs]
    tape.backward(CALLS[name](tape, *variables), upstream)
    assert relative_error(gradients_of(variables), central_differences(loss, inputs)) < 1e-8


@operations
def test_float32_stays_float32_and_close_to_float64(name: str) -> None:
    tape, variables = Tape(), [Var(array.astype(np.float32)) for array in inputs_of(name)]
    output = CALLS[name](tape, *variables)
    assert output.data.dtype == np.float32
    np.testing.assert_allclose(output.data, OPERATIONS[f"{name}.output"], rtol=1e-4, atol=1e-5)
    tape.backward(output, OPERATIONS[f"{name}.upstream"].astype(np.float32))
    for number, gradient in enumerate(gradients_of(variables)):
        assert gradient.dtype == np.float32
        np.testing.assert_allclose(gradient, OPERATIONS[f"{name}.gradient{number}"], rtol=1e-3, atol=1e-4)


@operations
def test_neither_inputs_nor_the_gradient_that_comes_in_are_changed(name: str) -> None:
    inputs, upstream = [array.copy() for array in inputs_of(name)], OPERATIONS[f"{name}.upstream"].copy()
    tape = Tape()
    tape.backward(CALLS[name](tape, *map(Var, inputs)), upstream)
    for array, before in zip(inputs, inputs_of(name), strict=True):
        np.testing.assert_array_equal(array, before)
    np.testing.assert_array_equal(upstream, OPERATIONS[f"{name}.upstream"])


@pytest.mark.parametrize(("name", "number"), [(name, number) for name in FREEZABLE for number in FREEZABLE[name]])
def test_what_is_frozen_gets_no_gradient_and_the_rest_the_same_one(name: str, number: int) -> None:
    tape = Tape()
    variables = [Var(array, frozen=place == number) for place, array in enumerate(inputs_of(name))]
    tape.backward(CALLS[name](tape, *variables), OPERATIONS[f"{name}.upstream"])
    assert variables[number].grad is None
    gradient = variables[1 - number].grad
    assert gradient is not None
    np.testing.assert_allclose(gradient, OPERATIONS[f"{name}.gradient{1 - number}"], rtol=1e-10, atol=1e-12)


# --- Worked examples ----------------------------------------------------------------------------------------


def test_a_norm_by_hand() -> None:
    # mean 2, variance 2/3; the epsilon counts in the sixth digit
    row = Tape().norm(Var(np.array([[1.0, 2.0, 3.0]])), Var(np.array([1.0, 1.0, 2.0]))).data
    assert row == pytest.approx(np.array([[-math.sqrt(1.5), 0, 2 * math.sqrt(1.5)]]), rel=1e-4)


def test_a_row_of_equal_numbers_divides_by_no_zero() -> None:
    tape, x = Tape(), Var(np.full((1, 4), 7.0))
    y = tape.norm(x, Var(np.ones(4)))
    assert y.data.tolist() == [[0, 0, 0, 0]]
    tape.backward(y, np.array([[1.0, 0.0, 0.0, 0.0]]))
    assert np.isfinite(gradients_of([x])[0]).all()


def test_attention_by_hand() -> None:
    # One head of width 1: queries 1 and 1, keys 0 and ln 3, values 4 and 8. The second token sees both, 1 to 3.
    qkv = np.array([[1.0, 0.0, 4.0], [1.0, math.log(3), 8.0]])
    assert Tape().attention(Var(qkv), batch=1, heads=1).data == pytest.approx(np.array([[4.0], [7.0]]))


def test_logprobs_by_hand() -> None:
    hidden, table = Var(np.array([[1.0]])), Var(np.array([[0.0], [math.log(3)]]))
    assert Tape().target_logprobs(hidden, table, np.array([1])).data == pytest.approx(np.log([0.75]))


@pytest.mark.parametrize(("x", "y"), [(0.0, 0.0), (10.0, 10.0), (-10.0, 0.0), (1.0, 0.841192)])
def test_gelu_by_hand(x: float, y: float) -> None:
    assert Tape().gelu(Var(np.array([x]))).data == pytest.approx(np.array([y]), abs=1e-6)


def test_gelu_far_out_is_all_or_nothing_without_a_warning() -> None:
    tape, x = Tape(), Var(np.array([-1e4, -60, 60, 1e4], np.float32))
    y = tape.gelu(x)
    tape.backward(y, np.ones(4, np.float32))
    assert y.data.tolist() == [0, 0, 60, 1e4]
    assert gradients_of([x])[0].tolist() == [0, 0, 1, 1]


@pytest.mark.parametrize("size", [1e2, 1e4, 1e6])
def test_numbers_that_are_too_large_for_exp_do_no_harm(size: float) -> None:
    rng = np.random.default_rng(0)
    tape, hidden = Tape(), Var((rng.normal(size=(4, 6)) * size).astype(np.float32))
    table = Var(rng.normal(size=(5, 2)).astype(np.float32))
    logprobs = tape.target_logprobs(tape.attention(hidden, 2, 1), table, np.array([0, 1, 2, 3]))
    tape.backward(logprobs, np.ones(4, np.float32))
    assert np.isfinite(logprobs.data).all()
    assert all(np.isfinite(gradient).all() for gradient in gradients_of([hidden, table]))


@pytest.mark.parametrize("shift", [-300.0, 300.0])
def test_what_is_added_to_all_scores_of_a_row_changes_nothing(shift: float) -> None:
    """Keys that differ by one vector: every score moves by the same amount, far beyond what exp can hold."""
    rng = np.random.default_rng(0)
    qkv = rng.normal(size=(5, 3))
    moved = qkv + np.array([0, shift, 0])
    expected = Tape().attention(Var(qkv), 1, 1).data
    np.testing.assert_allclose(Tape().attention(Var(moved), 1, 1).data, expected, rtol=1e-9)


# --- Properties ---------------------------------------------------------------------------------------------


@given(seed=st.integers(0, 1000), batch=st.integers(1, 3), time=st.integers(1, 5), heads=st.integers(1, 3))
def test_attention_is_a_mean_of_values(seed: int, batch: int, time: int, heads: int) -> None:
    qkv = np.random.default_rng(seed).normal(size=(batch * time, 3 * heads * 2)) * 3
    mixed = Tape().attention(Var(qkv), batch, heads).data.reshape(batch, time, -1)
    values = qkv[:, -heads * 2 :].reshape(batch, time, -1)
    np.testing.assert_allclose(mixed[:, 0], values[:, 0])  # the first token sees itself alone
    assert (mixed <= np.maximum.accumulate(values, axis=1) + 1e-9).all()
    assert (mixed >= np.minimum.accumulate(values, axis=1) - 1e-9).all()


@given(seed=st.integers(0, 1000), vocabulary=st.integers(1, 9))
def test_the_probabilities_of_all_tokens_add_up_to_one(seed: int, vocabulary: int) -> None:
    rng = np.random.default_rng(seed)
    hidden, table = Var(rng.normal(size=(1, 3)) * 5), Var(rng.normal(size=(vocabulary, 3)) * 5)
    each = [Tape().target_logprobs(hidden, table, np.array([token])).data[0] for token in range(vocabulary)]
    assert max(each) <= 0
    assert np.exp(each).sum() == pytest.approx(1)


# --- The walk back ------------------------------------------------------------------------------------------


def test_what_is_used_twice_collects_from_both() -> None:
    tape, x, weight = Tape(), Var(np.array([[2.0]])), Var(np.array([[3.0]]))
    y = tape.add(tape.linear(x, weight), tape.linear(tape.linear(x, weight), weight))  # 3 x + 9 x
    tape.backward(y, np.array([[1.0]]))
    assert gradients_of([x])[0].tolist() == [[12.0]]
    assert gradients_of([weight])[0].tolist() == [[2 + 2 * 2 * 3.0]]  # of x w + x w^2


def test_what_does_not_lead_to_the_output_gets_nothing() -> None:
    tape, x, weight, unused = Tape(), Var(np.ones((1, 1))), Var(np.ones((1, 1))), Var(np.ones((1, 1)))
    tape.linear(x, unused)
    tape.backward(tape.linear(x, weight), np.ones((1, 1)))
    assert unused.grad is None


def test_a_tape_that_does_not_record_keeps_nothing() -> None:
    tape, x, weight = Tape(recording=False), Var(np.ones((1, 1))), Var(np.ones((1, 1)))
    tape.backward(tape.linear(x, weight), np.ones((1, 1)))
    assert x.grad is None
    assert weight.grad is None


def test_a_gradient_of_another_shape_is_refused() -> None:
    with pytest.raises(ValueError, match=r"must have the shape of the output, \(2, 1\), got \(2,\)"):
        Tape().backward(Var(np.ones((2, 1))), np.ones(2))
