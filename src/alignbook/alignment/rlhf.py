"""RLHF: write replies, have them rewarded, learn from them, and again, staying close to the reference.

One loop for three algorithms. In each *round* the policy replies to some prompts, several times each; the rewards
become advantages; and the trainer takes a few steps on these replies. What differs is how rewards become advantages
(`policy_batch`), and the objective.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from alignbook.alignment.grpo import group_advantages, grpo_objective
from alignbook.alignment.heads import ScalarModel, with_head, without_head
from alignbook.alignment.losses import check_beta, check_rewards
from alignbook.alignment.policy_gradient import leave_one_out, reinforce_objective
from alignbook.alignment.ppo import gae, penalised_rewards, ppo_objective, whitened
from alignbook.alignment.rollouts import PolicyBatch, Rollouts, sample
from alignbook.nn.parameters import Parameters
from alignbook.nn.tape import Array
from alignbook.nn.trainer import Objective, Step, Trainer, TrainingConfig
from alignbook.nn.transformer import Transformer

ALGORITHMS = ("reinforce", "ppo", "grpo")

Reward = Callable[[NDArray[np.int64], list[list[int]]], ArrayLike]
"""From the numbers of prompts and a reply to each, as tokens, to rewards: (replies,)."""


@dataclass(frozen=True)
class RLHFConfig:
    """How a policy is trained.

    Parameters
    ----------
    algorithm : {"reinforce", "ppo", "grpo"}
        How rewards become steps.
    rounds : int
        How often replies are written.
    prompts, samples : int
        How many prompts there are in a round, and replies to each; at least 2 of these.
    max_new_tokens : int
        After how many tokens a reply is cut off.
    beta : float
        What a nat of divergence costs; > 0.
    learning_rate : float
        The highest learning rate.
    epochs, minibatches : int
        How often a round's replies are gone through, and in how many parts; both 1 for REINFORCE, which may use replies
        of the present policy only.
    clip, value_weight, gamma, lam : float
        See `alignbook.alignment.ppo`.
    warmup, final : float
        See `alignbook.nn.trainer.TrainingConfig`.

    Raises
    ------
    ValueError
        If a setting is out of range or the algorithm is unknown.
    """

    algorithm: str
    rounds: int
    prompts: int
    samples: int
    max_new_tokens: int
    beta: float
    learning_rate: float
    epochs: int = 1
    minibatches: int = 1
    clip: float = 0.2
    value_weight: float = 0.5
    gamma: float = 1.0
    lam: float = 0.95
    warmup: float = 0.05
    final: float = 0.1

    def __post_init__(self) -> None:
        check_beta(self.beta)
        if self.algorithm not in ALGORITHMS:
            raise ValueError(f"algorithm must be one of {', '.join(ALGORITHMS)}, got {self.algorithm!r}")
        for name, least in (("rounds", 1), ("prompts", 1), ("samples", 2), ("epochs", 1), ("minibatches", 1)):
            if getattr(self, name) < least:
                raise ValueError(f"{name} must be >= {least}, got {getattr(self, name)}")
        if self.algorithm == "reinforce" and self.steps_per_round > 1:
            raise ValueError(
                f"reinforce must have 1 epoch and 1 minibatch, got {self.epochs} and {self.minibatches}: ppo and grpo "
                "can take several steps on the same replies"
            )
        if self.minibatches > self.prompts * self.samples:
            raise ValueError(f"minibatches must be at most the replies, {self.prompts * self.samples}, got more")

    @property
    def steps_per_round(self) -> int:
        """How many steps are taken on the same replies."""
        return self.epochs * self.minibatches

    @property
    def training(self) -> TrainingConfig:
        """How the trainer goes about it."""
        return TrainingConfig(
            self.rounds * self.steps_per_round, self.learning_rate, self.warmup, self.final, weight_decay=0.0
        )


class Round(NamedTuple):
    """What happened in a round.

    Parameters
    ----------
    number : int
        Which round it was, from 0.
    reward : float
        The mean reward of its replies.
    kl : float
        Their mean divergence from the reference, in nats a reply (k1).
    length : float
        Their mean number of tokens.
    finished : float
        The share that was not cut off.
    """

    number: int
    reward: float
    kl: float
    length: float
    finished: float


def train_policy(
    start: Transformer,
    prompts: Sequence[Sequence[int]],
    reward: Reward,
    config: RLHFConfig,
    *,
    end: int,
    seed: int,
    reference: Transformer | None = None,
    callback: Callable[[Round, Callable[[], dict[str, Array]]], object] | None = None,
    resume: dict[str, Array] | None = None,
) -> tuple[Transformer, list[Round]]:
    """Train a policy towards a reward.

    Parameters
    ----------
    start : Transformer
        Where the policy starts: the tuned model. It stays as it is.
    prompts : sequence of sequences of int
        What it is asked.
    reward : function of numbers of prompts and replies
        Rewards replies to these prompts, which end with `end` unless they were cut off.
    config : RLHFConfig
        How to train.
    end : int
        The token that ends a reply.
    seed : int
        Decides prompts and draws.
    reference : Transformer, optional
        What the policy stays close to; the start where it is not given.
    callback : function of a Round and a function, optional
        Called after the last step of every round. The function that it is given returns the state of the run.
    resume : mapping of str to array, optional
        The state of a run that was interrupted; from there on it gives the same bits.

    Returns
    -------
    Transformer, list of Round
        The trained policy, and what happened in the rounds.

    Raises
    ------
    ValueError
        If there are too few prompts, a reward is no number, or the reference has another vocabulary.
    DivergedError
        If the loss stops being a number.
    """
    if len(prompts) < config.prompts:
        raise ValueError(f"at least {config.prompts} prompts are needed for one round, got {len(prompts)}")
    anchor = reference or start
    parameters = with_head(start) if config.algorithm == "ppo" else start.parameters.copy()
    trainer = Trainer(parameters, _objective(start, config), config.training)
    policy = (
        without_head(start.config, parameters) if config.algorithm == "ppo" else Transformer(start.config, parameters)
    )
    rounds: list[Round] = []
    if resume is not None:
        trainer.restore(resume)
        rounds += [Round(int(row[0]), *map(float, row[1:])) for row in resume["rounds"]]
    waiting: list[PolicyBatch] = []

    def batch(step: int) -> PolicyBatch:
        if step % config.steps_per_round == 0:
            number = step // config.steps_per_round
            rng = np.random.default_rng([seed, number])
            asked = np.repeat(rng.choice(len(prompts), config.prompts, replace=False), config.samples)
            written = sample(
                policy,
                anchor,
                [prompts[int(at)] for at in asked],
                max_new_tokens=config.max_new_tokens,
                end=end,
                seed=int(rng.integers(2**31)),
            )
            rewards = check_rewards(reward(asked, written.replies))
            rounds.append(_record(number, written, rewards))
            whole = policy_batch(written, rewards, config, parameters, start)
            waiting[:] = [part for _ in range(config.epochs) for part in whole.minibatches(config.minibatches, rng)]
        return waiting[step % config.steps_per_round]

    def state() -> dict[str, Array]:
        return {**trainer.state(), "rounds": np.array(rounds, np.float64)}

    def after(step: Step) -> None:
        if callback is not None and (step.number + 1) % config.steps_per_round == 0:
            callback(rounds[-1], state)

    trainer.run(batch, after)
    return Transformer(start.config, policy.parameters.copy()), rounds


def policy_batch(
    written: Rollouts, rewards: Array, config: RLHFConfig, parameters: Parameters, start: Transformer
) -> PolicyBatch:
    """Turn rewarded replies into what the algorithm learns from.

    Parameters
    ----------
    written : Rollouts
        The replies: ``samples`` to each prompt, one after the other.
    rewards : array, shape (batch,)
        Their rewards.
    config : RLHFConfig
        The algorithm.
    parameters : Parameters
        Those of the policy, with its value head where it has one.
    start : Transformer
        A model of its size.
    """
    mask, groups = written.mask, (-1, config.samples)
    zeros = np.zeros_like(written.logprobs)
    values, returns = zeros, zeros
    if config.algorithm == "ppo":
        values = ScalarModel(start.config, parameters).everywhere(written.ids) * mask
        shaped = penalised_rewards(rewards, written.logratios, mask, config.beta)
        advantages, returns = gae(shaped, values, mask, config.gamma, config.lam)
        advantages, weights = whitened(advantages, mask), mask / mask.sum()
    elif config.algorithm == "grpo":
        advantages = group_advantages(rewards.reshape(groups)).reshape(-1, 1) * mask
        weights = mask / mask.sum(axis=1, keepdims=True) / len(mask)
    else:
        # The reward includes the divergence: for one reply, all its tokens together.
        net = rewards - config.beta * written.kl
        advantages = leave_one_out(net.reshape(groups)).reshape(-1, 1) * mask
        weights = mask / len(mask)
    return PolicyBatch(
        written.ids, written.targets, weights, written.logprobs, written.reference, advantages, values, returns
    )


def _objective(start: Transformer, config: RLHFConfig) -> Objective[PolicyBatch]:
    if config.algorithm == "ppo":
        return ppo_objective(start.config, config.clip, config.clip, config.value_weight)
    if config.algorithm == "grpo":
        return grpo_objective(start.config, config.beta, config.clip)
    return reinforce_objective(start.config)


def _record(number: int, written: Rollouts, rewards: Array) -> Round:
    lengths = written.mask.sum(axis=1)
    return Round(
        number, float(rewards.mean()), float(written.kl.mean()), float(lengths.mean()), float(written.finished.mean())
    )
