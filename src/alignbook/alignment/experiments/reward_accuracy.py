"""Experiment: how well does a reward model predict raters, and how does that grow with the number of comparisons?

Reward models on the assistant's trunk learn from more and more of the comparisons, each with the same number of passes,
and are asked about comparisons that none of them has seen: which reply did most of the raters prefer who were asked,
and which is really worth more? Controls: a reward of a few features of style, which never looks at what a reply says;
and the ceiling, which is what somebody would predict who knows how much every one of the forty raters likes each reply.
No one can do much better: a few raters are asked, and they disagree, with each other and with themselves.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from alignbook.alignment.comparing import Comparison, token_pairs
from alignbook.alignment.experiments.rated_replies import NOISE, likings
from alignbook.alignment.heads import ScalarModel
from alignbook.alignment.losses import Floats, sigmoid
from alignbook.alignment.pairs import Pair
from alignbook.alignment.reward_model import fit_features, pair_rewards, train_reward_model
from alignbook.alignment.stage import COMPARISONS, REWARD
from alignbook.finetuning.stage import TUNED
from alignbook.profile import Profile
from alignbook.store import fetch
from alignbook.world.building import build_world
from alignbook.world.gold import gold_reward
from alignbook.world.raters import raters
from alignbook.world.region import World
from alignbook.world.styles import is_careful, is_confident, is_courteous

SHARES = (0.01, 0.04, 0.2)
"""Of the comparisons that the book's reward model learns from; it itself is the last point."""

CLEARLY = 0.1
"""By how much the worth of two replies must differ for one to count as better."""


@dataclass(frozen=True)
class RewardAccuracy:
    """How often rewards prefer the right reply of two.

    Parameters
    ----------
    asked, clear : int
        How many comparisons are asked about, and of how many of them one reply is really better.
    counts : tuple of int
        How many comparisons each reward model learned from.
    accuracy : tuple of float
        How often each predicts what most of the raters said who were asked, for each count.
    gold : tuple of float
        How often each prefers what is really better, for each count.
    style, style_gold : float
        The same of the reward of features, from all comparisons.
    ceiling : float
        How often the average of all raters predicts it.
    raters_gold : float
        How often most of those who were asked preferred what is really better.
    """

    asked: int
    clear: int
    counts: tuple[int, ...]
    accuracy: tuple[float, ...]
    gold: tuple[float, ...]
    style: float
    style_gold: float
    ceiling: float
    raters_gold: float


def reward_accuracy(seed: int, size: str = "book") -> RewardAccuracy:
    """Train reward models on more and more comparisons, and ask each about others.

    Parameters
    ----------
    seed : int
        The profile's.
    size : {"book", "tiny"}
        The profile's.
    """
    run, world = Profile(seed, size), build_world(seed, size)
    tuned, config, data = fetch(TUNED, run), REWARD.config(run), fetch(COMPARISONS, run).comparisons
    kept = round(config.held_out * len(data))
    asked, shown = data[:kept], data[kept:]
    pairs, shown_pairs = (token_pairs(each, tuned.assistant.template) for each in (asked, shown))
    better = _gold_prefers(world, asked)
    counts = [max(config.batch_size, round(share * len(shown))) for share in SHARES]
    rewards = [_learned(run, shown_pairs[:count]) for count in counts]
    margins = [_margins(model, pairs) for model in (*rewards, fetch(REWARD, run).reward.scorer)]
    style = fit_features(_style(shown, "chosen"), _style(shown, "rejected"), ridge=1.0)
    by_style = style.rewards(_style(asked, "chosen") - _style(asked, "rejected"))
    return RewardAccuracy(
        asked=len(asked),
        clear=int((better != 0).sum()),
        counts=(*counts, len(shown)),
        accuracy=tuple(share_right(each, np.ones(len(asked))) for each in margins),
        gold=tuple(share_right(each, better) for each in margins),
        style=share_right(by_style, np.ones(len(asked))),
        style_gold=share_right(by_style, better),
        ceiling=share_right(_average_rater(world, asked), np.ones(len(asked))),
        raters_gold=share_right(np.ones(len(asked)), better),
    )


def _learned(run: Profile, pairs: Sequence[Pair]) -> ScalarModel:
    """Train a reward model with as many passes over these comparisons as the book's has over all."""
    tuned, config, whole = fetch(TUNED, run), REWARD.config(run), len(fetch(COMPARISONS, run).comparisons)
    steps = max(20, round(config.training.steps * len(pairs) / (whole * (1 - config.held_out))))
    training = replace(config.training, steps=steps)
    return train_reward_model(tuned.model.transformer, pairs, training, config.batch_size, run.seed)[0]


def _margins(model: ScalarModel, pairs: Sequence[Pair]) -> Floats:
    found = pair_rewards(model, pairs)
    return np.asarray(found[:, 0] - found[:, 1], np.float64)


def share_right(margins: Floats, truth: Floats) -> float:
    """Return how often margins have the sign of the truth, where that has one; a margin of 0 is half right."""
    said, right = np.sign(margins[truth != 0]), np.sign(truth[truth != 0])
    return float(((said == right) + (said == 0) / 2).mean())


def _gold_prefers(world: World, comparisons: Sequence[Comparison]) -> Floats:
    """1 where the reply that was chosen is clearly worth more, -1 where it is worth less, else 0."""
    apart = [
        gold_reward(world, each.item, each.chosen) - gold_reward(world, each.item, each.rejected)
        for each in comparisons
    ]
    return np.array([np.sign(each) if abs(each) > CLEARLY else 0.0 for each in apart])


def _average_rater(world: World, comparisons: Sequence[Comparison]) -> Floats:
    """How much more often than not the raters would prefer the reply that was chosen, from -1/2 to 1/2."""
    liked = likings(
        world, raters(), [each.item for each in comparisons], [(each.chosen, each.rejected) for each in comparisons]
    )
    return np.asarray(sigmoid((liked[..., 0] - liked[..., 1]) / NOISE).mean(axis=0) - 0.5, np.float64)


def _style(comparisons: Sequence[Comparison], which: str) -> Floats:
    """Features of replies that say nothing about whether they are right: (comparisons, features)."""
    replies: list[str] = [getattr(each, which) for each in comparisons]
    return np.array(
        [[len(reply.split()) / 10, is_courteous(reply), is_confident(reply), is_careful(reply)] for reply in replies],
        np.float64,
    )
