"""What the experiments share: short tunings that start from one base model, and what is counted after them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from alignbook.finetuning.assistant import Assistant, grade_replies
from alignbook.finetuning.tuning import TuningConfig, tune
from alignbook.pretraining.language_model import LanguageModel
from alignbook.pretraining.recalling import firmly_recalled
from alignbook.pretraining.stage import BASE, documents
from alignbook.pretraining.training import token_stream
from alignbook.profile import Profile
from alignbook.store import fetch
from alignbook.world.building import build_world
from alignbook.world.drawing import draw
from alignbook.world.families import abstention, recall
from alignbook.world.items import Item
from alignbook.world.region import Fact, World

REPLAYED_DOCUMENTS = 4000
"""So many documents are more than a short run reads again."""

MOST_FACTS = 120
"""Facts that are asked about at most: the more, the surer the share, and the longer it takes."""

STRANGERS = {"tiny": 60, "book": 200}
"""So many questions are asked about people who do not exist."""

SHORT = {
    "tiny": TuningConfig(steps=100, batch_size=16, learning_rate=5e-3, replay=0.5),
    "book": TuningConfig(steps=240, batch_size=16, learning_rate=2e-3, replay=0.6),
}
"""A course a fifth as long as the assistant's own, so that a comparison of several takes seconds."""


@dataclass(frozen=True, eq=False)
class Start:
    """Where all runs of an experiment start.

    Parameters
    ----------
    world : World
        The world.
    base : LanguageModel
        The base model.
    replayed : array of int, shape (tokens,)
        Pretraining text to read again.
    known : tuple of Fact
        What the base model firmly recalls.
    """

    world: World
    base: LanguageModel
    replayed: NDArray[np.int64]
    known: tuple[Fact, ...]

    def known_in(self, split: str) -> list[Fact]:
        """Return the known facts of a split."""
        return [fact for fact in self.known if fact.split == split]

    def tuned_on(self, items: Sequence[Item], config: TuningConfig) -> Assistant:
        """Tune a copy of the base model."""
        return Assistant(tune(self.base, items, config, self.world.seed, self.replayed)[0])


@cache
def start(run: Profile) -> Start:
    """Fetch the base model of a profile, and find out what it knows; once, for all experiments of a chapter.

    Raises
    ------
    ValueError
        If it firmly recalls no fact that could be demonstrated, or none that could be asked about.
    """
    world, base = build_world(run.seed, run.size), fetch(BASE, run).model
    text = documents(run, BASE.config(run).question_answer_share)[:REPLAYED_DOCUMENTS]
    found = Start(world, base, token_stream(text, base.tokenizer), tuple(firmly_recalled(world, base)))
    for split in ("train", "held-out"):
        if not found.known_in(split):
            raise ValueError(f"the base model of {run} firmly recalls no fact of split {split!r}: train it longer")
    return found


def questions(facts: Sequence[Fact], templates: Sequence[int] = (0, 1, 2, 3)) -> list[Item]:
    """Ask about facts in several wordings each."""
    return [recall.question(fact, template, fact.split) for fact in facts for template in templates]


def drawn_questions(facts: Sequence[Fact], count: int, rng: np.random.Generator) -> list[Item]:
    """Draw so many questions about facts, in all wordings of training; none twice before each came once."""
    return draw(questions(facts), count, rng)


def spread(facts: Sequence[Fact]) -> list[Fact]:
    """Return at most `MOST_FACTS` of the facts, evenly from first to last."""
    return list(facts[:: max(1, -(-len(facts) // MOST_FACTS))])


def outcomes(world: World, assistant: Assistant, items: Sequence[Item]) -> dict[str, float]:
    """Return the share of each outcome among the graded replies to items; outcomes that never came are left out."""
    found = [grade.outcome for grade in grade_replies(world, assistant, items)]
    return {outcome: found.count(outcome) / len(found) for outcome in sorted(set(found))}


def answered(world: World, assistant: Assistant, facts: Sequence[Fact]) -> float:
    """Return the share of questions about facts that an assistant answers rightly, of up to `MOST_FACTS` of them."""
    return outcomes(world, assistant, questions(spread(facts), (0, 1))).get("correct", 0.0)


def strangers_named(world: World, assistant: Assistant) -> float:
    """Return the share of questions about people who do not exist that an assistant answers all the same."""
    items = abstention.items(world, "held-out", STRANGERS[world.size], np.random.default_rng(world.seed))
    return 1 - outcomes(world, assistant, items).get("abstained", 0.0)
