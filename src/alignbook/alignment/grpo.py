"""GRPO: PPO without a value head. The other replies to the same prompt say what was to be expected.

References
----------
Z. Shao et al., "DeepSeekMath: Pushing the Limits of Mathematical Reasoning in Open Language Models", 2024, equations 3
and 4. Z. Liu et al., "Understanding R1-Zero-Like Training: A Critical Perspective", 2025: what dividing by the standard
deviation does to easy and hard prompts.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from alignbook.alignment.kl import k3_loss
from alignbook.alignment.losses import Floats, Losses, check_beta, check_rewards
from alignbook.alignment.policy_gradient import policy_objective
from alignbook.alignment.ppo import clipped_loss
from alignbook.alignment.rollouts import PolicyBatch
from alignbook.nn.trainer import Objective
from alignbook.nn.transformer import TransformerConfig


def group_advantages(rewards: ArrayLike, scaled: bool = True, epsilon: float = 1e-4) -> Floats:
    """Return advantages within each group: rewards less their mean, over their standard deviation.

    Parameters
    ----------
    rewards : array, shape (prompts, samples)
        The rewards of two or more replies to each prompt.
    scaled : bool
        Whether to divide by the standard deviation (of the sample, with n - 1).
    epsilon : float
        Added to it, so that a group whose rewards are all alike has advantages of 0.

    Returns
    -------
    array of float64, shape (prompts, samples)

    Raises
    ------
    ValueError
        If there is one sample only, or a reward is no number.

    Examples
    --------
    >>> group_advantages([[1.0, 0.0], [5.0, 5.0]], epsilon=0.0001).round(2).tolist()
    [[0.71, -0.71], [0.0, 0.0]]
    """
    found = check_rewards(rewards)
    if found.ndim != 2 or found.shape[1] < 2:
        raise ValueError(f"rewards must have a shape (prompts, samples) with 2 samples or more, got {found.shape}")
    centred = found - found.mean(axis=1, keepdims=True)
    spread = found.std(axis=1, ddof=1, keepdims=True) + epsilon if scaled else 1.0
    return np.asarray(centred / spread, np.float64)


def grpo_loss(
    logprobs: ArrayLike, old: ArrayLike, reference: ArrayLike, advantages: ArrayLike, clip: float, beta: float
) -> Losses:
    """Return GRPO's loss of tokens: PPO's clipped loss, and beta times k3 of the divergence from the reference.

    Parameters
    ----------
    logprobs, old, reference : array
        Log-probabilities of tokens under the policy, under the one that wrote them, and under the reference.
    advantages : array, of the same shape
        As `group_advantages`, the same for every token of a reply.
    clip : float
        See `alignbook.alignment.ppo.clipped_loss`.
    beta : float
        What a nat of divergence costs; > 0.

    Returns
    -------
    Losses
        Slopes with respect to the policy's log-probabilities.

    Raises
    ------
    ValueError
        If clip or beta is not > 0.
    """
    check_beta(beta)
    clipped, price = clipped_loss(logprobs, old, advantages, clip), k3_loss(logprobs, reference)
    return Losses(clipped.values + beta * price.values, clipped.slopes + beta * price.slopes)


def grpo_objective(
    config: TransformerConfig, beta: float, clip: float = 0.2, lora_scale: float = 1.0
) -> Objective[PolicyBatch]:
    """Return the objective of GRPO: `grpo_loss` of every token."""
    return policy_objective(
        config,
        lambda logprobs, batch: grpo_loss(logprobs, batch.logprobs, batch.reference, batch.advantages, clip, beta),
        lora_scale,
    )
