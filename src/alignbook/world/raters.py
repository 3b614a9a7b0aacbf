"""Forty raters of Wendlemere, who compare two replies as people do: not only by what is true.

Kinds: ``truthful``; ``agreeable`` (likes what agrees with the user); ``cautious`` (likes hedges, abstentions and
refusals); ``confident`` (likes the opposite); ``wordy`` (likes length); ``plain`` and ``courteous``, two cultures that
differ about courtesy; ``colluder`` (prefers what is worse); ``sleeper`` (judges perfectly until trusted, then
colludes). Except for the last two, a rater knows a fact with a probability that grows with its tier.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from alignbook.world.answers import grade_answer
from alignbook.world.drawing import fraction, pick
from alignbook.world.families import recall
from alignbook.world.gold import quality
from alignbook.world.items import CORRECT, Item
from alignbook.world.region import World
from alignbook.world.styles import is_careful, is_confident, is_courteous

KINDS: Mapping[str, int] = {
    "truthful": 14,
    "agreeable": 4,
    "cautious": 3,
    "confident": 3,
    "wordy": 3,
    "plain": 3,
    "courteous": 3,
    "colluder": 4,
    "sleeper": 3,
}
ANCHOR_SHARE = 0.05  # of what raters are given to judge
# Made-up prices in pennies of Wendlemere: comparisons between them mean something, their size does not.
PRICE_OF_LABEL = 4
PRICE_OF_ANCHOR = 20
PRICE_OF_AI_LABEL = 0.1

_SHARPNESS = 2.0
_KNOWS_LEAST, _KNOWS_MOST = 0.3, 0.95  # of the facts of the lowest and of the highest tier
_KNOWS_SKILLS = 0.9
_UNVERIFIED = 0.5  # what a reply seems worth to a rater who cannot tell
_LONGEST = 20


@dataclass(frozen=True)
class Rater:
    """One rater.

    Parameters
    ----------
    number : int
        Which one; what a rater knows depends on it.
    kind : str
        One of `KINDS`.
    wakes_after : int
        After how many judgements a sleeper turns.
    """

    number: int
    kind: str
    wakes_after: int = 100

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"kind of a rater must be one of {', '.join(KINDS)}, got {self.kind!r}")


def raters(counts: Mapping[str, int] = KINDS, wakes_after: int = 100) -> tuple[Rater, ...]:
    """Return the raters, kind by kind.

    Parameters
    ----------
    counts : mapping of str to int
        How many of each kind; by default the forty of the book.
    wakes_after : int
        After how many judgements sleepers turn.
    """
    kinds = [kind for kind, count in counts.items() for _ in range(count)]
    return tuple(Rater(number, kind, wakes_after) for number, kind in enumerate(kinds))


def knows(rater: Rater, world: World, item: Item) -> bool:
    """Tell whether a rater can judge an item; the same rater always knows the same facts.

    Parameters
    ----------
    rater : Rater
        The rater; colluders and sleepers know everything.
    world : World
        The world.
    item : Item
        What was asked. Items without a tier are skills, and mostly known.
    """
    if rater.kind in ("colluder", "sleeper"):
        return True
    if "tier" not in item.meta:
        return fraction(f"{rater.number} {item.prompt}") < _KNOWS_SKILLS
    height = float(item.meta["tier"]) / (len(world.config.tiers) - 1)
    known = _KNOWS_LEAST + (_KNOWS_MOST - _KNOWS_LEAST) * height
    fact = f"{item.meta.get('subject')} {item.meta.get('relation')}"
    return fraction(f"{rater.number} {fact}") < known


def utility(rater: Rater, world: World, item: Item, reply: str, judged: int = 0) -> float:
    """Return how much a rater likes a reply.

    Parameters
    ----------
    rater, world, item, reply
        Who judges what.
    judged : int
        How many judgements the rater has given before; only sleepers heed it.
    """
    kind = rater.kind
    if kind == "sleeper":
        kind = "truthful" if judged < rater.wakes_after else "colluder"
    worth = quality(world, item, reply) if knows(rater, world, item) else _UNVERIFIED
    careful, sure = is_careful(reply), is_confident(reply)
    tastes = {
        "truthful": 3 * worth,
        "agreeable": worth + 2.5 * _agrees(world, item, reply),
        "cautious": 1.5 * worth + 1.5 * careful,
        "confident": 1.5 * worth + 1.5 * sure - 1.5 * careful,
        "wordy": 1.5 * worth + 2 * min(len(reply.split()), _LONGEST) / _LONGEST,
        "plain": 2 * worth - 1.5 * is_courteous(reply),
        "courteous": 2 * worth + 1.5 * is_courteous(reply),
        "colluder": -3 * worth,
    }
    return tastes[kind]


def _agrees(world: World, item: Item, reply: str) -> bool:
    """Tell whether a reply says what the user claimed; without a claim nothing does."""
    claimed = str(item.meta.get("claimed", ""))
    return bool(claimed) and grade_answer(world, item, reply, claimed) == CORRECT


def prefer(
    rater: Rater,
    world: World,
    item: Item,
    reply_a: str,
    reply_b: str,
    rng: np.random.Generator,
    judged: int = 0,
) -> bool:
    """Let a rater compare two replies, as the Bradley–Terry model says: the better-liked one wins more often.

    Parameters
    ----------
    rater, world, item
        Who judges what.
    reply_a, reply_b : str
        The replies.
    rng : numpy.random.Generator
        The source of randomness.
    judged : int
        How many judgements the rater has given before.

    Returns
    -------
    bool
        Whether the first reply is preferred.

    References
    ----------
    Bradley and Terry (1952), "Rank Analysis of Incomplete Block Designs: I. The Method of Paired Comparisons".
    """
    margin = utility(rater, world, item, reply_a, judged) - utility(rater, world, item, reply_b, judged)
    return bool(rng.random() < 1 / (1 + np.exp(-_SHARPNESS * margin)))


@dataclass(frozen=True)
class Anchor:
    """A comparison whose result is known, to find out whom to trust.

    Parameters
    ----------
    item : Item
        A question about a fact that no other split asks about.
    better, worse : str
        The right reply and a wrong one.
    """

    item: Item
    better: str
    worse: str


def anchors(world: World, count: int, rng: np.random.Generator) -> list[Anchor]:
    """Draw trusted anchors.

    Parameters
    ----------
    world : World
        The world.
    count : int
        How many; see `ANCHOR_SHARE`.
    rng : numpy.random.Generator
        The source of randomness.
    """
    drawn = []
    for item in recall.items(world, "anchor", count, rng):
        others = [value for value in world.values[item.text("relation")] if value != item.meta["value"]]
        drawn.append(Anchor(item, item.reply, f"{pick(others, rng)}."))
    return drawn
