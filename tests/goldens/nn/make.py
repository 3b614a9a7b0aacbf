"""Make operations.npz, training.npz and lora.npz: what PyTorch and PEFT compute, for the tests in tests/nn.

The project needs neither, so run this in an environment of its own (the files were made with these versions)::

    python -m venv torch && torch/bin/pip install torch==2.13.0 peft==0.21.2 numpy
    torch/bin/python tests/goldens/nn/make.py

All numbers are float64. Matrices have the shape that they have in ``alignbook.nn``, (inputs, outputs): PyTorch's are
the transposes.
"""

from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np

torch: Any = import_module("torch")  # by name, because the project is type-checked without it
peft: Any = import_module("peft")
functional = torch.nn.functional

VOCAB_SIZE, CONTEXT, WIDTH, LAYERS, HEADS = 11, 6, 8, 2, 2
BATCH, STEPS = 4, 8
RANK, ALPHA = 2, 3
MATRICES = ("qkv", "out", "up", "down")


def attention(qkv: Any, batch: int, heads: int) -> Any:
    """Return PyTorch's own causal attention on rows of queries, keys and values."""
    q, k, v = qkv.reshape(batch, -1, 3, heads, qkv.shape[1] // 3 // heads).permute(2, 0, 3, 1, 4)
    mixed = functional.scaled_dot_product_attention(q, k, v, is_causal=True)
    return mixed.transpose(1, 2).reshape(len(qkv), -1)


class Layer(torch.nn.Module):  # type: ignore[misc]
    """One layer, with the names of alignbook's parameters."""

    def __init__(self) -> None:
        super().__init__()
        linear, norm = torch.nn.Linear, torch.nn.LayerNorm
        self.norm1, self.norm2 = norm(WIDTH, bias=False), norm(WIDTH, bias=False)
        self.qkv, self.out = linear(WIDTH, 3 * WIDTH, bias=False), linear(WIDTH, WIDTH, bias=False)
        self.up, self.down = linear(WIDTH, 4 * WIDTH, bias=False), linear(4 * WIDTH, WIDTH, bias=False)

    def forward(self, x: Any, batch: int) -> Any:
        """Change the rows of all sequences."""
        x = x + self.out(attention(self.qkv(self.norm1(x)), batch, HEADS))
        return x + self.down(functional.gelu(self.up(self.norm2(x)), approximate="tanh"))


class Model(torch.nn.Module):  # type: ignore[misc]
    """The transformer of alignbook.nn, in PyTorch's parts."""

    def __init__(self) -> None:
        super().__init__()
        self.tokens = torch.nn.Embedding(VOCAB_SIZE, WIDTH)
        self.positions = torch.nn.Embedding(CONTEXT, WIDTH)
        self.layers = torch.nn.ModuleList([Layer() for _ in range(LAYERS)])
        self.norm = torch.nn.LayerNorm(WIDTH, bias=False)

    def forward(self, ids: Any) -> Any:
        """Return the logits, (batch, time, vocabulary)."""
        x = (self.tokens(ids) + self.positions.weight[: ids.shape[1]]).reshape(-1, WIDTH)
        for layer in self.layers:
            x = layer(x, len(ids))
        return (self.norm(x) @ self.tokens.weight.T).reshape(*ids.shape, VOCAB_SIZE)


def named(model: Any, gradients: bool = False) -> dict[str, Any]:
    """Return parameters or their gradients by alignbook's names, as arrays."""
    found = {}
    for name, parameter in model.named_parameters():
        tensor = (parameter.grad if gradients else parameter).detach()
        short = name.removeprefix("layers.").removesuffix(".weight")
        found[short] = (tensor.T if short.endswith(MATRICES) else tensor).numpy().copy()
    return found


def random_model(rng: np.random.Generator) -> Any:
    """Return a model whose parameters are random and large enough for every part to matter."""
    model = Model().double()
    for _, parameter in model.named_parameters():
        parameter.data[:] = torch.tensor(rng.normal(size=parameter.shape) * 0.4 + (parameter.ndim == 1))
    return model


def random_batch(rng: np.random.Generator) -> tuple[Any, Any, Any]:
    """Return ids, targets and weights; a third of the weights is 0, and their sum is 1."""
    ids, targets = (torch.tensor(rng.integers(VOCAB_SIZE, size=(BATCH, CONTEXT))) for _ in range(2))
    weights = torch.tensor(rng.random((BATCH, CONTEXT)) * (rng.random((BATCH, CONTEXT)) > 1 / 3))
    return ids, targets, weights / weights.sum()


def target_logprobs(logits: Any, targets: Any) -> Any:
    """Return the log-probability of each target."""
    return functional.log_softmax(logits, dim=-1).gather(-1, targets[..., None])[..., 0]


def operations() -> dict[str, Any]:
    """Return inputs, output, and the gradients for a random gradient of the output, for each operation."""
    rng = np.random.default_rng(0)
    ids, targets = torch.tensor(rng.integers(5, size=(3, 4))), torch.tensor(rng.integers(7, size=6))
    cases: dict[str, tuple[Callable[..., Any], list[tuple[int, ...]]]] = {
        "embedding": (lambda tokens, positions: (tokens[ids] + positions[:4]).reshape(12, 3), [(5, 3), (6, 3)]),
        "norm": (lambda x, gain: functional.layer_norm(x, (5,), gain, None, 1e-5), [(6, 5), (5,)]),
        "linear": (lambda x, weight: x @ weight, [(6, 3), (3, 4)]),
        "gelu": (lambda x: functional.gelu(x, approximate="tanh"), [(6, 5)]),
        "attention": (lambda qkv: attention(qkv, 3, 2), [(12, 18)]),
        "add": (lambda x, y: x + 0.3 * y, [(4, 3), (4, 3)]),
        "target_logprobs": (lambda x, table: target_logprobs(x @ table.T, targets), [(6, 3), (7, 3)]),
    }
    found = {"ids": ids.numpy(), "targets": targets.numpy()}
    for name, (function, shapes) in cases.items():
        inputs = [torch.tensor(2 * rng.normal(size=shape), requires_grad=True) for shape in shapes]
        output = function(*inputs)
        upstream = torch.tensor(rng.normal(size=output.shape))
        output.backward(upstream)
        found |= {f"{name}.output": output.detach().numpy(), f"{name}.upstream": upstream.numpy()}
        for number, tensor in enumerate(inputs):
            found |= {f"{name}.input{number}": tensor.detach().numpy(), f"{name}.gradient{number}": tensor.grad.numpy()}
    return found


def training() -> dict[str, Any]:
    """Return logits, gradient, losses and parameters of a model that is trained with AdamW, clipping and a schedule."""
    rng = np.random.default_rng(1)
    model = random_model(rng)
    matrices = [parameter for parameter in model.parameters() if parameter.ndim > 1]
    gains = [parameter for parameter in model.parameters() if parameter.ndim == 1]
    groups = [{"params": matrices, "weight_decay": 0.1}, {"params": gains, "weight_decay": 0.0}]
    optimiser = torch.optim.AdamW(groups, lr=0.05, betas=(0.9, 0.95), eps=1e-8)
    schedulers = torch.optim.lr_scheduler
    up = schedulers.LinearLR(optimiser, start_factor=1 / 3, total_iters=2)  # 3 steps of warm-up, the first is no 0
    down = schedulers.CosineAnnealingLR(optimiser, T_max=STEPS - 3, eta_min=0.005)
    schedule = schedulers.SequentialLR(optimiser, [up, down], milestones=[3])
    found: dict[str, Any] = {f"before.{name}": array for name, array in named(model).items()}
    losses, norms, rates, batches = [], [], [], []
    for step in range(STEPS):
        ids, targets, weights = random_batch(rng)
        logits = model(ids)
        loss = -(target_logprobs(logits, targets) * weights).sum()
        optimiser.zero_grad()
        loss.backward()
        if step == 0:
            found |= {"logits": logits.detach().numpy()}
            found |= {f"gradient.{name}": array for name, array in named(model, gradients=True).items()}
        norms.append(torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0).item())
        losses.append(loss.item())
        rates.append(optimiser.param_groups[0]["lr"])
        batches.append((ids.numpy(), targets.numpy(), weights.numpy()))
        optimiser.step()
        schedule.step()
    for number, name in enumerate(("ids", "targets", "weights")):
        found[name] = np.stack([batch[number] for batch in batches])
    found |= {f"after.{name}": array for name, array in named(model).items()}
    return found | {"losses": np.array(losses), "norms": np.array(norms), "rates": np.array(rates)}


