"""Experiment: demonstrations with flaws, against as many without.

Every set holds the same questions, about facts that the base model knows. In some sets a share of the replies is
flawed: it names a wrong value, drawn at random; or always the same wrong value of its relation; or the right value,
but curtly, without the sentence around it. Controls: the set without flaws, and what is left of it when every flawed
reply has been found and thrown away, trained for as many steps.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from alignbook.finetuning.experiments.short_runs import (
    SHORT,
    Start,
    drawn_questions,
    outcomes,
    questions,
    spread,
    start,
)
from alignbook.profile import Profile
from alignbook.world.drawing import pick
from alignbook.world.items import Item
from alignbook.world.region import Fact, World

CLEAN, WEEDED = "clean", "flawed ones thrown away"
SHARES = (0.25, 0.5)
"""Shares of flawed replies."""

_COUNT = {"tiny": 160, "book": 1200}


@dataclass(frozen=True)
class Quality:
    """What came of one set of demonstrations.

    Parameters
    ----------
    flaw : str
        One of `FLAWS`, `CLEAN` or `WEEDED`.
    share : float
        The share of its replies that are flawed, or were and have been thrown away.
    demonstrations : int
        How many it holds.
    right, wrong : float
        The shares of questions, about known facts that no demonstration was about, that get the right value and
        another one.
    in_sentences : float
        The share of replies that are a sentence, right or wrong.
    """

    flaw: str
    share: float
    demonstrations: int
    right: float
    wrong: float
    in_sentences: float


def quality(seed: int, size: str = "book") -> tuple[Quality, ...]:
    """Tune on clean and on flawed demonstrations.

    Parameters
    ----------
    seed : int
        The profile's.
    size : {"book", "tiny"}
        The profile's.
    """
    origin, rng = start(Profile(seed, size)), np.random.default_rng([seed, 11])
    clean = drawn_questions(origin.known_in("train"), _COUNT[size], rng)
    sets = [(CLEAN, 0.0, clean)]
    for share in SHARES:
        at = rng.permutation(len(clean))[: round(share * len(clean))].tolist()
        sets += [(flaw, share, flawed(origin.world, clean, at, flaw, rng)) for flaw in FLAWS]
        sets.append((WEEDED, share, [item for place, item in enumerate(clean) if place not in set(at)]))
    return tuple(_run(origin, size, *each) for each in sets)


def flawed(world: World, items: Sequence[Item], at: Sequence[int], flaw: str, rng: np.random.Generator) -> list[Item]:
    """Return the items, some of them with a flawed reply.

    Parameters
    ----------
    world : World
        The world that they are about.
    items : sequence of Item
        Questions about facts.
    at : sequence of int
        Which of them.
    flaw : str
        One of `FLAWS`.
    rng : numpy.random.Generator
        Draws the wrong values.

    Raises
    ------
    ValueError
        If there is no such flaw.
    """
    if flaw not in FLAWS:
        raise ValueError(f"flaw must be one of {', '.join(FLAWS)}, got {flaw!r}")
    spoilt = list(items)
    for place in at:
        fact = world.fact(items[place].text("subject"), items[place].text("relation"))
        if fact is None:
            raise ValueError(f"items must be about facts of the world, got {items[place].prompt!r}")
        spoilt[place] = replace(items[place], reply=FLAWS[flaw](world, fact, rng))
    return spoilt


def _any_other(world: World, fact: Fact, rng: np.random.Generator) -> str:
    return replace(
        fact, value=pick([value for value in world.values[fact.relation] if value != fact.value], rng)
    ).answer


def _same_other(world: World, fact: Fact, rng: np.random.Generator) -> str:  # noqa: ARG001 - all take the same
    first, second = world.values[fact.relation][-2:]
    return replace(fact, value=second if first == fact.value else first).answer


def _curt(world: World, fact: Fact, rng: np.random.Generator) -> str:  # noqa: ARG001 - all take the same
    return f"{fact.value}."


FLAWS: Mapping[str, Callable[[World, Fact, np.random.Generator], str]] = {
    "any wrong value": _any_other,
    "the same wrong value": _same_other,
    "curt": _curt,
}
"""What a flawed reply says. The same wrong value is among the rarest of its relation: no guess would come to it."""


def _run(origin: Start, size: str, flaw: str, share: float, items: Sequence[Item]) -> Quality:
    world, assistant = origin.world, origin.tuned_on(items, SHORT[size])
    asked = questions(spread(origin.known_in("held-out")), (0, 1))
    found = outcomes(world, assistant, asked)
    replies = assistant.reply([item.turns for item in asked])
    return Quality(
        flaw=flaw,
        share=share,
        demonstrations=len(items),
        right=found.get("correct", 0.0),
        wrong=found.get("wrong", 0.0),
        in_sentences=float(np.mean([world.parse(reply) is not None for reply in replies])),
    )
