"""The peer of `benchmarks.nn`: the same transformer in PyTorch, as one would write it there for speed."""

from __future__ import annotations

from typing import Any

import torch
from torch.nn import functional

from alignbook.nn.parameters import Parameters
from alignbook.nn.tape import Array
from alignbook.nn.transformer import TransformerConfig

MATRICES = ("qkv", "out", "up", "down")


class Model:
    """The transformer of `alignbook.nn`, from PyTorch's fused functions, with the same parameters.

    Parameters
    ----------
    config : TransformerConfig
        The size.
    parameters : Parameters
        What it starts from.
    """

    def __init__(self, config: TransformerConfig, parameters: Parameters) -> None:
        self.config = config
        self.weights: dict[str, Any] = {}
        for name, array in parameters.items():
            # functional.linear takes (outputs, inputs), and is at its fastest with that
            stored = array.T.copy() if name.endswith(MATRICES) else array.copy()
            self.weights[name] = torch.tensor(stored, requires_grad=True)

    def gradient(self) -> Array:
        """What `backward` left, as one vector in the order and layout of `Parameters`."""
        found = Parameters(self.config.shapes)
        for name, array in found.items():
            gradient = self.weights[name].grad.numpy()
            array[...] = gradient.T if name.endswith(MATRICES) else gradient
        return found.flat

    def loss(self, ids: Any, targets: Any) -> Any:
        """Mean surprise of the targets; ids and targets have the shape (batch, time)."""
        logits = self.read(ids) @ self.weights["tokens"].T
        return functional.cross_entropy(logits.flatten(0, 1), targets.flatten())

    def next_logits(self, ids: Any, cache: list[Any], start: int) -> Any:
        """Read on, and score what comes next; the cache holds keys and values of each layer, and is filled here."""
        hidden = self.read(ids, cache, start)[:, -1]
        return hidden @ self.weights["tokens"].T

    def read(self, ids: Any, cache: list[Any] | None = None, start: int = 0) -> Any:
        """What stands for each token at the end: (batch, time, width); goes on from a cache where there is one."""
        weights, width = self.weights, self.config.width
        x = functional.embedding(ids, weights["tokens"]) + weights["positions"][start : start + ids.shape[1]]
        for layer in range(self.config.layers):
            normal = functional.layer_norm(x, (width,), weights[f"{layer}.norm1"])
            x = x + functional.linear(self._attend(normal, layer, cache, start), weights[f"{layer}.out"])
            normal = functional.layer_norm(x, (width,), weights[f"{layer}.norm2"])
            inner = functional.gelu(functional.linear(normal, weights[f"{layer}.up"]), approximate="tanh")
            x = x + functional.linear(inner, weights[f"{layer}.down"])
        return functional.layer_norm(x, (width,), weights["norm"])

    def _attend(self, x: Any, layer: int, cache: list[Any] | None, start: int) -> Any:
        batch, time, width = x.shape
        qkv = functional.linear(x, self.weights[f"{layer}.qkv"])
        q, k, v = qkv.view(batch, time, 3, self.config.heads, -1).permute(2, 0, 3, 1, 4)
        if cache is not None:
            keys, values = cache[layer]
            keys[:, :, start : start + time], values[:, :, start : start + time] = k, v
            k, v = keys[:, :, : start + time], values[:, :, : start + time]
        mixed = functional.scaled_dot_product_attention(q, k, v, is_causal=time > 1)
        return mixed.transpose(1, 2).reshape(batch, time, width)

    def new_cache(self, batch: int, length: int) -> list[Any]:
        """Room for the keys and values of texts up to a length."""
        shape = (batch, self.config.heads, length, self.config.width // self.config.heads)
        return [(torch.zeros(shape), torch.zeros(shape)) for _ in range(self.config.layers)]


class Trainer:
    """AdamW in one kernel, decay on the matrices only, a limit on the gradient's length.

    Parameters
    ----------
    model : Model
        What is trained.
    learning_rate : float
        The rate, the same in every step.
    weight_decay : float
        How much is taken away from the matrices.
    """

    def __init__(self, model: Model, learning_rate: float, weight_decay: float = 0.1) -> None:
        self.model = model
        self.parameters = list(model.weights.values())
        groups = [
            {"params": [each for each in self.parameters if each.ndim > 1], "weight_decay": weight_decay},
            {"params": [each for each in self.parameters if each.ndim == 1], "weight_decay": 0.0},
        ]
        self.optimiser = torch.optim.AdamW(groups, lr=learning_rate, betas=(0.9, 0.95), fused=True)

    def step(self, ids: Any, targets: Any) -> float:
        """Take one step of pretraining; returns the loss before it."""
        return self.descend(self.model.loss(ids, targets))

    def descend(self, loss: Any) -> float:
        """Take one step against the gradient of a loss; returns the loss."""
        self.optimiser.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.parameters, 1.0)
        self.optimiser.step()
        return float(loss.item())


def generate(model: Model, ids: Any, new: int) -> Any:
    """Continue texts of one length by the most probable tokens, with a cache; returns (batch, new)."""
    batch, start = ids.shape
    cache, at, chosen = model.new_cache(batch, start + new), 0, []
    with torch.inference_mode():
        for _ in range(new):
            logits = model.next_logits(ids, cache, at)
            at += ids.shape[1]
            ids = logits.argmax(dim=-1, keepdim=True)
            chosen.append(ids)
    return torch.cat(chosen, dim=1)
