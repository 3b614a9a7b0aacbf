"""The optimum that RLHF and DPO share: the reference, tempered by the reward.

Of all policies, ``pi(y) ~ pi_ref(y) exp(r(y) / beta)`` makes ``E[r] - beta KL(pi || pi_ref)`` largest. Over a few
replies it can be written down, and so can what DPO finds with all the comparisons in the world: its margins are
differences of ``h = beta log(pi / pi_ref)``, so that DPO is a Bradley-Terry model whose strengths are h.

References
----------
R. Rafailov et al., "Direct Preference Optimization: Your Language Model is Secretly a Reward Model", NeurIPS 2023,
equations 4 to 7.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from alignbook.alignment.bradley_terry import fit_newton
from alignbook.alignment.kl import kl_categorical
from alignbook.alignment.losses import Floats, check_beta, check_rewards, sigmoid


def tempered(reference: ArrayLike, rewards: ArrayLike, beta: float) -> Floats:
    """Return the optimum: ``reference * exp(rewards / beta)``, made to add up to 1.

    Parameters
    ----------
    reference : array, shape (..., replies)
        The reference's probabilities.
    rewards : array, shape (..., replies)
        The rewards.
    beta : float
        What a nat of divergence costs; > 0.

    Raises
    ------
    ValueError
        If beta is not > 0, or a reward is no number.

    Examples
    --------
    >>> tempered([0.5, 0.5], [0.0, np.log(3)], beta=1.0).round(3).tolist()
    [0.25, 0.75]
    """
    check_beta(beta)
    ref, judged = np.asarray(reference, np.float64), check_rewards(rewards)
    scores = judged / beta
    weights = ref * np.exp(scores - scores.max(axis=-1, keepdims=True, where=ref > 0, initial=-np.inf))
    return np.asarray(weights / weights.sum(axis=-1, keepdims=True), np.float64)


def objective(policy: ArrayLike, reference: ArrayLike, rewards: ArrayLike, beta: float) -> Floats:
    """Return what RLHF makes large: the expected reward, less beta times the divergence; shape (...)."""
    check_beta(beta)
    expected = (np.asarray(policy, np.float64) * np.asarray(rewards, np.float64)).sum(axis=-1)
    return np.asarray(expected - beta * kl_categorical(policy, reference), np.float64)


def total_variation(first: ArrayLike, second: ArrayLike) -> float:
    """Return by how much two distributions can differ about any event: half the sum of absolute differences."""
    return float(np.abs(np.asarray(first, np.float64) - np.asarray(second, np.float64)).sum() / 2)


def dpo_optimum(wins: ArrayLike, reference: ArrayLike, beta: float, ridge: float = 0.0) -> Floats:
    """Return the policy that DPO finds from comparisons of finitely many replies, if nothing restricts it.

    Parameters
    ----------
    wins : array, shape (replies, replies)
        How often the reply of the row was preferred to that of the column; fractions are fine.
    reference : array, shape (replies,)
        The reference's probabilities, all above 0.
    beta : float
        DPO's beta; > 0.
    ridge : float
        As in `alignbook.alignment.bradley_terry`; 0 is plain DPO.

    Raises
    ------
    ValueError
        If beta is not > 0, or the comparisons leave a reply without a finite strength.
    """
    check_beta(beta)
    return tempered(reference, fit_newton(wins, ridge).theta, beta)


def population_wins(rewards: ArrayLike, pairs: ArrayLike | None = None) -> Floats:
    """Return how often each reply is preferred to each other by Bradley-Terry raters, among endless comparisons.

    Parameters
    ----------
    rewards : array, shape (replies,)
        What the raters like.
    pairs : array, shape (replies, replies), optional
        How often each pair is compared; symmetric. All pairs equally often where it is not given.

    Returns
    -------
    array of float64, shape (replies, replies)
    """
    judged = check_rewards(rewards)
    how_often = 1 - np.eye(len(judged)) if pairs is None else np.asarray(pairs, np.float64)
    return np.asarray(how_often * sigmoid(np.subtract.outer(judged, judged)), np.float64)
