"""One step: AdamW on the flat vector of parameters, the limit on the gradient's length, and the learning rate's course.

References
----------
D. P. Kingma and J. Ba, "Adam: A Method for Stochastic Optimization", ICLR 2015, algorithm 1. I. Loshchilov and
F. Hutter, "Decoupled Weight Decay Regularization", ICLR 2019, algorithm 2: the decay beside the step instead of in the
gradient; and "SGDR: Stochastic Gradient Descent with Warm Restarts", ICLR 2017, equation 5: the cosine.
R. Pascanu, T. Mikolov and Y. Bengio, "On the difficulty of training Recurrent Neural Networks", ICML 2013: the limit.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from alignbook.nn.parameters import Parameters
from alignbook.nn.tape import Array


@dataclass(frozen=True)
class Schedule:
    """The learning rate's course: up in a straight line, then down along half a cosine.

    Parameters
    ----------
    peak : float
        The highest learning rate, > 0.
    steps : int
        How many steps there are in all.
    warmup : int
        How many of them go up.
    final : float
        What the rate comes down to, as a share of the peak.

    Raises
    ------
    ValueError
        If the peak is not > 0, the warm-up does not fit, or the final share is not from 0 to 1.

    Examples
    --------
    >>> schedule = Schedule(peak=1.0, steps=8, warmup=2, final=0.0)
    >>> [round(schedule.rate(step), 2) for step in range(8)]
    [0.5, 1.0, 1.0, 0.93, 0.75, 0.5, 0.25, 0.07]
    """

    peak: float
    steps: int
    warmup: int = 0
    final: float = 0.1

    def __post_init__(self) -> None:
        if not self.peak > 0:
            raise ValueError(f"peak must be > 0, got {self.peak}")
        if not 0 <= self.warmup <= self.steps:
            raise ValueError(f"warmup must be from 0 to the number of steps, {self.steps}, got {self.warmup}")
        if not 0 <= self.final <= 1:
            raise ValueError(f"final must be from 0 to 1, got {self.final}")

    def rate(self, step: int) -> float:
        """Return the learning rate of a step, counted from 0."""
        if step < self.warmup:
            return self.peak * (step + 1) / self.warmup
        done = (step - self.warmup) / max(self.steps - self.warmup, 1)
        return self.peak * (self.final + (1 - self.final) * 0.5 * (1 + math.cos(math.pi * min(done, 1.0))))


def clip_gradient(gradient: Array, limit: float) -> float:
    """Shorten a gradient, in place, to at most a length; its direction stays.

    Parameters
    ----------
    gradient : array, shape (count,)
        The whole gradient, as one vector.
    limit : float
        The greatest length allowed; ``math.inf`` for none.

    Returns
    -------
    float
        The length that it had.
    """
    length = math.sqrt(float(np.dot(gradient, gradient)))
    if length > limit:
        gradient *= limit / (length + 1e-6)  # the small number as in PyTorch's clip_grad_norm_
    return length


class AdamW:
    """Adam with decoupled weight decay, for all parameters at once.

    Each number has a step of its own: the mean of its recent gradients over the root of the mean of their squares.

    Parameters
    ----------
    parameters : Parameters
        What is trained; changed in place.
    betas : tuple of float
        How slowly the two means forget.
    weight_decay : float
        What share of a matrix is taken away in each step, times the learning rate. Vectors (the gains) are left alone.
    epsilon : float
        Added to the root.

    Attributes
    ----------
    step_count : int
        How many steps were taken.
    mean, square : array, shape (count,)
        The two running means.

    Raises
    ------
    ValueError
        If a beta is not in [0, 1), or the decay or epsilon is negative.
    """

    def __init__(
        self,
        parameters: Parameters,
        betas: tuple[float, float] = (0.9, 0.95),
        weight_decay: float = 0.1,
        epsilon: float = 1e-8,
    ) -> None:
        if not all(0 <= beta < 1 for beta in betas):
            raise ValueError(f"betas must be in [0, 1), got {betas}")
        if weight_decay < 0 or epsilon < 0:
            raise ValueError(f"weight_decay and epsilon must be >= 0, got {weight_decay} and {epsilon}")
        self.parameters, self.betas, self.weight_decay, self.epsilon = parameters, betas, weight_decay, epsilon
        self.step_count = 0
        self.mean: Array = np.zeros_like(parameters.flat)
        self.square: Array = np.zeros_like(parameters.flat)
        self._decayed = [array for array in parameters.values() if array.ndim > 1]

    def step(self, gradient: Array, learning_rate: float) -> None:
        """Change the parameters by one step.

        Parameters
        ----------
        gradient : array, shape (count,)
            The gradient of the loss, as one vector.
        learning_rate : float
            The size of the step.
        """
        self.step_count += 1
        slow, slower = self.betas
        change = gradient - self.mean
        change *= 1 - slow
        self.mean += change
        np.multiply(gradient, gradient, out=change)
        change -= self.square
        change *= 1 - slower
        self.square += change
        # Both means started at 0 and are still too small by these factors.
        mean_bias, square_bias = 1 - slow**self.step_count, 1 - slower**self.step_count
        scale = np.sqrt(self.square)
        scale *= square_bias**-0.5
        scale += self.epsilon
        for matrix in self._decayed:
            matrix *= 1 - learning_rate * self.weight_decay
        np.divide(self.mean, scale, out=change)
        change *= learning_rate / mean_bias
        self.parameters.flat -= change
