"""Small models and batches for the tests of the engine, and the goldens."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import DTypeLike

from alignbook.nn.batches import TokenBatch
from alignbook.nn.parameters import Parameters
from alignbook.nn.tape import Array
from alignbook.nn.transformer import Transformer, TransformerConfig

GOLDENS = Path(__file__).parents[1] / "goldens/nn"
SMALL = TransformerConfig(vocab_size=11, context=6, width=8, layers=2, heads=2)


def golden(name: str) -> dict[str, Array]:
    """All arrays of a golden, by name."""
    with np.load(GOLDENS / f"{name}.npz") as arrays:
        return dict(arrays)


def from_golden(arrays: dict[str, Array], prefix: str, config: TransformerConfig = SMALL) -> Parameters:
    """The parameters of a model in a golden, in float64."""
    parameters = Parameters(config.shapes, dtype=np.float64)
    for name, array in parameters.items():
        array[...] = arrays[f"{prefix}.{name}"]
    return parameters


def random_model(config: TransformerConfig = SMALL, seed: int = 0, dtype: DTypeLike = np.float32) -> Transformer:
    """A model in which every part matters: large random numbers, gains around 1."""
    rng, parameters = np.random.default_rng(seed), Parameters(config.shapes, dtype=dtype)
    for array in parameters.values():
        array[...] = rng.normal(size=array.shape) * 0.4 + (array.ndim == 1)
    return Transformer(config, parameters)


def random_batch(
    rng: np.random.Generator, batch: int = 4, config: TransformerConfig = SMALL, time: int | None = None
) -> TokenBatch:
    """Sequences with random weights that add up to 1."""
    shape = (batch, config.context if time is None else time)
    ids, targets = (rng.integers(config.vocab_size, size=shape) for _ in range(2))
    weights = rng.random(shape)
    return TokenBatch(ids, targets, weights / weights.sum())
