"""An assistant that has learned nothing yet, in place of the trained ones: quick, and otherwise just like them."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock

import numpy as np
import pytest

from alignbook import lifecycle, store
from alignbook.finetuning.chat_template import CHAT_TOKENS
from alignbook.nn.transformer import Transformer, TransformerConfig, initial_parameters
from alignbook.pretraining import language_model
from alignbook.pretraining.language_model import END_OF_DOCUMENT, LanguageModel
from alignbook.profile import Profile
from alignbook.store import Progress, Recipe, fetching
from alignbook.text.bpe import BPE


@dataclass(frozen=True)
class Untrained:
    """An artefact with a model in it."""

    model: LanguageModel


@dataclass(frozen=True)
class Settings:
    """How many steps its making pretends to take."""

    steps: int


def make(run: Profile, config: Settings, *inputs: object, progress: Progress) -> Untrained:
    logging.getLogger("alignbook.store").warning("a note about %s", run.size)
    progress.start(config.steps, "steps")
    for _ in range(config.steps):
        progress.advance(loss=1.5)
    tokenizer = BPE((), (END_OF_DOCUMENT, *CHAT_TOKENS))
    size = TransformerConfig(tokenizer.vocab_size, 128, 8, 1, 1)
    return Untrained(
        LanguageModel(tokenizer, Transformer(size, initial_parameters(size, np.random.default_rng(run.seed))))
    )


def pack(artefact: Untrained) -> tuple[dict[str, np.ndarray], dict[str, Any]]:
    arrays, values = language_model.pack(artefact.model)
    return arrays, {**values, "meta": {"loss": 1.23456, "tokens": 12345}}


def unpack(arrays: Mapping[str, np.ndarray], values: Mapping[str, Any]) -> Untrained:
    return Untrained(language_model.unpack(arrays, values))


BASE = Recipe("base", "base model", make, {"tiny": Settings(3)}, pack, unpack)
TUNED = Recipe("tuned", "tuned assistant", make, {"tiny": Settings(3)}, pack, unpack, inputs=(BASE,))
ALIGNED = Recipe("aligned", "aligned assistant", make, {"tiny": Settings(3)}, pack, unpack, inputs=(TUNED,))
KNOWN = {
    **{"tokenizer": BASE, "base": BASE, "tuned": TUNED},
    **dict.fromkeys(("comparisons", "reward", "aligned", "aligned-dpo"), ALIGNED),
}


@pytest.fixture(autouse=True)
def untrained(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A store of its own, size tiny, and untrained models as stages; returns the store's folder."""
    real = lifecycle.recipe
    monkeypatch.setattr(lifecycle, "recipe", lambda stage: KNOWN.get(stage) or real(stage))
    for name in ("_key", "_key_now"):  # the code of tests lies in no package
        monkeypatch.setattr(fetching, name, lambda recipe, run: f"{run.size}-{run.seed}-{recipe.config(run).steps}")
    settings = {"ALIGNBOOK_HOME": str(tmp_path), "ALIGNBOOK_SIZE": "tiny", "COLUMNS": "160"}
    with mock.patch.dict(os.environ, settings):
        yield store.home()
