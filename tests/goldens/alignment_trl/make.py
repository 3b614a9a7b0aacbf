"""Make trl.json: losses and gradients of DPO, IPO, robust DPO and GRPO by TRL's own trainers.

Their loss functions are called as they are, on trainers that were never set up and a model that only hands out the
log-probabilities it was given, so that PyTorch's gradients with respect to these can be taken. TRL divides IPO's
log-probabilities by the lengths of replies. It knows no conservative DPO. The project does not need TRL, so run this in
an environment of its own (the file was made with trl 1.16.0 and torch 2.13.0)::

    python -m venv peers && peers/bin/pip install torch==2.13.0 trl
    peers/bin/python tests/goldens/alignment_trl/make.py
"""

import json
from collections import defaultdict
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace
from typing import Any

torch = import_module("torch")  # by name, because the project is type-checked without them
trl = import_module("trl")

BETA, NOISE, CLIP = 0.3, 0.15, 0.2
ACCELERATOR = SimpleNamespace(
    device="cpu",
    num_processes=1,
    gather=lambda tensor: tensor,
    gather_for_metrics=lambda tensor: tensor,
    reduce=lambda tensor, reduction: tensor,
)


def masks(rows: int, time: int) -> Any:
    """Replies of 1 to `time` tokens, at the ends of prompts of various lengths."""
    lengths = torch.randint(1, time - 1, (rows, 1))
    starts = (torch.rand(rows, 1) * (time - lengths)).long()
    places = torch.arange(time)
    return ((places >= starts) & (places < starts + lengths)).double()


def pairs(kind: str, mask: Any, logprobs: Any, reference: Any) -> dict[str, Any]:
    """Call DPOTrainer's loss; the first half of the rows are the chosen replies."""
    rows, time = mask.shape
    variable = logprobs.clone().requires_grad_()
    nothing = torch.zeros(rows, time, dtype=torch.float64)
    outputs = SimpleNamespace(
        log_probs=variable * mask, entropy=nothing, mean_logits=nothing, is_top1=nothing.bool(), aux_loss=None
    )
    trainer = SimpleNamespace(
        model=SimpleNamespace(training=True),
        accelerator=ACCELERATOR,
        aux_loss_enabled=False,
        ld_alpha=None,
        precompute_ref_logps=True,
        f_divergence_type="reverse_kl",
        loss_types=[kind],
        loss_weights=[1.0],
        beta=BETA,
        label_smoothing=NOISE,
        use_weighting=False,
        _metrics={"train": defaultdict(list)},
        _total_train_tokens=0,
        _tp_size=1,
    )
    sums = (reference * mask).sum(dim=1)
    first = torch.zeros(rows, 1, dtype=torch.float64)  # the token before the first target
    inputs = {
        "input_ids": torch.zeros(rows, time + 1, dtype=torch.long),
        "attention_mask": torch.ones(rows, time + 1, dtype=torch.long),
        "completion_mask": torch.cat([first, mask], dim=1),
        "ref_chosen_logps": sums[: rows // 2],
        "ref_rejected_logps": sums[rows // 2 :],
    }
    loss = trl.DPOTrainer._compute_loss(trainer, lambda **_: outputs, inputs, False)
    (gradient,) = torch.autograd.grad(loss, variable)
    return {"loss": loss.item(), "gradient": gradient.tolist()}


def grpo(rows: int = 6, time: int = 5) -> dict[str, Any]:
    """Call GRPOTrainer's loss."""
    mask = masks(rows, time)
    old, reference, drift = (torch.randn(rows, time, dtype=torch.float64) - 2 for _ in range(3))
    advantages = torch.randn(rows, dtype=torch.float64)
    logprobs = (old + 0.3 * (drift + 2)).requires_grad_()
    trainer = SimpleNamespace(
        model=SimpleNamespace(training=True),
        accelerator=ACCELERATOR,
        aux_loss_enabled=False,
        top_entropy_quantile=1.0,
        off_policy_mask_threshold=None,
        importance_sampling_level="token",
        beta=BETA,
        args=SimpleNamespace(use_bias_correction_kl=False, delta=None),
        loss_type="grpo",
        epsilon_low=CLIP,
        epsilon_high=CLIP,
        use_vllm=False,
        current_gradient_accumulation_steps=1,
        _entropy_bonus_enabled=False,
        _metrics={"train": defaultdict(list)},
        _get_per_token_logps_and_entropies=lambda *_, **__: (logprobs, torch.zeros_like(logprobs), None),
    )
    inputs = {
        "prompt_ids": torch.zeros(rows, 1, dtype=torch.long),
        "prompt_mask": torch.ones(rows, 1, dtype=torch.long),
        "completion_ids": torch.zeros(rows, time, dtype=torch.long),
        "completion_mask": mask,
        "advantages": advantages,
        "old_per_token_logps": old,
        "ref_per_token_logps": reference,
    }
    loss = trl.GRPOTrainer._compute_loss(trainer, None, inputs)
    (gradient,) = torch.autograd.grad(loss, logprobs)
    given = {"mask": mask, "old": old, "reference": reference, "advantages": advantages, "logprobs": logprobs}
    return {name: each.tolist() for name, each in given.items()} | {"loss": loss.item(), "gradient": gradient.tolist()}


if __name__ == "__main__":
    torch.manual_seed(0)
    mask = masks(10, 7)
    logprobs, reference = (-4 * torch.rand(10, 7, dtype=torch.float64) for _ in range(2))
    names = {"dpo": "sigmoid", "ipo": "ipo", "robust": "robust"}
    content = {
        "settings": {"beta": BETA, "noise": NOISE, "clip": CLIP},
        "pairs": {"mask": mask.tolist(), "logprobs": logprobs.tolist(), "reference": reference.tolist()},
        "losses": {ours: pairs(theirs, mask, logprobs, reference) for ours, theirs in names.items()},
        "grpo": grpo(),
    }
    Path(__file__).with_name("trl.json").write_text(json.dumps(content) + "\n", encoding="utf-8")
