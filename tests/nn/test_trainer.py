"""The trainer: beside PyTorch, the same bits with one thread and two and after a stop, and whether models learn."""

from __future__ import annotations

import functools

import numpy as np
import pytest
from tests.nn.models import SMALL, from_golden, golden, random_batch, random_model

from alignbook.nn.batches import TokenBatch, next_token_objective, windows
from alignbook.nn.generation import generate
from alignbook.nn.lora import initial_adapters
from alignbook.nn.parameters import Parameters
from alignbook.nn.tape import Array
from alignbook.nn.trainer import DivergedError, Step, Trainer, TrainingConfig
from alignbook.nn.transformer import Transformer, TransformerConfig, initial_parameters

CONFIG = TrainingConfig(steps=6, learning_rate=0.01)


@functools.cache
def small_batch(step: int) -> TokenBatch:
    return random_batch(np.random.default_rng(step), batch=5)  # halves of 3 and 2


def small_trainer(threads: int = 1, config: TrainingConfig = CONFIG) -> Trainer[TokenBatch]:
    return Trainer(random_model().parameters, next_token_objective(SMALL), config, threads=threads)


@pytest.mark.parametrize("threads", [1, 2])
def test_adamw_with_clipping_decay_groups_and_schedule_is_pytorchs(threads: int) -> None:
    expected = golden("training")
    parameters = from_golden(expected, "before")
    count = len(expected["losses"])
    config = TrainingConfig(count, learning_rate=0.05, warmup=3 / count, final=0.1, weight_decay=0.1, clip=1.0)
    trainer = Trainer(parameters, next_token_objective(SMALL), config, threads=threads)
    steps: list[Step] = []
    trainer.run(
        lambda step: TokenBatch(*(expected[name][step] for name in ("ids", "targets", "weights"))), steps.append
    )
    assert [step.number for step in steps] == list(range(count))
    np.testing.assert_allclose([step.loss for step in steps], expected["losses"], rtol=1e-9)
    np.testing.assert_allclose([step.gradient_norm for step in steps], expected["norms"], rtol=1e-8)
    np.testing.assert_allclose([step.learning_rate for step in steps], expected["rates"], rtol=1e-12)
    np.testing.assert_allclose(parameters.flat, from_golden(expected, "after").flat, rtol=1e-7, atol=1e-9)


# --- The same bits ------------------------------------------------------------------------------------------


def test_one_thread_and_two_give_the_same_bits() -> None:
    one, two = small_trainer(threads=1), small_trainer(threads=2)
    one.run(small_batch)
    two.run(small_batch)
    for name, array in one.state().items():
        assert array.tobytes() == two.state()[name].tobytes(), name
    assert not np.array_equal(one.trained.flat, random_model().parameters.flat)


@pytest.mark.parametrize("stop", [0, 1, 4])
def test_a_run_that_was_interrupted_goes_on_with_the_same_bits(stop: int) -> None:
    whole, before, after = small_trainer(), small_trainer(), small_trainer()
    whole.run(small_batch)
    before.run(small_batch, until=stop)
    state = before.state()
    before.run(small_batch)  # the state is a copy: what happens later does not reach it
    after.restore(state)
    numbers: list[int] = []
    after.run(small_batch, lambda step: numbers.append(step.number))
    assert numbers == list(range(stop, CONFIG.steps))
    for trainer in (before, after):
        for name, array in whole.state().items():
            assert array.tobytes() == trainer.state()[name].tobytes(), name


def test_a_callback_that_raises_stops_between_two_steps() -> None:
    def stop(step: Step) -> None:
        if step.number == 2:
            raise KeyboardInterrupt

    trainer, whole = small_trainer(), small_trainer()
    with pytest.raises(KeyboardInterrupt):
        trainer.run(small_batch, stop)
    assert trainer.optimiser.step_count == 3
    trainer.run(small_batch)
    whole.run(small_batch)
    assert trainer.trained.flat.tobytes() == whole.trained.flat.tobytes()


def test_a_run_that_is_at_its_end_does_nothing() -> None:
    trainer = small_trainer()
    trainer.run(small_batch)
    before = trainer.state()
    trainer.run(small_batch)
    assert trainer.state()["parameters"].tobytes() == before["parameters"].tobytes()


