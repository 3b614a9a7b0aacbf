"""Speed of `alignbook.nn` beside PyTorch, the machine and itself: ``nox -s bench -- nn``.

What is measured, at three sizes and with the parameters, batches and learning rate the same on both sides:

- a step of training: forward, backward, limit on the gradient's length, AdamW. PyTorch runs eagerly, from its fused
  parts (attention, layer norm, GELU, cross-entropy, AdamW in one kernel). Both on one thread, and both on two;
- the matrix products of that step as a share of what one thread can do, that is, of the rate of a large product of
  float32 matrices in the same round;
- the tape beside the same gradients written out by hand (`tests.nn.oracle`, which allocates nothing);
- writing 32 tokens after each of 64 prompts, one thread: beside PyTorch with an equal cache, and beside the same
  model without a cache. Both sides take the most probable token. Of a prompt, our last layer computes the last token
  only, since nothing else is asked about; PyTorch's, written as one usually does, computes all.

How: one process; in every round each contestant runs once, in a rotated order, after one untimed turn that wakes its
threads and warms its memory; a ratio is the median over rounds of the ratio inside the round, so that a busy machine
slows both sides of it. Beside the time that passed stands that of the processors; where threads wait for each other
by spinning, as PyTorch's do, the latter counts that as well.
"""

from __future__ import annotations

import os
import platform
from collections.abc import Callable
from statistics import median

import numpy as np
import torch
from benchmarks import _nn_torch as peer
from benchmarks._race import Race
from tests.nn.oracle import Oracle

from alignbook.nn import machine
from alignbook.nn.batches import TokenBatch, next_token_objective
from alignbook.nn.generation import generate
from alignbook.nn.parameters import Parameters
from alignbook.nn.tape import Array, Ids, Tape
from alignbook.nn.trainer import Trainer, TrainingConfig
from alignbook.nn.transformer import Transformer, TransformerConfig, hidden_states, initial_parameters

RATE = 1e-3
NEW, PROMPTS, PROMPT = 32, 64, 31
SIZES = {
    "width 32": (TransformerConfig(vocab_size=256, context=32, width=32, layers=2, heads=2), 32),
    "width 64": (TransformerConfig(vocab_size=512, context=64, width=64, layers=2, heads=4), 32),
    "width 128": (TransformerConfig(vocab_size=1024, context=128, width=128, layers=4, heads=4), 16),
}
SHARES = {"width 32": 0.40, "width 64": 0.55, "width 128": 0.70}


def batches_of(config: TransformerConfig, size: int) -> list[TokenBatch]:
    """Return a few batches whose tokens are as unevenly frequent as words are."""
    rng, shape = np.random.default_rng(0), (size, config.context + 1)
    texts = [np.minimum(rng.zipf(1.2, shape), config.vocab_size) - 1 for _ in range(8)]
    weights = np.full((size, config.context), 1 / (size * config.context), np.float32)
    return [TokenBatch(text[:, :-1], text[:, 1:], weights) for text in texts]


def our_training(config: TransformerConfig, batches: list[TokenBatch], threads: int) -> Callable[[int], object]:
    parameters = initial_parameters(config, np.random.default_rng(0))
    settings = TrainingConfig(10**9, RATE, warmup=0.0)
    trainer = Trainer(parameters, next_token_objective(config), settings, threads=threads)

    def run(steps: int) -> None:
        trainer.run(lambda step: batches[step % len(batches)], until=trainer.optimiser.step_count + steps)

    return run


def torch_training(config: TransformerConfig, batches: list[TokenBatch], threads: int) -> Callable[[int], object]:
    trainer = peer.Trainer(peer.Model(config, initial_parameters(config, np.random.default_rng(0))), RATE)
    tensors = [(torch.tensor(batch.ids), torch.tensor(batch.targets)) for batch in batches]

    def run(steps: int) -> None:
        torch.set_num_threads(threads)
        for step in range(steps):
            trainer.step(*tensors[step % len(tensors)])

    return run


def tape_gradient(config: TransformerConfig, batch: TokenBatch) -> Callable[[int], Array]:
    parameters, objective = initial_parameters(config, np.random.default_rng(0)), next_token_objective(config)

    def run(steps: int) -> Array:
        for _ in range(steps):
            tape, weights = Tape(), parameters.variables()
            loss = objective(tape, weights, batch)
            tape.backward(loss.output, loss.gradient)
            gradient = parameters.collect_gradients(weights)
        return gradient

    return run


def oracle_gradient(config: TransformerConfig, batch: TokenBatch) -> Callable[[int], Array]:
    parameters, gradients = initial_parameters(config, np.random.default_rng(0)), Parameters(config.shapes)
    oracle = Oracle(parameters, gradients, len(batch.ids), config.heads)

    def run(steps: int) -> Array:
        for _ in range(steps):
            oracle.loss(batch.ids, batch.targets, batch.weights)
        return gradients.flat

    return run


def large_products(side: int = 768) -> Callable[[int], object]:
    matrix, out = np.ones((side, side), np.float32), np.empty((side, side), np.float32)

    def run(products: int) -> None:
        for _ in range(products):
            np.matmul(matrix, matrix, out=out)

    return run


