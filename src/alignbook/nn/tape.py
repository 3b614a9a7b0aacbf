"""The tape: eight operations that write down how to undo themselves, and the walk back that gives every gradient.

While the model computes, each operation appends its result and a *pullback* to the tape: a function that takes the
gradient of the loss with respect to the result, and adds to each input what that input contributed. `Tape.backward`
reads the tape from its end. That is all of reverse-mode differentiation; `alignbook.pretraining.tape` teaches the idea
with one operation for each call of NumPy. Here each operation is as large as its gradient allows (a whole layer norm, a
whole attention), so that a training step is a few dozen calls on large arrays and Python's own time does not matter.

Arrays are two-dimensional wherever possible: the tokens of all sequences of a batch stand below one another, in
``rows = batch * time`` rows. Operations compute in the type of their inputs: float32 in training, float64 where a test
compares gradients with finite differences.

Four habits keep NumPy fast, each worth a factor that was measured: products instead of powers (``x * x * x``, not
``x**3``), matrix products instead of `einsum`, a product with a vector of ones instead of `sum` over short rows, and no
float64 number that would turn a whole array into float64.

References
----------
A. Vaswani et al., "Attention Is All You Need", NeurIPS 2017: attention. J. L. Ba, J. R. Kiros and G. E. Hinton,
"Layer Normalization", 2016. D. Hendrycks and K. Gimpel, "Gaussian Error Linear Units (GELUs)", 2016: also for the
approximation by tanh that is used here.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.floating[Any]]
Ids = NDArray[np.integer[Any]]

EPSILON = 1e-5
"""Added to the variance in a layer norm, as PyTorch does, so that a row of equal numbers divides by no zero."""

GELU_SCALE, GELU_CUBIC = 0.7978845608028654, 0.044715
"""The constants of GELU's approximation by tanh; the first is the square root of 2/pi."""

EXP_LIMIT = 60.0
"""exp of this and of its negative, and sums of many such, are ordinary numbers in float32."""


class Var:
    """An array that takes part in a computation, and the gradient of the loss with respect to it.

    Parameters
    ----------
    data : array
        The numbers.
    frozen : bool
        Whether to save the work of a gradient that nobody wants, for weights that are not trained.

    Attributes
    ----------
    grad : array, shape of data, or None
        The gradient, after `Tape.backward`; ``None`` where the loss does not depend on this.
    """

    __slots__ = ("data", "frozen", "grad")

    def __init__(self, data: Array, frozen: bool = False) -> None:
        self.data, self.frozen = data, frozen
        self.grad: Array | None = None

    def add_gradient(self, gradient: Array) -> None:
        """Add what one use of this contributed; what is used in several places collects from each of them."""
        self.grad = gradient if self.grad is None else self.grad + gradient


