"""Experiment: does the fitter find a law that is known, and when can it not?

Losses are generated from two published versions of the law, with noise, and the law is fitted to them. That tests the
fitter and the choice of runs. It says nothing about which version is right, and that is disputed: from data read off
the plots of Hoffmann et al., Besiroglu et al. arrive at other constants and report that the published ones fit that
data badly and come with implausibly narrow intervals. The control is a choice of runs from which no fitter could tell
well: from 19 to 21 tokens a parameter in every run, so that models and texts only grow together.

References
----------
J. Hoffmann et al., "Training Compute-Optimal Large Language Models", 2022. T. Besiroglu, E. Erdil, M. Barnett and
J. You, "Chinchilla Scaling: A replication attempt", 2024.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from alignbook.pretraining.scaling_laws import ScalingLaw, bootstrap, fit
from alignbook.profile import Profile
from alignbook.stats.proportions import Interval

HOFFMANN = ScalingLaw(e=1.69, a=406.4, alpha=0.34, b=410.7, beta=0.28)
"""As published by Hoffmann et al."""

BESIROGLU = ScalingLaw(e=1.8172, a=482.01, alpha=0.3478, b=2085.43, beta=0.3658)
"""As estimated again by Besiroglu et al."""

PARAMETERS, TOKENS = (7e7, 1.6e10), (5e9, 5e11)
"""The smallest and the largest model and text of the runs, as in Hoffmann et al."""

TOKENS_PER_PARAMETER = (19.0, 21.0)
"""The control's runs: around the 20 that is the rule of thumb drawn from their work."""


@dataclass(frozen=True)
class ChinchillaConfig:
    """What one size of the experiment generates.

    Parameters
    ----------
    runs : int
        How many losses are generated for a fit.
    noise : float
        The standard deviation of ln(loss) around the law.
    resamples : int
        Bootstrap samples for the intervals.
    """

    runs: int
    noise: float
    resamples: int


CONFIGS = {
    "tiny": ChinchillaConfig(runs=60, noise=0.002, resamples=60),
    "book": ChinchillaConfig(runs=240, noise=0.003, resamples=200),
}


@dataclass(frozen=True)
class Recovery:
    """A law, and what a fit to losses generated from it says.

    Parameters
    ----------
    true, fitted : ScalingLaw
        The law that the losses came from, and the law that was found.
    e, alpha, beta : Interval
        95% bootstrap intervals.
    """

    true: ScalingLaw
    fitted: ScalingLaw
    e: Interval
    alpha: Interval
    beta: Interval


@dataclass(frozen=True)
class ChinchillaResult:
    """Three recoveries.

    Parameters
    ----------
    hoffmann, besiroglu : Recovery
        Of the two published laws, from runs in which models and texts vary on their own.
    in_step : Recovery
        Of Hoffmann's law, from as many runs that all lie within `TOKENS_PER_PARAMETER`.
    """

    hoffmann: Recovery
    besiroglu: Recovery
    in_step: Recovery


def chinchilla(seed: int, size: str = "book") -> ChinchillaResult:
    """Generate losses from known laws, with noise, and fit the law to them.

    Parameters
    ----------
    seed : int
        Decides the runs and their noise.
    size : {"book", "tiny"}
        How many runs; see `CONFIGS`.

    Raises
    ------
    ValueError
        If the size is unknown.
    """
    config = CONFIGS[Profile(seed, size).size]
    first, second, third = np.random.default_rng(seed).spawn(3)
    return ChinchillaResult(
        hoffmann=_recovery(HOFFMANN, config, first, in_step=False),
        besiroglu=_recovery(BESIROGLU, config, second, in_step=False),
        in_step=_recovery(HOFFMANN, config, third, in_step=True),
    )


def _recovery(law: ScalingLaw, config: ChinchillaConfig, rng: np.random.Generator, in_step: bool) -> Recovery:
    parameters = _log_uniform(PARAMETERS, config.runs, rng)
    tokens = _log_uniform(TOKENS_PER_PARAMETER if in_step else TOKENS, config.runs, rng)
    if in_step:
        tokens *= parameters
    losses = law.loss(parameters, tokens) * np.exp(config.noise * rng.standard_normal(config.runs))
    fitted = fit(parameters, tokens, losses)
    laws = bootstrap(fitted, parameters, tokens, losses, config.resamples, rng)
    numbers = np.array([(each.e, each.alpha, each.beta) for each in laws])  # (resamples, 3)
    e, alpha, beta = (Interval(float(low), float(high)) for low, high in np.percentile(numbers, (2.5, 97.5), axis=0).T)
    return Recovery(law, fitted, e, alpha, beta)


def _log_uniform(ends: tuple[float, float], count: int, rng: np.random.Generator) -> NDArray[np.float64]:
    low, high = np.log(ends)
    drawn: NDArray[np.float64] = np.exp(rng.uniform(low, high, count))
    return drawn
