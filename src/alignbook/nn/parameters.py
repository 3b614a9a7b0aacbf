"""The parameters of a model: one flat vector, and a named view into it for each array."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import DTypeLike

from alignbook.nn.tape import Array, Var


class Parameters(Mapping[str, Array]):
    """Named arrays that lie one after the other in a single vector.

    The optimiser works on the vector, in a few large operations; the model works on the arrays. They are the same
    memory: a change of one is a change of the other.

    Parameters
    ----------
    shapes : mapping of str to tuple of int
        The arrays, in the order in which they lie.
    flat : array, shape (count,), optional
        The vector; zeros where it is not given. It is used, not copied.
    dtype
        The type of a new vector.

    Raises
    ------
    ValueError
        If the vector does not have as many numbers as the shapes need.

    Examples
    --------
    >>> parameters = Parameters({"weight": (2, 2), "gain": (2,)})
    >>> parameters["gain"][:] = 1
    >>> parameters.flat.tolist()
    [0.0, 0.0, 0.0, 0.0, 1.0, 1.0]
    """

    def __init__(
        self, shapes: Mapping[str, tuple[int, ...]], flat: Array | None = None, dtype: DTypeLike = np.float32
    ) -> None:
        self.shapes = dict(shapes)
        count = sum(math.prod(shape) for shape in self.shapes.values())
        self.flat: Array = np.zeros(count, dtype) if flat is None else flat
        if self.flat.shape != (count,):
            raise ValueError(f"the shapes need a vector of {count} numbers, got one of the shape {self.flat.shape}")
        self._views: dict[str, Array] = {}
        start = 0
        for name, shape in self.shapes.items():
            size = math.prod(shape)
            self._views[name] = self.flat[start : start + size].reshape(shape)
            start += size

    def __getitem__(self, name: str) -> Array:
        return self._views[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._views)

    def __len__(self) -> int:
        return len(self._views)

    def copy(self) -> Parameters:
        """Return the same numbers in memory of their own."""
        return Parameters(self.shapes, self.flat.copy())

    def astype(self, dtype: DTypeLike) -> Parameters:
        """Return the numbers in another type, in memory of their own."""
        return Parameters(self.shapes, self.flat.astype(dtype))

    def variables(self, frozen: bool = False) -> dict[str, Var]:
        """Return a fresh Var for each array, to take part in one computation."""
        return {name: Var(view, frozen) for name, view in self._views.items()}

    def collect_gradients(self, variables: Mapping[str, Any]) -> Array:
        """Return the gradients that the Vars of these arrays have received, as one vector; 0 where there is none."""
        gradients = [variables[name].grad for name in self._views]
        found = zip(gradients, self._views.values(), strict=True)
        collected: Array = np.concatenate(
            [np.zeros_like(view) if gradient is None else gradient for gradient, view in found], axis=None
        )
        return collected
