"""Best-of-n: draw n replies, keep the one with the highest reward. Nothing is trained.

References
----------
R. Nakano et al., "WebGPT: Browser-assisted question-answering with human feedback", 2021, and L. Gao, J. Schulman and
J. Hilton, "Scaling Laws for Reward Model Overoptimization", ICML 2023: the estimate for all n from one set of samples.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from alignbook.alignment.losses import Floats, check_rewards


def best(rewards: ArrayLike) -> NDArray[np.int64]:
    """Return which reply of each prompt has the highest reward; of equal ones the first.

    Parameters
    ----------
    rewards : array, shape (prompts, n)
        The rewards of n replies to each prompt.

    Raises
    ------
    ValueError
        If there are none, or one is no number.
    """
    return np.asarray(check_rewards(rewards).argmax(axis=-1), np.int64)


def expected_best(proxy: ArrayLike, gold: ArrayLike, n: int) -> Floats:
    """Estimate what the reply with the best proxy of n is worth, from more than n samples.

    Every set of n out of the samples counts equally: much less noise than cutting the samples into sets.

    Parameters
    ----------
    proxy : array, shape (prompts, samples)
        What is chosen by.
    gold : array, shape (prompts, samples)
        What the replies are worth; the proxy itself to see how far it rises.
    n : int
        From 1 to the number of samples.

    Returns
    -------
    array of float64, shape (prompts,)
        Without bias, where a tie of the proxy is decided by lot.

    Raises
    ------
    ValueError
        If the shapes differ, a reward is no number, or n is out of range.

    Examples
    --------
    >>> expected_best([[1, 2, 3]], [[10, 20, 60]], 2).tolist()  # the pairs' best: 20, 60, 60
    [46.666666666666664]
    """
    judged, worth = check_rewards(proxy), check_rewards(gold)
    if judged.shape != worth.shape or judged.ndim != 2:
        raise ValueError(f"proxy and gold must have one shape (prompts, samples), got {judged.shape}, {worth.shape}")
    samples = judged.shape[1]
    if not 1 <= n <= samples:
        raise ValueError(f"n must be from 1 to the number of samples, {samples}, got {n}")
    chances = _chance_of_rank(samples, n)
    result = np.empty(len(judged))
    for row, (scores, values) in enumerate(zip(judged, worth, strict=True)):
        order = np.argsort(scores, kind="stable")
        _, level = np.unique(scores[order], return_inverse=True)
        # Replies of one level share the chances of their ranks: a tie decided by lot.
        shared = (np.bincount(level, chances) / np.bincount(level))[level]
        result[row] = shared @ values[order]
    return result


def _chance_of_rank(samples: int, n: int) -> Floats:
    """The chance that the sample of each rank, from the lowest, is the best of n drawn without replacement."""
    # comb(rank, n - 1) / comb(samples, n) for ranks from 0, from the top down so that nothing overflows
    chances = np.zeros(samples)
    chances[-1] = n / samples
    for rank in range(samples - 1, n - 1, -1):  # comb(rank - 1, n - 1) = comb(rank, n - 1) * (rank - n + 1) / rank
        chances[rank - 1] = chances[rank] * (rank - n + 1) / rank
    return chances


def best_of_n_distribution(reference: ArrayLike, rewards: ArrayLike, n: int) -> Floats:
    """Return the exact distribution of the best of n, over finitely many replies.

    Parameters
    ----------
    reference : array, shape (replies,)
        Their probabilities when one is drawn.
    rewards : array, shape (replies,)
        Their rewards; a tie is decided by lot.
    n : int
        How many are drawn; >= 1.

    Returns
    -------
    array of float64, shape (replies,)

    Raises
    ------
    ValueError
        If the shapes differ, a reward is no number, or n is below 1.

    Examples
    --------
    >>> best_of_n_distribution([0.5, 0.5], [0.0, 1.0], 3).tolist()
    [0.125, 0.875]
    """
    ref, judged = np.asarray(reference, np.float64), check_rewards(rewards)
    if ref.shape != judged.shape or ref.ndim != 1:
        raise ValueError(f"reference and rewards must have one shape (replies,), got {ref.shape} and {judged.shape}")
    if n < 1:
        raise ValueError(f"n must be >= 1, got {n}")
    _, level = np.unique(judged, return_inverse=True)
    masses = np.bincount(level, ref)
    up_to = np.cumsum(masses)
    chosen = up_to**n - (up_to - masses).clip(0) ** n
    share = np.divide(ref, masses[level], out=np.zeros_like(ref), where=masses[level] > 0)
    return np.asarray(chosen[level] * share, np.float64)
