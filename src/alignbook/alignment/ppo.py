"""PPO: several steps on the same replies, none of which goes too far.

A value head says, at each token, what reward is to be expected; generalised advantage estimation turns rewards and
values into an advantage for each token; and the clipped objective stops pushing a token once its probability has
changed by a share. In RLHF the price of the divergence is part of the reward, token by token.

References
----------
J. Schulman et al., "Proximal Policy Optimization Algorithms", 2017, equation 7; "High-Dimensional Continuous Control
Using Generalized Advantage Estimation", ICLR 2016, equation 16. D. M. Ziegler et al., "Fine-Tuning Language Models from
Human Preferences", 2019: the divergence in the reward.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import ArrayLike

from alignbook.alignment.heads import HEAD
from alignbook.alignment.losses import Floats, Losses, check_beta, check_rewards, weighted
from alignbook.alignment.rollouts import PolicyBatch
from alignbook.nn.tape import Tape, Var
from alignbook.nn.trainer import Loss, Objective
from alignbook.nn.transformer import TransformerConfig, hidden_states


def clipped_loss(logprobs: ArrayLike, old: ArrayLike, advantages: ArrayLike, clip: float) -> Losses:
    """Return PPO's loss: ``-min(rho A, clip(rho, 1 - clip, 1 + clip) A)`` with ``rho = pi / pi_old``.

    Parameters
    ----------
    logprobs, old : array
        Log-probabilities of tokens under the policy, and under the one that wrote them.
    advantages : array, of the same shape
        How much better each token was than expected.
    clip : float
        By which share a probability may change; > 0.

    Returns
    -------
    Losses
        Slopes with respect to the policy's log-probabilities; 0 where a step would go further in the direction that
        was limited.

    Raises
    ------
    ValueError
        If the share is not > 0.
    """
    if not clip > 0:
        raise ValueError(f"clip must be > 0, got {clip}")
    better = np.asarray(advantages, np.float64)
    ratio = np.exp(np.asarray(logprobs, np.float64) - np.asarray(old, np.float64))
    free, limited = ratio * better, np.clip(ratio, 1 - clip, 1 + clip) * better
    return Losses(-np.minimum(free, limited), np.where(free <= limited, -free, 0.0))


def value_loss(values: ArrayLike, old: ArrayLike, returns: ArrayLike, clip: float) -> Losses:
    """Return the loss of the value head: half the squared error, and no less if a value moved by more than ``clip``.

    Parameters
    ----------
    values, old : array
        What the head says, and what it said when the replies were written.
    returns : array, of the same shape
        What it should have said.
    clip : float
        How far a value may move; ``math.inf`` for any distance.

    Returns
    -------
    Losses
        Slopes with respect to the values.
    """
    now, before, target = (np.asarray(one, np.float64) for one in (values, old, returns))
    limited = before + np.clip(now - before, -clip, clip)
    free_error, limited_error = (now - target) ** 2, (limited - target) ** 2
    slopes = np.where(free_error >= limited_error, now - target, 0.0)
    return Losses(np.maximum(free_error, limited_error) / 2, slopes)


def penalised_rewards(rewards: ArrayLike, logratios: ArrayLike, mask: ArrayLike, beta: float) -> Floats:
    """Return the reward of each token: the price of the divergence, and at the last token the reply's reward.

    Parameters
    ----------
    rewards : array, shape (batch,)
        The rewards of the replies.
    logratios : array, shape (batch, time)
        ``log pi_old - log pi_ref`` of their tokens.
    mask : array, shape (batch, time)
        1 where there is a token of a reply, else 0.
    beta : float
        What a nat of divergence costs; > 0.

    Returns
    -------
    array of float64, shape (batch, time)

    Raises
    ------
    ValueError
        If beta is not > 0, a reward is no number, or a reply has no token.

    Examples
    --------
    >>> penalised_rewards([1.0], [[9.0, 0.5, 0.0, 9.0]], [[0, 1, 1, 0]], beta=0.2).tolist()
    [[0.0, -0.1, 1.0, 0.0]]
    """
    check_beta(beta)
    own = np.asarray(mask, np.float64)
    if not own.any(axis=1).all():
        raise ValueError(f"reply {np.flatnonzero(~own.any(axis=1))[0]} has no token: its mask is 0 everywhere")
    shaped = np.where(own > 0, -beta * np.asarray(logratios, np.float64), 0.0)
    last = own.shape[1] - 1 - np.argmax(own[:, ::-1], axis=1)
    shaped[np.arange(len(own)), last] += check_rewards(rewards)
    return shaped


def gae(
    rewards: ArrayLike, values: ArrayLike, mask: ArrayLike, gamma: float = 1.0, lam: float = 0.95
) -> tuple[Floats, Floats]:
    """Return generalised advantage estimates, and what the values should have been.

    The surprise of a token is ``delta_t = r_t + gamma V_{t+1} - V_t``; its advantage is the sum of the surprises from
    there on, each further one counting ``gamma * lam`` times less. After the last token nothing follows: its V is 0.

    Parameters
    ----------
    rewards, values : array, shape (batch, time)
        The reward of each token, and the value of the place where it was chosen.
    mask : array, shape (batch, time)
        1 where there is a token of a reply; these stand together.
    gamma, lam : float
        How much later rewards count, and how far the surprises are trusted; both from 0 to 1.

    Returns
    -------
    advantages, returns : array of float64, shape (batch, time)
        0 outside of the replies.

    Raises
    ------
    ValueError
        If gamma or lam is out of range.

    Examples
    --------
    >>> advantages, returns = gae([[0.0, 1.0]], [[0.5, 0.25]], [[1, 1]], gamma=1.0, lam=0.5)
    >>> advantages.tolist(), returns.tolist()
    ([[0.125, 0.75]], [[0.625, 1.0]])
    """
    for name, share in (("gamma", gamma), ("lam", lam)):
        if not 0 <= share <= 1:
            raise ValueError(f"{name} must be from 0 to 1, got {share}")
    own = np.asarray(mask, np.float64)
    gained, expected = np.asarray(rewards, np.float64) * own, np.asarray(values, np.float64) * own
    advantages = np.zeros_like(own)
    later, following = np.zeros(len(own)), np.zeros(len(own))
    for t in range(own.shape[1] - 1, -1, -1):
        surprise = gained[:, t] + gamma * following - expected[:, t]
        later = (surprise + gamma * lam * later) * own[:, t]
        advantages[:, t], following = later, expected[:, t]
    return advantages, advantages + expected


def whitened(advantages: ArrayLike, mask: ArrayLike, epsilon: float = 1e-8) -> Floats:
    """Bring the advantages of all tokens of the replies to mean 0 and variance 1; 0 elsewhere.

    Parameters
    ----------
    advantages, mask : array, shape (batch, time)
        As `gae` returns and takes them.
    epsilon : float
        Added to the standard deviation, so that equal advantages become 0.
    """
    own = np.asarray(mask) > 0
    found = np.asarray(advantages, np.float64)
    inside = found[own]
    return np.where(own, (found - inside.mean()) / (inside.std() + epsilon), 0.0)


def ppo_objective(
    config: TransformerConfig, clip: float = 0.2, value_clip: float = 0.2, value_weight: float = 0.5
) -> Objective[PolicyBatch]:
    """Return the objective of PPO for a model with a value head (`alignbook.alignment.heads`).

    Parameters
    ----------
    config : TransformerConfig
        The size of the model.
    clip, value_clip : float
        See `clipped_loss` and `value_loss`.
    value_weight : float
        How much the value's loss counts beside the policy's.
    """

    def objective(tape: Tape, weights: Mapping[str, Var], batch: PolicyBatch) -> Loss:
        hidden = hidden_states(tape, config, weights, batch.ids)
        values = tape.linear(hidden, weights[HEAD])
        logprobs = tape.target_logprobs(hidden, weights["tokens"], batch.targets.ravel())
        shape = batch.ids.shape
        policy = clipped_loss(logprobs.data.reshape(shape), batch.logprobs, batch.advantages, clip)
        value = value_loss(values.data.reshape(shape), batch.values, batch.returns, value_clip)
        on_policy = weighted(policy, batch.weights, logprobs)
        on_value = weighted(value, value_weight * batch.weights, values)
        # Two ends, one walk back: it begins at the log-probabilities, and finds this gradient waiting on its way.
        values.add_gradient(on_value.gradient)
        return Loss(on_policy.value + on_value.value, logprobs, on_policy.gradient)

    return objective
