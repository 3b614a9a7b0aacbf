"""Speed of `alignbook.alignment` beside its peers: ``nox -s bench -- alignment``.

**Bradley-Terry.** From a list of 20,000 comparisons of 200 items to their strengths, with a ridge. `choix` maximises
the same penalised likelihood with its default method (Newton's, by conjugate gradients) and its default tolerance;
`alignbook` counts the comparisons and takes Newton's steps, until no strength moves by 1e-9. Both start from the same
list of pairs of Python's numbers. Equal parameters: before the race both are compared, and the run stops if a strength
differs by more than 1e-4; with `choix` told to be exact, by more than 1e-7. Bar 200 x.

**A round of GRPO**, of the size of the book's assistant: write replies to some prompts, several to each; measure them
under the policy and under the reference; turn rewards into advantages; take four steps. PyTorch does the same, written
for speed from its fused parts, with an equal cache; equal losses and gradients for the same replies are checked before
the race. Both sides start from a model that has learned nothing, hardly any of whose replies end early, so that both
write equally much. The reward costs nothing. Both on one thread, and both on two. Bar 1 x.

How: see `benchmarks._race`; a ratio is the median over rounds of the ratio inside the round.
"""

from __future__ import annotations

import os
import platform
from collections.abc import Callable
from importlib import import_module
from importlib.metadata import version
from itertools import chain

import numpy as np
import torch
from benchmarks import _alignment_torch as peer
from benchmarks._nn_torch import Model, Trainer
from benchmarks._race import Race

from alignbook.alignment.bradley_terry import fit_newton
from alignbook.alignment.comparisons import compare
from alignbook.alignment.grpo import grpo_objective
from alignbook.alignment.rlhf import RLHFConfig, policy_batch, train_policy
from alignbook.alignment.rollouts import PolicyBatch, sample
from alignbook.nn import machine
from alignbook.nn.tape import Array, Ids, Tape
from alignbook.nn.transformer import Transformer, TransformerConfig, initial_parameters

choix = import_module("choix")  # by name, because the project is type-checked without it

ITEMS, COMPARISONS, RIDGE = 200, 20_000, 0.1

SIZE = TransformerConfig(vocab_size=1024, context=128, width=64, layers=3, heads=4)
PROMPTS, PROMPT, END = 16, 16, 0
ROUND = RLHFConfig("grpo", 1, PROMPTS, 8, max_new_tokens=16, beta=0.05, learning_rate=1e-3, minibatches=4)

Pairs = list[tuple[int, int]]


def drawn_comparisons() -> Pairs:
    """Comparisons by Bradley-Terry raters of items whose strengths are spread like a normal distribution."""
    rng = np.random.default_rng(0)
    theta, (first, second) = rng.normal(size=ITEMS), rng.integers(ITEMS, size=(2, COMPARISONS))
    second = np.where(first == second, (first + 1) % ITEMS, second)
    better = rng.random(COMPARISONS) < 1 / (1 + np.exp(theta[second] - theta[first]))
    return list(zip(np.where(better, first, second).tolist(), np.where(better, second, first).tolist(), strict=True))


def our_strengths(pairs: Pairs) -> Array:
    winners, losers = np.fromiter(chain.from_iterable(pairs), np.int64, 2 * len(pairs)).reshape(-1, 2).T
    return fit_newton(compare(winners, losers, ITEMS).wins(), RIDGE).theta


def their_strengths(pairs: Pairs, tolerance: float = 1e-5) -> Array:
    found = choix.opt_pairwise(ITEMS, pairs, alpha=RIDGE, tol=tolerance)
    return np.asarray(found - found.mean())


def race_bradley_terry() -> None:
    pairs = drawn_comparisons()
    ours = our_strengths(pairs)
    for tolerance, most in ((1e-5, 1e-4), (1e-10, 1e-7)):
        apart = float(np.abs(ours - their_strengths(pairs, tolerance)).max())
        print(f"  strengths differ by {apart:.1e} at choix's tolerance {tolerance:.0e}")
        if not apart < most:
            raise SystemExit("the strengths differ: the race would mean nothing")
    race = Race(
        {
            "alignbook": repeat(lambda: our_strengths(pairs), 1),
            f"choix {version('choix')}": repeat(lambda: their_strengths(pairs), 1),
        },
        rounds=7,
    )
    print(f"\nBradley-Terry strengths from {COMPARISONS:,} comparisons of {ITEMS} items")
    race.show()
    race.compare("against choix", f"choix {version('choix')}", "alignbook", 200)


