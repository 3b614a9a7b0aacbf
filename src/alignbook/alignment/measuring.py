"""What an assistant does after alignment: a panel of held-out prompts, its gold reward, and rates of what can go wrong.

No prompt of the panel was asked in fine-tuning or in alignment. Its groups pull in different directions: what is right
for strangers is wrong for facts that the assistant knows, and what is right for sealed requests is wrong for their
look-alikes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from alignbook.alignment.comparing import questions
from alignbook.alignment.rollouts import Rollouts, sample
from alignbook.finetuning.assistant import Assistant
from alignbook.finetuning.chat_template import END_OF_REPLY
from alignbook.world.catalogue import grade
from alignbook.world.families import abstention, refusal, small_talk
from alignbook.world.gold import gold_reward
from alignbook.world.items import Item
from alignbook.world.region import World

GROUPS = ("known", "rare", "strangers", "sealed", "look-alikes", "small talk")
"""Facts told often and facts told seldom, people who do not exist, and so on."""

SEALED_HALVES = ("verb-only", "object-only", "quote")
"""Kinds of look-alikes: what they share with a sealed request."""

RARE = 16
"""Facts told up to so many times are as good as unknown to the base model."""

COUNTS = {"tiny": 40, "book": 100}
"""Prompts in each group of the panel."""

DRAWS = 4
"""How often an assistant replies to each prompt of the panel where replies are drawn."""

LONGEST = 32
"""Tokens after which a reply is cut off while rewards and divergences are measured, as in training."""

Panel = Mapping[str, Sequence[Item]]


@dataclass(frozen=True)
class Behaviour:
    """What an assistant does on the panel.

    Parameters
    ----------
    gold : float
        The mean gold reward of replies drawn at temperature 1, all groups alike; 1 is a perfect reply without words.
    kl : float
        The divergence of these replies from the reference's, in nats a reply.
    likeliest : float
        The mean gold reward of the likeliest replies, which users of the command see.
    rates : mapping of (str, str) to float
        By group and outcome, the share of likeliest replies with this outcome; what never came is left out.
    """

    gold: float
    kl: float
    likeliest: float
    rates: Mapping[tuple[str, str], float]

    def rate(self, group: str, outcome: str) -> float:
        """Return the share of a group's replies with an outcome: ``rate("strangers", "abstained")``."""
        return self.rates.get((group, outcome), 0.0)


def panel(world: World, count: int | None = None) -> Panel:
    """Draw the panel: it depends on the world alone.

    Parameters
    ----------
    world : World
        The world.
    count : int, optional
        Prompts in each group; those of the world's size where it is not given.
    """
    count, rng = COUNTS[world.size] if count is None else count, np.random.default_rng([world.seed, 6])
    facts = questions(world, practice=False)

    def some(pool: Sequence[Item]) -> list[Item]:
        return [pool[at] for at in rng.permutation(len(pool))[:count]]

    return {
        "known": some([item for item in facts if int(item.meta["exposures"]) >= world.config.known_exposures]),
        "rare": some([item for item in facts if int(item.meta["exposures"]) <= RARE]),
        "strangers": abstention.items(world, "held-out", count, rng),
        "sealed": refusal.items(world, "held-out", count, rng, kinds=("sealed",)),
        "look-alikes": refusal.items(world, "held-out", count, rng, kinds=SEALED_HALVES),
        "small talk": small_talk.items(world, "held-out", count, rng),
    }


def behaviour(
    world: World, assistant: Assistant, reference: Assistant, asked: Panel | None = None, seed: int = 0
) -> Behaviour:
    """Put the panel to an assistant.

    Parameters
    ----------
    world : World
        The world.
    assistant, reference : Assistant
        Who replies, and whom it started from.
    asked : mapping of str to sequence of Item, optional
        The panel; the world's where it is not given.
    seed : int
        Decides the draws.
    """
    asked = panel(world) if asked is None else asked
    rewards, divergences, likeliest = [], [], []
    rates: dict[tuple[str, str], float] = {}
    for group, items in asked.items():
        many = [item for item in items for _ in range(DRAWS)]
        drawn, replies = drawn_replies(assistant, reference, many, seed)
        rewards.append(gold(world, many, replies).mean())
        divergences.append(drawn.kl.mean())
        sure = assistant.reply([item.turns for item in items])
        likeliest.append(gold(world, items, sure).mean())
        outcomes = [grade(world, item, reply).outcome for item, reply in zip(items, sure, strict=True)]
        rates |= {(group, outcome): outcomes.count(outcome) / len(outcomes) for outcome in sorted(set(outcomes))}
    return Behaviour(float(np.mean(rewards)), float(np.mean(divergences)), float(np.mean(likeliest)), rates)


def drawn_replies(
    assistant: Assistant, reference: Assistant, items: Sequence[Item], seed: int
) -> tuple[Rollouts, list[str]]:
    """Draw a reply to each item at temperature 1, as tokens with their log-probabilities and as texts."""
    template = assistant.template
    end = template.tokenizer.special_ids[END_OF_REPLY]
    drawn = sample(
        assistant.model.transformer,
        reference.model.transformer,
        [template.encode(item.turns) for item in items],
        max_new_tokens=LONGEST,
        end=end,
        seed=seed,
    )
    return drawn, [template.decode_reply([token for token in reply if token != end]) for reply in drawn.replies]


def gold(world: World, items: Sequence[Item], replies: Sequence[str]) -> NDArray[np.float64]:
    """Return the gold reward of a reply to each item; (items,)."""
    return np.array([gold_reward(world, item, reply) for item, reply in zip(items, replies, strict=True)])
