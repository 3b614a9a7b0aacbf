"""Experiment: the same facts, asked of the base model and of the tuned one.

Tuning shows the answers to questions about half of the facts. What counts is the other half: questions about facts
whose answers were never demonstrated, and that the base model can state. Before tuning it hardly answers them; if it
answers afterwards, then tuning has not taught it these facts, but what to do with a question. Controls: how much of
what the base model recalls is left after tuning; the same questions in wordings that no demonstration used; and
questions about strangers, to which there is no answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from alignbook.finetuning.assistant import Assistant, grade_replies
from alignbook.finetuning.stage import TUNED
from alignbook.pretraining.language_model import LanguageModel
from alignbook.pretraining.recalling import firmly_recalled, recalled_facts
from alignbook.pretraining.stage import BASE
from alignbook.profile import Profile
from alignbook.store import fetch
from alignbook.world.building import build_world
from alignbook.world.catalogue import FAMILIES
from alignbook.world.families import abstention, recall
from alignbook.world.items import Item
from alignbook.world.region import Fact, World

STRANGERS = 200
EXAMPLES = 6


@dataclass(frozen=True)
class BaseAgainstTuned:
    """What tuning changes. All shares but the last two are of questions about facts that the base model firmly recalls.

    Parameters
    ----------
    facts : int
        How many such facts there are that no demonstration answered.
    base_answers : float
        The share of questions about them that the base model answers, put plainly.
    shown, held_out : float
        The share that the tuned model answers, about facts that were demonstrated and about those that were not.
    new_wordings : float
        The same as `held_out`, in two wordings that no demonstration used.
    by_threshold : mapping of float to float
        The same as `held_out`, where "recalls" means that the base model gives the value this probability.
    recall_kept : float
        Of these facts, the share of statements that the tuned model still completes.
    recall_before, recall_after : float
        The share of statements completed, over all facts of the world.
    strangers_named : float
        The share of questions about people who do not exist that the tuned model answers with a value all the same.
    examples : tuple of (str, str, str)
        Some held-out questions, what the base model wrote after them, and what the tuned one replied.
    """

    facts: int
    base_answers: float
    shown: float
    held_out: float
    new_wordings: float
    by_threshold: dict[float, float]
    recall_kept: float
    recall_before: float
    recall_after: float
    strangers_named: float
    examples: tuple[tuple[str, str, str], ...]


def base_against_tuned(seed: int, size: str = "book") -> BaseAgainstTuned:
    """Ask the base model and the tuned one about facts that were never asked about in training.

    Parameters
    ----------
    seed : int
        The profile's.
    size : {"book", "tiny"}
        The profile's.

    Raises
    ------
    ValueError
        If the base model firmly recalls none of the held-out facts.
    """
    run, world = Profile(seed, size), build_world(seed, size)
    base, tuned = fetch(BASE, run).model, fetch(TUNED, run).model
    assistant, firm = Assistant(tuned), firmly_recalled(world, base)
    held_out = [fact for fact in firm if fact.split == "held-out"]
    if not held_out:
        raise ValueError(f"the base model of {run} firmly recalls no held-out fact: train it longer")
    before, after = recalled_facts(world, base), recalled_facts(world, tuned)
    strangers = abstention.items(world, "held-out", STRANGERS, np.random.default_rng(seed))
    replies = grade_replies(world, assistant, strangers)
    return BaseAgainstTuned(
        facts=len(held_out),
        base_answers=_continues_rightly(world, base, held_out),
        shown=_answers(world, assistant, [fact for fact in firm if fact.split == "train"]),
        held_out=_answers(world, assistant, held_out),
        new_wordings=_answers(world, assistant, held_out, (4, 5)),
        by_threshold={
            least: _answers(world, assistant, [f for f in firmly_recalled(world, base, least) if f.split == "held-out"])
            for least in (0.5, 0.75, 0.9)
        },
        recall_kept=float(np.mean([after[fact] for fact in firm])),
        recall_before=float(np.mean(list(before.values()))),
        recall_after=float(np.mean(list(after.values()))),
        strangers_named=float(np.mean([grade.outcome != "abstained" for grade in replies])),
        examples=_examples(base, assistant, held_out[:: max(1, len(held_out) // EXAMPLES)][:EXAMPLES]),
    )


def _answers(
    world: World, assistant: Assistant, facts: Sequence[Fact], templates: Sequence[int] = (0, 1, 2, 3)
) -> float:
    """Return the share of questions about facts that an assistant answers rightly; NaN where there are none."""
    items = [recall.question(fact, template, fact.split) for fact in facts for template in templates]
    return float(np.mean([grade.score for grade in grade_replies(world, assistant, items)])) if items else float("nan")


def _continues_rightly(world: World, model: LanguageModel, facts: Sequence[Fact]) -> float:
    """Return the share of plain questions after which a base model goes on with the right answer."""
    items: list[Item] = [recall.question(fact, template, fact.split) for fact in facts for template in range(4)]
    written = model.complete([item.prompt for item in items], max_new_tokens=24)
    grade = FAMILIES["recall"].grade
    firsts = [text.split(".")[0] for text in written]
    return float(np.mean([grade(world, item, first).score for item, first in zip(items, firsts, strict=True)]))


def _examples(base: LanguageModel, assistant: Assistant, facts: Sequence[Fact]) -> tuple[tuple[str, str, str], ...]:
    questions = [fact.question(0) for fact in facts]
    continued = base.complete(questions, max_new_tokens=20)
    replies = [assistant.ask(question) for question in questions]
    return tuple(zip(questions, continued, replies, strict=True))
