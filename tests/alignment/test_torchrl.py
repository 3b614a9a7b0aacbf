"""PPO beside TorchRL: generalised advantages, and the clipped losses of policy and values."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

from alignbook.alignment.ppo import clipped_loss, gae, value_loss

GOLDEN: dict[str, Any] = json.loads(
    (Path(__file__).parents[1] / "goldens/alignment_torchrl/torchrl.json").read_text(encoding="utf-8")
)
SETTINGS, GIVEN = GOLDEN["settings"], {name: np.array(each) for name, each in GOLDEN["given"].items()}
ADVANTAGES, RETURNS = np.array(GOLDEN["advantages"]), np.array(GOLDEN["returns"])


def test_generalised_advantages() -> None:
    rewards, values = GIVEN["rewards"], GIVEN["before"]
    found = gae(rewards, values, np.ones_like(rewards), SETTINGS["gamma"], SETTINGS["lam"])
    np.testing.assert_allclose(found[0], ADVANTAGES, rtol=0, atol=1e-12)
    np.testing.assert_allclose(found[1], RETURNS, rtol=0, atol=1e-12)


def test_the_clipped_loss() -> None:
    found = clipped_loss(GIVEN["logprobs"], GIVEN["old"], ADVANTAGES, SETTINGS["clip"])
    np.testing.assert_allclose(found.values, GOLDEN["policy"]["values"], rtol=0, atol=5e-7)
    np.testing.assert_allclose(found.slopes, GOLDEN["policy"]["gradient"], rtol=0, atol=5e-7)
    assert 0.1 < (found.slopes == 0).mean() < 0.9  # some tokens are held back, others not


def test_the_loss_of_values() -> None:
    found = value_loss(GIVEN["values"], GIVEN["before"], RETURNS, SETTINGS["value_clip"])
    weight = 2 * SETTINGS["value_weight"]  # ours is half the squared error
    np.testing.assert_allclose(weight * found.values, GOLDEN["value"]["values"], rtol=0, atol=5e-7)
    np.testing.assert_allclose(weight * found.slopes, GOLDEN["value"]["gradient"], rtol=0, atol=5e-7)