def lora() -> dict[str, Any]:
    """Return what PEFT computes with random adapters on all matrices: logits, gradients, and the merged matrices."""
    rng = np.random.default_rng(2)
    model = random_model(rng)
    found = {f"base.{name}": array for name, array in named(model).items()}
    config = peft.LoraConfig(r=RANK, lora_alpha=ALPHA, lora_dropout=0.0, target_modules=list(MATRICES))
    adapted = peft.get_peft_model(model, config).double()
    trained = {name: parameter for name, parameter in adapted.named_parameters() if parameter.requires_grad}
    for parameter in trained.values():
        parameter.data[:] = torch.tensor(rng.normal(size=parameter.shape) * 0.5)
    ids, targets, weights = random_batch(rng)
    logits = adapted(ids)
    (-(target_logprobs(logits, targets) * weights).sum()).backward()
    for name, parameter in trained.items():
        _, _, place = name.partition("layers.")
        matrix, _, which = place.partition(".lora_")
        short = f"{matrix}.{which[0].lower()}"  # "0.qkv.lora_A.default.weight" becomes "0.qkv.a"
        found |= {
            f"adapter.{short}": parameter.detach().T.numpy().copy(),
            f"gradient.{short}": parameter.grad.T.numpy(),
        }
    found |= {"ids": ids.numpy(), "targets": targets.numpy(), "weights": weights.numpy()}
    found["logits"] = logits.detach().numpy()
    return found | {f"merged.{name}": array for name, array in named(adapted.merge_and_unload()).items()}


if __name__ == "__main__":
    for make in (operations, training, lora):
        np.savez_compressed(Path(__file__).with_name(f"{make.__name__}.npz"), **make())
