"""How far to trust a count: what keeps a count model from calling impossible what it has merely not seen.

A count model can ask several orders for the next word. The *uniform* distribution says that all are equally
likely; the *unigram* order answers with each word's share of the whole text, the *bigram* with its share
after the last word, the *trigram* after the last two. Longer contexts know more, and have been seen less
often. A smoothing gives each order its weight.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


class Smoothing(Protocol):
    """A rule for the weight of each order."""

    def weights(self, totals: Sequence[int], vocabulary_size: int, /) -> tuple[float, ...]:
        """Return the weight of the uniform distribution, then of each order; they sum to 1.

        Parameters
        ----------
        totals : sequence of int, one per order
            How many words were seen after the last 0, 1, 2... words of the context. An order whose total is
            0 has no answer, and gets the weight 0.
        vocabulary_size : int
            The number of tokens that can come next.
        """
        ...


@dataclass(frozen=True)
class AddK:
    """Pretend that after every context every word was seen `k` times more: ``(count + k) / (total + k |V|)``.

    This is a mixture of the share that was seen, ``count / total``, and the uniform ``1 / |V|``, in the
    proportion ``total : k |V|``. With ``k = 1`` it is Laplace's rule, with other `k` Lidstone's. It asks the
    longest context and no shorter one, so that a context seen once or twice is hardly better than none; it is
    the simplest of the many smoothings surveyed in [1]_.

    Parameters
    ----------
    k : float
        The pretended count of every word, > 0.

    Raises
    ------
    ValueError
        If `k` is not a finite number > 0.

    References
    ----------
    .. [1] S. F. Chen and J. Goodman, "An empirical study of smoothing techniques for language modeling",
       Computer Speech & Language 13, 1999.

    Examples
    --------
    >>> AddK(0.5).weights([9, 2], 4)
    (0.5, 0.0, 0.5)
    """

    k: float = 1.0

    def __post_init__(self) -> None:
        if not 0 < self.k < math.inf:
            raise ValueError(f"k must be a finite number > 0 (with 0, unseen is impossible), got {self.k}")

    def weights(self, totals: Sequence[int], vocabulary_size: int, /) -> tuple[float, ...]:
        """Weigh the longest context against the uniform distribution, ``total : k |V|``."""
        *shorter, seen = totals
        pretended = self.k * vocabulary_size
        return (pretended / (seen + pretended), *(0.0 for _ in shorter), seen / (seen + pretended))


@dataclass(frozen=True)
class Interpolated:
    """Ask every order and mix the answers by fixed weights.

    Linear interpolation of orders is due to Jelinek and Mercer [1]_, who fit the weights to held-out text.
    An order that never saw the context has no answer, so the others share its weight in their own
    proportions; before anything is read, only the uniform distribution is left.

    Parameters
    ----------
    values : tuple of float
        The weights: uniform, unigram, bigram, ... up to the model's order. None is negative, the first is
        > 0 so that no word is impossible, and they sum to 1.

    Raises
    ------
    ValueError
        If the weights break one of these rules, or (on use) if their number does not fit the order.

    References
    ----------
    .. [1] F. Jelinek and R. L. Mercer, "Interpolated estimation of Markov source parameters from sparse
       data", in Pattern Recognition in Practice, North-Holland, 1980.

    Examples
    --------
    >>> Interpolated((0.25, 0.25, 0.5)).weights([9, 0], 4)  # nothing was seen after this word
    (0.5, 0.5, 0.0)
    """

    values: tuple[float, ...]

    def __post_init__(self) -> None:
        if not self.values or min(self.values) < 0:
            raise ValueError(f"weights must be given, and none negative, got {self.values}")
        if not abs(sum(self.values) - 1) < 1e-9:
            raise ValueError(f"weights must sum to 1, got {self.values}, which sum to {sum(self.values):.6g}")
        if self.values[0] == 0:
            raise ValueError(f"the first weight must be > 0, or unseen is impossible, got {self.values}")

    def weights(self, totals: Sequence[int], _vocabulary_size: int, /) -> tuple[float, ...]:
        """Keep the weights of the orders that have an answer, scaled to sum to 1."""
        order = len(totals)
        if len(self.values) != order + 1:
            raise ValueError(f"order {order} needs {order + 1} weights, the first uniform, got {self.values}")
        uniform, *rest = self.values
        kept = [uniform, *(weight if total else 0.0 for weight, total in zip(rest, totals, strict=True))]
        scale = sum(kept)
        return tuple(weight / scale for weight in kept)