class Tape:
    """Runs operations and remembers how to go back through them.

    Parameters
    ----------
    recording : bool
        ``False`` where no gradient is wanted: then nothing is kept, and memory is free again at once.

    Examples
    --------
    >>> tape, x, weight = Tape(), Var(np.array([[1.0, 2.0]])), Var(np.array([[3.0], [4.0]]))
    >>> y = tape.linear(x, weight)
    >>> tape.backward(y, np.array([[1.0]]))
    >>> y.data.tolist(), weight.grad.tolist(), x.grad.tolist()
    ([[11.0]], [[1.0], [2.0]], [[3.0, 4.0]])
    """

    def __init__(self, recording: bool = True) -> None:
        self.recording = recording
        self._steps: list[tuple[Var, Callable[[Array], None]]] = []

    def backward(self, output: Var, gradient: Array) -> None:
        """Give every Var that the output was computed from its gradient, and empty the tape.

        Parameters
        ----------
        output : Var
            Where the walk back starts; usually the log-probabilities of some targets.
        gradient : array, shape of output
            The derivative of the loss with respect to each number of the output.

        Raises
        ------
        ValueError
            If the shapes differ.
        """
        if gradient.shape != output.data.shape:
            raise ValueError(
                f"the gradient must have the shape of the output, {output.data.shape}, got {gradient.shape}"
            )
        output.grad = gradient
        while self._steps:
            result, pullback = self._steps.pop()  # popped, so that its memory is free as soon as it is used
            if result.grad is not None:
                pullback(result.grad)

    def _record(self, data: Array, pullback: Callable[[Array], None]) -> Var:
        result = Var(data)
        if self.recording:
            self._steps.append((result, pullback))
        return result

    def embedding(self, tokens: Var, positions: Var, ids: Ids) -> Var:
        """Look up a row for each token and add the row of its position.

        Parameters
        ----------
        tokens : Var, shape (vocabulary, width)
            What each token is, as numbers.
        positions : Var, shape (context, width)
            What each place in the sequence is.
        ids : array of int, shape (batch, time)
            The tokens; ``time`` is at most ``context``.

        Returns
        -------
        Var, shape (batch * time, width)
        """
        (batch, time), width = ids.shape, tokens.data.shape[1]

        def pullback(gradient: Array) -> None:
            if not positions.frozen:
                to_positions = np.zeros_like(positions.data)
                to_positions[:time] = gradient.reshape(batch, time, width).sum(axis=0)
                positions.add_gradient(to_positions)
            if not tokens.frozen:
                to_tokens = np.zeros_like(tokens.data)
                # Flat, because add.at is fast for one dimension only. A token that occurs twice gets both shares.
                places = (ids.reshape(-1, 1) * width + np.arange(width)).ravel()
                np.add.at(to_tokens.ravel(), places, gradient.ravel())
                tokens.add_gradient(to_tokens)

        rows = (tokens.data[ids] + positions.data[:time]).reshape(batch * time, width)
        return self._record(rows, pullback)

    def norm(self, x: Var, gain: Var) -> Var:
        """Bring each row to mean 0 and variance 1, and scale its columns by learned gains (layer norm without bias).

        Parameters
        ----------
        x : Var, shape (rows, width)
        gain : Var, shape (width,)

        Returns
        -------
        Var, shape (rows, width)
        """
        width = x.data.shape[1]
        mean = np.full(width, 1 / width, x.data.dtype)  # a product with it is the mean of a row
        normal = x.data - (x.data @ mean)[:, None]
        inverse_deviation = 1 / np.sqrt(np.vecdot(normal, normal) / width + EPSILON)  # (rows,)
        normal *= inverse_deviation[:, None]

        def pullback(gradient: Array) -> None:
            along_columns = gradient * normal
            if not gain.frozen:
                gain.add_gradient(np.ones(len(gradient), gradient.dtype) @ along_columns)
            gain_mean = gain.data * mean
            along = along_columns @ gain_mean  # a change along the row itself would only scale it: taken out
            level = gradient @ gain_mean  # and so is a change of its mean
            to_x = gradient * gain.data
            to_x -= normal * along[:, None]
            to_x -= level[:, None]
            to_x *= inverse_deviation[:, None]
            x.add_gradient(to_x)

        return self._record(normal * gain.data, pullback)

    def linear(self, x: Var, weight: Var) -> Var:
        """Multiply by a matrix: ``x @ weight``.

        Parameters
        ----------
        x : Var, shape (rows, inputs)
        weight : Var, shape (inputs, outputs)

        Returns
        -------
        Var, shape (rows, outputs)
        """

        def pullback(gradient: Array) -> None:
            if not weight.frozen:
                weight.add_gradient(x.data.T @ gradient)
            x.add_gradient(gradient @ weight.data.T)

        return self._record(x.data @ weight.data, pullback)

    def gelu(self, x: Var) -> Var:
        """Let large numbers pass and hold negative ones back, smoothly.

        ``x`` is multiplied by the chance that a normal number lies below it, approximated by tanh.

        Parameters
        ----------
        x : Var, any shape

        Returns
        -------
        Var, shape of x
        """
        # The share that passes is (1 + tanh z) / 2 = 1 / (1 + exp(-2z)) with z = GELU_SCALE (u + GELU_CUBIC u^3).
        u = x.data
        gate = u * u
        gate *= -2 * GELU_SCALE * GELU_CUBIC
        gate -= 2 * GELU_SCALE
        gate *= u  # -2z
        with np.errstate(over="ignore"):  # infinity is right: nothing passes
            np.exp(gate, out=gate)
        gate += 1
        np.reciprocal(gate, out=gate)
        passed = u * gate

        def pullback(gradient: Array) -> None:
            slope = u * u
            slope *= 6 * GELU_SCALE * GELU_CUBIC
            slope += 2 * GELU_SCALE  # the derivative of 2z
            slope *= passed
            slope *= 1 - gate
            slope += gate
            slope *= gradient
            x.add_gradient(slope)

        return self._record(passed, pullback)

    def attention(self, qkv: Var, batch: int, heads: int) -> Var:
        """Let each token take a mean of what it and the tokens before it hold, weighted by how well key fits query.

        Parameters
        ----------
        qkv : Var, shape (batch * time, 3 * width)
            Queries, keys and values of all heads, side by side: ``softmax(q k^T / sqrt(head width)) v``.
        batch : int
            How many sequences the rows hold; ``batch * time`` rows.
        heads : int
            How many heads; each works on ``width / heads`` columns.

        Returns
        -------
        Var, shape (batch * time, width)
        """
        rows, triple = qkv.data.shape
        time, head_width, dtype = rows // batch, triple // (3 * heads), qkv.data.dtype
        scale = dtype.type(head_width**-0.5)
        q, k, v = _split_heads(qkv.data, batch, heads)  # each (batch, heads, time, head_width)
        scores = (q * scale) @ k.swapaxes(-1, -2)  # (batch, heads, time, time)
        exponentials = exponentiate(scores, _causal_mask(time, dtype))
        # The probabilities are exponentials / totals. What a row is divided by is left to the thin matrices beside it.
        totals = (exponentials @ np.ones(time, dtype)).swapaxes(-1, -2)[..., None]  # (batch, time, heads, 1)
        mixed = np.empty((batch, time, heads, head_width), dtype)
        np.matmul(exponentials, v, out=mixed.transpose(0, 2, 1, 3))
        mixed /= totals

        def pullback(gradient: Array) -> None:
            to_sums = gradient.reshape(batch, time, heads, head_width) / totals
            # The probabilities of a row add up to one: what would lift all of them alike is taken out.
            along = np.vecdot(to_sums, mixed).swapaxes(-1, -2)[..., None]  # (batch, heads, time, 1)
            to_sums = to_sums.transpose(0, 2, 1, 3)
            to_qkv = np.empty((rows, triple), dtype)
            to_q, to_k, to_v = _split_heads(to_qkv, batch, heads)
            np.matmul(exponentials.swapaxes(-1, -2), to_sums, out=to_v)
            to_scores = to_sums @ v.swapaxes(-1, -2)
            to_scores -= along
            to_scores *= exponentials
            np.matmul(to_scores, k * scale, out=to_q)
            np.matmul(to_scores.swapaxes(-1, -2), q * scale, out=to_k)
            qkv.add_gradient(to_qkv)

        return self._record(mixed.reshape(rows, heads * head_width), pullback)

    def add(self, x: Var, y: Var, scale: float = 1.0) -> Var:
        """Add a branch to the stream it branched from: ``x + scale * y``.

        Parameters
        ----------
        x, y : Var, of one shape
        scale : float
            How much the branch counts; LoRA uses it.

        Returns
        -------
        Var, of the same shape
        """

        def pullback(gradient: Array) -> None:
            x.add_gradient(gradient)
            y.add_gradient(gradient if scale == 1 else gradient * scale)

        return self._record(x.data + (y.data if scale == 1 else y.data * scale), pullback)

    def target_logprobs(self, hidden: Var, table: Var, targets: Ids) -> Var:
        """Log-probability that the model gives each target: the one operation that every kind of training shares.

        Pretraining and fine-tuning weigh these numbers, DPO compares sums of them, RLHF multiplies each by an
        advantage: what differs is only the gradient that comes in from above.

        Parameters
        ----------
        hidden : Var, shape (rows, width)
            What the model computed for each place.
        table : Var, shape (vocabulary, width)
            A row for each token; the logits are its products with the hidden rows.
        targets : array of int, shape (rows,)
            The tokens asked about.

        Returns
        -------
        Var, shape (rows,)
            Natural logarithms, at most 0.
        """
        each = np.arange(len(targets))
        logits = hidden.data @ table.data.T  # (rows, vocabulary)
        if not _fits_exp(logits):
            logits -= logits.max(axis=-1, keepdims=True)  # changes no probability
        of_targets = logits[each, targets]
        exponentials = np.exp(logits, out=logits)
        totals = exponentials @ np.ones(exponentials.shape[1], exponentials.dtype)

        def pullback(gradient: Array) -> None:
            # The derivative with respect to the logits: one at the target, less the probabilities. What a whole row
            # is multiplied by, -gradient / totals, is left to the thin matrices beside this wide one.
            exponentials[each, targets] -= totals
            factors = (-gradient / totals)[:, None]
            if not table.frozen:
                table.add_gradient(exponentials.T @ (hidden.data * factors))
            to_hidden = exponentials @ table.data
            to_hidden *= factors
            hidden.add_gradient(to_hidden)

        logprobs = of_targets - np.log(totals)
        return self._record(np.minimum(logprobs, 0, out=logprobs), pullback)  # where rounding would lift one above 0


