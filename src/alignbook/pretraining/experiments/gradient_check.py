"""Experiment: is the gradient right? The tape against finite differences, and a mistake that must show.

Three losses on real letters: one neuron; a small network of two layers; and the same network with a mistake in
the derivative of one operation, as the control. Each gradient is compared with central differences at many step
sizes. A right gradient agrees to ten digits at the best step; a wrong one differs at every step.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from alignbook.pretraining.finite_differences import central_differences, relative_error
from alignbook.pretraining.letters import training_and_held_out_letters, vowel_windows
from alignbook.pretraining.tape import Tensor, cross_entropy
from alignbook.profile import Profile

Array = NDArray[np.float64]
Loss = Callable[[Sequence[Tensor]], Tensor]


@dataclass(frozen=True)
class CheckConfig:
    """What one size of the experiment computes.

    Parameters
    ----------
    predictions : int
        Over how many letters the loss is averaged.
    reach : int
        How many letters back the network looks.
    hidden : int
        How many neurons its first layer has.
    steps : tuple of float
        The step sizes of the finite differences.
    """

    predictions: int
    reach: int
    hidden: int
    steps: tuple[float, ...]


STEPS = tuple(10.0**-power for power in range(1, 13))  # 0.1 to 1e-12
CONFIGS = {
    "tiny": CheckConfig(predictions=20, reach=2, hidden=3, steps=STEPS[::2]),
    "book": CheckConfig(predictions=100, reach=8, hidden=8, steps=STEPS),
}


@dataclass(frozen=True)
class GradientCheck:
    """How far the tape's gradient is from finite differences.

    Parameters
    ----------
    parameters : int
        How many numbers the gradient has.
    losses_computed : int
        How often the loss has to be computed for one gradient by finite differences; the tape computes it once, and
        reads it backward once.
    operations : int
        The length of the tape: everything that the loss was computed from, the loss and the parameters included.
    errors : tuple of float
        The relative error at each step size, `GradientCheckResult.steps`.
    """

    parameters: int
    losses_computed: int
    operations: int
    errors: tuple[float, ...]

    @property
    def best(self) -> float:
        """The smallest of the errors."""
        return min(self.errors)


@dataclass(frozen=True)
class GradientCheckResult:
    """The step sizes, and what they gave for each of three losses.

    Parameters
    ----------
    steps : tuple of float
        How far finite differences moved each number.
    neuron, network, mistaken : GradientCheck
        One neuron; two layers; two layers with a wrong derivative of tanh, as the control.
    """

    steps: tuple[float, ...]
    neuron: GradientCheck
    network: GradientCheck
    mistaken: GradientCheck


def gradient_check(seed: int, size: str = "book") -> GradientCheckResult:
    """Compare the tape's gradients with finite differences.

    Parameters
    ----------
    seed : int
        Decides the letters and the weights.
    size : {"book", "tiny"}
        How much to compute; see `CONFIGS`.

    Raises
    ------
    ValueError
        If the size is unknown.

    Examples
    --------
    >>> result = gradient_check(0, "tiny")
    >>> result.network.best < 1e-9 < 1e-2 < result.mistaken.best
    True
    """
    config = CONFIGS[Profile(seed, size).size]
    text, _ = training_and_held_out_letters(seed, config.predictions + config.reach, held_out=1)
    x, y = vowel_windows(text, config.reach)
    rng = np.random.default_rng(seed)
    one_input = [rng.normal(size=(1, 1)), rng.normal(size=())]
    layers = [
        rng.normal(size=(config.reach, config.hidden)),
        rng.normal(size=config.hidden),
        rng.normal(size=(config.hidden, 2)),
        rng.normal(size=2),
    ]
    return GradientCheckResult(
        steps=config.steps,
        neuron=_check(neuron_loss(x[:, :1], y), one_input, config.steps),
        network=_check(network_loss(x, y, Tensor.tanh), layers, config.steps),
        mistaken=_check(network_loss(x, y, mistaken_tanh), layers, config.steps),
    )


def neuron_loss(x: Array, y: Array) -> Loss:
    """Return the loss of one neuron, in nats, as a function of its weights and its bias.

    Parameters
    ----------
    x : array, shape (n, inputs)
        The inputs.
    y : array, shape (n,)
        The right answers, 1 for *yes* and 0 for *no*.
    """
    answers = y[:, None]  # (n, 1)

    def loss(parameters: Sequence[Tensor]) -> Tensor:
        weights, bias = parameters  # (inputs, 1), ()
        probability = 1.0 / (1.0 + (-(x @ weights + bias)).exp())  # (n, 1)
        return -(answers * probability.log() + (1 - answers) * (1.0 - probability).log()).mean()

    return loss


def network_loss(x: Array, y: Array, activation: Callable[[Tensor], Tensor]) -> Loss:
    """Return the loss of a network of two layers, in nats, as a function of its four parameters.

    Parameters
    ----------
    x : array, shape (n, inputs)
        The inputs.
    y : array, shape (n,)
        The right answers, 1 or 0.
    activation : function of a Tensor
        What the first layer does with its weighted sums.
    """
    targets = np.column_stack([1 - y, y])  # (n, 2)

    def loss(parameters: Sequence[Tensor]) -> Tensor:
        weights_1, biases_1, weights_2, biases_2 = parameters  # (inputs, hidden), (hidden,), (hidden, 2), (2,)
        hidden = activation(x @ weights_1 + biases_1)  # (n, hidden)
        return cross_entropy(hidden @ weights_2 + biases_2, targets)

    return loss


def mistaken_tanh(x: Tensor) -> Tensor:
    """Return tanh with a mistake in its derivative, which is 1 - tanh²: the square is forgotten."""
    value = np.tanh(x.data)
    return Tensor(value, ((x, lambda g: g * (1 - value)),))


def _check(loss: Loss, parameters: Sequence[Array], steps: Sequence[float]) -> GradientCheck:
    tensors = [Tensor(parameter) for parameter in parameters]
    computed = loss(tensors)
    computed.backward()
    gradients = [tensor.grad for tensor in tensors]
    calls = 0

    def value(arrays: Sequence[Array]) -> float:
        nonlocal calls
        calls += 1
        return float(loss([Tensor(array) for array in arrays]).data)

    witnesses = [central_differences(value, parameters, step) for step in steps]
    return GradientCheck(
        parameters=sum(parameter.size for parameter in parameters),
        losses_computed=calls // len(steps),
        operations=len(computed.tape()),
        errors=tuple(relative_error(gradients, witness) for witness in witnesses),
    )
