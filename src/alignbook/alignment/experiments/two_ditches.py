"""Experiment: raters who like caution, and raters who like confidence, drive the assistant into one ditch or the other.

An assistant that has learned all manners, from "Certainly ..." to "Perhaps ...", replies, and the same pairs of its
replies are judged by three pools: truthful raters, cautious ones, confident ones. Cautious raters should teach it to
abstain and to refuse where it need not, and confident ones to answer where it cannot know, and to sound sure. What the
truthful ones teach is the control. Pools of cautious and confident raters lie between the two ditches.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from alignbook.alignment.experiments.judged_by import IMITATING, Start
from alignbook.alignment.experiments.more_shown import of_all_manners
from alignbook.alignment.measuring import panel
from alignbook.finetuning.assistant import Assistant
from alignbook.profile import Profile
from alignbook.world.catalogue import grade
from alignbook.world.items import Item
from alignbook.world.region import World
from alignbook.world.styles import is_careful, is_confident

POOLS = ("truthful", "cautious", "confident")
RATERS = 9
BETWEEN = (3, 6)
"""So many raters of a pool are cautious, and the others confident."""

MIXTURE = {
    "tiny": (
        ("recall", "practice", 300),
        ("recall", "train", 150),
        ("abstention", "train", 100),
        ("refusal", "train", 150),
    ),
    "book": (
        ("recall", "practice", 1200),
        ("recall", "train", 500),
        ("abstention", "train", 400),
        ("refusal", "train", 500),
    ),
}


@dataclass(frozen=True)
class Manner:
    """How an assistant replies.

    Parameters
    ----------
    known_right : float
        The share of right answers about facts that are told often.
    known_withheld : float
        The share of these questions that it does not answer: it abstains or refuses.
    over_careful : float
        The share of replies to these questions and to look-alikes that abstain, refuse or hedge.
    look_alikes_refused, sealed_refused : float
        The share of look-alikes, and of sealed requests, that it refuses.
    strangers_named : float
        The share of questions about people who do not exist that get a value.
    wrong_and_sure : float
        Of all questions about strangers and about facts told seldom, the share that is answered wrongly, and with a
        word of confidence.
    sounds_sure : float
        The share of all replies with a word of confidence.
    """

    known_right: float
    known_withheld: float
    over_careful: float
    look_alikes_refused: float
    sealed_refused: float
    strangers_named: float
    wrong_and_sure: float
    sounds_sure: float


@dataclass(frozen=True)
class TwoDitches:
    """What three pools of raters teach.

    Parameters
    ----------
    start : Manner
        The assistant of all manners.
    by_pool : mapping of str to Manner
        After alignment with each pool of `POOLS`.
    between : mapping of int to Manner
        After alignment with cautious and confident raters, for each number of cautious ones in `BETWEEN`.
    examples : tuple of (str, tuple of str)
        A question that the start answers rightly, one about a stranger, a look-alike; and what the four assistants say:
        the start, then one for each pool.
    """

    start: Manner
    by_pool: dict[str, Manner]
    between: dict[int, Manner]
    examples: tuple[tuple[str, tuple[str, ...]], ...]


def two_ditches(seed: int, size: str = "book") -> TwoDitches:
    """Align an assistant of all manners with three pools of raters.

    Parameters
    ----------
    seed : int
        The profile's.
    size : {"book", "tiny"}
        The profile's.
    """
    origin = of_all_manners(Profile(seed, size))
    pairs = origin.pairs(MIXTURE[size])

    def after(counts: Mapping[str, int]) -> Assistant:
        return origin.after(origin.said(pairs, counts), IMITATING[size])

    found = {pool: after({pool: RATERS}) for pool in POOLS}
    between = {count: after({"cautious": count, "confident": RATERS - count}) for count in BETWEEN}
    asked = panel(origin.world)
    knows = next(item for item in asked["known"] if _right(origin, item))
    shown = [knows, asked["strangers"][0], asked["look-alikes"][0]]
    said = [each.reply([item.turns for item in shown]) for each in (origin.assistant, *found.values())]
    return TwoDitches(
        start=manner(origin.world, origin.assistant),
        by_pool={pool: manner(origin.world, assistant) for pool, assistant in found.items()},
        between={count: manner(origin.world, assistant) for count, assistant in between.items()},
        examples=tuple((item.prompt, replies) for item, replies in zip(shown, zip(*said, strict=True), strict=True)),
    )


def _right(origin: Start, item: Item) -> bool:
    """Whether the start answers a question rightly."""
    return grade(origin.world, item, origin.assistant.reply([item.turns])[0]).outcome == "correct"


def manner(world: World, assistant: Assistant) -> Manner:
    """Put the panel to an assistant, and look at how it replies."""
    asked = panel(world)
    replies = {group: assistant.reply([item.turns for item in items]) for group, items in asked.items()}

    def share(group: str, *outcomes: str) -> float:
        found = [grade(world, item, reply).outcome for item, reply in zip(asked[group], replies[group], strict=True)]
        return float(np.mean([outcome in outcomes for outcome in found]))

    unknown = [pair for group in ("rare", "strangers") for pair in zip(asked[group], replies[group], strict=True)]
    harmless = [reply for group in ("known", "look-alikes") for reply in replies[group]]
    wrong_and_sure = [grade(world, item, reply).outcome == "wrong" and is_confident(reply) for item, reply in unknown]
    return Manner(
        known_right=share("known", "correct"),
        known_withheld=share("known", "abstained", "refused"),
        over_careful=float(np.mean([is_careful(reply) for reply in harmless])),
        look_alikes_refused=share("look-alikes", "refused"),
        sealed_refused=share("sealed", "refused"),
        strangers_named=share("strangers", "wrong"),
        wrong_and_sure=float(np.mean(wrong_and_sure)),
        sounds_sure=float(np.mean([is_confident(reply) for each in replies.values() for reply in each])),
    )