def _split_heads(qkv: Array, batch: int, heads: int) -> tuple[Array, Array, Array]:
    """Views of queries, keys and values, each (batch, heads, time, head_width), of (batch * time, 3 * width)."""
    rows, triple = qkv.shape
    shaped = qkv.reshape(batch, rows // batch, 3, heads, triple // (3 * heads))
    q, k, v = shaped.transpose(2, 0, 3, 1, 4)
    return q, k, v


def exponentiate(scores: Array, mask: Array | None) -> Array:
    """Make ``exp(scores + mask)`` in place, the numerators of a softmax over each row, and return it.

    Where a number would leave the range of exp, the greatest of each row is taken away first: that changes no
    probability.
    """
    wild = not _fits_exp(scores)
    if mask is not None:
        scores += mask
    if wild:
        scores -= scores.max(axis=-1, keepdims=True)
    return np.exp(scores, out=scores)


def _fits_exp(scores: Array) -> bool:
    """Whether exp of these neither overflows nor vanishes; looking costs a third of making them fit."""
    return bool(scores.max() < EXP_LIMIT and scores.min() > -EXP_LIMIT)


@lru_cache(maxsize=64)
def _causal_mask(time: int, dtype: np.dtype[np.floating[Any]]) -> Array:
    """Zeros where a token may look, and very negative numbers where it would look ahead; (time, time)."""
    return np.triu(np.full((time, time), -1e9, dtype), 1)
