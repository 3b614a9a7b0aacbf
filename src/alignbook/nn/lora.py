"""Low-rank adapters: train two thin matrices beside each large one, and leave the large one as it is.

References
----------
E. J. Hu et al., "LoRA: Low-Rank Adaptation of Large Language Models", ICLR 2022: section 4.1, its form and its scale.
"""

from __future__ import annotations

from collections.abc import Collection

import numpy as np

from alignbook.nn.parameters import Parameters
from alignbook.nn.transformer import Transformer, TransformerConfig

MATRICES = ("qkv", "out", "up", "down")
"""The matrices of a layer that can be adapted."""


def initial_adapters(
    config: TransformerConfig, rank: int, rng: np.random.Generator, matrices: Collection[str] = MATRICES
) -> Parameters:
    """Draw the adapters that training starts from: ``name.a`` at random, ``name.b`` zero, so that nothing changes yet.

    Parameters
    ----------
    config : TransformerConfig
        The size of the model.
    rank : int
        The inner size of the adapters, >= 1.
    rng : numpy.random.Generator
        The source of chance.
    matrices : collection of str
        Which matrices of each layer are adapted.

    Returns
    -------
    Parameters, float32
        For each matrix of the shape (inputs, outputs): ``a`` of the shape (inputs, rank), ``b`` of (rank, outputs).

    Raises
    ------
    ValueError
        If the rank is below 1, or a name is no matrix.
    """
    if rank < 1:
        raise ValueError(f"rank must be >= 1, got {rank}")
    unknown = sorted(set(matrices).difference(MATRICES))
    if unknown:
        raise ValueError(f"matrices must be among {', '.join(MATRICES)}, got {unknown[0]!r}")
    shapes: dict[str, tuple[int, ...]] = {}
    for name, shape in config.shapes.items():
        if name.partition(".")[2] in matrices:
            shapes |= {f"{name}.a": (shape[0], rank), f"{name}.b": (rank, shape[1])}
    adapters = Parameters(shapes)
    for name, array in adapters.items():
        if name.endswith(".a"):
            array[:] = rng.uniform(-1, 1, array.shape) * len(array) ** -0.5
    return adapters


def merged(model: Transformer, adapters: Parameters, scale: float) -> Transformer:
    """Return a model whose matrices have the adapters added in: ``weight + scale * a @ b``.

    Parameters
    ----------
    model : Transformer
        The model, which stays as it is.
    adapters : Parameters
        As `initial_adapters` makes them, after training.
    scale : float
        How much they count: LoRA's alpha over its rank.
    """
    parameters = model.parameters.copy()
    for name in adapters:
        if name.endswith(".a"):
            matrix = name.removesuffix(".a")
            parameters[matrix][...] += scale * (adapters[name] @ adapters[f"{matrix}.b"])
    return Transformer(model.config, parameters)
