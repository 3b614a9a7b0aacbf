"""A model as arrays and JSON, for whatever keeps it; and back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import numpy as np

from alignbook.nn.parameters import Parameters
from alignbook.nn.transformer import Transformer, TransformerConfig


def pack(model: Transformer) -> tuple[dict[str, np.ndarray], dict[str, Any]]:
    """Return the parameters as one array, and the size as JSON."""
    return {"parameters": model.parameters.flat}, asdict(model.config)


def unpack(arrays: Mapping[str, np.ndarray], values: Mapping[str, Any]) -> Transformer:
    """Return the model that `pack` was given.

    Raises
    ------
    ValueError
        If the parameters do not fit the size.
    """
    config = TransformerConfig(**values)
    return Transformer(config, Parameters(config.shapes, arrays["parameters"]))
