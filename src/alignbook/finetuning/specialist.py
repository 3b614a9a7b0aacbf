"""Specialists: the base model tuned on one family of tasks alone, where the assistant has no room for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from alignbook.finetuning.demonstrations import demonstrations
from alignbook.finetuning.tuning import TuningConfig, tune
from alignbook.pretraining.language_model import LanguageModel
from alignbook.world.catalogue import FAMILIES
from alignbook.world.region import World

SHOWN = 6_000
"""Demonstrations that a specialist is shown."""

BESIDE: Mapping[str, tuple[tuple[str, str, float], ...]] = {
    "abstention": (("recall", "train", 0.8),),
    "reversal": (("recall", "train", 0.5),),
    "second_language": (("second_language", "translate", 0.5),),
}
"""Family, split and share of other demonstrations: of one kind alone, a model would learn one reply to everything."""

TRAINING = {
    "tiny": TuningConfig(steps=150, batch_size=16, learning_rate=5e-3, replay=0.3),
    "book": TuningConfig(steps=400, batch_size=32, learning_rate=3e-3, replay=0.1),
}
"""How a specialist is tuned, for each size of the world."""

SLOW, LONGER = ("arithmetic", "instructions"), 3
"""Families whose rules are found late in training, and how many times as long their specialists are tuned."""


def training_splits(family: str) -> list[str]:
    """Return the splits of a family that demonstrations may be drawn from; none where all are for measuring."""
    own = [split for split in FAMILIES[family].splits if split.split("-")[0] == "train"]
    return own + [split for other, split, _ in BESIDE.get(family, ()) if other == family]


def shown(family: str) -> list[tuple[str, str, int]]:
    """Return family, split and number of the demonstrations of a specialist.

    Raises
    ------
    ValueError
        If the family has no split to learn from.
    """
    beside = BESIDE.get(family, ())
    own = [split for split in training_splits(family) if (family, split) not in {one[:2] for one in beside}]
    if not own:
        raise ValueError(f"family {family!r} has no split to learn from: its splits are for measuring")
    left = 1 - sum(share for _, _, share in beside)
    counts = [(family, split, left / len(own)) for split in own] + list(beside)
    return [(name, split, round(share * SHOWN)) for name, split, share in counts]


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
    items = demonstrations(world, shown(family), np.random.default_rng([seed, 3]))
    config = TRAINING[world.size]
    if family in SLOW:
        config = replace(config, steps=LONGER * config.steps)
    tuned, _ = tune(base, items, config, seed, text)
    return tuned
