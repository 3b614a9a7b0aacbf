"""What the experiments on raters share: the same pairs of replies, judged by different raters, and what comes of it.

One start, one set of pairs, one way to learn (DPO, which is quick); only the votes differ. So what differs afterwards
is owed to the raters.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

import numpy as np

from alignbook.alignment.comparing import Comparison, Mixture, candidates, judged, offered, prompts, shown, token_pairs
from alignbook.alignment.dpo import DPOConfig, train_dpo
from alignbook.finetuning.assistant import Assistant
from alignbook.finetuning.stage import TUNED
from alignbook.nn.trainer import TrainingConfig
from alignbook.pretraining.language_model import LanguageModel
from alignbook.profile import Profile
from alignbook.store import fetch
from alignbook.world.building import build_world
from alignbook.world.items import Item
from alignbook.world.raters import raters
from alignbook.world.region import World

SHORT = {
    "tiny": DPOConfig(TrainingConfig(100, 1e-3, weight_decay=0.0), batch_size=16, beta=0.5),
    "book": DPOConfig(TrainingConfig(80, 5e-4, weight_decay=0.0), batch_size=32, beta=0.5),
}
"""A short course, so that several can be compared in a minute."""

IMITATING = {
    "tiny": DPOConfig(TrainingConfig(150, 2e-3, weight_decay=0.0), batch_size=16, beta=0.3, imitation=1.0),
    "book": DPOConfig(TrainingConfig(80, 5e-4, weight_decay=0.0), batch_size=32, beta=0.3, imitation=1.0),
}
"""The same where the replies that are to be learned are not the start's own. Without imitation these would only become
*less improbable* than others."""

SAMPLES = 3
"""How often the start replies to each prompt."""

VOTES = 5
"""How many raters judge each pair."""

AGREEMENT = 0.8
"""Only comparisons are learned from in which so large a share of these agree, as in `alignbook.alignment.stage`."""

Shown = tuple[Item, str, str]
Offer = Callable[[Item, Sequence[str]], Sequence[str]]
"""From an item and the start's replies to all that may be compared."""


Meaning = Callable[[Item, str], str]
"""From an item and a reply to what the reply says."""


def verbatim(item: Item, reply: str) -> str:  # noqa: ARG001 - one of several meanings
    """Take a reply for what it says."""
    return reply


@dataclass(frozen=True, eq=False)
class Start:
    """Where all runs start.

    Parameters
    ----------
    world : World
        The world.
    assistant : Assistant
        The tuned assistant.
    """

    world: World
    assistant: Assistant

    def pairs(self, mixture: Mixture, offer: Offer = offered, stream: int = 7) -> list[Shown]:
        """Draw prompts, and two replies to each.

        Parameters
        ----------
        mixture : sequence of (str, str, int)
            See `alignbook.alignment.comparing.prompts`.
        offer : function of an item and replies
            Adds replies that the start would hardly give.
        stream : int
            Another number draws others.
        """
        rng = np.random.default_rng([self.world.seed, stream])
        items = prompts(self.world, mixture, rng)
        replies = candidates(self.assistant, items, SAMPLES, int(rng.integers(2**31)))
        return shown(items, [offer(item, each) for item, each in zip(items, replies, strict=True)], rng)

    def said(
        self, pairs: Sequence[Shown], counts: Mapping[str, int], meant: Meaning = verbatim, votes: int = VOTES
    ) -> list[Comparison]:
        """Let raters of given kinds judge pairs.

        Parameters
        ----------
        pairs : sequence of (Item, str, str)
            The pairs.
        counts : mapping of str to int
            How many raters of each kind there are.
        meant : function of an item and a reply
            What raters take a reply for.
        votes : int
            How many of them judge each pair.
        """
        read = [(item, meant(item, first), meant(item, second)) for item, first, second in pairs]
        found = judged(self.world, read, raters(counts), np.random.default_rng([self.world.seed, 8]), votes)
        return [replace(each, first=pair[1], second=pair[2]) for each, pair in zip(found, pairs, strict=True)]

    def after(self, comparisons: Sequence[Comparison], config: DPOConfig | None = None) -> Assistant:
        """Train a copy of the assistant on comparisons; as `SHORT` says where no config is given."""
        return aligned_on(self.assistant, comparisons, config or SHORT[self.world.size], self.world.seed)


def by_verdicts(pairs: Sequence[Shown], verdict: Callable[[Item, str, str], float]) -> list[Comparison]:
    """Let one judge, who is no rater of Wendlemere, compare pairs; ties are passed over.

    Parameters
    ----------
    pairs : sequence of (Item, str, str)
        The pairs.
    verdict : function of an item and two replies
        1 where the first is preferred, 0 where the second is, 0.5 in a tie.
    """
    judged_ = [(pair, verdict(*pair)) for pair in pairs]
    return [Comparison(*pair, raters=(0,), votes=(said > 0.5,)) for pair, said in judged_ if said != 0.5]


def aligned_on(assistant: Assistant, comparisons: Sequence[Comparison], config: DPOConfig, seed: int) -> Assistant:
    """Train a copy of an assistant on comparisons, by DPO."""
    clear = [each for each in comparisons if each.agreement >= AGREEMENT]
    pairs = token_pairs(clear, assistant.template)
    policy, _ = train_dpo(assistant.model.transformer, pairs, config, seed)
    return Assistant(LanguageModel(assistant.model.tokenizer, policy))


@cache
def start(run: Profile) -> Start:
    """Fetch the tuned assistant of a profile."""
    return Start(build_world(run.seed, run.size), fetch(TUNED, run).assistant)
