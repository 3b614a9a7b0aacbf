"""Choose the next token from its logits: greedily, or by chance, with the unlikely ones left out.

References
----------
A. Fan, M. Lewis and Y. Dauphin, "Hierarchical Neural Story Generation", ACL 2018: top-k. A. Holtzman, J. Buys, L. Du,
M. Forbes and Y. Choi, "The Curious Case of Neural Text Degeneration", ICLR 2020: top-p.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from alignbook.nn.tape import Array


@dataclass(frozen=True)
class Sampling:
    """How to choose.

    Parameters
    ----------
    temperature : float
        0 takes the most probable token; 1 draws as the model says; between them the probable becomes more so.
    top_k : int, optional
        Draw among this many most probable tokens only.
    top_p : float
        Draw among the fewest most probable tokens that together have this probability.

    Raises
    ------
    ValueError
        If the temperature is negative, top_k is below 1, or top_p is not in (0, 1].
    """

    temperature: float = 1.0
    top_k: int | None = None
    top_p: float = 1.0

    def __post_init__(self) -> None:
        if not self.temperature >= 0:
            raise ValueError(f"temperature must be >= 0, got {self.temperature}")
        if self.top_k is not None and self.top_k < 1:
            raise ValueError(f"top_k must be >= 1, got {self.top_k}")
        if not 0 < self.top_p <= 1:
            raise ValueError(f"top_p must be in (0, 1], got {self.top_p}")

    def choose(self, logits: Array, chances: NDArray[np.float64]) -> NDArray[np.int64]:
        """Choose a token in each row.

        Parameters
        ----------
        logits : array, shape (batch, vocab_size)
            The scores.
        chances : array of float64, shape (batch,)
            A number from [0, 1) for each row, which decides.

        Returns
        -------
        array of int, shape (batch,)
        """
        if self.temperature == 0:
            greedy: NDArray[np.int64] = logits.argmax(axis=-1)
            return greedy
        cumulative = np.cumsum(self._shares(logits), axis=-1)
        totals = cumulative[:, -1]
        # The first token whose cumulative share exceeds the chance: there always is one, also where rounding lifts
        # the product to the total.
        bounds = np.minimum((chances * totals).astype(totals.dtype), np.nextafter(totals, 0))
        chosen: NDArray[np.int64] = (cumulative > bounds[:, None]).argmax(axis=-1)
        return chosen

    def _shares(self, logits: Array) -> Array:
        """What the probabilities are in proportion to: in the type of the logits where nothing is left out."""
        if self.top_k is not None or self.top_p < 1:
            return self.probabilities(logits)
        with np.errstate(over="ignore"):  # minus infinity is right: a share of 0
            scaled: Array = logits - logits.max(axis=-1, keepdims=True)
            scaled /= max(self.temperature, 1e-30)  # no smaller: in float32 it would be 0
        np.exp(scaled, out=scaled)
        return scaled

    def probabilities(self, logits: Array) -> NDArray[np.float64]:
        """Return the probabilities that are drawn from; (batch, vocab_size), each row with the sum 1."""
        if self.temperature == 0:
            certain: NDArray[np.float64] = np.eye(logits.shape[-1])[logits.argmax(axis=-1)]
            return certain
        scaled: NDArray[np.float64] = logits.astype(np.float64) / self.temperature
        scaled -= scaled.max(axis=-1, keepdims=True)
        probabilities = np.exp(scaled)
        probabilities /= probabilities.sum(axis=-1, keepdims=True)
        if self.top_k is None and self.top_p == 1:
            return probabilities
        order = np.argsort(-probabilities, axis=-1, kind="stable")  # of equally probable tokens, the lower id is first
        ranked = np.take_along_axis(probabilities, order, axis=-1)
        before = np.cumsum(ranked, axis=-1) - ranked  # the probability of all that is more probable
        kept = before < self.top_p
        if self.top_k is not None:
            kept[:, self.top_k :] = False
        np.put_along_axis(probabilities, order, ranked * kept, axis=-1)
        probabilities /= probabilities.sum(axis=-1, keepdims=True)
        return probabilities
