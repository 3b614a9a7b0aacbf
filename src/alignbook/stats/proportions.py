"""Intervals for a proportion: how far the true rate may be from the share that was counted."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist


@dataclass(frozen=True)
class Interval:
    """A confidence interval.

    Parameters
    ----------
    low, high
        Its ends, in the unit of what was measured.
    """

    low: float
    high: float

    def __contains__(self, number: float) -> bool:
        return self.low <= number <= self.high


def wilson(successes: int, trials: int, confidence: float = 0.95) -> Interval:
    """Wilson's score interval for a proportion.

    It holds the rates under which the count would not be surprising: those within ``z`` standard errors of it, the
    standard error taken at the rate itself, not at the observed share. So it stays within 0 and 1, and 20 successes
    in 20 trials do not claim certainty.

    Parameters
    ----------
    successes
        How many trials succeeded.
    trials
        How many there were; at least 1.
    confidence
        How often such an interval holds the true rate, about; between 0 and 1.

    Raises
    ------
    ValueError
        If the counts or the confidence are impossible.

    References
    ----------
    E. B. Wilson, "Probable inference, the law of succession, and statistical inference", Journal of the American
    Statistical Association 22, 1927.

    Examples
    --------
    >>> interval = wilson(20, 20)
    >>> round(interval.low, 3), interval.high
    (0.839, 1.0)
    """
    if trials < 1:
        raise ValueError(f"trials must be at least 1, got {trials}")
    if not 0 <= successes <= trials:
        raise ValueError(f"successes must lie between 0 and the {trials} trials, got {successes}")
    if not 0 < confidence < 1:
        raise ValueError(f"confidence must lie between 0 and 1, got {confidence}")
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    share = successes / trials
    centre = share + z**2 / (2 * trials)
    reach = z * (share * (1 - share) / trials + z**2 / (4 * trials**2)) ** 0.5
    scale = 1 + z**2 / trials
    low = 0.0 if successes == 0 else (centre - reach) / scale
    high = 1.0 if successes == trials else (centre + reach) / scale
    return Interval(low, high)
