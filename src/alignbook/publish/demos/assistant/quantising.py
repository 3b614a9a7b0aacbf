"""A language model in bytes: each weight one of 255 steps, so that a page can bring the model along.

A matrix has one scale for each column, a table one for each row: the largest weight of that column or row is step
127. What is stored is the number of the step, a byte; times the scale it is the weight again, nearly. Gains stay as
they are.

References
----------
B. Jacob et al., "Quantization and Training of Neural Networks for Efficient Integer-Arithmetic-Only Inference", CVPR
2018: weights as small integers with a scale.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from alignbook.nn.parameters import Parameters
from alignbook.nn.tape import Array
from alignbook.pretraining.language_model import LanguageModel, with_parameters

STEPS = 127
"""The number of the last step to each side of zero."""

TABLES = ("tokens", "positions")
"""What is looked up by rows; all other matrices are multiplied by, and have a scale for each column."""


@dataclass(frozen=True, eq=False)
class Quantised:
    """A language model in bytes.

    Parameters
    ----------
    reference : LanguageModel
        The model that the bytes stand for: what the page computes, this computes too.
    codes : mapping of str to array of int8
        For each matrix the numbers of the steps, in its shape.
    scales : mapping of str to array of float32
        For each matrix what a step is worth: in each row of a table, in each column of another matrix.
    """

    reference: LanguageModel
    codes: Mapping[str, NDArray[np.int8]]
    scales: Mapping[str, NDArray[np.float32]]

    def floats(self) -> Iterator[NDArray[np.float32]]:
        """Yield what is not in bytes, in the order of the model's arrays: scales, and gains as they are."""
        for name, array in self.reference.transformer.parameters.items():
            yield self.scales[name] if name in self.scales else array.astype(np.float32)


def quantise(model: LanguageModel) -> Quantised:
    """Round the weights of a model to bytes.

    Parameters
    ----------
    model : LanguageModel
        Any; it is not changed.

    Returns
    -------
    Quantised

    Raises
    ------
    ValueError
        If a weight is not finite.
    """
    parameters = model.transformer.parameters
    rounded = Parameters(parameters.shapes)
    codes: dict[str, NDArray[np.int8]] = {}
    scales: dict[str, NDArray[np.float32]] = {}
    for name, array in parameters.items():
        if not np.isfinite(array).all():
            raise ValueError(f"{name} must be finite: the model cannot be used, train it again")
        if array.ndim == 1:
            rounded[name][:] = array
            continue
        codes[name], scales[name] = _rounded(array, axis=1 if name in TABLES else 0)
        rounded[name][:] = codes[name] * np.expand_dims(scales[name], 1 if name in TABLES else 0)
    return Quantised(with_parameters(model, rounded.flat), codes, scales)


def _rounded(array: Array, axis: int) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    """The numbers of the steps, and what a step is worth along the other axis; 1 where there are only zeros."""
    largest = np.abs(array).max(axis=axis, keepdims=True)
    steps = np.where(largest > 0, largest / STEPS, 1).astype(np.float32)
    return np.rint(array / steps).astype(np.int8), steps.squeeze(axis)
