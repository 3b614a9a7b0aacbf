"""The whole model: beside PyTorch, the hand-written oracle and finite differences; what it may and may not see."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.nn.models import SMALL, from_golden, golden, random_batch, random_model
from tests.nn.oracle import Oracle

from alignbook.nn.batches import TokenBatch, next_token_objective, padded
from alignbook.nn.parameters import Parameters
from alignbook.nn.tape import Array, Tape
from alignbook.nn.transformer import Transformer, TransformerConfig, hidden_states, initial_parameters
from alignbook.pretraining.finite_differences import central_differences, relative_error

MODEL = random_model()
ids_of_two = st.lists(st.integers(0, SMALL.vocab_size - 1), min_size=2 * SMALL.context, max_size=2 * SMALL.context)


def loss_and_gradient(parameters: Parameters, batch: TokenBatch, config: TransformerConfig) -> tuple[float, Array]:
    tape, weights = Tape(), parameters.variables()
    loss = next_token_objective(config)(tape, weights, batch)
    tape.backward(loss.output, loss.gradient)
    return loss.value, parameters.collect_gradients(weights)


def test_logits_loss_and_all_gradients_are_pytorchs() -> None:
    expected = golden("training")
    parameters = from_golden(expected, "before")
    batch = TokenBatch(*(expected[name][0] for name in ("ids", "targets", "weights")))
    logits = Transformer(SMALL, parameters).logits(batch.ids)
    np.testing.assert_allclose(logits, expected["logits"], rtol=1e-10, atol=1e-12)
    value, gradient = loss_and_gradient(parameters, batch, SMALL)
    assert value == pytest.approx(expected["losses"][0], rel=1e-12)
    np.testing.assert_allclose(gradient, from_golden(expected, "gradient").flat, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("heads", [1, 2, 4])
@pytest.mark.parametrize("layers", [1, 3])
def test_the_gradients_are_those_of_the_oracle(layers: int, heads: int) -> None:
    config = TransformerConfig(vocab_size=13, context=7, width=12, layers=layers, heads=heads)
    model, batch = random_model(config, dtype=np.float64), random_batch(np.random.default_rng(0), 3, config)
    expected = Parameters(config.shapes, dtype=np.float64)
    loss = Oracle(model.parameters, expected, batch=3, heads=heads).loss(batch.ids, batch.targets, batch.weights)
    value, gradient = loss_and_gradient(model.parameters, batch, config)
    assert value == pytest.approx(loss, rel=1e-12)
    np.testing.assert_allclose(gradient, expected.flat, rtol=1e-8, atol=1e-12)


def test_the_gradients_are_those_of_finite_differences() -> None:
    config = TransformerConfig(vocab_size=5, context=4, width=4, layers=2, heads=2)
    model, batch = random_model(config, dtype=np.float64), random_batch(np.random.default_rng(0), 2, config, time=3)

    def loss(flat: Sequence[Array]) -> float:
        weights = Parameters(config.shapes, flat[0]).variables(frozen=True)
        return next_token_objective(config)(Tape(recording=False), weights, batch).value

    gradient = loss_and_gradient(model.parameters, batch, config)[1]
    assert (
        relative_error(
            [gradient.astype(np.float64)], central_differences(loss, [model.parameters.flat.astype(np.float64)])
        )
        < 1e-8
    )


def test_at_first_every_token_is_about_equally_likely() -> None:
    config = TransformerConfig(vocab_size=64, context=8, width=32, layers=2, heads=4)
    model = Transformer(config, initial_parameters(config, np.random.default_rng(0)))
    ids = np.arange(32).reshape(4, 8)
    other = ids + 32  # a token at the place itself would be likelier: its row is in the stream
    np.testing.assert_allclose(model.logprobs(ids, other), -np.log(64), atol=0.7)
    assert {array.min() for name, array in model.parameters.items() if "norm" in name} == {1.0}
    same = initial_parameters(config, np.random.default_rng(0))
    np.testing.assert_array_equal(same.flat, model.parameters.flat)


def test_initial_matrices_have_the_deviations_they_should() -> None:
    config = TransformerConfig(vocab_size=200, context=100, width=64, layers=2, heads=4)
    deviations = {name: array.std() for name, array in initial_parameters(config, np.random.default_rng(0)).items()}
    expected = {"tokens": 0.05, "positions": 0.05, "0.qkv": 1 / 8, "1.up": 1 / 8, "0.out": 1 / 16, "1.down": 1 / 32}
    assert {name: deviations[name] for name in expected} == pytest.approx(expected, rel=0.05)


def test_logprobs_are_the_log_softmax_of_logits() -> None:
    batch = random_batch(np.random.default_rng(1))
    logits = MODEL.logits(batch.ids).astype(float)
    expected = np.log(np.exp(logits) / np.exp(logits).sum(axis=-1, keepdims=True))
    expected = np.take_along_axis(expected, batch.targets[..., None], axis=-1)[..., 0]
    np.testing.assert_allclose(MODEL.logprobs(batch.ids, batch.targets), expected, atol=1e-5)


# --- What a token may see -----------------------------------------------------------------------------------


@given(ids=ids_of_two, place=st.integers(1, SMALL.context - 1), token=st.integers(0, SMALL.vocab_size - 1))
def test_later_tokens_never_change_earlier_logits(ids: list[int], place: int, token: int) -> None:
    before = np.array(ids).reshape(2, -1)
    after = before.copy()
    after[:, place:] = token
    logits, changed = MODEL.logits(before), MODEL.logits(after)
    np.testing.assert_array_equal(logits[:, :place], changed[:, :place])


@given(ids=ids_of_two, cut=st.integers(1, SMALL.context - 1))
def test_a_shorter_text_has_the_logits_of_the_longer_ones_beginning(ids: list[int], cut: int) -> None:
    whole = np.array(ids).reshape(2, -1)
    np.testing.assert_allclose(MODEL.logits(whole[:, :cut]), MODEL.logits(whole)[:, :cut], rtol=1e-4, atol=1e-4)


def test_every_earlier_token_counts() -> None:
    """The other half of causality: a model that sees nothing at all would pass the test above."""
    ids = np.zeros((1, SMALL.context), int)
    for place in range(SMALL.context):
        changed = ids.copy()
        changed[0, place] = 1
        assert (np.abs(MODEL.logits(changed) - MODEL.logits(ids))[0, place:].max(axis=-1) > 1e-4).all()


@given(ids=ids_of_two)
def test_a_text_has_the_same_logits_whatever_stands_beside_it(ids: list[int]) -> None:
    both = np.array(ids).reshape(2, -1)
    together = MODEL.logits(both)
    for row in range(2):
        np.testing.assert_allclose(together[row], MODEL.logits(both[row : row + 1])[0], rtol=1e-4, atol=1e-4)


@given(fill=st.integers(0, SMALL.vocab_size - 1), seed=st.integers(0, 100))
def test_what_stands_in_filling_changes_neither_loss_nor_gradient(fill: int, seed: int) -> None:
    model = random_model(seed=seed, dtype=np.float64)
    batch = padded([[1, 2, 3, 4, 5], [6, 7]], [[False, True, False, True, True], [False, True]])
    other = TokenBatch(batch.ids.copy(), batch.targets.copy(), batch.weights)
    other.ids[1, 1:] = fill
    other.targets[batch.weights == 0] = fill
    value, gradient = loss_and_gradient(model.parameters, batch, SMALL)
    other_value, other_gradient = loss_and_gradient(model.parameters, other, SMALL)
    assert other_value == pytest.approx(value, rel=1e-12)
    np.testing.assert_allclose(other_gradient, gradient, rtol=1e-9, atol=1e-12)


@given(length=st.integers(4, SMALL.context))
def test_how_much_is_filled_up_changes_neither_loss_nor_gradient(length: int) -> None:
    model = random_model(dtype=np.float64)
    sequences, masks = [[1, 2, 3, 4, 5], [6, 7]], [[False, True, False, True, True], [False, True]]
    value, gradient = loss_and_gradient(model.parameters, padded(sequences, masks), SMALL)
    filled, filled_gradient = loss_and_gradient(model.parameters, padded(sequences, masks, length), SMALL)
    assert filled == pytest.approx(value, rel=1e-12)
    np.testing.assert_allclose(filled_gradient, gradient, rtol=1e-9, atol=1e-12)


# --- Errors -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["vocab_size", "context", "width", "layers", "heads"])
def test_sizes_below_one_are_refused(name: str) -> None:
    sizes = {"vocab_size": 2, "context": 2, "width": 2, "layers": 2, "heads": 2} | {name: 0}
    with pytest.raises(ValueError, match=f"{name} must be >= 1, got 0"):
        TransformerConfig(**sizes)


def test_heads_must_share_the_width() -> None:
    with pytest.raises(ValueError, match="width must be a multiple of heads, got 8 and 3"):
        TransformerConfig(2, 2, 8, 1, 3)


@pytest.mark.parametrize(
    ("ids", "message"),
    [
        ([[0, 11]], "ids must be from 0 to 10, got 11: were they made by another tokenizer?"),
        ([[-1, 5]], "ids must be from 0 to 10, got -1"),
        ([[0] * 7], r"ids must be at most 6 tokens long \(the context\), got 7: shorten the text"),
        ([0, 1], r"ids must have a shape \(batch, time\) with at least one token, got \(2,\)"),
        (np.empty((0, 3), int), r"with at least one token, got \(0, 3\)"),
        (np.empty((1, 0), int), r"with at least one token, got \(1, 0\)"),
    ],
)
def test_ids_that_are_no_tokens_are_refused(ids: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        hidden_states(Tape(), SMALL, MODEL.parameters.variables(), np.array(ids))


@pytest.mark.parametrize("shapes", [{"tokens": (11, 8)}, TransformerConfig(11, 6, 8, 1, 2).shapes])
def test_parameters_of_another_size_are_refused(shapes: Mapping[str, tuple[int, ...]]) -> None:
    with pytest.raises(ValueError, match=r"parameters must have the shapes of TransformerConfig\(vocab_size=11"):
        Transformer(SMALL, Parameters(shapes))
