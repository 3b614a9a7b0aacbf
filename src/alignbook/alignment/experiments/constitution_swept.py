"""Experiment: written principles in place of raters, with a critic who errs more and more.

An assistant that answers everything replies to requests, sealed and not. A critic who knows the written principles, but
no facts, compares its replies; it is made to err by a coin, more and more often. Then the two ways of using principles
are set side by side, and beside people: comparisons by the critic, replies that it criticised and revised, and
comparisons by raters, as many and for as much money. The principles have a gap, which the comparisons find and the
revisions do not: no principle minds a reply of "I don't know" to a request that may be helped with. A fifth principle
closes it.

References
----------
Y. Bai et al., "Constitutional AI: Harmlessness from AI Feedback", 2022. H. Lee et al., "RLAIF vs. RLHF: Scaling
Reinforcement Learning from Human Feedback with AI Feedback", ICML 2024: AI feedback as good as people's, for less.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from alignbook.alignment.constitution import Critic, Principle, by_principles, mistaken, prefer, revise, wendlemere
from alignbook.alignment.experiments.judged_by import IMITATING, Shown, Start, by_verdicts
from alignbook.alignment.experiments.more_shown import answers, helpful_only, shown_more
from alignbook.alignment.measuring import panel
from alignbook.finetuning.assistant import Assistant
from alignbook.profile import Profile
from alignbook.world.catalogue import grade
from alignbook.world.families import refusal
from alignbook.world.grading import abstains
from alignbook.world.items import Item
from alignbook.world.raters import KINDS, PRICE_OF_AI_LABEL, PRICE_OF_LABEL
from alignbook.world.region import World

ERRORS = (0.0, 0.1, 0.2, 0.3, 0.4)
REQUESTS = {"tiny": 500, "book": 1600}
REVISED = {"tiny": 150, "book": 400}

AMENDMENT = Principle(
    "shrug at no request",
    "Do not say that you do not know how something is done that you may help with.",
    lambda item, reply: item.family == refusal.NAME and not item.meta["sealed"] and abstains(reply),
    lambda item, _: item.text("answer"),
    weight=2.0,
)
"""The principle that was forgotten."""


@dataclass(frozen=True)
class Kept:
    """What an assistant keeps of the rules, and of its use.

    Parameters
    ----------
    sealed_refused : float
        The share of sealed requests that it refuses.
    look_alikes_answered : float
        The share of look-alikes that it answers rightly.
    known_right : float
        The share of right answers about facts that are told often.
    shrugged : float
        The share of look-alikes to which it says that it does not know.
    """

    sealed_refused: float
    look_alikes_answered: float
    known_right: float
    shrugged: float


@dataclass(frozen=True)
class ConstitutionSwept:
    """What principles teach.

    Parameters
    ----------
    start : Kept
        The assistant that answers everything.
    by_error : mapping of float to Kept
        After comparisons by the critic, for each share of mistakes.
    amended : Kept
        After comparisons by a critic without mistakes who has the `AMENDMENT` as well.
    revised : Kept
        After demonstrations of its own replies, criticised and revised.
    people : Kept
        After as many comparisons by raters, one each.
    people_for_the_money : Kept
        After as many comparisons by raters as cost what the critic's do.
    comparisons, for_the_money : int
        How many these are.
    """

    start: Kept
    by_error: dict[float, Kept]
    amended: Kept
    revised: Kept
    people: Kept
    people_for_the_money: Kept
    comparisons: int
    for_the_money: int


def constitution_swept(seed: int, size: str = "book") -> ConstitutionSwept:
    """Align an assistant that answers everything with principles, and with people.

    Parameters
    ----------
    seed : int
        The profile's.
    size : {"book", "tiny"}
        The profile's.
    """
    run = Profile(seed, size)
    origin = helpful_only(run)
    pairs = origin.pairs((("refusal", "train", REQUESTS[size]), ("refusal", "sealed", REQUESTS[size] // 4)))
    critic = by_principles(wendlemere())

    def after_critic(error: float, critic: Critic = critic) -> Kept:
        rng = np.random.default_rng([seed, 16])  # the same chances for every share of mistakes

        def verdict(item: Item, first: str, second: str) -> float:
            return mistaken(prefer(critic, item, first, second), error, rng)

        return kept(origin.world, origin.after(by_verdicts(pairs, verdict), IMITATING[size]))

    judged = by_verdicts(pairs, lambda item, first, second: prefer(critic, item, first, second))
    affordable = max(2, round(len(judged) * PRICE_OF_AI_LABEL / PRICE_OF_LABEL))
    return ConstitutionSwept(
        start=kept(origin.world, origin.assistant),
        by_error={error: after_critic(error) for error in ERRORS},
        amended=after_critic(0.0, by_principles((*wendlemere(), AMENDMENT))),
        revised=kept(origin.world, _revised(origin, run)),
        people=kept(origin.world, _after_people(origin, pairs[: len(judged)])),
        people_for_the_money=kept(origin.world, _after_people(origin, pairs[:affordable])),
        comparisons=len(judged),
        for_the_money=affordable,
    )


def _after_people(origin: Start, pairs: Sequence[Shown]) -> Assistant:
    """Align with the forty raters; a small set is gone through again and again."""
    said = origin.said(pairs, KINDS, votes=1)
    config = IMITATING[origin.world.size]
    return origin.after(said * -(-config.batch_size // len(said)), config)


def _revised(origin: Start, run: Profile) -> Assistant:
    """Tune on the assistant's own replies to requests, after critique and revision."""
    rng = np.random.default_rng([run.seed, 17])
    drawn = origin.pairs((("refusal", "train", REVISED[run.size]), ("refusal", "sealed", REVISED[run.size] // 2)), own)
    mended = [replace(item, reply=revise(wendlemere(), item, first).reply) for item, first, _ in drawn]
    return shown_more(origin.assistant, [*mended, *answers(origin.world, rng)], run)


def own(item: Item, replies: Sequence[str]) -> list[str]:  # noqa: ARG001 - one of several offers
    """Show the assistant's first reply, and an empty one in place of another."""
    return [replies[0], ""]


def kept(world: World, assistant: Assistant) -> Kept:
    """Put the panel to an assistant."""
    asked = panel(world)

    def share(group: str, outcome: str) -> float:
        replies = assistant.reply([item.turns for item in asked[group]])
        found = [grade(world, item, reply).outcome for item, reply in zip(asked[group], replies, strict=True)]
        return float(np.mean([each == outcome for each in found]))

    return Kept(
        share("sealed", "refused"),
        share("look-alikes", "correct"),
        share("known", "correct"),
        share("look-alikes", "abstained"),
    )
