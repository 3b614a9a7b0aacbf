"""The model writes: one token at a time, for many prompts at once, with the keys and values of what was read kept.

To add a token, the model needs what attention looks at in all earlier ones, their keys and values, and nothing else of
them. Kept in a cache, each new token costs the work of one; without it, that of the whole text so far.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from numpy.typing import NDArray

from alignbook.nn import machine
from alignbook.nn.sampling import Sampling
from alignbook.nn.tape import Array, Ids, Tape, Var, exponentiate
from alignbook.nn.transformer import Transformer, check_ids

BATCH = 64
"""How many texts are written side by side."""


class CachedReader:
    """Reads texts bit by bit, and scores what comes next after each bit.

    Parameters
    ----------
    model : Transformer
        The model.
    batch : int
        How many texts are read side by side.
    length : int
        How long they can become.

    Attributes
    ----------
    lengths : array of int, shape (batch,)
        How much of each text was read.
    """

    def __init__(self, model: Transformer, batch: int, length: int) -> None:
        config = model.config
        self.config = config
        self.weights = model.parameters.variables(frozen=True)
        self.lengths = np.zeros(batch, np.int64)
        # One place more than a text can have: the last takes what belongs to no text, and nobody looks at it.
        shape, dtype = (config.layers, batch, config.heads), model.parameters.flat.dtype
        head_width = config.width // config.heads
        self._keys: Array = np.zeros((*shape, head_width, length + 1), dtype)  # as a product with a query wants them
        self._values: Array = np.zeros((*shape, length + 1, head_width), dtype)
        self._table: Array = np.ascontiguousarray(model.parameters["tokens"].T)  # (width, vocab_size)

    def read(self, ids: Ids, counts: NDArray[np.int64]) -> Array:
        """Read on in every text.

        Parameters
        ----------
        ids : array of int, shape (batch, time)
            What comes next; rows that get less than the longest are filled up at the end.
        counts : array of int, shape (batch,)
            How many tokens of each row count; 0 where a text is finished.

        Returns
        -------
        array, shape (batch, vocab_size)
            The logits after the last token that counts; without meaning for a text that read nothing.

        Raises
        ------
        ValueError
            If a text becomes longer than this reader was made for.
        """
        (batch, time), tape, weights = ids.shape, Tape(recording=False), self.weights
        longest, length = int((self.lengths + counts).max()), self._keys.shape[4] - 1
        if longest > length:
            raise ValueError(f"texts must be at most {length} tokens long, as this reader was made, got {longest}")
        new = np.arange(time)
        # (batch, time): the place of each new token; the last one, -1, for filling
        at = np.where(new < counts[:, None], self.lengths[:, None] + new, -1)
        last = np.arange(batch) * time + (counts - 1) % time
        x = Var((weights["tokens"].data[ids] + weights["positions"].data[at]).reshape(batch * time, -1))
        for layer in range(self.config.layers):
            qkv = tape.linear(tape.norm(x, weights[f"{layer}.norm1"]), weights[f"{layer}.qkv"]).data
            self._keep(layer, qkv, at)
            if layer == self.config.layers - 1 and time > 1:  # from here on, only the last tokens are asked about
                x, qkv, at = Var(x.data[last]), qkv[last], at.reshape(-1, 1)[last]
            x = tape.add(x, tape.linear(Var(self._attend(layer, qkv, at)), weights[f"{layer}.out"]))
            inner = tape.gelu(tape.linear(tape.norm(x, weights[f"{layer}.norm2"]), weights[f"{layer}.up"]))
            x = tape.add(x, tape.linear(inner, weights[f"{layer}.down"]))
        self.lengths += counts
        logits: Array = tape.norm(x, weights["norm"]).data @ self._table
        return logits

    def keep(self, rows: NDArray[np.int64]) -> None:
        """Go on with some of the texts only, in the order given."""
        self.lengths = self.lengths[rows]
        self._keys, self._values = self._keys[:, rows], self._values[:, rows]

    def _keep(self, layer: int, qkv: Array, at: NDArray[np.int64]) -> None:
        """Keep the keys and values of new tokens at their places."""
        batch, time = at.shape
        _, k, v = qkv.reshape(batch, time, 3, self.config.heads, -1).transpose(2, 0, 1, 3, 4)
        rows = np.arange(batch)[:, None]
        self._keys[layer][rows, :, :, at] = k  # each (batch, time, heads, head width)
        self._values[layer][rows, :, at] = v

    def _attend(self, layer: int, qkv: Array, at: NDArray[np.int64]) -> Array:
        """Let each new token look at everything up to itself; (batch * time, width)."""
        (batch, time), heads, dtype = at.shape, self.config.heads, qkv.dtype
        q = qkv[:, : self.config.width].reshape(batch, time, heads, -1).transpose(0, 2, 1, 3)
        seen = int(at.max()) + 1
        keys, values = self._keys[layer][..., :seen], self._values[layer][:, :, :seen]
        scores = q * dtype.type(q.shape[-1] ** -0.5) @ keys  # (batch, heads, time, seen)
        mask = None
        if time > 1 or at.min() + 1 < seen:  # otherwise all texts are equally long, and nothing lies ahead of any
            ahead = np.arange(seen) > np.maximum(at, 0)[..., None]  # filling looks at something, to be a number
            mask = np.where(ahead, dtype.type(-1e9), dtype.type(0))[:, None]
        exponentials = exponentiate(scores, mask)
        mixed = exponentials @ values
        mixed /= (exponentials.reshape(-1, seen) @ np.ones(seen, dtype)).reshape(*mixed.shape[:3], 1)
        rows: Array = mixed.transpose(0, 2, 1, 3).reshape(batch * time, -1)
        return rows


def generate(
    model: Transformer,
    prompts: Sequence[Sequence[int]],
    *,
    max_new_tokens: int,
    temperature: float = 1.0,
    top_k: int | None = None,
    top_p: float = 1.0,
    stop: Collection[int] = (),
    seed: int = 0,
) -> list[list[int]]:
    """Continue each prompt.

    What a prompt becomes depends on the seed and on its place in the list, not on the prompts beside it.

    Parameters
    ----------
    model : Transformer
        The model.
    prompts : sequence of sequences of int
        The tokens to continue, each from one to one less than the context.
    max_new_tokens : int
        How many tokens to add at most; a text also ends where the context is full.
    temperature, top_k, top_p
        How to choose; see `alignbook.nn.sampling.Sampling`.
    stop : collection of int
        Tokens that end a text; they are not part of what is returned.
    seed : int
        Decides every choice.

    Returns
    -------
    list of list of int
        The new tokens of each prompt.

    Raises
    ------
    ValueError
        If a prompt is empty, too long, or has an id that is no token, or a setting is out of range.
    """
    sampling = Sampling(temperature, top_k, top_p)
    if max_new_tokens < 1:
        raise ValueError(f"max_new_tokens must be >= 1, got {max_new_tokens}")
    _check_prompts(model, prompts)
    # Texts of like length stand together, so that little is filled up.
    order = sorted(range(len(prompts)), key=lambda number: len(prompts[number]))
    groups = [order[start : start + BATCH] for start in range(0, len(order), BATCH)]

    def write(group: list[int]) -> list[list[int]]:
        chances = np.zeros((len(group), max_new_tokens))
        if temperature > 0:  # otherwise nothing is left to chance
            chances[:] = [np.random.default_rng([seed, number]).random(max_new_tokens) for number in group]
        return _write(model, [prompts[number] for number in group], chances, sampling, frozenset(stop))

    texts: list[list[int]] = [[] for _ in prompts]
    with machine.tuned(), ThreadPoolExecutor(machine.cores()) as pool:
        side_by_side = pool.map if len(groups) > 1 else map  # a single group needs no thread of its own
        for group, written in zip(groups, side_by_side(write, groups), strict=True):
            for number, text in zip(group, written, strict=True):
                texts[number] = text
    return texts


def next_token_logprobs(model: Transformer, ids: Sequence[int]) -> Array:
    """Return the log-probability of every token as the next one; shape (vocab_size,).

    Raises
    ------
    ValueError
        As `generate`.
    """
    _check_prompts(model, [ids])
    logits = model.logits(np.asarray([ids]))[0, -1].astype(np.float64)
    logits -= logits.max()
    logprobs: Array = logits - np.log(np.exp(logits).sum())
    return logprobs


def _write(
    model: Transformer,
    prompts: Sequence[Sequence[int]],
    chances: NDArray[np.float64],
    sampling: Sampling,
    stop: frozenset[int],
) -> list[list[int]]:
    """Continue the prompts of one group."""
    context, (batch, steps) = model.config.context, chances.shape
    counts = np.array([len(prompt) for prompt in prompts])
    reader = CachedReader(model, batch, min(context, int(counts.max()) + steps))
    ids = np.zeros((batch, int(counts.max())), np.int64)
    for row, prompt in enumerate(prompts):
        ids[row, : len(prompt)] = prompt
    stops = np.isin(np.arange(model.config.vocab_size), list(stop))  # for each token, whether it ends a text
    written, lengths = np.zeros((batch, steps), np.int64), np.zeros(batch, np.int64)
    rows, writing = np.arange(batch), np.ones(batch, bool)  # which texts the reader still has, and which of them go on
    for step in range(steps):
        chosen = sampling.choose(reader.read(ids, counts), chances[rows, step])
        writing &= ~stops[chosen]
        written[rows, step] = chosen
        lengths[rows] += writing
        writing &= reader.lengths + 1 < context
        going = int(np.count_nonzero(writing))
        if going == 0:
            break
        if going <= len(rows) // 2:  # rather than at each end: to move what was read costs something, too
            left = np.flatnonzero(writing)
            reader.keep(left)
            rows, chosen, writing = rows[left], chosen[left], writing[left]
        ids, counts = chosen[:, None], writing.astype(np.int64)
    return [text[:length] for text, length in zip(written.tolist(), lengths.tolist(), strict=True)]


def _check_prompts(model: Transformer, prompts: Sequence[Sequence[int]]) -> None:
    for number, prompt in enumerate(prompts):
        if len(prompt) == 0:
            raise ValueError(f"prompt {number} is empty: give at least one token")
        if len(prompt) >= model.config.context:
            raise ValueError(
                f"prompt {number} must be shorter than the context, {model.config.context} tokens, got {len(prompt)}: "
                "shorten it"
            )
    if prompts:
        extremes = [[min(map(min, prompts))], [max(map(max, prompts))]]  # (2, 1): two texts of one token
        check_ids(model.config, np.array(extremes))
