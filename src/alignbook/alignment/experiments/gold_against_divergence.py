"""Experiment: what RLHF, DPO and best-of-n gain in gold reward, and how far each goes for it.

All three start from the tuned assistant and use the same raters. The runs of RLHF and DPO that made the book's aligned
assistants are repeated up to some of their checkpoints, to see their ways; their ends are the assistants themselves.
Best-of-n trains nothing: of n replies the one with the highest reward is kept, and the divergence that is shown is the
most that this can cost. What no training sees, the gold reward, is measured on prompts that none of them was asked.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass

import numpy as np

from alignbook.alignment.artefacts import RewardModel
from alignbook.alignment.best_of_n import expected_best
from alignbook.alignment.kl import kl_best_of_n
from alignbook.alignment.measuring import Panel, drawn_replies, gold, panel
from alignbook.alignment.stage import (
    ALIGNED_DPO,
    ALIGNED_RLHF,
    COMPARISONS,
    REWARD,
    make_dpo,
    make_rlhf,
)
from alignbook.finetuning.assistant import Assistant
from alignbook.finetuning.stage import TUNED
from alignbook.nn.parameters import Parameters
from alignbook.nn.tape import Array
from alignbook.nn.transformer import Transformer
from alignbook.pretraining.language_model import LanguageModel
from alignbook.profile import Profile
from alignbook.store import Progress, fetch
from alignbook.store.progress import State
from alignbook.world.building import build_world
from alignbook.world.region import World

CHECKPOINTS = 3
"""Of ten checkpoints of a run, so many are looked at: the first ones, where most happens."""

DRAWN = (1, 2, 4, 8, 16)
_PROMPTS = {"tiny": 20, "book": 100}
_REPLIES = 3  # to each prompt of the panel


@dataclass(frozen=True)
class Point:
    """An assistant on the way.

    Parameters
    ----------
    kl : float
        How far its replies diverge from the tuned assistant's, in nats a reply.
    gold : float
        Their mean gold reward.
    proxy : float
        Their mean reward by the reward model.
    """

    kl: float
    gold: float
    proxy: float


@dataclass(frozen=True)
class GoldAgainstDivergence:
    """Three ways from one start.

    Parameters
    ----------
    prompts : int
        How many prompts the panel has.
    tuned : Point
        The start.
    rlhf, dpo : tuple of Point
        Checkpoints of the runs, and the aligned assistant.
    best_of_n : tuple of Point
        For each of `DRAWN`; the divergence is the most that it can be.
    distinct : float
        How many different replies there are among the most that are drawn for a prompt; the mean.
    """

    prompts: int
    tuned: Point
    rlhf: tuple[Point, ...]
    dpo: tuple[Point, ...]
    best_of_n: tuple[Point, ...]
    distinct: float


class Enough(Exception):  # noqa: N818 - nothing is wrong
    """The run has gone as far as anybody wants to look."""


class Snapshots(Progress):
    """Keeps the parameters at the first checkpoints of a run, and then stops it."""

    def __init__(self, wanted: int) -> None:
        super().__init__()
        self.wanted, self.kept = wanted, list[Array]()

    def save(self, state: State) -> None:
        """Keep the parameters of a checkpoint."""
        self.kept.append(state[0]["parameters"])
        if len(self.kept) == self.wanted:
            raise Enough


def gold_against_divergence(seed: int, size: str = "book") -> GoldAgainstDivergence:
    """Follow RLHF and DPO on their ways, and best-of-n.

    Parameters
    ----------
    seed : int
        The profile's.
    size : {"book", "tiny"}
        The profile's.
    """
    run, world = Profile(seed, size), build_world(seed, size)
    tuned, reward, data = fetch(TUNED, run), fetch(REWARD, run), fetch(COMPARISONS, run)
    start, asked = tuned.assistant, panel(world, _PROMPTS[size])

    def way(make: Callable[[Progress], object], end: Assistant) -> tuple[Point, ...]:
        passed = [*(_continued(start, parameters) for parameters in _checkpoints(make)), end]
        return tuple(_point(world, each, start, reward, asked) for each in passed)

    best, distinct = _best_of_n(world, start, reward, asked)
    return GoldAgainstDivergence(
        prompts=sum(map(len, asked.values())),
        tuned=_point(world, start, start, reward, asked),
        rlhf=way(
            lambda progress: make_rlhf(run, ALIGNED_RLHF.config(run), tuned, reward, progress=progress),
            fetch(ALIGNED_RLHF, run).assistant,
        ),
        dpo=way(
            lambda progress: make_dpo(run, ALIGNED_DPO.config(run), tuned, data, progress=progress),
            fetch(ALIGNED_DPO, run).assistant,
        ),
        best_of_n=best,
        distinct=distinct,
    )


def _checkpoints(make: Callable[[Progress], object]) -> Sequence[Array]:
    """Repeat a run up to its first checkpoints."""
    snapshots = Snapshots(CHECKPOINTS)
    with suppress(Enough):
        make(snapshots)
    return snapshots.kept


def _continued(start: Assistant, parameters: Array) -> Assistant:
    """The assistant with other parameters; a value head behind them is left out."""
    model = start.model.transformer
    flat = parameters[: model.parameters.flat.size]
    return Assistant(
        LanguageModel(start.model.tokenizer, Transformer(model.config, Parameters(model.config.shapes, flat)))
    )


def _point(world: World, assistant: Assistant, start: Assistant, reward: RewardModel, asked: Panel) -> Point:
    """Measure a few replies to each prompt, all groups alike."""
    measured = []
    for items in asked.values():
        several = [item for item in items for _ in range(_REPLIES)]
        drawn, replies = drawn_replies(assistant, start, several, world.seed)
        measured.append([drawn.kl.mean(), gold(world, several, replies).mean(), reward.reward(several, replies).mean()])
    return Point(*map(float, np.mean(measured, axis=0)))


def _best_of_n(world: World, start: Assistant, reward: RewardModel, asked: Panel) -> tuple[tuple[Point, ...], float]:
    """Choose among replies of the start; also says how many of them differ."""
    gained, distinct = [], []
    for items in asked.values():
        many = [item for item in items for _ in range(DRAWN[-1])]
        replies = drawn_replies(start, start, many, world.seed + 1)[1]
        shape = (len(items), DRAWN[-1])
        proxy, worth = reward.reward(many, replies).reshape(shape), gold(world, many, replies).reshape(shape)
        gained.append([[expected_best(proxy, each, n).mean() for each in (worth, proxy)] for n in DRAWN])
        distinct.append(np.mean([len(set(each)) for each in np.reshape(np.array(replies, object), shape)]))
    costs = kl_best_of_n(DRAWN)
    means = np.mean(gained, axis=0)  # (drawn, 2)
    points = (Point(float(cost), *map(float, pair)) for cost, pair in zip(costs, means, strict=True))
    return tuple(points), float(np.mean(distinct))
