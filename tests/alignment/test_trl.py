"""Losses of whole batches, with prompts and padding, beside TRL's trainers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from alignbook.alignment.dpo import DPOConfig, pair_losses
from alignbook.alignment.grpo import grpo_loss
from alignbook.alignment.losses import weighted
from alignbook.alignment.pairs import PairBatch
from alignbook.nn.tape import Var
from alignbook.nn.trainer import TrainingConfig

GOLDEN: dict[str, Any] = json.loads(
    (Path(__file__).parents[1] / "goldens/alignment_trl/trl.json").read_text(encoding="utf-8")
)
SETTINGS = GOLDEN["settings"]


def by_pair(rows: np.ndarray) -> np.ndarray:
    """TRL puts all chosen replies before all rejected ones; here the two of a pair stand together."""
    return np.stack(np.split(rows, 2), axis=1)


@pytest.mark.parametrize("kind", ["dpo", "ipo", "robust"])
def test_pairs(kind: str) -> None:
    mask, logprobs, reference = (by_pair(np.array(GOLDEN["pairs"][name])) for name in ("mask", "logprobs", "reference"))
    count, ids = len(mask), np.zeros(mask.shape, np.int64)
    sums = (reference * mask).sum(axis=-1)
    batch = PairBatch(ids, ids, mask, ids[..., 0], np.ones(count), sums, np.full(count, 1 / count))
    config = DPOConfig(
        TrainingConfig(1, 1.0),
        1,
        SETTINGS["beta"],
        kind,
        SETTINGS["noise"] if kind == "robust" else 0.0,
        average=kind == "ipo",
    )
    value, gradient = pair_losses(logprobs, batch, config.losses, config.average)
    expected = GOLDEN["losses"][kind]
    assert value == pytest.approx(expected["loss"], abs=5e-7)
    np.testing.assert_allclose(gradient, by_pair(np.array(expected["gradient"])), rtol=0, atol=5e-7)


def test_grpo() -> None:
    names = ("mask", "old", "reference", "advantages", "logprobs", "gradient")
    mask, old, reference, advantages, logprobs, gradient = (np.array(GOLDEN["grpo"][name]) for name in names)
    losses = grpo_loss(logprobs, old, reference, advantages[:, None], SETTINGS["clip"], SETTINGS["beta"])
    weights = mask / mask.sum(axis=1, keepdims=True) / len(mask)
    found = weighted(losses, weights, Var(logprobs.ravel()))
    assert found.value == pytest.approx(GOLDEN["grpo"]["loss"], abs=5e-7)
    np.testing.assert_allclose(found.gradient, gradient.ravel(), rtol=0, atol=5e-7)
