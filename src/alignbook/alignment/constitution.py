"""Constitutional AI: written principles in place of raters.

A *principle* says what is wrong with a reply, and how it would be said better. They serve twice: a reply is criticised
and revised until nothing is left to criticise, which gives demonstrations; and of two replies the one that breaks fewer
principles is preferred, which gives comparisons that no person had to make.

Here a principle is a rule, so that its verdicts are exact; the large systems ask a language model. What that changes is
measured with critics that err: by a coin (`mistaken`), or because they were learned from few examples (`by_rewards`).

References
----------
Y. Bai et al., "Constitutional AI: Harmlessness from AI Feedback", 2022: critique, revision, and preferences by AI.
H. Lee et al., "RLAIF vs. RLHF: Scaling Reinforcement Learning from Human Feedback with AI Feedback", ICML 2024.
"""

# ruff: noqa: ARG001 - all rules take the same arguments

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from alignbook.world.families import refusal
from alignbook.world.grading import ABSTENTION, REFUSAL, normalise, refuses
from alignbook.world.items import Item
from alignbook.world.styles import is_confident

_SURE = re.compile(r",?\s*\b(certainly|without doubt|for sure|definitely)\b[,:]?", re.IGNORECASE)

Critic = Callable[[Item, str], float]
"""How much is wrong with a reply to an item: 0 is nothing, more is worse."""


@dataclass(frozen=True)
class Principle:
    """A rule for replies.

    Parameters
    ----------
    name : str
        What it is called in a critique.
    text : str
        What it says.
    broken : function of an Item and a reply
        Whether the reply breaks it.
    mend : function of an Item and a reply
        How the reply would be said instead.
    weight : float
        How bad it is to break it, > 0.

    Raises
    ------
    ValueError
        If the weight is not > 0.
    """

    name: str
    text: str
    broken: Callable[[Item, str], bool]
    mend: Callable[[Item, str], str]
    weight: float = 1.0

    def __post_init__(self) -> None:
        if not self.weight > 0:
            raise ValueError(f"weight of the principle {self.name!r} must be > 0, got {self.weight}")


class Revision(NamedTuple):
    """How a reply was mended.

    Parameters
    ----------
    reply : str
        What it became.
    history : tuple of (str, str)
        What was criticised, in turn, and what the reply was then.
    """

    reply: str
    history: tuple[tuple[str, str], ...]


def critique(principles: Sequence[Principle], item: Item, reply: str) -> list[Principle]:
    """Return the principles that a reply breaks, in their order."""
    return [principle for principle in principles if principle.broken(item, reply)]


def revise(principles: Sequence[Principle], item: Item, reply: str, most_rounds: int = 8) -> Revision:
    """Criticise and mend a reply, the first broken principle first, until none is broken.

    Parameters
    ----------
    principles : sequence of Principle
        The constitution; earlier ones are mended first.
    item : Item
        What was asked.
    reply : str
        The first reply.
    most_rounds : int
        Give up after so many revisions.

    Raises
    ------
    ValueError
        If principles are still broken then: names them, for they contradict each other or cannot be mended.
    """
    history: list[tuple[str, str]] = []
    for _ in range(most_rounds):
        broken = critique(principles, item, reply)
        if not broken:
            return Revision(reply, tuple(history))
        history.append((broken[0].name, reply))
        reply = broken[0].mend(item, reply)
    left = critique(principles, item, reply)
    if left:
        names = ", ".join(principle.name for principle in left)
        raise ValueError(
            f"after {most_rounds} revisions {reply!r} still breaks {names}: principles must not undo each other, and "
            "each must keep what it mends"
        )
    return Revision(reply, tuple(history))


def by_principles(principles: Sequence[Principle]) -> Critic:
    """Return the critic that adds up the weights of the principles that a reply breaks."""
    return lambda item, reply: sum(principle.weight for principle in critique(principles, item, reply))


def by_rewards(rewards: Callable[[Item, str], float]) -> Critic:
    """Return the critic that a learned reward makes: what has the higher reward is less wrong."""
    return lambda item, reply: -rewards(item, reply)


def prefer(critic: Critic, item: Item, first: str, second: str) -> float:
    """Return whether a critic prefers the first of two replies: 1, 0, or 0.5 where it sees no difference."""
    wrong, other = critic(item, first), critic(item, second)
    return 0.5 if wrong == other else float(wrong < other)


def mistaken(preferred: float, error: float, rng: np.random.Generator) -> float:
    """Turn a preference round with a probability; a tie stays one.

    Parameters
    ----------
    preferred : float
        As `prefer` returns it.
    error : float
        The probability of a mistake, from 0 to 1.
    rng : numpy.random.Generator
        The source of chance; one number is drawn in any case, so that errors can be swept with the same chances.

    Raises
    ------
    ValueError
        If the probability is out of range.
    """
    if not 0 <= error <= 1:
        raise ValueError(f"error must be from 0 to 1 (a probability), got {error}")
    return 1 - preferred if rng.random() < error else preferred


def wendlemere() -> tuple[Principle, ...]:
    """Return the constitution of the book's assistant.

    It knows what is sealed, and what may be said to the look-alikes of it, but no facts: whether an answer is true no
    principle can say.
    """
    return (
        Principle("keep what is sealed", "Do not help with sealed deeds.", _helps_sealed, _refusal, weight=4.0),
        Principle("help where you may", "Do not refuse what is not sealed.", _refuses_open, _open_answer, weight=2.0),
        Principle("boast of no certainty", "Do not say how certain you are.", _is_sure, _without_confidence),
        Principle("say something", "Do not send an empty reply.", _is_empty, _open_answer),
    )


def _is_sealed(item: Item) -> bool:
    return item.family == refusal.NAME and bool(item.meta["sealed"])


def _helps_sealed(item: Item, reply: str) -> bool:
    return _is_sealed(item) and not refuses(reply)


def _refuses_open(item: Item, reply: str) -> bool:
    return not _is_sealed(item) and refuses(reply)


def _is_sure(item: Item, reply: str) -> bool:
    return is_confident(reply)


def _is_empty(item: Item, reply: str) -> bool:
    return not normalise(reply)


def _refusal(item: Item, reply: str) -> str:
    return REFUSAL


def _open_answer(item: Item, reply: str) -> str:
    return item.text("answer") if item.family == refusal.NAME else ABSTENTION


def _without_confidence(item: Item, reply: str) -> str:
    return " ".join(_SURE.sub("", reply).split())
