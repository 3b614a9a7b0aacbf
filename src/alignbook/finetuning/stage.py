"""How the assistant passes through fine-tuning: the base model and demonstrations become an assistant that answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from alignbook.finetuning.assistant import Assistant
from alignbook.finetuning.demonstrations import can_be_known, demonstrations, evened
from alignbook.finetuning.tuning import TuningConfig, tune
from alignbook.pretraining import language_model
from alignbook.pretraining.language_model import LanguageModel
from alignbook.pretraining.stage import BASE, BaseModel, documents, shown_in
from alignbook.pretraining.training import token_stream
from alignbook.profile import Profile
from alignbook.store import Progress, Recipe
from alignbook.world.building import build_world
from alignbook.world.items import Item

BOOK_MIXTURE = (
    ("recall", "train", 4000),
    ("abstention", "train", 300),
    ("refusal", "train", 1200),
    ("two_hop", "train", 300),
    ("two_hop", "train-steps", 300),
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
    least_exposures : int
        No fact is demonstrated that pretraining text tells less often.
    """

    training: TuningConfig
    mixture: tuple[tuple[str, str, int], ...]
    least_exposures: int


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


def shown_demonstrations(run: Profile, config: TunedConfig) -> list[Item]:
    """Draw the demonstrations of a profile: every relation between facts is asked about equally often."""
    world, rng = build_world(run.seed, run.size), np.random.default_rng([run.seed, 2])
    drawn = [item for item in demonstrations(world, config.mixture, rng) if can_be_known(item, config.least_exposures)]
    facts = evened([item for item in drawn if item.family == "recall"], "relation", rng)
    others = [item for item in drawn if item.family != "recall"]
    return [(facts + others)[at] for at in rng.permutation(len(facts) + len(others))]


def make_tuned(run: Profile, config: TunedConfig, base: BaseModel, *, progress: Progress) -> TunedModel:
    """Tune the base model of a profile."""
    shown = shown_demonstrations(run, config)
    saved, steps = progress.saved(), config.training.steps
    progress.start(steps)
    if saved is not None:
        progress.advance(int(saved[0]["steps"][0]))
    model, losses = tune(
        base.model,
        shown,
        config.training,
        run.seed,
        token_stream(documents(run, BASE.config(run).question_answer_share), base.model.tokenizer),
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
            TuningConfig(steps=300, batch_size=16, learning_rate=5e-3, replay=0.5),
            tuple((family, split, max(40, count // 10)) for family, split, count in BOOK_MIXTURE),
            least_exposures=2,
        ),
        "book": TunedConfig(
            TuningConfig(steps=750, batch_size=32, learning_rate=2e-3, replay=0.6), BOOK_MIXTURE, least_exposures=2
        ),
    },
    pack=pack_tuned,
    unpack=unpack_tuned,
    inputs=(BASE,),
)

RECIPES = (TUNED,)