def repeat(call: Callable[[], object], threads: int) -> Callable[[int], object]:
    def run(times: int) -> None:
        torch.set_num_threads(threads)
        os.environ["ALIGNBOOK_THREADS"] = str(threads)
        for _ in range(times):
            call()

    return run


def even_share(_: Ids, replies: list[list[int]]) -> Array:
    """The share of even tokens in each reply, whatever was asked."""
    return np.array([sum(token % 2 == 0 for token in reply) / len(reply) for reply in replies])


def start(seed: int = 0) -> Transformer:
    return Transformer(SIZE, initial_parameters(SIZE, np.random.default_rng(seed)))


def our_rounds(prompts: Ids, threads: int) -> Callable[[int], object]:
    model = start()
    return repeat(
        lambda: train_policy(model, prompts.tolist(), even_share, ROUND, end=END, seed=0, reference=model), threads
    )


def torch_rounds(prompts: Ids, threads: int) -> Callable[[int], object]:
    model = start()
    policy, reference = (Model(SIZE, model.parameters) for _ in range(2))
    trainer = Trainer(policy, ROUND.learning_rate, weight_decay=0.0)
    asked = torch.tensor(prompts)

    def reward(replies: torch.Tensor) -> torch.Tensor:
        return (replies % 2 == 0).float().mean(1)

    return repeat(lambda: peer.grpo_round(trainer, reference, asked, reward, ROUND, END), threads)


def check_equal(prompts: Ids) -> None:
    """Stop unless loss and gradient are the same for the same replies: only then are the times comparable."""
    reference, policy, trained = start(0), start(1), start(1)
    asked = np.repeat(prompts, ROUND.samples, axis=0)
    written = sample(policy, reference, asked.tolist(), max_new_tokens=ROUND.max_new_tokens, end=END, seed=0)
    rewards = even_share(asked, written.replies)
    batch = policy_batch(written, rewards, ROUND, policy.parameters, policy)
    trained.parameters.flat[:] *= 1.02  # a step away from who wrote the replies, so that ratios are not 1
    tape, weights = Tape(), trained.parameters.variables()
    loss = grpo_objective(SIZE, ROUND.beta, ROUND.clip)(tape, weights, batch)
    tape.backward(loss.output, loss.gradient)
    ours, theirs = trained.parameters.collect_gradients(weights), torch_gradient(trained, batch)
    if not np.linalg.norm(ours - theirs) < 1e-4 * np.linalg.norm(theirs):
        raise SystemExit("the gradients differ: the race would mean nothing")


def torch_gradient(model: Transformer, batch: PolicyBatch) -> Array:
    copy = Model(SIZE, model.parameters)
    ids, targets = torch.tensor(batch.ids), torch.tensor(batch.targets)
    names = ("logprobs", "reference", "advantages", "weights")
    old, anchor, advantages, weights = (torch.tensor(np.asarray(getattr(batch, name))) for name in names)
    logprobs = peer.token_logprobs(copy, ids, targets)
    peer.grpo_loss(logprobs, old, anchor, advantages, weights, ROUND.clip, ROUND.beta).backward()
    return copy.gradient()


def race_grpo() -> None:
    prompts = np.random.default_rng(0).integers(1, SIZE.vocab_size, (PROMPTS, PROMPT))
    check_equal(prompts)
    race = Race(
        {
            "alignbook, 1 thread": our_rounds(prompts, 1),
            "PyTorch, 1 thread": torch_rounds(prompts, 1),
            "alignbook, 2 threads": our_rounds(prompts, 2),
            "PyTorch, 2 threads": torch_rounds(prompts, 2),
        }
    )
    replies = PROMPTS * ROUND.samples
    print(f"\nA round of GRPO: {replies} replies of {ROUND.max_new_tokens} tokens, {ROUND.steps_per_round} steps")
    race.show()
    for threads in ("1 thread", "2 threads"):
        race.compare(f"against PyTorch, {threads}", f"PyTorch, {threads}", f"alignbook, {threads}", 1.0)


def main() -> None:
    """Run both races; the load before them says how far to trust the times."""
    print(
        f"Python {platform.python_version()}, NumPy {np.__version__}, PyTorch {torch.__version__}, {os.cpu_count()} "
        f"cores; load average {os.getloadavg()[0]:.2f}"
    )
    torch.set_num_threads(1)
    with machine.tuned():
        race_bradley_terry()
        race_grpo()
    print(f"\nload average at the end {os.getloadavg()[0]:.2f}")


if __name__ == "__main__":
    main()
