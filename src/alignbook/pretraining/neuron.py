"""One neuron, by hand: a weighted sum, a probability, a loss, its gradient, a step. All learning is made of this.

The neuron answers a question of yes or no with a probability. Its loss is its surprise at the right answer,
here in nats (the natural logarithm), because that makes the gradient the simplest thing it could be: **the
probability given minus the right answer**, times the input.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Neuron:
    """A neuron that says how probable *yes* is: ``p = 1 / (1 + exp(-(x @ weights + bias)))``.

    In statistics this is logistic regression.

    Parameters
    ----------
    weights : tuple of float
        One for each input: how much the input speaks for *yes*.
    bias : float
        What speaks for *yes* whatever the inputs are.

    Examples
    --------
    A neuron that knows nothing is told that the answer was *no*, and makes a step:

    >>> neuron = Neuron(weights=(0.0,), bias=0.0)
    >>> x, y = [[1.0]], [0.0]
    >>> neuron.probability(x).tolist(), round(neuron.loss(x, y), 4)
    ([0.5], 0.6931)
    >>> neuron.gradient(x, y)  # for the weight and for the bias: 0.5 given, minus 0 that was right
    ((0.5,), 0.5)
    >>> neuron.step(x, y, learning_rate=1.0)
    Neuron(weights=(-0.5,), bias=-0.5)
    """

    weights: tuple[float, ...]
    bias: float

    def probability(self, x: ArrayLike) -> Array:
        """Return the probability of *yes* for each row of inputs.

        Parameters
        ----------
        x : array_like, shape (n, inputs)
            The inputs.

        Returns
        -------
        array, shape (n,)
            Probabilities.

        Raises
        ------
        ValueError
            If `x` has another shape.
        """
        return 0.5 + 0.5 * np.tanh(self._logits(_inputs(x, len(self.weights))) / 2)  # never overflows, as exp may

    def loss(self, x: ArrayLike, y: ArrayLike) -> float:
        """Return the mean surprise at the right answers, in nats.

        Parameters
        ----------
        x : array_like, shape (n, inputs)
            The inputs.
        y : array_like, shape (n,)
            The right answers, 1 for *yes* and 0 for *no*.

        Raises
        ------
        ValueError
            If the shapes do not fit, there are no rows, or an answer is neither 0 nor 1.
        """
        inputs = _inputs(x, len(self.weights))
        against = 1 - 2 * _answers(y, len(inputs))  # -1 where the answer is yes, 1 where it is no
        return float(np.logaddexp(0, against * self._logits(inputs)).mean())  # log(1 + exp(..)), safely

    def surprise_bits(self, x: ArrayLike, y: ArrayLike) -> float:
        """Return the mean surprise at the right answers, in bits: `loss` divided by ln 2."""
        return self.loss(x, y) / math.log(2)

    def gradient(self, x: ArrayLike, y: ArrayLike) -> tuple[tuple[float, ...], float]:
        """Return the gradient of `loss` with respect to the weights, and to the bias; raises what `loss` does."""
        inputs = _inputs(x, len(self.weights))
        error = self.probability(inputs) - _answers(y, len(inputs))  # (n,)
        return tuple((error @ inputs / len(inputs)).tolist()), float(error.mean())

    def step(self, x: ArrayLike, y: ArrayLike, learning_rate: float) -> "Neuron":
        """Return the neuron one step downhill: every number moved against its gradient.

        Parameters
        ----------
        x, y : array_like
            The inputs and the right answers, as for `loss`.
        learning_rate : float
            How far to go for each unit of the gradient, > 0.

        Raises
        ------
        ValueError
            If the learning rate is not a finite number > 0, or for what `loss` raises.
        """
        if not 0 < learning_rate < math.inf:
            raise ValueError(f"learning_rate must be a finite number > 0, got {learning_rate}")
        slopes, slope = self.gradient(x, y)
        weights = (weight - learning_rate * slope for weight, slope in zip(self.weights, slopes, strict=True))
        return Neuron(tuple(weights), self.bias - learning_rate * slope)

    def sharpness(self, x: ArrayLike) -> float:
        """Return the greatest curvature of `loss` in any direction: the largest eigenvalue of its Hessian.

        Near a minimum, steps with a learning rate above ``2 / sharpness`` overshoot by more than they mend,
        and lead away from it [1]_. The curvature does not depend on the right answers.

        Parameters
        ----------
        x : array_like, shape (n, inputs)
            The inputs.

        References
        ----------
        .. [1] Y. LeCun, P. Y. Simard and B. Pearlmutter, "Automatic learning rate maximization by on-line
           estimation of the Hessian's eigenvectors", Advances in Neural Information Processing Systems 5, 1992.
        """
        inputs = _inputs(x, len(self.weights))
        probability = self.probability(inputs)
        with_bias = np.column_stack([inputs, np.ones(len(inputs))])  # (n, inputs + 1)
        hessian = with_bias.T @ (with_bias * (probability * (1 - probability))[:, None]) / len(inputs)
        return float(np.linalg.eigvalsh(hessian)[-1])

    def _logits(self, inputs: Array) -> Array:
        logits: Array = inputs @ np.array(self.weights) + self.bias
        return logits  # (n,)


def _inputs(x: ArrayLike, width: int) -> Array:
    inputs = np.asarray(x, dtype=np.float64)
    if inputs.ndim != 2 or inputs.shape[1] != width or len(inputs) == 0:
        raise ValueError(f"x must have the shape (n, {width}) with n >= 1, one column a weight, got {inputs.shape}")
    return inputs


def _answers(y: ArrayLike, rows: int) -> Array:
    answers = np.asarray(y, dtype=np.float64)
    if answers.shape != (rows,):
        raise ValueError(f"y must have the shape ({rows},), one answer a row of x, got {answers.shape}")
    if not np.isin(answers, (0.0, 1.0)).all():
        wrong = answers[~np.isin(answers, (0.0, 1.0))][0]
        raise ValueError(f"y must be 0 (no) or 1 (yes), got {wrong}")
    return answers