def products_of_a_step(config: TransformerConfig, size: int) -> float:
    """Floating-point operations in the matrix products of a step, forward and (twice as many) backward."""
    rows, width = size * config.context, config.width
    layer = 2 * rows * width * (12 * width + 2 * config.context)
    return float(3 * (config.layers * layer + 2 * rows * width * config.vocab_size))


def without_a_cache(model: Transformer, prompts: Ids, steps: int) -> Ids:
    """Write as one would without a cache: the whole text is read anew for every token."""
    weights, texts = model.parameters.variables(frozen=True), prompts
    for _ in range(steps):
        hidden = hidden_states(Tape(recording=False), model.config, weights, texts).data
        last = hidden.reshape(*texts.shape, -1)[:, -1]
        texts = np.hstack([texts, (last @ model.parameters["tokens"].T).argmax(axis=-1)[:, None]])
    return texts[:, prompts.shape[1] :]


def repeat(call: Callable[[], object]) -> Callable[[int], object]:
    def run(times: int) -> None:
        torch.set_num_threads(1)
        for _ in range(times):
            call()

    return run


def check_equal(config: TransformerConfig, batches: list[TokenBatch]) -> None:
    """Stop unless loss and gradients are the same: only then are the times comparable."""
    batch = batches[0]
    model = peer.Model(config, initial_parameters(config, np.random.default_rng(0)))
    model.loss(torch.tensor(batch.ids), torch.tensor(batch.targets)).backward()
    for other in (model.gradient(), oracle_gradient(config, batch)(1)):
        ours = tape_gradient(config, batch)(1)
        if not np.linalg.norm(ours - other) < 1e-4 * np.linalg.norm(other):
            raise SystemExit("the gradients differ: the race would mean nothing")


def race_training(name: str) -> None:
    config, size = SIZES[name]
    batches = batches_of(config, size)
    check_equal(config, batches)
    race = Race(
        {
            "alignbook, 1 thread": our_training(config, batches, 1),
            "PyTorch, 1 thread": torch_training(config, batches, 1),
            "alignbook, 2 threads": our_training(config, batches, 2),
            "PyTorch, 2 threads": torch_training(config, batches, 2),
            "tape": tape_gradient(config, batches[0]),
            "oracle": oracle_gradient(config, batches[0]),
            "large matrix product": large_products(),
        }
    )
    print(f"\nTraining, {name}, {config.layers} layers, context {config.context}, batch {size}")
    race.show()
    race.compare("against PyTorch, 1 thread", "PyTorch, 1 thread", "alignbook, 1 thread", 1.05)
    race.compare("against PyTorch, 2 threads", "PyTorch, 2 threads", "alignbook, 2 threads", 1.2)
    race.compare("tape / oracle", "tape", "oracle", 1.15, most=True)
    ideal = products_of_a_step(config, size) / (2 * 768**3)  # in large products
    steps, large = race.wall["alignbook, 1 thread"], race.wall["large matrix product"]
    share = median(ideal * product / step for step, product in zip(steps, large, strict=True))
    print(
        f"  {'share of the machine':28}{share:9.0%} of {2e-9 * 768**3 / median(large):.0f} GFLOP/s   "
        f"bar >= {SHARES[name]:.0%}: {'reached' if share >= SHARES[name] else 'MISSED'}"
    )


def race_generation(name: str) -> None:
    config, _ = SIZES[name]
    parameters = initial_parameters(config, np.random.default_rng(0))
    model, theirs = Transformer(config, parameters), peer.Model(config, parameters)
    ids = np.random.default_rng(1).integers(config.vocab_size, size=(PROMPTS, PROMPT))
    prompts, tensor = ids.tolist(), torch.tensor(ids)
    ours = generate(model, prompts, max_new_tokens=NEW, temperature=0)
    for other in (peer.generate(theirs, tensor, NEW).numpy(), without_a_cache(model, ids, NEW)):
        if not np.mean(np.array(ours) == other) > 0.9:  # where two tokens are equally good, rounding decides
            raise SystemExit("the texts differ: the race would mean nothing")
    race = Race(
        {
            "alignbook": repeat(lambda: generate(model, prompts, max_new_tokens=NEW, temperature=0)),
            "PyTorch": repeat(lambda: peer.generate(theirs, tensor, NEW)),
            "alignbook without a cache": repeat(lambda: without_a_cache(model, ids, NEW)),
        }
    )
    print(f"\nWriting {NEW} tokens after each of {PROMPTS} prompts of {PROMPT}, {name}, 1 thread")
    race.show()
    race.compare("against PyTorch", "PyTorch", "alignbook", 1.5)
    race.compare("against no cache", "alignbook without a cache", "alignbook", 12)


def main() -> None:
    """Run all races; the load before them says how far to trust the times."""
    load = os.getloadavg()[0]
    print(
        f"Python {platform.python_version()}, NumPy {np.__version__}, PyTorch {torch.__version__}, {os.cpu_count()} "
        f"cores; load average {load:.2f}"
    )
    if load > 0.5:
        print("WARNING: the machine is busy with something else; the ratios are less certain, two threads most of all")
    torch.set_num_threads(1)  # where a race does not say otherwise: two that spin on a busy machine take minutes
    with machine.tuned():
        for name in SIZES:
            race_training(name)
        for name in ("width 64", "width 128"):
            race_generation(name)
    print(f"\nload average at the end {os.getloadavg()[0]:.2f}")


if __name__ == "__main__":
    main()