def test_a_batch_of_one_sequence_trains() -> None:
    trainer = small_trainer()
    trainer.run(lambda step: random_batch(np.random.default_rng(step), batch=1))
    assert trainer.optimiser.step_count == CONFIG.steps


def test_the_gradient_of_a_batch_is_that_of_the_whole_not_of_its_halves() -> None:
    """Halves of different size and weight: the first step's length is that of the batch as one."""
    found: list[float] = []
    for cut in (False, True):
        trainer = small_trainer()
        loss, gradient = trainer._gradient(small_batch(0))
        if cut:
            steps: list[Step] = []
            trainer.run(small_batch, steps.append, until=1)
            found += [steps[0].loss, steps[0].gradient_norm]
        else:
            found += [loss, float(np.linalg.norm(gradient))]
    assert found[:2] == pytest.approx(found[2:], rel=1e-5)


# --- Learning -----------------------------------------------------------------------------------------------


def test_a_model_learns_a_toy_sequence_and_writes_it() -> None:
    """The alphabet of 7 letters over and over, started anywhere: after the first letter, nothing is uncertain."""
    config = TransformerConfig(vocab_size=7, context=8, width=16, layers=1, heads=2)
    parameters = initial_parameters(config, np.random.default_rng(0))
    trainer = Trainer(parameters, next_token_objective(config), TrainingConfig(steps=120, learning_rate=0.02))
    steps: list[Step] = []
    trainer.run(windows(np.arange(400) % 7, context=8, batch_size=8, seed=0), steps.append)
    assert steps[0].loss == pytest.approx(np.log(7), abs=0.1)
    assert steps[-1].loss < 0.02
    assert generate(Transformer(config, parameters), [[3], [6, 0]], max_new_tokens=4, temperature=0) == [
        [4, 5, 6, 0],
        [1, 2, 3, 4],
    ]


def test_attention_learns_what_the_last_token_alone_cannot_tell() -> None:
    """Copying: three random tokens, then the same three. Only by looking back can the second half be known."""
    config = TransformerConfig(vocab_size=8, context=5, width=32, layers=2, heads=2)

    def batch(step: int) -> TokenBatch:
        half = np.random.default_rng([1, step]).integers(8, size=(32, 3))
        text = np.hstack([half, half])
        weights = np.zeros((32, 5), np.float32)
        weights[:, 2:] = 1 / (32 * 3)
        return TokenBatch(text[:, :-1], text[:, 1:], weights)

    parameters = initial_parameters(config, np.random.default_rng(0))
    trainer = Trainer(parameters, next_token_objective(config), TrainingConfig(steps=300, learning_rate=0.01))
    losses: list[float] = []
    trainer.run(batch, lambda step: losses.append(step.loss))
    assert losses[0] > 1.9
    assert max(losses[-5:]) < 0.05


def test_adapters_learn_while_the_model_stays_as_it_is() -> None:
    model = random_model()
    before = model.parameters.flat.copy()
    adapters = initial_adapters(SMALL, 2, np.random.default_rng(0))
    config = TrainingConfig(steps=40, learning_rate=0.03)
    trainer = Trainer(adapters, next_token_objective(SMALL, 0.5), config, frozen=model.parameters)
    losses: list[float] = []
    trainer.run(lambda step: small_batch(0), lambda step: losses.append(step.loss))
    assert losses[-1] < 0.5 * losses[0]
    assert model.parameters.flat.tobytes() == before.tobytes()


# --- Errors -------------------------------------------------------------------------------------------------


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_a_loss_that_is_no_number_says_where_and_what_to_do() -> None:
    trainer = small_trainer(config=TrainingConfig(steps=10, learning_rate=1e30, warmup=0.0))
    with pytest.raises(
        DivergedError,
        match=r"the loss is .* at step 1, with the learning rate [\d.e+]+: lower the learning rate \(now 1e\+30",
    ):
        trainer.run(small_batch)
    assert trainer.optimiser.step_count == 1  # the step that failed was not taken


def test_a_state_of_another_model_is_refused() -> None:
    other = Parameters({"tokens": (2, 3)})
    state: dict[str, Array] = {"parameters": other.flat, "mean": other.flat, "square": other.flat, "steps": np.zeros(1)}
    with pytest.raises(
        ValueError, match=r"the state must have \d+ parameters, as this model has, got the shape \(6,\)"
    ):
        small_trainer().restore(state)
