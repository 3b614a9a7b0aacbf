"""The whole model once more, forward and backward written out by hand: no tape, no shared code with `alignbook.nn`.

Two implementations that were written apart and agree to the last digits are unlikely to be wrong in the same way. This
one is also what the tape is timed against: it writes into arrays that it allocates once, and does nothing twice.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

EPSILON, CUBIC = 1e-5, 0.044715
ROOT = math.sqrt(2 / math.pi)


@dataclass
class Kept:
    """What the walk back through a layer needs."""

    normal1: Array
    inverse1: Array
    input1: Array
    qkv: Array
    attends: Array
    mixed: Array
    normal2: Array
    inverse2: Array
    input2: Array
    active: Array
    slope: Array


class Oracle:
    """Loss and gradients of a transformer, for batches of one size.

    Parameters
    ----------
    parameters, gradients : mapping of str to array
        The parameters, by the names of `alignbook.nn.transformer`; and arrays of their shapes, which are written to.
    batch, heads : int
        How many sequences a batch holds, and how many heads a layer has. All positions are used.
    """

    def __init__(self, parameters: Mapping[str, Array], gradients: Mapping[str, Array], batch: int, heads: int) -> None:
        self.parameters, self.gradients, self.batch, self.heads = parameters, gradients, batch, heads
        self.vocabulary, self.width = parameters["tokens"].shape
        self.time = len(parameters["positions"])
        self.layers = sum(name.endswith(".qkv") for name in parameters)
        self.dtype = parameters["tokens"].dtype
        rows, width, new = batch * self.time, self.width, self._new
        self.x, self.to_x, self.branch = new(rows, width), new(rows, width), new(rows, width)
        self.scratch, self.per_row = new(rows, width), new(rows)
        self.last_normal, self.last_inverse, self.hidden = new(rows, width), new(rows), new(rows, width)
        self.logits, self.totals = new(rows, self.vocabulary), new(rows)
        self.wide, self.wide2, self.to_qkv = new(rows, 4 * width), new(rows, 4 * width), new(rows, 3 * width)
        self.to_scores = new(batch, heads, self.time, self.time)
        self.kept = [self._kept(rows) for _ in range(self.layers)]
        self.mean = np.full(width, 1 / width, self.dtype)
        self.ones = np.ones(max(rows, self.vocabulary), self.dtype)
        self.ahead = np.triu(np.full((self.time, self.time), -1e9, self.dtype), 1)

    def _new(self, *shape: int) -> Array:
        return np.empty(shape, self.dtype)

    def _kept(self, rows: int) -> Kept:
        width, new = self.width, self._new
        return Kept(
            *(new(rows, width), new(rows), new(rows, width), new(rows, 3 * width)),
            *(new(self.batch, self.heads, self.time, self.time), new(rows, width)),
            *(new(rows, width), new(rows), new(rows, width), new(rows, 4 * width), new(rows, 4 * width)),
        )

    def loss(self, ids: Array, targets: Array, weights: Array) -> float:
        """Return the weighted surprise of the targets, and write its gradient."""
        targets, weights = targets.ravel(), weights.ravel().astype(self.dtype)
        self._forward(ids)
        loss = self._head(targets, weights)
        self._backward(ids)
        return loss

    def _forward(self, ids: Array) -> None:
        p, x = self.parameters, self.x
        np.take(p["tokens"], ids.ravel(), axis=0, out=x)
        x.reshape(self.batch, self.time, self.width)[...] += p["positions"]
        for layer, kept in enumerate(self.kept):
            self._norm(x, p[f"{layer}.norm1"], kept.normal1, kept.inverse1, kept.input1)
            np.matmul(kept.input1, p[f"{layer}.qkv"], out=kept.qkv)
            self._attend(kept)
            x += np.matmul(kept.mixed, p[f"{layer}.out"], out=self.branch)
            self._norm(x, p[f"{layer}.norm2"], kept.normal2, kept.inverse2, kept.input2)
            np.matmul(kept.input2, p[f"{layer}.up"], out=self.wide)
            self._gelu(self.wide, kept)
            x += np.matmul(kept.active, p[f"{layer}.down"], out=self.branch)
        self._norm(x, p["norm"], self.last_normal, self.last_inverse, self.hidden)

    def _norm(self, x: Array, gain: Array, normal: Array, inverse: Array, out: Array) -> None:
        np.subtract(x, np.matmul(x, self.mean, out=inverse)[:, None], out=normal)
        np.vecdot(normal, normal, out=inverse)
        inverse /= self.width
        inverse += EPSILON
        np.reciprocal(np.sqrt(inverse, out=inverse), out=inverse)
        normal *= inverse[:, None]
        np.multiply(normal, gain, out=out)

    def _norm_back(self, gradient: Array, gain: str, normal: Array, inverse: Array) -> None:
        """Add the gradient of a norm's input to ``to_x``; the gradient that came in is overwritten."""
        np.multiply(gradient, normal, out=self.scratch)
        np.matmul(self.ones[: len(gradient)], self.scratch, out=self.gradients[gain])
        gradient *= self.parameters[gain]
        along = np.vecdot(gradient, normal, out=self.per_row)
        along /= self.width
        np.multiply(normal, along[:, None], out=self.scratch)
        gradient -= np.matmul(gradient, self.mean, out=self.per_row)[:, None]
        gradient -= self.scratch
        gradient *= inverse[:, None]
        self.to_x += gradient

    def _part(self, qkv: Array, which: int) -> Array:
        """Queries, keys or values, as a view (batch, heads, time, head width)."""
        return qkv.reshape(self.batch, self.time, 3, self.heads, -1)[:, :, which].transpose(0, 2, 1, 3)

    def _attend(self, kept: Kept) -> None:
        q, k, v = (self._part(kept.qkv, which) for which in range(3))
        q *= self.dtype.type(q.shape[-1] ** -0.5)
        scores = np.matmul(q, k.swapaxes(-1, -2), out=kept.attends)
        scores += self.ahead
        scores -= scores.max(axis=-1, keepdims=True)
        np.exp(scores, out=scores)
        scores /= (scores @ self.ones[: self.time])[..., None]
        mixed = kept.mixed.reshape(self.batch, self.time, self.heads, -1).transpose(0, 2, 1, 3)
        np.matmul(scores, v, out=mixed)

    def _attend_back(self, gradient: Array, kept: Kept) -> None:
        """Write ``to_qkv``; note that the queries that were kept are scaled already."""
        q, k, v = (self._part(kept.qkv, which) for which in range(3))
        to_q, to_k, to_v = (self._part(self.to_qkv, which) for which in range(3))
        shape = (self.batch, self.time, self.heads, self.width // self.heads)
        to_mixed = gradient.reshape(shape).transpose(0, 2, 1, 3)
        np.matmul(kept.attends.swapaxes(-1, -2), to_mixed, out=to_v)
        np.matmul(to_mixed, v.swapaxes(-1, -2), out=self.to_scores)
        self.to_scores -= np.vecdot(to_mixed, kept.mixed.reshape(shape).transpose(0, 2, 1, 3))[..., None]
        self.to_scores *= kept.attends
        np.matmul(self.to_scores, k, out=to_q)
        to_q *= self.dtype.type(q.shape[-1] ** -0.5)
        np.matmul(self.to_scores.swapaxes(-1, -2), q, out=to_k)

    def _gelu(self, u: Array, kept: Kept) -> None:
        """Write u g(u) and its slope g + u g', where g = (1 + tanh z) / 2, so that g' = g (1 - g) 2z'."""
        square = np.multiply(u, u, out=self.wide2)
        gate = np.multiply(square, -2 * ROOT * CUBIC, out=kept.slope)
        gate -= 2 * ROOT
        gate *= u
        np.exp(gate, out=gate)  # of -2z: then (1 + tanh z) / 2 = 1 / (1 + exp(-2z))
        gate += 1
        np.reciprocal(gate, out=gate)
        np.multiply(u, gate, out=kept.active)
        square *= 6 * ROOT * CUBIC
        square += 2 * ROOT  # 2 z'
        square *= kept.active
        np.subtract(1, gate, out=u)
        square *= u
        gate += square  # the slope: gate + u gate (1 - gate) 2 z'

    def _head(self, targets: Array, weights: Array) -> float:
        """Return the loss; leave the gradient of the last hidden rows in ``branch``, and the table's in its place."""
        table, logits, each = self.parameters["tokens"], self.logits, np.arange(len(targets))
        np.matmul(self.hidden, table.T, out=logits)
        logits -= logits.max(axis=1, keepdims=True)
        of_targets = logits[each, targets]
        np.exp(logits, out=logits)
        np.matmul(logits, self.ones[: self.vocabulary], out=self.totals)
        loss = float((np.log(self.totals) - of_targets) @ weights)
        # probabilities less one at the target, times the weights; what a row is divided by is left to the thin matrices
        logits[each, targets] -= self.totals
        factors = (weights / self.totals)[:, None]
        np.matmul(logits, table, out=self.branch)
        self.branch *= factors
        np.matmul(logits.T, np.multiply(self.hidden, factors, out=self.scratch), out=self.gradients["tokens"])
        return loss

    def _backward(self, ids: Array) -> None:
        p, g, to_x = self.parameters, self.gradients, self.to_x
        to_x[:] = 0
        self._norm_back(self.branch, "norm", self.last_normal, self.last_inverse)
        for layer, kept in reversed(list(enumerate(self.kept))):
            np.matmul(kept.active.T, to_x, out=g[f"{layer}.down"])
            to_up = np.matmul(to_x, p[f"{layer}.down"].T, out=self.wide)
            to_up *= kept.slope
            np.matmul(kept.input2.T, to_up, out=g[f"{layer}.up"])
            np.matmul(to_up, p[f"{layer}.up"].T, out=self.branch)
            self._norm_back(self.branch, f"{layer}.norm2", kept.normal2, kept.inverse2)
            np.matmul(kept.mixed.T, to_x, out=g[f"{layer}.out"])
            self._attend_back(np.matmul(to_x, p[f"{layer}.out"].T, out=self.branch), kept)
            np.matmul(kept.input1.T, self.to_qkv, out=g[f"{layer}.qkv"])
            np.matmul(self.to_qkv, p[f"{layer}.qkv"].T, out=self.branch)
            self._norm_back(self.branch, f"{layer}.norm1", kept.normal1, kept.inverse1)
        np.sum(to_x.reshape(self.batch, self.time, self.width), axis=0, out=g["positions"])
        places = (ids.reshape(-1, 1) * self.width + np.arange(self.width)).ravel()
        np.add.at(g["tokens"].reshape(-1), places, to_x.ravel())
