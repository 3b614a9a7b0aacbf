"""Reverse-mode automatic differentiation, the whole idea on one screen.

A computation on arrays is written down while it runs: every result keeps what it was computed from, and for
each of these a function that carries a gradient back to it. That record is the *tape*. `Tensor.backward`
reads it from its end to its beginning and applies the chain rule at every step. One reading gives the
gradient of the loss with respect to every number that took part, however many there are.

This is the **teaching toy** of the pretraining chapter: one operation for each call of NumPy, everything in
float64, nothing optimised. It is *not* the engine that trains the book's models; that one, `alignbook.nn`,
fuses these operations into larger ones and runs about twice as fast, on the same idea.

References
----------
S. Linnainmaa, "Taylor expansion of the accumulated rounding error", BIT 16, 1976 (first in his thesis of
1970): the reverse mode. D. E. Rumelhart, G. E. Hinton and R. J. Williams, "Learning representations by
back-propagating errors", Nature 323, 1986: its use to train networks. A. Griewank and A. Walther,
"Evaluating Derivatives", 2nd edition, SIAM, 2008, chapters 3 and 4: why it costs only a small multiple of the
computation itself.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]


class Tensor:
    """An array that remembers what it was computed from.

    Shapes broadcast as NumPy's do, and operations of Tensors with plain arrays or numbers work too.

    Parameters
    ----------
    data : array_like
        The numbers; kept as float64, and not copied if they are float64 already.
    parents : tuple of (Tensor, function)
        What this was computed from. Each parent comes with its *pullback*, a function that takes the gradient
        with respect to this tensor and gives the gradient with respect to that parent: the local derivative,
        multiplied in. Empty for what was not computed, such as weights and data.

    Attributes
    ----------
    grad : array, shape of data
        The derivative of the last loss on which `backward` was called with respect to each number of `data`;
        zeros before that.
    depth : int
        The length of the longest way back to a tensor without parents.

    Examples
    --------
    >>> w, x, b = Tensor(2.0), Tensor(3.0), Tensor(-5.0)
    >>> y = (w * x + b).tanh()
    >>> y.backward()
    >>> float(y.data.round(3)), float(w.grad.round(3)), float(b.grad.round(3))
    (0.762, 1.26, 0.42)
    """

    __array_ufunc__ = None  # so NumPy leaves `array + tensor` to Tensor.__radd__

    def __init__(self, data: ArrayLike, parents: "tuple[tuple[Tensor, Callable[[Array], Array]], ...]" = ()) -> None:
        self.data: Array = np.asarray(data, dtype=np.float64)
        self.grad: Array = np.zeros_like(self.data)
        self.parents = parents
        self.depth: int = 1 + max((parent.depth for parent, _ in parents), default=-1)

    def backward(self) -> None:
        """Compute the gradient of this number with respect to everything it was computed from.

        The gradients stand in `grad` afterwards. They replace those of earlier calls, and do not add to them.

        Raises
        ------
        ValueError
            If this tensor is not a single number: a gradient is that of *one* number.
        """
        if self.data.shape != ():
            raise ValueError(f"backward needs a loss of shape (), got {self.data.shape}: take its sum or mean first")
        tape = self.tape()
        for tensor in tape:
            tensor.grad = np.zeros_like(tensor.data)
        self.grad = np.ones_like(self.data)
        for tensor in tape:
            for parent, pullback in tensor.parents:
                # What is used in several places gets a share of the gradient from each of them.
                parent.grad += sum_to(pullback(tensor.grad), parent.data.shape)

    def tape(self) -> "list[Tensor]":
        """Return this tensor and all its ancestors, each after everything that was computed from it."""
        found = {self: None}  # a dict keeps its order, so that every run adds the gradients up alike
        waiting = [self]
        while waiting:
            for parent, _ in waiting.pop().parents:
                if parent not in found:
                    found[parent] = None
                    waiting.append(parent)
        return sorted(found, key=lambda tensor: tensor.depth, reverse=True)

    # Each operation is one line of mathematics: the result, and the pullback to each parent.

    def __add__(self, other: "Tensor | ArrayLike") -> "Tensor":
        x, y = self, _as_tensor(other)
        return Tensor(x.data + y.data, ((x, lambda g: g), (y, lambda g: g)))

    def __mul__(self, other: "Tensor | ArrayLike") -> "Tensor":
        x, y = self, _as_tensor(other)
        return Tensor(x.data * y.data, ((x, lambda g: g * y.data), (y, lambda g: g * x.data)))

    def __truediv__(self, other: "Tensor | ArrayLike") -> "Tensor":
        x, y = self, _as_tensor(other)
        ratio = x.data / y.data
        return Tensor(ratio, ((x, lambda g: g / y.data), (y, lambda g: -g * ratio / y.data)))

    def __matmul__(self, other: "Tensor | ArrayLike") -> "Tensor":
        x, y = self, _as_tensor(other)
        if x.data.ndim != 2 or y.data.ndim != 2 or x.data.shape[1] != y.data.shape[0]:
            raise ValueError(f"@ needs shapes (n, k) and (k, m), got {x.data.shape} and {y.data.shape}")
        return Tensor(x.data @ y.data, ((x, lambda g: g @ y.data.T), (y, lambda g: x.data.T @ g)))

    def tanh(self) -> "Tensor":
        """Return the hyperbolic tangent of each number."""
        value = np.tanh(self.data)
        return Tensor(value, ((self, lambda g: g * (1 - value**2)),))

    def exp(self) -> "Tensor":
        """Return e to the power of each number."""
        value = np.exp(self.data)
        return Tensor(value, ((self, lambda g: g * value),))

    def log(self) -> "Tensor":
        """Return the natural logarithm of each number."""
        return Tensor(np.log(self.data), ((self, lambda g: g / self.data),))

    def relu(self) -> "Tensor":
        """Return the positive numbers as they are, and 0 for the others (with the derivative 0 at 0)."""
        return Tensor(np.maximum(self.data, 0), ((self, lambda g: g * (self.data > 0)),))

    def sum(self, axis: int | None = None) -> "Tensor":
        """Return the sum of all numbers; or the sums along an axis, which stays, with length 1."""
        total = self.data.sum(axis=axis, keepdims=axis is not None)
        return Tensor(total, ((self, lambda g: np.broadcast_to(g, self.data.shape)),))

    # The rest is made of these operations, and needs no derivatives of its own.

    def mean(self, axis: int | None = None) -> "Tensor":
        """Return the mean of all numbers; or the means along an axis, which stays, with length 1."""
        total = self.sum(axis)
        return total * (total.data.size / self.data.size)

    def __neg__(self) -> "Tensor":
        return self * -1.0

    def __sub__(self, other: "Tensor | ArrayLike") -> "Tensor":
        return self + -_as_tensor(other)

    def __rsub__(self, other: ArrayLike) -> "Tensor":
        return _as_tensor(other) + -self

    def __rtruediv__(self, other: ArrayLike) -> "Tensor":
        return _as_tensor(other) / self

    def __rmatmul__(self, other: ArrayLike) -> "Tensor":
        return _as_tensor(other) @ self

    __radd__ = __add__
    __rmul__ = __mul__


def sum_to(gradient: Array, shape: tuple[int, ...]) -> Array:
    """Undo broadcasting: a number that was used in several places gets the sum of its gradients there.

    Parameters
    ----------
    gradient : array
        The gradient with respect to the array as it was used, after broadcasting.
    shape : tuple of int
        The shape of the array itself.

    Returns
    -------
    array, shape `shape`
        The gradient with respect to the array itself.

    Examples
    --------
    >>> sum_to(np.ones((4, 3)), (3,)).tolist()  # a row that was added to each of 4 rows
    [4.0, 4.0, 4.0]
    """
    padded = (1,) * (gradient.ndim - len(shape)) + shape
    stretched = tuple(axis for axis, length in enumerate(padded) if length == 1)
    summed: Array = gradient.sum(axis=stretched, keepdims=True)
    return summed.reshape(shape)


def cross_entropy(logits: Tensor, targets: ArrayLike) -> Tensor:
    """Return the mean surprise of the targets, in nats: the softmax of the logits, and minus its logarithm.

    Parameters
    ----------
    logits : Tensor, shape (n, classes)
        One number for each prediction and class; their softmax are the probabilities.
    targets : array_like, shape (n, classes)
        How much each class counts at each prediction: a single 1 in each row where one class came true, and
        any weights >= 0 in general. The mean is taken over the weights.

    Raises
    ------
    ValueError
        If the shapes differ, or the weights are negative or all 0.

    Examples
    --------
    >>> loss = cross_entropy(Tensor([[0.0, 0.0], [0.0, 0.0]]), [[1, 0], [0, 1]])
    >>> float(loss.data.round(4))  # a fair coin: ln 2, which is 1 bit
    0.6931
    """
    weights = np.asarray(targets, dtype=np.float64)
    if logits.data.ndim != 2 or weights.shape != logits.data.shape:
        got = f"{logits.data.shape} and {weights.shape}"
        raise ValueError(f"logits and targets must both have a shape (n, classes), got {got}")
    total, least = float(weights.sum()), float(weights.min(initial=np.inf))
    if not (total > 0 and least >= 0):
        raise ValueError(f"targets must be weights >= 0 and not all 0, got the sum {total} and the least {least}")
    # Taking the same number from all logits of a row changes no probability, and keeps exp from overflowing.
    largest: Array = logits.data.max(axis=1, keepdims=True)  # (n, 1)
    shifted = logits - largest  # (n, classes)
    logprobs = shifted - shifted.exp().sum(axis=1).log()  # (n, classes)
    return -(logprobs * weights).sum() / total


def _as_tensor(value: Tensor | ArrayLike) -> Tensor:
    return value if isinstance(value, Tensor) else Tensor(value)
