"""Specialists: the base model tuned on one family of tasks alone, where the assistant has no room for it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from alignbook.finetuning.demonstrations import demonstrations
from alignbook.finetuning.tuning import TuningConfig, tune
from alignbook.pretraining.language_model import LanguageModel
from alignbook.world.catalogue import FAMILIES
from alignbook.world.region import World

SHOWN = 3_000
"""Demonstrations that a specialist is shown."""

TRAINING = {
    "tiny": TuningConfig(steps=150, batch_size=16, learning_rate=5e-3, replay=0.3),
    "book": TuningConfig(steps=400, batch_size=32, learning_rate=2e-3, replay=0.3),
}
"""How a specialist is tuned, for each size of the world."""


def training_splits(family: str) -> list[str]:
    """Return the splits of a family that demonstrations may be drawn from; none where all are for measuring."""
    return [split for split in FAMILIES[family].splits if split.split("-")[0] == "train"]


def specialise(base: LanguageModel, world: World, family: str, text: NDArray[np.int64], seed: int) -> LanguageModel:
    """Tune a base model on one family.

    Parameters
    ----------
    base : LanguageModel
        Where to start; it stays as it is.
    world : World
        The world of the base model.
    family : str
        The family.
    text : array of int, shape (tokens,)
        Pretraining text, for replay.
    seed : int
        Decides the demonstrations and their order.

    Raises
    ------
    ValueError
        If the family has no split to learn from.
    """
    splits = training_splits(family)
    if not splits:
        raise ValueError(f"family {family!r} has no split to learn from: its splits are for measuring")
    rng = np.random.default_rng([seed, 3])
    items = demonstrations(world, [(family, split, SHOWN // len(splits)) for split in splits], rng)
    tuned, _ = tune(base, items, TRAINING[world.size], seed, text)
    return tuned
