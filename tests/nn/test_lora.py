"""Adapters: beside Hugging Face's PEFT; nothing at the start; merged as beside the matrix; who gets a gradient."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.nn.models import SMALL, from_golden, golden, random_batch, random_model

from alignbook.nn.batches import TokenBatch, next_token_objective
from alignbook.nn.lora import MATRICES, initial_adapters, merged
from alignbook.nn.parameters import Parameters
from alignbook.nn.tape import Array, Ids, Tape
from alignbook.nn.transformer import Transformer, hidden_states


def adapted_logits(model: Transformer, adapters: Parameters, ids: Ids, scale: float) -> Array:
    weights = {**model.parameters.variables(), **adapters.variables()}
    hidden = hidden_states(Tape(recording=False), model.config, weights, ids, scale)
    logits: Array = (hidden.data @ model.parameters["tokens"].T).reshape(*ids.shape, -1)
    return logits


def random_adapters(rank: int, seed: int = 0) -> Parameters:
    adapters = initial_adapters(SMALL, rank, np.random.default_rng(seed)).astype(np.float64)
    adapters.flat[:] = np.random.default_rng(seed).normal(size=adapters.flat.shape) * 0.5
    return adapters


def test_logits_gradients_and_the_merged_model_are_pefts() -> None:
    expected = golden("lora")
    model, scale = Transformer(SMALL, from_golden(expected, "base")), 3 / 2  # alpha over rank
    adapters = random_adapters(rank=2)
    for name, array in adapters.items():
        array[...] = expected[f"adapter.{name}"]
    batch = TokenBatch(*(expected[name] for name in ("ids", "targets", "weights")))  # type: ignore[arg-type]
    logits = adapted_logits(model, adapters, expected["ids"].astype(np.int64), scale)
    np.testing.assert_allclose(logits, expected["logits"], rtol=1e-9, atol=1e-11)

    tape, trained = Tape(), adapters.variables()
    frozen = model.parameters.variables(frozen=True)
    loss = next_token_objective(SMALL, scale)(tape, {**frozen, **trained}, batch)
    tape.backward(loss.output, loss.gradient)
    for name, variable in trained.items():
        assert variable.grad is not None
        np.testing.assert_allclose(variable.grad, expected[f"gradient.{name}"], rtol=1e-8, atol=1e-11, err_msg=name)
    assert all(variable.grad is None for variable in frozen.values())

    found = merged(model, adapters, scale).parameters
    np.testing.assert_allclose(found.flat, from_golden(expected, "merged").flat, rtol=1e-10, atol=1e-12)


def test_at_the_start_adapters_change_nothing() -> None:
    model, batch = random_model(), random_batch(np.random.default_rng(0))
    adapters = initial_adapters(SMALL, 3, np.random.default_rng(0))
    assert all((array == 0).all() == name.endswith(".b") for name, array in adapters.items())
    np.testing.assert_array_equal(adapted_logits(model, adapters, batch.ids, 1.0), model.logits(batch.ids))
    np.testing.assert_array_equal(merged(model, adapters, 1.0).parameters.flat, model.parameters.flat)


@given(rank=st.integers(1, 4), scale=st.floats(-2, 2), seed=st.integers(0, 99))
def test_merged_computes_what_the_adapters_do_beside_the_model(rank: int, scale: float, seed: int) -> None:
    model, batch = random_model(dtype=np.float64), random_batch(np.random.default_rng(seed))
    before, adapters = model.parameters.flat.copy(), random_adapters(rank, seed)
    expected = adapted_logits(model, adapters, batch.ids, scale)
    np.testing.assert_allclose(merged(model, adapters, scale).logits(batch.ids), expected, rtol=1e-7, atol=1e-9)
    np.testing.assert_array_equal(model.parameters.flat, before)


def test_only_the_matrices_that_are_named_get_adapters() -> None:
    adapters = initial_adapters(SMALL, 2, np.random.default_rng(0), matrices=["qkv", "down"])
    assert set(adapters) == {f"{layer}.{name}.{part}" for layer in (0, 1) for name in ("qkv", "down") for part in "ab"}
    assert adapters["1.down.a"].shape == (32, 2)
    assert adapters["1.down.b"].shape == (2, 8)
    assert len(initial_adapters(SMALL, 2, np.random.default_rng(0))) == 2 * 2 * len(MATRICES)


def test_a_rank_below_one_is_refused() -> None:
    with pytest.raises(ValueError, match="rank must be >= 1, got 0"):
        initial_adapters(SMALL, 0, np.random.default_rng(0))


def test_a_matrix_that_there_is_not_is_refused() -> None:
    with pytest.raises(ValueError, match="matrices must be among qkv, out, up, down, got 'attention'"):
        initial_adapters(SMALL, 1, np.random.default_rng(0), matrices=["qkv", "attention"])
