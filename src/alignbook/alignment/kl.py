"""The Kullback-Leibler divergence: how far a policy has moved from the reference.

``KL(pi || pi_ref)`` is the mean, over replies that pi writes, of ``log pi(y) - log pi_ref(y)``. Nobody can sum over all
replies, so it is estimated from samples, in three ways; and for best-of-n it is known without any samples.

References
----------
J. Schulman, "Approximating KL Divergence", 2020: k1, k2 and k3. J. Hilton, "KL divergence of max-of-n", 2023, and
A. Beirami et al., "Theoretical guarantees on the best-of-n alignment policy", 2024: ``log n - (n - 1) / n`` is what
best-of-n costs where no two replies tie, and an upper bound where they do.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from alignbook.alignment.losses import Floats, Losses


def k1(logratios: ArrayLike) -> Floats:
    """Estimate by the log-ratio itself: right on average, but noisy, and often negative.

    Parameters
    ----------
    logratios : array
        ``log pi - log pi_ref`` of what was drawn from pi.
    """
    return np.asarray(logratios, np.float64)


def k2(logratios: ArrayLike) -> Floats:
    """Estimate by half the square of the log-ratio: less noise, but wrong on average, the more so the farther apart."""
    return np.asarray(np.asarray(logratios, np.float64) ** 2 / 2, np.float64)


def k3(logratios: ArrayLike) -> Floats:
    """Estimate by ``exp(-l) - 1 + l`` of the log-ratio l: right on average, never negative, mostly with little noise.

    Examples
    --------
    >>> k3([0.0]).tolist()
    [0.0]
    """
    found = np.asarray(logratios, np.float64)
    return np.asarray(np.expm1(-found) + found, np.float64)


def k3_loss(logprobs: ArrayLike, reference: ArrayLike) -> Losses:
    """Return k3 as a loss: GRPO's price on each token.

    Parameters
    ----------
    logprobs, reference : array
        The log-probabilities of tokens under the policy and under the reference.

    Returns
    -------
    Losses
        Slopes with respect to the policy's log-probabilities.
    """
    logratios = np.asarray(logprobs, np.float64) - np.asarray(reference, np.float64)
    return Losses(k3(logratios), -np.expm1(-logratios))


def kl_categorical(policy: ArrayLike, reference: ArrayLike) -> Floats:
    """Return the exact divergence of distributions over finitely many replies.

    Parameters
    ----------
    policy, reference : array, shape (..., replies)
        Probabilities; each row adds up to 1.

    Returns
    -------
    array of float64, shape (...)
        In nats; infinite where the policy does what the reference never does.

    Raises
    ------
    ValueError
        If one is negative or a row does not add up to 1.

    Examples
    --------
    >>> kl_categorical([1.0, 0.0], [0.5, 0.5]).tolist()
    0.6931471805599453
    """
    pi, ref = np.asarray(policy, np.float64), np.asarray(reference, np.float64)
    for name, found in (("policy", pi), ("reference", ref)):
        sums = found.sum(axis=-1)
        if not ((found >= 0).all() and np.allclose(sums, 1, rtol=0, atol=1e-9)):
            raise ValueError(f"{name} must be probabilities, >= 0 with the sum 1, got the sum {np.ravel(sums)[0]:g}")
    with np.errstate(divide="ignore", invalid="ignore"):
        terms = np.where(pi > 0, pi * (np.log(pi) - np.log(ref)), 0.0)
    return np.asarray(terms.sum(axis=-1), np.float64)


def kl_best_of_n(n: ArrayLike) -> Floats:
    """Return the divergence of best-of-n from what it chooses among, where no two replies have the same reward.

    Parameters
    ----------
    n : array of int
        How many replies are drawn; >= 1.

    Raises
    ------
    ValueError
        If one is below 1.

    Examples
    --------
    >>> kl_best_of_n([1, 4]).round(4).tolist()
    [0.0, 0.6363]
    """
    drawn = _check_n(n)
    return np.asarray(np.log(drawn) - (drawn - 1) / drawn, np.float64)


def kl_best_of_n_with_ties(masses: ArrayLike, n: int) -> float:
    """Return the divergence of best-of-n where replies share rewards, and a tie is decided by lot.

    A level of reward with the mass m, below which lies the mass F, is the best of n with the probability
    ``(F + m) ** n - F ** n``. Within a level nothing changes.

    Parameters
    ----------
    masses : array, shape (levels,)
        How probable each level of reward is for one reply, from the lowest to the highest.
    n : int
        How many replies are drawn; >= 1.

    Raises
    ------
    ValueError
        If n is below 1, or the masses are no probabilities.

    Examples
    --------
    >>> kl_best_of_n_with_ties([1.0], 16)  # all rewards alike: nothing to choose
    0.0
    """
    drawn, levels = float(_check_n(n)), np.asarray(masses, np.float64)
    above = np.cumsum(levels)
    chosen = above**drawn - (above - levels).clip(0) ** drawn
    return float(kl_categorical(chosen / chosen.sum(), levels))


def _check_n(n: ArrayLike) -> Floats:
    drawn = np.asarray(n, np.float64)
    if not (drawn >= 1).all():
        raise ValueError(f"n must be >= 1, got {drawn[~(drawn >= 1)].ravel()[0]:g}")
    return drawn
