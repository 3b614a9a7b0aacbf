"""Small models, pairs and replies for the tests of what learns."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from alignbook.alignment.pairs import Pair
from alignbook.alignment.rollouts import PolicyBatch
from alignbook.nn.parameters import Parameters
from alignbook.nn.tape import Array, Tape
from alignbook.nn.trainer import B, Objective
from alignbook.nn.transformer import Transformer, TransformerConfig, initial_parameters

TOY = TransformerConfig(vocab_size=9, context=8, width=16, layers=1, heads=2)
END = 8
PROMPTS = [[token] for token in range(8)]


def toy_model(seed: int = 0) -> Transformer:
    """A model that has learned nothing."""
    return Transformer(TOY, initial_parameters(TOY, np.random.default_rng(seed)))


def wild(parameters: Parameters, seed: int = 0) -> Parameters:
    """The same arrays in float64, filled with numbers so large that every part matters."""
    found = Parameters(parameters.shapes, dtype=np.float64)
    rng = np.random.default_rng(seed)
    for array in found.values():
        array[...] = rng.normal(size=array.shape) * 0.4 + (array.ndim == 1)
    return found


def echoes(asked: NDArray[np.int64], replies: list[list[int]]) -> Array:
    """1 for a reply that begins with the prompt's token."""
    return np.array([float(reply[0] == prompt) for prompt, reply in zip(asked, replies, strict=True)])


def random_pairs(count: int, seed: int = 0) -> list[Pair]:
    """Pairs of various lengths; the chosen reply begins with the prompt's first token, the rejected one does not."""
    rng, pairs = np.random.default_rng(seed), []
    for _ in range(count):
        prompt = rng.integers(0, 8, rng.integers(1, 3)).tolist()
        wrong = int(prompt[0] + rng.integers(1, 8)) % 8
        tails = [rng.integers(0, 8, rng.integers(0, 3)).tolist() for _ in range(2)]
        pairs.append(Pair(tuple(prompt), (prompt[0], *tails[0], END), (wrong, *tails[1], END)))
    return pairs


def random_policy_batch(seed: int = 0, batch: int = 4, time: int = 6) -> PolicyBatch:
    """Replies with random numbers of everything; the first two places belong to the prompt."""
    rng = np.random.default_rng(seed)
    ids, targets = (rng.integers(TOY.vocab_size, size=(batch, time)) for _ in range(2))
    weights = rng.random((batch, time)) * (np.arange(time) > 1)
    numbers = [rng.normal(size=(batch, time)) for _ in range(5)]
    return PolicyBatch(ids, targets, weights / weights.sum(), numbers[0] - 2, numbers[1] - 2, *numbers[2:])


def check_gradient(objective: Objective[B], parameters: Parameters, batch: B) -> None:
    """Hold an objective's gradient to central differences, in some directions at random."""

    def value() -> float:
        return float(objective(Tape(recording=False), parameters.variables(frozen=True), batch).value)

    tape, weights = Tape(), parameters.variables()
    loss = objective(tape, weights, batch)
    tape.backward(loss.output, loss.gradient)
    gradient = parameters.collect_gradients(weights)
    rng, step = np.random.default_rng(1), 1e-6
    for array in [parameters.flat, *parameters.values()]:
        direction = np.zeros_like(parameters.flat)
        inside = Parameters(parameters.shapes, direction)
        if array is parameters.flat:
            direction[:] = rng.normal(size=direction.shape)
        else:
            name = next(name for name, view in parameters.items() if view is array)
            inside[name][...] = rng.normal(size=array.shape)
        kept = parameters.flat.copy()
        parameters.flat[:] = kept + step * direction
        above = value()
        parameters.flat[:] = kept - step * direction
        below = value()
        parameters.flat[:] = kept
        np.testing.assert_allclose(gradient @ direction, (above - below) / (2 * step), rtol=1e-5, atol=1e-8)


def check_slopes(losses: Callable[[Array], tuple[Array, Array]], at: Array) -> None:
    """Hold slopes to central differences."""
    step = 1e-6
    above, below = losses(at + step)[0], losses(at - step)[0]
    np.testing.assert_allclose(losses(at)[1], (above - below) / (2 * step), rtol=1e-6, atol=1e-7)
