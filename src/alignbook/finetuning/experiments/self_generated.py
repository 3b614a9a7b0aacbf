"""Experiment: a model tuned on a handful of demonstrations writes the rest itself.

The handful makes a first assistant. It answers many questions, about facts that it knows and about facts that it does
not, and a second copy of the base model is tuned on its answers: on all of them, or on those that pass a filter that
knows nothing of the truth. The filter asks again in three other wordings and keeps what is answered alike each time.
Controls: the handful alone, and the same questions with true answers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from alignbook.finetuning.assistant import Assistant
from alignbook.finetuning.experiments.short_runs import SHORT, Start, answered, drawn_questions, questions, start
from alignbook.profile import Profile
from alignbook.world.drawing import shuffled
from alignbook.world.families import recall
from alignbook.world.items import Item
from alignbook.world.region import Fact

SETS = ("handful", "unfiltered", "filtered", "true answers")
_HANDFUL = 32
_FACTS = {"tiny": 60, "book": 300}
_WORDINGS = 4


@dataclass(frozen=True)
class SelfGenerated:
    """What came of each set of demonstrations.

    Parameters
    ----------
    demonstrations : mapping of str to int
        For each of `SETS`, how many it holds.
    right : mapping of str to float
        The share of its replies that are true.
    held_out : mapping of str to float
        The share of questions that the assistant tuned on it answers rightly, about known facts that are in no set.
    """

    demonstrations: dict[str, int]
    right: dict[str, float]
    held_out: dict[str, float]


def self_generated(seed: int, size: str = "book") -> SelfGenerated:
    """Let a barely tuned model write demonstrations, filter them, and tune on them.

    Parameters
    ----------
    seed : int
        The profile's.
    size : {"book", "tiny"}
        The profile's.
    """
    origin, rng = start(Profile(seed, size)), np.random.default_rng([seed, 9])
    handful = drawn_questions(origin.known_in("train"), _HANDFUL, rng)
    facts = shuffled(origin.world.select("train"), rng)[: _FACTS[size]]
    writer = origin.tuned_on(handful, SHORT[size])
    written = _written(writer, facts)
    sets = {
        "handful": handful,
        "unfiltered": handful + written,
        "filtered": handful + agreeing(written),
        "true answers": handful + questions(facts),
    }
    assistants = {name: origin.tuned_on(items, SHORT[size]) for name, items in sets.items() if name != "handful"}
    return SelfGenerated(
        demonstrations={name: len(items) for name, items in sets.items()},
        right={name: _right(origin, items) for name, items in sets.items()},
        held_out={
            name: answered(origin.world, assistant, origin.known_in("held-out"))
            for name, assistant in {"handful": writer, **assistants}.items()
        },
    )


def _written(writer: Assistant, facts: Sequence[Fact]) -> list[Item]:
    """Ask about facts in all wordings of training, and take the replies for demonstrations."""
    items = questions(facts, range(_WORDINGS))
    replies = writer.reply([item.turns for item in items])
    return [replace(item, reply=reply) for item, reply in zip(items, replies, strict=True) if reply]


def agreeing(items: Sequence[Item]) -> list[Item]:
    """Keep the questions about a subject and relation to which all replies are the same, in four wordings or more.

    Parameters
    ----------
    items : sequence of Item
        Questions with replies that somebody has given.
    """
    groups: dict[tuple[str, str], list[Item]] = {}
    for item in items:
        groups.setdefault((item.text("subject"), item.text("relation")), []).append(item)
    alike = [group for group in groups.values() if len(group) >= _WORDINGS and len({one.reply for one in group}) == 1]
    return [item for group in alike for item in group]


def _right(origin: Start, items: Sequence[Item]) -> float:
    """Return the share of replies that are true."""
    return float(np.mean([recall.grade(origin.world, item, item.reply).score for item in items]))
