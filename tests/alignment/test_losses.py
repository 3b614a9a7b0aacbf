"""The losses beside PyTorch's automatic gradients of the same formulas, written a second time."""

from __future__ import annotations

import functools
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from alignbook.alignment.dpo import KINDS, DPOConfig
from alignbook.alignment.grpo import group_advantages, grpo_loss
from alignbook.alignment.losses import Losses, check_rewards, log_sigmoid, sigmoid, weighted
from alignbook.alignment.ppo import clipped_loss, gae, value_loss
from alignbook.nn.tape import Var
from alignbook.nn.trainer import TrainingConfig


@functools.cache
def golden() -> dict[str, Any]:
    path = Path(__file__).parents[1] / "goldens/alignment_losses/losses.json"
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


SETTINGS = golden()["settings"]


def arrays(section: str, *names: str) -> list[np.ndarray]:
    return [np.array(golden()[section][name]) for name in names]


def check(found: Losses, expected: dict[str, Any]) -> None:
    np.testing.assert_allclose(found.values, expected["values"], rtol=0, atol=1e-12)
    np.testing.assert_allclose(found.slopes, expected["gradient"], rtol=0, atol=1e-12)


@pytest.mark.parametrize("kind", KINDS)
def test_losses_of_pairs_and_their_gradients(kind: str) -> None:
    noise = SETTINGS["noise"] if kind in ("cdpo", "robust") else 0.0
    config = DPOConfig(TrainingConfig(1, 1.0), 1, SETTINGS["beta"], kind, noise)
    logprobs, reference = arrays("preferences", "logprobs", "reference")
    gains = logprobs - reference
    found, expected = config.losses(gains[:, 0] - gains[:, 1]), golden()["preferences"]["losses"][kind]
    np.testing.assert_allclose(found.values, expected["values"], rtol=0, atol=5e-12)
    np.testing.assert_allclose(found.slopes[:, None] * [1, -1], expected["gradient"], rtol=0, atol=5e-12)


def test_generalised_advantages() -> None:
    rewards, values, mask, advantages, returns = arrays("ppo", "rewards", "values", "mask", "advantages", "returns")
    found = gae(rewards, values, mask, SETTINGS["gamma"], SETTINGS["lam"])
    np.testing.assert_allclose(found[0], advantages, atol=1e-12)
    np.testing.assert_allclose(found[1], returns, atol=1e-12)


def test_ppos_losses_and_their_gradients() -> None:
    logprobs, old, advantages = arrays("ppo", "logprobs", "old", "advantages")
    check(clipped_loss(logprobs, old, advantages, SETTINGS["clip"]), golden()["ppo"]["policy"])
    predicted, values, returns = arrays("ppo", "predicted", "values", "returns")
    check(value_loss(predicted, values, returns, SETTINGS["value_clip"]), golden()["ppo"]["value"])


def test_grpos_advantages_and_loss() -> None:
    rewards, advantages = arrays("grpo", "rewards", "advantages")
    np.testing.assert_allclose(group_advantages(rewards), advantages, atol=1e-12)
    logprobs, old, reference = arrays("grpo", "logprobs", "old", "reference")
    each = advantages.reshape(-1, 1)
    check(grpo_loss(logprobs, old, reference, each, SETTINGS["clip"], SETTINGS["beta"]), golden()["grpo"]["loss"])


def test_what_the_losses_share() -> None:
    assert sigmoid([-1e4, 0, 1e4]).tolist() == [0, 0.5, 1]
    assert log_sigmoid([-1e4, 0]).tolist() == [-1e4, -np.log(2)]
    output = Var(np.zeros((2, 1), np.float32))
    loss = weighted(Losses(np.array([1.0, 2.0]), np.array([3.0, 4.0])), np.array([0.25, 0.75]), output)
    assert loss.value == 1.75
    assert loss.gradient.tolist() == [[0.75], [3.0]]
    assert loss.gradient.dtype == np.float32
    with pytest.raises(ValueError, match=r"reward \(1, 0\) must be finite, got inf"):
        check_rewards([[0.0], [np.inf]])
