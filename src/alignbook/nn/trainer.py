"""Many steps: the loop that every kind of training shares.

What differs between pretraining, fine-tuning, DPO and RLHF is the *objective*: a function from a batch to a loss and
its gradient with respect to the log-probabilities. The trainer does the rest. It cuts every batch into two halves and
adds their gradients in a fixed order, whether they run side by side in two threads or one after the other, so that one
core and two give the same bits. It takes the batch of a step by the step's number, so that a run that was interrupted
goes on as if nothing had happened.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Generic, NamedTuple, Protocol, TypeVar

import numpy as np

from alignbook.nn import machine
from alignbook.nn.optimiser import AdamW, Schedule, clip_gradient
from alignbook.nn.parameters import Parameters
from alignbook.nn.tape import Array, Tape, Var


class Loss(NamedTuple):
    """A loss, and where the walk back from it starts.

    Parameters
    ----------
    value : float
        The loss of this half of the batch; the two halves' values add up to the batch's.
    output : Var
        What was computed on the tape: log-probabilities, or a reward.
    gradient : array, shape of output
        The derivative of the loss with respect to it.
    """

    value: float
    output: Var
    gradient: Array


class Halved(Protocol):
    """A batch: anything that can be cut in two, between sequences that do not depend on each other."""

    def halves(self) -> tuple[Halved, Halved] | tuple[Halved]:
        """Return two parts, or the whole where it cannot be cut."""
        ...


B = TypeVar("B", bound=Halved)
Objective = Callable[[Tape, Mapping[str, Var], B], Loss]


@dataclass(frozen=True)
class TrainingConfig:
    """How to train.

    Parameters
    ----------
    steps : int
        How many steps.
    learning_rate : float
        The highest learning rate.
    warmup : float
        The share of the steps in which the rate rises.
    final : float
        The share of the rate that is left at the end.
    weight_decay : float
        See `alignbook.nn.optimiser.AdamW`.
    clip : float
        The greatest length of a gradient.
    """

    steps: int
    learning_rate: float
    warmup: float = 0.05
    final: float = 0.1
    weight_decay: float = 0.1
    clip: float = 1.0

    @property
    def schedule(self) -> Schedule:
        """The course of the learning rate."""
        return Schedule(self.learning_rate, self.steps, round(self.warmup * self.steps), self.final)


class Step(NamedTuple):
    """What happened in a step.

    Parameters
    ----------
    number : int
        Which step it was, from 0.
    loss : float
        The loss of its batch, before the step.
    learning_rate : float
        Its learning rate.
    gradient_norm : float
        The length of the gradient, before it was limited.
    """

    number: int
    loss: float
    learning_rate: float
    gradient_norm: float


class DivergedError(ArithmeticError):
    """The loss is no number any more."""


class Trainer(Generic[B]):
    """Parameters in training, with all that is needed to go on from here.

    Parameters
    ----------
    trained : Parameters
        What is trained; changed in place.
    objective : function of a tape, the weights and half a batch
        Computes a loss; see `Loss`.
    config : TrainingConfig
        How to train.
    frozen : Parameters, optional
        Parameters that the objective needs and that stay as they are (with LoRA: the model's own).
    threads : int, optional
        1 runs the halves of a batch one after the other, 2 side by side; all cores where it is not given. The result
        is the same.
    """

    def __init__(
        self,
        trained: Parameters,
        objective: Objective[B],
        config: TrainingConfig,
        frozen: Parameters | None = None,
        threads: int | None = None,
    ) -> None:
        self.trained, self.objective, self.config, self.frozen = trained, objective, config, frozen
        self.optimiser = AdamW(trained, weight_decay=config.weight_decay)
        self.threads = min(2, machine.cores()) if threads is None else threads

    def run(
        self, batch: Callable[[int], B], callback: Callable[[Step], object] | None = None, until: int | None = None
    ) -> None:
        """Train to the end, from wherever this trainer stands.

        Parameters
        ----------
        batch : function of int
            Gives the batch of a step, by its number.
        callback : function of a Step, optional
            Called after every step; what it raises stops the run between two steps.
        until : int, optional
            Stop before this step instead of at the end of the schedule.

        Raises
        ------
        DivergedError
            If the loss is no number any more; says where, and what to do.
        """
        end = self.config.steps if until is None else min(until, self.config.steps)
        with machine.tuned(), ThreadPoolExecutor(1) as second:
            while self.optimiser.step_count < end:
                step = self._step(batch(self.optimiser.step_count), second)
                if callback is not None:
                    callback(step)

    def state(self) -> dict[str, Array]:
        """Return all that a new trainer needs to go on from here, as arrays that later steps do not change."""
        optimiser = self.optimiser
        return {
            "parameters": self.trained.flat.copy(),
            "mean": optimiser.mean.copy(),
            "square": optimiser.square.copy(),
            "steps": np.array([optimiser.step_count], np.float64),
        }

    def restore(self, state: Mapping[str, Array]) -> None:
        """Go on from a state: the steps that follow give the same bits as if there had been no interruption.

        Raises
        ------
        ValueError
            If the state belongs to another model.
        """
        count = self.trained.flat.size
        if state["parameters"].shape != (count,):
            got = state["parameters"].shape
            raise ValueError(f"the state must have {count} parameters, as this model has, got the shape {got}")
        self.trained.flat[:] = state["parameters"]
        self.optimiser.mean[:] = state["mean"]
        self.optimiser.square[:] = state["square"]
        self.optimiser.step_count = int(state["steps"][0])

    def _step(self, batch: B, second: ThreadPoolExecutor) -> Step:
        number = self.optimiser.step_count
        mine, *others = batch.halves()
        running = [second.submit(self._gradient, half) for half in others if self.threads > 1]
        loss, gradient = self._gradient(mine)
        for other_loss, other in [each.result() for each in running] or map(self._gradient, others):
            loss += other_loss
            gradient += other
        rate = self.config.schedule.rate(number)
        length = clip_gradient(gradient, self.config.clip)
        if not (math.isfinite(loss) and math.isfinite(length)):
            raise DivergedError(
                f"the loss is {loss} at step {number}, with the learning rate {rate:.3g}: lower the learning rate "
                f"(now {self.config.learning_rate:.3g} at its peak), or warm up longer"
            )
        self.optimiser.step(gradient, rate)
        return Step(number, loss, rate, length)

    def _gradient(self, half: Halved) -> tuple[float, Array]:
        """Loss and gradient of half a batch: one pass forward and one walk back."""
        tape, weights = Tape(), self.trained.variables()
        others = self.frozen.variables(frozen=True) if self.frozen is not None else {}
        loss = self.objective(tape, {**others, **weights}, half)  # type: ignore[arg-type]  # a half is a batch
        tape.backward(loss.output, loss.gradient)
        return loss.value, self.trained.collect_gradients(weights)
