"""Make gradients.json: losses and gradients by PyTorch, for tests/pretraining/test_tape.py.

The project does not need PyTorch, so run this in an environment of its own (the file was made with torch 2.13.0)::

    python -m venv torch && torch/bin/pip install torch==2.13.0 numpy
    torch/bin/python tests/goldens/pretraining_tape/make.py
"""

import json
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np

torch = import_module("torch")  # by name, because the project is type-checked without it

TARGETS = [0, 2, 1, 1, 0]
SHAPES = {
    "network": {"x": (5, 3), "weights_1": (3, 4), "biases_1": (4,), "weights_2": (4, 3), "biases_2": (3,)},
    "operations": {"a": (2, 1, 3), "b": (4, 1), "c": ()},
}


def network(x: Any, weights_1: Any, biases_1: Any, weights_2: Any, biases_2: Any) -> Any:
    """Return the cross-entropy of a network of two layers."""
    hidden = (x @ weights_1 + biases_1).tanh()
    return torch.nn.functional.cross_entropy(hidden @ weights_2 + biases_2, torch.tensor(TARGETS))


def operations(a: Any, b: Any, c: Any) -> Any:
    """Return a number in which every operation of the tape takes part, with shapes that broadcast."""
    ratio = (a * b + c).tanh() / (1 + b.exp())  # (2, 4, 3)
    shares = ratio.relu().sum(dim=1, keepdim=True) - a.mean(dim=0, keepdim=True)  # (2, 1, 3)
    return (2 - (a * a + c * c).log() * shares / ratio.sum()).mean()


def golden(name: str) -> dict[str, Any]:
    """Return random inputs of a function above, its value and its gradients."""
    rng = np.random.default_rng(0)
    inputs = {key: rng.normal(size=shape).round(3) for key, shape in SHAPES[name].items()}
    tensors = {key: torch.tensor(value, dtype=torch.float64, requires_grad=True) for key, value in inputs.items()}
    loss = globals()[name](**tensors)
    loss.backward()
    return {
        "inputs": {key: value.tolist() for key, value in inputs.items()},
        "loss": loss.item(),
        "gradients": {key: tensor.grad.tolist() for key, tensor in tensors.items()},
    }


if __name__ == "__main__":
    content = {"targets": TARGETS} | {name: golden(name) for name in SHAPES}
    Path(__file__).with_name("gradients.json").write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
