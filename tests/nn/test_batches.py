"""Batches: windows by hand and each once in a pass, padding and masks, halves."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.nn.models import SMALL, random_batch, random_model

from alignbook.nn.batches import TokenBatch, next_token_objective, padded, windows
from alignbook.nn.tape import Tape


def test_a_window_and_what_follows_each_of_its_tokens() -> None:
    batch = windows(np.array([5, 6, 7, 8]), context=3, batch_size=1, seed=0)(0)  # one window, and no token to spare
    assert batch.ids.tolist() == [[5, 6, 7]]
    assert batch.targets.tolist() == [[6, 7, 8]]
    assert batch.weights == pytest.approx(np.full((1, 3), 1 / 3))


@given(tokens=st.integers(8, 80), context=st.integers(1, 6), size=st.integers(1, 4), seed=st.integers(0, 99))
def test_in_a_pass_no_window_comes_twice_and_few_are_left_out(tokens: int, context: int, size: int, seed: int) -> None:
    count = (tokens - 1) // context
    if count < size:
        return
    batch, passes = windows(np.arange(tokens), context, size, seed), count // size
    for pass_ in range(2):
        batches = [batch(step) for step in range(pass_ * passes, (pass_ + 1) * passes)]
        seen = np.concatenate([each.ids for each in batches])
        assert len(np.unique(seen)) == seen.size == count // size * size * context
        np.testing.assert_array_equal(np.concatenate([each.targets for each in batches]), seen + 1)
        assert len(np.unique(seen[:, 0] % context)) == 1  # all windows of a pass start on one grid


def test_passes_have_different_orders_and_each_step_is_always_the_same() -> None:
    batch, again = (windows(np.arange(1000), 7, 4, seed=3) for _ in range(2))
    other_seed = windows(np.arange(1000), 7, 4, seed=4)
    per_pass = 999 // 7 // 4
    assert batch(40).ids.tolist() == again(40).ids.tolist()
    assert batch(0).ids.tolist() != batch(per_pass).ids.tolist()
    assert batch(0).ids.tolist() != other_seed(0).ids.tolist()


def test_where_the_first_window_starts_changes_from_pass_to_pass() -> None:
    batch = windows(np.arange(28), context=9, batch_size=3, seed=0)  # exactly 3 windows: no room
    assert {int(batch(pass_).ids.min()) for pass_ in range(20)} == {0}
    batch = windows(np.arange(30), context=9, batch_size=3, seed=0)  # 2 tokens to spare
    assert {int(batch(pass_).ids.min()) for pass_ in range(20)} == {0, 1, 2}


def test_a_stream_too_short_for_a_batch_is_refused() -> None:
    with pytest.raises(ValueError, match="the stream must have at least 25 tokens for one batch, got 24"):
        windows(np.arange(24), context=6, batch_size=4, seed=0)
    assert windows(np.arange(25), context=6, batch_size=4, seed=0)(0).ids.shape == (4, 6)


# --- Padding and masks --------------------------------------------------------------------------------------


def test_sequences_are_shifted_filled_and_weighted() -> None:
    batch = padded([[1, 2, 3], [4, 5]], [[True, False, True], [False, True]], length=4)
    assert batch.ids.tolist() == [[1, 2, 0, 0], [4, 0, 0, 0]]
    assert batch.targets.tolist() == [[2, 3, 0, 0], [5, 0, 0, 0]]
    assert batch.weights.tolist() == [[0, 0.5, 0, 0], [0.5, 0, 0, 0]]  # the first token is nobody's target
    assert padded([[1, 2, 3]], [[True] * 3]).ids.tolist() == [[1, 2]]


@pytest.mark.parametrize(
    ("sequences", "masks", "length", "message"),
    [
        ([[1, 2, 3]], [[True, True]], None, "mask 0 must have one entry a token, 3, got 2"),
        ([[1, 2], [3]], [[True, True], [True]], None, "sequence 1 must have from 2 to 2 tokens, got 1"),
        ([[1, 2, 3, 4]], [[True] * 4], 2, "sequence 0 must have from 2 to 3 tokens, got 4"),
        ([[1, 2], [3, 4]], [[True, False], [True, False]], None, "every mask is False after its first token"),
    ],
)
def test_sequences_from_which_nothing_is_learned_are_refused(
    sequences: Any, masks: Any, length: int | None, message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        padded(sequences, masks, length)


def test_batches_of_unequal_shapes_are_refused() -> None:
    ids = np.zeros((2, 3), int)
    with pytest.raises(ValueError, match=r"must have one shape, got \(2, 3\), \(2, 3\) and \(2, 2\)"):
        TokenBatch(ids, ids, np.zeros((2, 2)))


# --- Halves -------------------------------------------------------------------------------------------------


@given(size=st.integers(1, 9))
def test_halves_are_about_equal_and_hold_everything_in_order(size: int) -> None:
    batch = random_batch(np.random.default_rng(size), batch=size)
    halves = batch.halves()
    assert len(halves) == min(size, 2)
    assert abs(len(halves[0].ids) - len(halves[-1].ids)) <= 1
    for name in ("ids", "targets", "weights"):
        np.testing.assert_array_equal(np.concatenate([getattr(half, name) for half in halves]), getattr(batch, name))


def test_the_losses_of_the_halves_add_up_to_the_batchs() -> None:
    objective, weights = next_token_objective(SMALL), random_model().parameters.variables()
    batch = random_batch(np.random.default_rng(0), batch=5)
    whole, *halves = (objective(Tape(), weights, part).value for part in (batch, *batch.halves()))
    assert whole == pytest.approx(sum(halves), rel=1e-5)
