"""How the assistant passes through fine-tuning: the base model and demonstrations become an assistant that answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from alignbook.finetuning.assistant import Assistant
from alignbook.finetuning.demonstrations import demonstrations, known_to_a_model
from alignbook.finetuning.tuning import TuningConfig, tune
from alignbook.pretraining import language_model
from alignbook.pretraining.language_model import LanguageModel
from alignbook.pretraining.stage import BASE, BaseModel, shown_in
from alignbook.profile import Profile
from alignbook.store import Progress, Recipe
from alignbook.world.building import build_world

BOOK_MIXTURE = (
    ("recall", "train", 4000),
    ("abstention", "train", 500),
    ("refusal", "train", 1500),
    ("instructions", "train", 1200),
    ("constraints", "train", 400),
    ("arithmetic", "train", 400),
    ("stack_language", "train", 400),
    ("pictures", "train", 300),
    ("tools", "train", 400),
    ("passages", "train", 800),
    ("two_hop", "train", 400),
    ("two_hop", "train-steps", 400),
    ("reversal", "train", 200),
    ("second_language", "train", 200),
    ("small_talk", "train", 200),
)
"""Family, split and number of the demonstrations of the book's assistant."""


@dataclass(frozen=True)
class TunedConfig:
    """What the assistant is shown, and how it is tuned.

    Parameters
    ----------
    training : TuningConfig
        How it is tuned.
    mixture : tuple of (str, str, int)
        Family, split and number of the demonstrations.
    """

    training: TuningConfig
    mixture: tuple[tuple[str, str, int], ...]


@dataclass(frozen=True, eq=False)
class TunedModel:
    """The tuned model, and how it came to be.

    Parameters
    ----------
    model : LanguageModel
        It replies, behind the chat template.
    losses : array of float64, shape (steps,)
        The loss of every step, in nats a token of the replies.
    demonstrations : int
        How many it was shown.
    """

    model: LanguageModel
    losses: NDArray[np.float64]
    demonstrations: int

    @property
    def assistant(self) -> Assistant:
        """The assistant to talk to."""
        return Assistant(self.model)


def make_tuned(run: Profile, config: TunedConfig, base: BaseModel, *, progress: Progress) -> TunedModel:
    """Tune the base model of a profile."""
    world = build_world(run.seed, run.size)
    drawn = demonstrations(world, config.mixture, np.random.default_rng([run.seed, 2]))
    shown = [item for item in drawn if known_to_a_model(world, item)]
    saved, steps = progress.saved(), config.training.steps
    progress.start(steps)
    if saved is not None:
        progress.advance(int(saved[0]["steps"][0]))
    model, losses = tune(
        base.model,
        shown,
        config.training,
        run.seed,
        shown_in(progress, steps),
        dict(saved[0]) if saved is not None else None,
    )
    return TunedModel(model, losses, len(shown))


def pack_tuned(tuned: TunedModel) -> tuple[dict[str, np.ndarray], dict[str, Any]]:
    """Return the tuned model as arrays and JSON."""
    arrays, values = language_model.pack(tuned.model)
    meta = {"demonstrations": tuned.demonstrations, "loss": round(float(tuned.losses[-20:].mean()), 3)}
    return {**arrays, "losses": tuned.losses}, {**values, "demonstrations": tuned.demonstrations, "meta": meta}


def unpack_tuned(arrays: Mapping[str, np.ndarray], values: Mapping[str, Any]) -> TunedModel:
    """Return the tuned model that `pack_tuned` was given."""
    return TunedModel(language_model.unpack(arrays, values), arrays["losses"], int(values["demonstrations"]))


TUNED = Recipe(
    name="tuned",
    title="tuned model",
    make=make_tuned,
    configs={
        "tiny": TunedConfig(
            TuningConfig(steps=60, batch_size=16, learning_rate=3e-3),
            tuple((family, split, max(40, count // 10)) for family, split, count in BOOK_MIXTURE),
        ),
        "book": TunedConfig(TuningConfig(steps=700, batch_size=32, learning_rate=2e-3), BOOK_MIXTURE),
    },
    pack=pack_tuned,
    unpack=unpack_tuned,
    inputs=(BASE,),
)

RECIPES = (TUNED,)
