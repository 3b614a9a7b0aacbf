"""Experiment: two cultures of raters, and one reward model for both or one for each.

An assistant of all manners replies several times to each question. Raters of one culture like courtesy, those of the
other dislike it; both like what is right. Reward models learn from the comparisons of one culture, of both in equal
shares, and of both where four in five belong to one of them. Each then chooses among the assistant's replies (best of
n), and both cultures say what the choice is worth to them. The control chooses by lot.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from alignbook.alignment.aligning import TextReward
from alignbook.alignment.best_of_n import expected_best
from alignbook.alignment.comparing import token_pairs
from alignbook.alignment.experiments.judged_by import Shown, Start
from alignbook.alignment.experiments.more_shown import of_all_manners
from alignbook.alignment.losses import Floats
from alignbook.alignment.measuring import drawn_replies, panel
from alignbook.alignment.reward_model import train_reward_model
from alignbook.nn.trainer import TrainingConfig
from alignbook.profile import Profile
from alignbook.world.gold import gold_reward
from alignbook.world.items import Item
from alignbook.world.styles import is_courteous

CULTURES = ("plain", "courteous")
POOLS: Mapping[str, Mapping[str, int]] = {
    "plain alone": {"plain": 10},
    "courteous alone": {"courteous": 10},
    "half and half": {"plain": 5, "courteous": 5},
    "four in five plain": {"plain": 8, "courteous": 2},
}
PAIRS = {"tiny": 600, "book": 2400}
LEARNING = {
    "tiny": (TrainingConfig(100, 2e-3, weight_decay=0.0), 16),
    "book": (TrainingConfig(90, 2e-3, weight_decay=0.0), 32),
}
DRAWN = 8
ASKED = {"tiny": 20, "book": 40}
"""Prompts in each group of the panel."""


@dataclass(frozen=True)
class Worth:
    """What an assistant's replies are worth to whom.

    Parameters
    ----------
    by_culture : mapping of str to float
        The mean gold reward, by the taste of each culture.
    courteous : float
        The share of courteous replies.
    """

    by_culture: Mapping[str, float]
    courteous: float


@dataclass(frozen=True)
class TwoCultures:
    """Whom which reward model serves.

    Parameters
    ----------
    by_lot : Worth
        Replies as they come.
    by_pool : mapping of str to Worth
        Replies chosen by a reward model, for each of `POOLS`.
    """

    by_lot: Worth
    by_pool: dict[str, Worth]


def two_cultures(seed: int, size: str = "book") -> TwoCultures:
    """Train reward models on the comparisons of one culture and of both, and choose replies by each.

    Parameters
    ----------
    seed : int
        The profile's.
    size : {"book", "tiny"}
        The profile's.
    """
    origin = of_all_manners(Profile(seed, size))
    count = PAIRS[size]
    pairs = origin.pairs((("recall", "practice", count // 2), ("recall", "train", count // 2)))
    asked = panel(origin.world, ASKED[size])
    items = [item for group in ("known", "rare") for item in asked[group] for _ in range(DRAWN)]
    _, replies = drawn_replies(origin.assistant, origin.assistant, items, seed)
    by_lot = _worth(origin, items, replies, np.zeros(len(items)))
    return TwoCultures(
        by_lot,
        {
            name: _worth(origin, items, replies, _rewards(origin, pairs, counts, items, replies))
            for name, counts in POOLS.items()
        },
    )


def _rewards(
    origin: Start, pairs: list[Shown], counts: Mapping[str, int], items: list[Item], replies: list[str]
) -> Floats:
    """Train a reward model on what a pool says, and judge replies by it."""
    template, (training, batch_size) = origin.assistant.template, LEARNING[origin.world.size]
    said = token_pairs(origin.said(pairs, counts), template)
    scorer, _ = train_reward_model(origin.assistant.model.transformer, said, training, batch_size, origin.world.seed)
    return np.asarray(TextReward(template.tokenizer, scorer)(items, replies), np.float64)


def _worth(origin: Start, items: list[Item], replies: list[str], rewards: Floats) -> Worth:
    """What the best of `DRAWN` replies is worth to each culture."""

    def best(values: list[float]) -> float:
        return float(expected_best(rewards.reshape(-1, DRAWN), np.reshape(values, (-1, DRAWN)), DRAWN).mean())

    by_culture = {
        culture: best(
            [gold_reward(origin.world, item, reply, culture) for item, reply in zip(items, replies, strict=True)]
        )
        for culture in CULTURES
    }
    return Worth(by_culture, best([float(is_courteous(reply)) for reply in replies]))
