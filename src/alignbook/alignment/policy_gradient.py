"""REINFORCE: make what was rewarded above expectation more probable, and the rest less.

The gradient of the expected reward is the mean over sampled replies of ``A * grad log pi(y)``. Any baseline that does
not depend on the reply itself may be taken off the reward: it changes nothing on average, and takes away most of the
noise.

References
----------
R. J. Williams, "Simple Statistical Gradient-Following Algorithms for Connectionist Reinforcement Learning", Machine
Learning 8, 1992. W. Kool, H. van Hoof and M. Welling, "Buy 4 REINFORCE Samples, Get a Baseline for Free!", ICLR 2019
workshop, and A. Ahmadian et al., "Back to Basics: Revisiting REINFORCE-Style Optimization for Learning from Human
Feedback in LLMs", ACL 2024: the other samples of the same prompt as the baseline.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import ArrayLike

from alignbook.alignment.losses import Floats, Losses, check_rewards, weighted
from alignbook.alignment.rollouts import PolicyBatch
from alignbook.nn.tape import Array, Tape, Var
from alignbook.nn.trainer import Loss, Objective
from alignbook.nn.transformer import TransformerConfig, hidden_states


def reinforce_loss(logprobs: ArrayLike, advantages: ArrayLike) -> Losses:
    """Return REINFORCE's loss of tokens or replies: ``-A log pi``.

    Parameters
    ----------
    logprobs : array
        Log-probabilities under the policy, which also drew what they belong to.
    advantages : array, of the same shape
        How much better each was than expected.

    Returns
    -------
    Losses
        Slopes with respect to the log-probabilities.
    """
    better = np.asarray(advantages, np.float64)
    return Losses(-better * np.asarray(logprobs, np.float64), -better)


def leave_one_out(rewards: ArrayLike) -> Floats:
    """Return advantages over the mean reward of the *other* replies to the same prompt.

    Parameters
    ----------
    rewards : array, shape (prompts, samples)
        The rewards of two or more replies to each prompt.

    Returns
    -------
    array of float64, shape (prompts, samples)

    Raises
    ------
    ValueError
        If there is one sample only, or a reward is no number.

    Examples
    --------
    >>> leave_one_out([[1.0, 0.0, 0.0]]).tolist()
    [[1.0, -0.5, -0.5]]
    """
    found = check_rewards(rewards)
    if found.ndim != 2 or found.shape[1] < 2:
        raise ValueError(f"rewards must have a shape (prompts, samples) with 2 samples or more, got {found.shape}")
    samples = found.shape[1]
    return np.asarray((found - found.mean(axis=1, keepdims=True)) * (samples / (samples - 1)), np.float64)


def policy_objective(
    config: TransformerConfig, losses: Callable[[Array, PolicyBatch], Losses], lora_scale: float = 1.0
) -> Objective[PolicyBatch]:
    """Return the objective of a policy without a value head.

    Parameters
    ----------
    config : TransformerConfig
        The size of the model.
    losses : function of log-probabilities, shape (batch, time), and the batch
        Returns a loss for each token.
    lora_scale : float
        How much adapters count, where there are any.
    """

    def objective(tape: Tape, weights: Mapping[str, Var], batch: PolicyBatch) -> Loss:
        hidden = hidden_states(tape, config, weights, batch.ids, lora_scale)
        logprobs = tape.target_logprobs(hidden, weights["tokens"], batch.targets.ravel())
        return weighted(losses(logprobs.data.reshape(batch.ids.shape), batch), batch.weights, logprobs)

    return objective


def reinforce_objective(config: TransformerConfig, lora_scale: float = 1.0) -> Objective[PolicyBatch]:
    """Return the objective of REINFORCE: `reinforce_loss` of every token, with the batch's advantages."""
    return policy_objective(config, lambda logprobs, batch: reinforce_loss(logprobs, batch.advantages), lora_scale)
