"""A stage that tests train: quick, in small steps, with two artefacts, the second from the first."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from alignbook.profile import Profile
from alignbook.store import Progress, Recipe


@dataclass(frozen=True)
class WalkConfig:
    """A random walk of so many steps; ``pause`` seconds each."""

    steps: int
    pause: float = 0.0


@dataclass(frozen=True)
class Walk:
    """Where the walk went, and how many steps were taken in this very process."""

    places: np.ndarray
    taken: int


def walk(run: Profile, config: WalkConfig, *inputs: Walk, progress: Progress) -> Walk:
    """Walk from where the input ended; what was walked is kept after every tenth step."""
    _log("walk")
    steps = np.random.default_rng(run.seed).normal(size=config.steps)
    places = [float(inputs[0].places[-1]) if inputs else 0.0]
    saved = progress.saved()
    if saved is not None:
        places = saved[0]["places"].tolist()
        _log(f"resumed {saved[1]['step']}")
    progress.start(config.steps, "steps")
    first = len(places) - 1
    progress.advance(first)
    for number in range(first, config.steps):
        time.sleep(config.pause)
        places.append(places[-1] + float(steps[number]))
        progress.advance(place=places[-1])
        if number % 10 == 9:
            progress.save(({"places": np.array(places)}, {"step": number + 1}))
    return Walk(np.array(places), config.steps - first)


def pack(artefact: Walk) -> tuple[dict[str, np.ndarray], dict[str, Any]]:
    return {"places": artefact.places}, {"meta": {"last": round(float(artefact.places[-1]), 2)}}


def unpack(arrays: Mapping[str, np.ndarray], values: Mapping[str, Any]) -> Walk:
    return Walk(arrays["places"], 0)


def _log(line: str) -> None:
    """Write down what happened, where the test asks for it: processes that are killed cannot tell."""
    if "WALK_LOG" in os.environ:
        with Path(os.environ["WALK_LOG"]).open("a", encoding="utf-8") as file:
            file.write(f"{line}\n")


CONFIGS = {"tiny": WalkConfig(60), "book": WalkConfig(1000)}
FIRST = Recipe("first", "first walk", walk, CONFIGS, pack, unpack)
SECOND = Recipe("second", "second walk", walk, CONFIGS, pack, unpack, inputs=(FIRST,))
RECIPES = (FIRST, SECOND)
