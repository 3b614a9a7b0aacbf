"""Experiment: RLHF and DPO have one optimum. What makes them differ in practice, one thing at a time.

Over the 25 replies to one question everything can be computed: the policy that RLHF looks for, the one that DPO finds
with endless comparisons, and both with a few. They agree to the last digits, as long as three things are equal: how
strengths are held back (the ridge), what the reward may depend on (the features), and how far one walks towards the
optimum (the steps). Each of them is then made unequal, with its control, where it is made equal again on both sides.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from alignbook.alignment.dpo import dpo_loss
from alignbook.alignment.experiments.one_question import Question, drawn_wins, question
from alignbook.alignment.kl import kl_categorical
from alignbook.alignment.losses import Floats
from alignbook.alignment.policy_gradient import leave_one_out, reinforce_loss
from alignbook.alignment.reward_model import fit_features
from alignbook.alignment.tempered import dpo_optimum, population_wins, tempered, total_variation
from alignbook.world.building import build_world

BETA = 0.5
RIDGE = 0.5
FINITE = 1000
"""How many comparisons the two are compared on."""

COUNTS = (100, 300, 1000, 3000, 10_000)
STEPS = (0, 10, 30, 100, 300, 1000, 3000, 10_000)
SEEN = 4
"""How many of the features the poorer reward model sees: the first ones."""

_DRAWS = {"tiny": 5, "book": 20}
_SAMPLES = 64
_RATE = 1.0


@dataclass(frozen=True)
class SharedOptimum:
    """How far policies are apart, in total variation (from 0 to 1).

    Parameters
    ----------
    kl : float
        How far the optimum is from the reference, in nats.
    population_dpo, population_rl : float
        DPO with endless comparisons, and a policy gradient from samples, both from the optimum.
    same_likelihood : float
        DPO and RLHF, from one finite sample of comparisons, all else equal.
    ridge, ridge_matched : float
        The same, with the same ridge on DPO's log-ratios as on RLHF's rewards; and with it turned into the same units.
    features, features_both : float
        The same, with a reward that sees a few features only; and with a policy that is held to the same form.
    steps : tuple of int
        See `STEPS`.
    rl_on_its_way, dpo_on_its_way, apart_on_the_way : tuple of float
        After each number of steps: both from the optimum they share, and from each other.
    counts : tuple of int
        See `COUNTS`.
    dpo_by_count, features_by_count, few_by_count : tuple of float
        From the optimum for the true reward, after so many comparisons: DPO, and RLHF with a reward of all features
        and of a few. Means over draws.
    """

    kl: float
    population_dpo: float
    population_rl: float
    same_likelihood: float
    ridge: float
    ridge_matched: float
    features: float
    features_both: float
    steps: tuple[int, ...]
    rl_on_its_way: tuple[float, ...]
    dpo_on_its_way: tuple[float, ...]
    apart_on_the_way: tuple[float, ...]
    counts: tuple[int, ...]
    dpo_by_count: tuple[float, ...]
    features_by_count: tuple[float, ...]
    few_by_count: tuple[float, ...]


def shared_optimum(seed: int, size: str = "book") -> SharedOptimum:
    """Compute policies by both ways, and compare.

    Parameters
    ----------
    seed : int
        The profile's.
    size : {"book", "tiny"}
        The profile's.
    """
    rng = np.random.default_rng([seed, 33])
    asked = question(build_world(seed, size), rng)
    best, endless = tempered(asked.reference, asked.rewards, BETA), population_wins(asked.rewards)
    wins, every = drawn_wins(asked, FINITE, rng), np.eye(len(best))
    few = asked.features[:, :SEEN]
    rl_path = policy_gradient_path(asked.reference, asked.rewards, rng)
    dpo_path = descent_path(asked.reference, endless / endless.sum())
    dpo, rlhf = dpo_policy(asked, wins, every, RIDGE * BETA**2), rlhf_policy(asked, wins, every, RIDGE)
    by_count = [_errors(asked, count, _DRAWS[size], best, rng) for count in COUNTS]
    return SharedOptimum(
        kl=float(kl_categorical(best, asked.reference)),
        population_dpo=total_variation(dpo_optimum(endless, asked.reference, BETA), best),
        population_rl=total_variation(rl_path[-1], best),
        same_likelihood=total_variation(
            dpo_policy(asked, wins, every, 1e-6 * BETA**2), rlhf_policy(asked, wins, every, 1e-6)
        ),
        ridge=total_variation(dpo_policy(asked, wins, every, RIDGE), rlhf),
        ridge_matched=total_variation(dpo, rlhf),
        features=total_variation(dpo, rlhf_policy(asked, wins, few, RIDGE)),
        features_both=total_variation(
            dpo_policy(asked, wins, few, RIDGE * BETA**2), rlhf_policy(asked, wins, few, RIDGE)
        ),
        steps=STEPS,
        rl_on_its_way=tuple(total_variation(rl_path[step], best) for step in STEPS),
        dpo_on_its_way=tuple(total_variation(dpo_path[step], best) for step in STEPS),
        apart_on_the_way=tuple(total_variation(rl_path[step], dpo_path[step]) for step in STEPS),
        counts=COUNTS,
        dpo_by_count=tuple(float(errors[0]) for errors in by_count),
        features_by_count=tuple(float(errors[1]) for errors in by_count),
        few_by_count=tuple(float(errors[2]) for errors in by_count),
    )


def rlhf_policy(asked: Question, wins: Floats, features: Floats, ridge: float) -> Floats:
    """Fit a reward to comparisons, and return the policy that is best for it.

    Parameters
    ----------
    asked : Question
        The question.
    wins : array, shape (replies, replies)
        The comparisons.
    features : array, shape (replies, features)
        What the reward may depend on; the identity matrix for a reward of each reply's own.
    ridge : float
        What the sum of the reward's squared weights costs.
    """
    won, lost = (np.repeat(at, wins.astype(np.int64).ravel()) for at in np.divmod(np.arange(wins.size), len(wins)))
    reward = fit_features(features[won], features[lost], ridge=ridge)
    return tempered(asked.reference, reward.rewards(features), BETA)


def dpo_policy(asked: Question, wins: Floats, features: Floats, ridge: float) -> Floats:
    """Return the policy that DPO finds: no reward anywhere, only log-ratios, by Newton's method on DPO's own loss.

    Parameters
    ----------
    asked, wins : Question; array, shape (replies, replies)
        As in `rlhf_policy`.
    features : array, shape (replies, features)
        The form of the policy: its log-ratios to the reference are a weighted sum of these.
    ridge : float
        What the sum of the squared weights costs.

    Raises
    ------
    ArithmeticError
        If the steps did not suffice.
    """
    weights = np.zeros(features.shape[1])
    for _ in range(100):
        logratios = features @ weights
        slopes = dpo_loss(np.subtract.outer(logratios, logratios), BETA).slopes
        pull = wins * slopes
        gradient = features.T @ (pull.sum(axis=1) - pull.sum(axis=0)) + 2 * ridge * weights
        bend = wins * -slopes * (BETA + slopes)  # the derivative of a slope, from the slope itself
        bend = bend + bend.T
        curvature = features.T @ (np.diag(bend.sum(axis=1)) - bend) @ features
        move = np.linalg.solve(curvature + 2 * ridge * np.eye(len(weights)), gradient)
        weights = weights - move
        if np.abs(move).max() < 1e-10:
            return tempered(asked.reference, features @ weights, 1.0)
    raise ArithmeticError(f"weights still moved by {np.abs(move).max():.2g}: raise the ridge")


def policy_gradient_path(reference: Floats, rewards: Floats, rng: np.random.Generator) -> Floats:
    """Walk towards the optimum by REINFORCE: draw replies, and make the better ones more probable.

    Returns
    -------
    array of float64, shape (steps + 1, replies)
        The policies on the way.
    """
    logits = np.log(reference)
    path = [reference]
    for step in range(STEPS[-1]):
        policy = path[-1]
        drawn = rng.choice(len(policy), _SAMPLES, p=policy)
        logprobs = np.log(policy[drawn])
        net = rewards[drawn] - BETA * (logprobs - np.log(reference[drawn]))
        slopes = reinforce_loss(logprobs, leave_one_out(net[None])[0]).slopes / _SAMPLES
        gradient = np.bincount(drawn, slopes, len(policy)) - slopes.sum() * policy
        logits = (
            logits - _RATE / (1 + step / 500) * gradient
        )  # smaller and smaller steps, so that the noise averages out
        path.append(_softmax(logits))
    return np.array(path)


def descent_path(reference: Floats, wins: Floats) -> Floats:
    """Walk towards the optimum by descending DPO's loss; returns the policies on the way, (steps + 1, replies)."""
    logits = np.log(reference)
    path = [reference]
    for _ in range(STEPS[-1]):
        logratios = logits - np.log(reference)
        pull = wins * dpo_loss(np.subtract.outer(logratios, logratios), BETA).slopes
        logits = logits - 10 * _RATE / BETA**2 * (pull.sum(axis=1) - pull.sum(axis=0))
        path.append(_softmax(logits))
    return np.array(path)


def _softmax(logits: Floats) -> Floats:
    return tempered(np.ones_like(logits), logits, 1.0)


def _errors(asked: Question, count: int, draws: int, best: Floats, rng: np.random.Generator) -> NDArray[np.float64]:
    """How far DPO, and RLHF with all features and with a few, are from the best policy: means over draws, (3,)."""
    every, few = np.eye(len(best)), asked.features[:, :SEEN]
    found = []
    for _ in range(draws):
        wins = drawn_wins(asked, count, rng)
        policies = (
            dpo_policy(asked, wins, every, RIDGE * BETA**2),
            rlhf_policy(asked, wins, asked.features, RIDGE),
            rlhf_policy(asked, wins, few, RIDGE),
        )
        found.append([total_variation(policy, best) for policy in policies])
    return np.asarray(np.mean(found, axis=0), np.float64)
