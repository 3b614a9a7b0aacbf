"""Make losses.json: losses and gradients of DPO and its family, of PPO and of GRPO, by PyTorch's automatic gradients.

The formulas are written here a second time, from the papers and in another form than in the package: with ratios and
`torch.minimum`, sums over all later tokens for GAE, and cross-entropy for the noisy variants. Nothing but the formulas
is shared. The project does not need PyTorch, so run this in an environment of its own (the file was made with torch
2.13.0)::

    python -m venv peers && peers/bin/pip install torch==2.13.0 numpy
    peers/bin/python tests/goldens/alignment_losses/make.py
"""

import json
from importlib import import_module
from pathlib import Path
from typing import Any

torch = import_module("torch")  # by name, because the project is type-checked without it
functional = import_module("torch.nn.functional")

BETA, NOISE, CLIP, VALUE_CLIP, GAMMA, LAM = 0.3, 0.15, 0.2, 0.25, 0.97, 0.9


def graded(losses: Any, variable: Any) -> dict[str, Any]:
    """Return losses, and the gradient of their sum."""
    (gradient,) = torch.autograd.grad(losses.sum(), variable)
    return {"values": losses.tolist(), "gradient": gradient.tolist()}


def preferences() -> dict[str, Any]:
    """Losses of 12 pairs, and gradients with respect to the log-probabilities of the chosen and rejected replies."""
    logprobs = (-20 * torch.rand(12, 2, dtype=torch.float64)).requires_grad_()
    reference = -20 * torch.rand(12, 2, dtype=torch.float64)
    ratios = (logprobs - reference)[:, 0] - (logprobs - reference)[:, 1]
    both = torch.stack([BETA * ratios, torch.zeros_like(ratios)], dim=1)  # logits of a choice between two
    chosen, rejected = (functional.cross_entropy(both, torch.full((12,), label), reduction="none") for label in (0, 1))
    losses = {
        "dpo": chosen,
        "ipo": (ratios - 1 / (2 * BETA)) ** 2,
        "cdpo": (1 - NOISE) * chosen + NOISE * rejected,
        "robust": ((1 - NOISE) * chosen - NOISE * rejected) / (1 - 2 * NOISE),
    }
    results = {
        name: {
            "values": each.tolist(),
            "gradient": torch.autograd.grad(each.sum(), logprobs, retain_graph=True)[0].tolist(),
        }
        for name, each in losses.items()
    }
    return {"logprobs": logprobs.tolist(), "reference": reference.tolist(), "losses": results}


def ppo() -> dict[str, Any]:
    """GAE as a sum over all later tokens, the clipped losses of policy and values."""
    shape = (4, 7)
    mask = torch.tensor([[0, 1, 1, 1, 1, 0, 0], [0, 0, 1, 1, 1, 1, 1], [1] * 7, [0, 0, 0, 1, 0, 0, 0]]).double()
    rewards, values, old, drift = (torch.randn(shape, dtype=torch.float64) for _ in range(4))
    advantages = torch.zeros(shape, dtype=torch.float64)
    for row in range(shape[0]):
        own = mask[row].nonzero().ravel().tolist()
        for t in own:
            for further in [s for s in own if s >= t]:
                following = values[row, further + 1] if further + 1 in own else 0.0
                surprise = rewards[row, further] + GAMMA * following - values[row, further]
                advantages[row, t] += (GAMMA * LAM) ** (further - t) * surprise
    returns = advantages + values * mask
    logprobs = (old + 0.3 * drift).requires_grad_()
    ratio = (logprobs - old).exp()
    policy = -torch.minimum(ratio * advantages, ratio.clamp(1 - CLIP, 1 + CLIP) * advantages)
    predicted = (values + 0.4 * torch.randn(shape, dtype=torch.float64)).requires_grad_()
    limited = torch.maximum(torch.minimum(predicted, values + VALUE_CLIP), values - VALUE_CLIP)
    value = 0.5 * torch.maximum((predicted - returns) ** 2, (limited - returns) ** 2)
    return {
        "mask": mask.tolist(),
        "rewards": rewards.tolist(),
        "values": values.tolist(),
        "old": old.tolist(),
        "logprobs": logprobs.tolist(),
        "predicted": predicted.tolist(),
        "advantages": advantages.tolist(),
        "returns": returns.tolist(),
        "policy": graded(policy, logprobs),
        "value": graded(value, predicted),
    }


def grpo() -> dict[str, Any]:
    """Advantages of groups, and the loss of their tokens."""
    rewards = torch.randn(3, 4, dtype=torch.float64)
    rewards[2] = 1.5  # all alike
    spread, mean = torch.std_mean(rewards, dim=1, keepdim=True)
    advantages = (rewards - mean) / (spread + 1e-4)
    old, reference, drift = (torch.randn(12, 5, dtype=torch.float64) - 2 for _ in range(3))
    logprobs = (old + 0.3 * (drift + 2)).requires_grad_()
    ratio = torch.exp(logprobs - old)
    each = advantages.reshape(12, 1)
    clipped = torch.minimum(ratio * each, ratio.clamp(1 - CLIP, 1 + CLIP) * each)
    divergence = torch.exp(reference - logprobs) - (reference - logprobs) - 1
    return {
        "rewards": rewards.tolist(),
        "advantages": advantages.tolist(),
        "old": old.tolist(),
        "reference": reference.tolist(),
        "logprobs": logprobs.tolist(),
        "loss": graded(-(clipped - BETA * divergence), logprobs),
    }


if __name__ == "__main__":
    torch.manual_seed(0)
    settings = {"beta": BETA, "noise": NOISE, "clip": CLIP, "value_clip": VALUE_CLIP, "gamma": GAMMA, "lam": LAM}
    content = {"settings": settings, "preferences": preferences(), "ppo": ppo(), "grpo": grpo()}
    Path(__file__).with_name("losses.json").write_text(json.dumps(content) + "\n", encoding="utf-8")
