"""The peer of `benchmarks.alignment`: a round of GRPO in PyTorch, as one would write it there for speed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from benchmarks._nn_torch import Model, Trainer
from torch.nn import functional

from alignbook.alignment.rlhf import RLHFConfig


def token_logprobs(model: Model, ids: Any, targets: Any) -> Any:
    """Log-probabilities of targets: (batch, time)."""
    logits = model.read(ids) @ model.weights["tokens"].T
    return -functional.cross_entropy(logits.flatten(0, 1), targets.flatten(), reduction="none").view(targets.shape)


def write(model: Model, prompts: Any, new: int, end: int) -> tuple[Any, Any]:
    """Continue prompts of one length at temperature 1, with a cache, until all have ended.

    Returns
    -------
    tensor of int, tensor of bool, each (batch, new)
        The tokens, and which of them belong to a reply: up to the one that ends it.
    """
    batch, start = prompts.shape
    cache, at, ids, chosen = model.new_cache(batch, start + new), 0, prompts, []
    ended = torch.zeros(batch, dtype=torch.bool)
    own = []
    for _ in range(new):
        logits = model.next_logits(ids, cache, at)
        at += ids.shape[1]
        ids = torch.multinomial(functional.softmax(logits, dim=-1), 1)
        chosen.append(ids)
        own.append(~ended)
        ended = ended | (ids[:, 0] == end)
        if bool(ended.all()):
            break
    return torch.cat(chosen, dim=1), torch.stack(own, dim=1)


def grpo_loss(logprobs: Any, old: Any, reference: Any, advantages: Any, weights: Any, clip: float, beta: float) -> Any:
    """Weighted sum of the clipped loss and the price of the divergence (k3), over all tokens; all (batch, time)."""
    ratio = (logprobs - old).exp()
    clipped = torch.minimum(ratio * advantages, ratio.clamp(1 - clip, 1 + clip) * advantages)
    apart = reference - logprobs
    return (weights * (beta * (apart.exp() - apart - 1) - clipped)).sum()


def grpo_round(
    trainer: Trainer, reference: Model, prompts: Any, reward: Callable[[Any], Any], config: RLHFConfig, end: int
) -> None:
    """Write replies to the prompts, have them rewarded, and learn from them."""
    policy = trainer.model
    with torch.inference_mode():
        asked = prompts.repeat_interleave(config.samples, 0)
        replies, own = write(policy, asked, config.max_new_tokens, end)
        text = torch.cat([asked, replies], dim=1)
        ids, targets = text[:, :-1], text[:, 1:]
        old, anchor = (token_logprobs(model, ids, targets) for model in (policy, reference))
        groups = reward(replies).view(-1, config.samples)
        advantages = (groups - groups.mean(1, keepdim=True)) / (groups.std(1, keepdim=True) + 1e-4)
        mask = torch.zeros(targets.shape)
        mask[:, -replies.shape[1] :] = own.float()
        weights = mask / mask.sum(1, keepdim=True) / len(mask)
    for _ in range(config.epochs):
        for part in torch.randperm(len(ids)).chunk(config.minibatches):
            logprobs = token_logprobs(policy, ids[part], targets[part])
            loss = grpo_loss(
                logprobs,
                old[part],
                anchor[part],
                advantages.view(-1, 1)[part],
                weights[part] * config.minibatches,
                config.clip,
                config.beta,
            )
            trainer.descend(loss)
