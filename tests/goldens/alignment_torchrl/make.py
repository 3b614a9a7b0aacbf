"""Make torchrl.json: generalised advantages, and PPO's losses with their gradients, by TorchRL.

TorchRL's loss module asks an actor for log-probabilities and a critic for values; here both hand out what they were
given, so that PyTorch's gradients with respect to these can be taken. It knows no prompts: rows are replies of full
length. The project does not need TorchRL, so run this in an environment of its own (the file was made with torchrl
0.14.1, tensordict 0.15.3 and torch 2.13.0)::

    python -m venv peers && peers/bin/pip install torch==2.13.0 torchrl==0.14.1
    peers/bin/python tests/goldens/alignment_torchrl/make.py
"""

import json
from importlib import import_module
from pathlib import Path
from typing import Any, ClassVar

torch = import_module("torch")  # by name, because the project is type-checked without them
nn = import_module("tensordict.nn")
objectives = import_module("torchrl.objectives")
functional = import_module("torchrl.objectives.value.functional")
tensordict = import_module("tensordict")

CLIP, VALUE_CLIP, VALUE_WEIGHT, GAMMA, LAM = 0.2, 0.25, 0.5, 0.97, 0.9


class Given(torch.distributions.Distribution):  # type: ignore[misc, name-defined]
    """A distribution whose log-probabilities are known beforehand."""

    arg_constraints: ClassVar[dict[str, Any]] = {}

    def __init__(self, logprobs: Any) -> None:
        super().__init__(batch_shape=logprobs.shape, validate_args=False)
        self.logprobs = logprobs

    def log_prob(self, _: Any) -> Any:
        """Return them."""
        return self.logprobs


def advantages(rewards: Any, values: Any) -> tuple[Any, Any]:
    """Of whole replies: each row ends with its last token."""
    done = torch.zeros(rewards.shape, dtype=torch.bool)
    done[:, -1] = True
    following = torch.cat([values[:, 1:], torch.zeros(len(values), 1)], dim=1)
    columns = (each.unsqueeze(-1) for each in (values, following, rewards, done))
    found, returns = functional.generalized_advantage_estimate(GAMMA, LAM, *columns)
    return found.squeeze(-1), returns.squeeze(-1)


def losses(logprobs: Any, old: Any, better: Any, values: Any, before: Any, returns: Any) -> dict[str, Any]:
    """Losses of all tokens, and the gradients of their sums."""
    logprobs.requires_grad_()
    values.requires_grad_()
    same = nn.TensorDictModule(lambda given: given.clone(), in_keys=["given"], out_keys=["logprobs"])
    chance = nn.ProbabilisticTensorDictModule(
        in_keys=["logprobs"], out_keys=["action"], distribution_class=Given, return_log_prob=True
    )
    module = objectives.ClipPPOLoss(
        nn.ProbabilisticTensorDictSequential(same, chance),
        nn.TensorDictModule(lambda given: given.clone(), in_keys=["predicted"], out_keys=["state_value"]),
        clip_epsilon=CLIP,
        entropy_bonus=False,
        critic_coeff=VALUE_WEIGHT,
        loss_critic_type="l2",
        clip_value=VALUE_CLIP,
        reduction="none",
    )
    count = (logprobs.numel(),)
    row = {"given": logprobs.flatten(), "action": torch.zeros(count), "action_log_prob": old.flatten()}
    column = {"advantage": better, "predicted": values, "state_value": before, "value_target": returns}
    found = module(tensordict.TensorDict({**row, **{k: v.reshape(-1, 1) for k, v in column.items()}}, batch_size=count))
    result: dict[str, Any] = {}
    for name, key, variable in (("policy", "loss_objective", logprobs), ("value", "loss_critic", values)):
        each = found[key].reshape(logprobs.shape)
        (gradient,) = torch.autograd.grad(each.sum(), variable)
        result[name] = {"values": each.tolist(), "gradient": gradient.tolist()}
    return result


if __name__ == "__main__":
    torch.manual_seed(1)
    torch.set_default_dtype(torch.float64)  # TorchRL makes tensors of gamma and lambda
    rewards, before, old, drift, moved = (torch.randn(4, 6) for _ in range(5))
    better, returns = advantages(rewards, before)
    logprobs, values = old + 0.3 * drift, before + 0.4 * moved
    given = {"rewards": rewards, "before": before, "old": old, "logprobs": logprobs, "values": values}
    content = {
        "settings": {"clip": CLIP, "value_clip": VALUE_CLIP, "value_weight": VALUE_WEIGHT, "gamma": GAMMA, "lam": LAM},
        "given": {name: each.tolist() for name, each in given.items()},
        "advantages": better.tolist(),
        "returns": returns.tolist(),
        **losses(logprobs, old, better, values, before, returns),
    }
    Path(__file__).with_name("torchrl.json").write_text(json.dumps(content) + "\n", encoding="utf-8")
