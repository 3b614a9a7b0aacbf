"""The optimiser: steps by hand, the limit, the learning rate's course. Beside PyTorch: test_trainer.py."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alignbook.nn.optimiser import AdamW, Schedule, clip_gradient
from alignbook.nn.parameters import Parameters


def parameters_of(matrix: float, gain: float) -> Parameters:
    return Parameters({"matrix": (1, 1), "gain": (1,)}, np.array([matrix, gain]))


def test_two_steps_by_hand() -> None:
    parameters = parameters_of(2.0, 2.0)
    optimiser = AdamW(parameters, betas=(0.5, 0.75), weight_decay=0.1, epsilon=0.0)
    # First step: the means, freed of their bias, are g and g^2: a step of the sign, whatever the size of the gradient.
    optimiser.step(np.array([3.0, -300.0]), learning_rate=0.1)
    assert parameters.flat == pytest.approx([2 * (1 - 0.01) - 0.1, 2 + 0.1])
    # Second, gradient 0: the mean is (0.5 * 0.5) g / (1 - 0.25), the square (0.75 * 0.25) g^2 / (1 - 0.5625).
    optimiser.step(np.zeros(2), learning_rate=0.1)
    step = (0.25 / 0.75) / math.sqrt(0.1875 / 0.4375) * 0.1
    assert parameters.flat == pytest.approx([1.88 * (1 - 0.01) - step, 2.1 + step])
    assert optimiser.step_count == 2


def test_only_matrices_decay() -> None:
    parameters = parameters_of(2.0, 2.0)
    AdamW(parameters, weight_decay=0.5).step(np.zeros(2), learning_rate=0.1)
    assert parameters.flat == pytest.approx([2 * 0.95, 2.0])


def test_the_gradient_is_not_changed() -> None:
    gradient = np.array([3.0, -1.0])
    AdamW(parameters_of(0.0, 0.0)).step(gradient, 0.1)
    assert gradient.tolist() == [3.0, -1.0]


@pytest.mark.parametrize("betas", [(1.0, 0.9), (0.9, -0.1)])
def test_betas_out_of_range_are_refused(betas: tuple[float, float]) -> None:
    with pytest.raises(ValueError, match=r"betas must be in \[0, 1\), got"):
        AdamW(parameters_of(0, 0), betas=betas)


@pytest.mark.parametrize(("decay", "epsilon"), [(-0.1, 1e-8), (0.1, -1e-8)])
def test_negative_settings_are_refused(decay: float, epsilon: float) -> None:
    with pytest.raises(ValueError, match=f"weight_decay and epsilon must be >= 0, got {decay} and {epsilon}"):
        AdamW(parameters_of(0, 0), weight_decay=decay, epsilon=epsilon)


# --- The limit ----------------------------------------------------------------------------------------------


def test_a_gradient_that_is_too_long_is_shortened_and_keeps_its_direction() -> None:
    gradient = np.array([3.0, 4.0])
    assert clip_gradient(gradient, 1.0) == 5.0
    assert gradient == pytest.approx([0.6, 0.8], rel=1e-6)


@given(st.lists(st.floats(-10, 10), min_size=1, max_size=5), st.floats(0.1, 100) | st.just(math.inf))
def test_no_gradient_is_longer_than_the_limit_and_short_ones_stay(numbers: list[float], limit: float) -> None:
    gradient = np.array(numbers)
    length = clip_gradient(gradient, limit)
    assert length == pytest.approx(np.linalg.norm(numbers))
    assert np.linalg.norm(gradient) <= limit * (1 + 1e-9)
    if length <= limit:
        assert gradient.tolist() == numbers


# --- The schedule -------------------------------------------------------------------------------------------


@given(steps=st.integers(1, 50), share=st.floats(0, 1), final=st.floats(0, 1), peak=st.floats(1e-6, 10))
def test_the_rate_rises_falls_and_keeps_its_bounds(steps: int, share: float, final: float, peak: float) -> None:
    warmup = round(share * steps)
    schedule = Schedule(peak, steps, warmup, final)
    rates = np.array([schedule.rate(step) for step in range(steps)])
    assert (np.diff(rates[:warmup]) > 0).all()
    assert (np.diff(rates[warmup:]) <= 1e-12).all()
    assert rates.max() <= peak * (1 + 1e-12)
    assert rates[warmup:].min(initial=peak) >= final * peak * (1 - 1e-12)
    assert rates[min(warmup, steps - 1)] == pytest.approx(peak)


def test_after_the_last_step_the_rate_stays_at_its_end() -> None:
    assert Schedule(2.0, 10, final=0.25).rate(10) == Schedule(2.0, 10, final=0.25).rate(99) == 0.5


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"peak": 0.0, "steps": 3}, "peak must be > 0, got 0.0"),
        ({"peak": math.nan, "steps": 3}, "peak must be > 0, got nan"),
        ({"peak": 1.0, "steps": 3, "warmup": 4}, "warmup must be from 0 to the number of steps, 3, got 4"),
        ({"peak": 1.0, "steps": 3, "warmup": -1}, "warmup must be from 0 to the number of steps, 3, got -1"),
        ({"peak": 1.0, "steps": 3, "final": 1.5}, "final must be from 0 to 1, got 1.5"),
    ],
)
def test_schedules_that_make_no_sense_are_refused(settings: dict[str, float], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Schedule(**settings)  # type: ignore[arg-type]
