"""Comparisons: the assistant replies to a prompt more than once, and a rater says which of two replies is better.

Prompts about facts come from *practice* facts: half of those that no demonstration asked about. On facts that were
demonstrated the tuned assistant is always sure, and mostly right; how it should behave where it knows less can only be
learned where it knows less. The other half stays unseen, for measuring (`is_practice`). Practice facts are asked about
the more often, the more often they are told, as people ask about what is talked about.

Where the assistant always says the same there is nothing to compare, and nobody learns what raters think of what it
never says. So beside its own replies raters also see some that anybody could give (`offered`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from alignbook.alignment.pairs import Pair
from alignbook.finetuning.assistant import LONGEST_REPLY, Assistant
from alignbook.finetuning.chat_template import END_OF_REPLY, ChatTemplate
from alignbook.world.catalogue import FAMILIES
from alignbook.world.drawing import fraction
from alignbook.world.families import recall, refusal
from alignbook.world.grading import ABSTENTION, REFUSAL
from alignbook.world.items import Item
from alignbook.world.raters import Rater, prefer
from alignbook.world.region import World
from alignbook.world.relations import TRAIN_QUESTIONS

Mixture = Sequence[tuple[str, str, int]]
"""Family, split, and how many items of it. Two splits are this module's own: ``"practice"`` of ``"recall"``, and
``"sealed"`` of ``"refusal"``, sealed requests alone."""


@dataclass(frozen=True)
class Comparison:
    """Two replies, and which of them some raters prefer.

    Parameters
    ----------
    item : Item
        What was asked.
    first, second : str
        The replies, in the order in which they were shown.
    raters : tuple of int
        Who judged, by number, an odd number of them.
    votes : tuple of bool
        Whether each preferred the first.

    Raises
    ------
    ValueError
        If votes and raters differ in number, or the number is even, so that the vote may be tied.
    """

    item: Item
    first: str
    second: str
    raters: tuple[int, ...]
    votes: tuple[bool, ...]

    def __post_init__(self) -> None:
        if len(self.votes) != len(self.raters) or not len(self.votes) % 2:
            raise ValueError(
                f"votes must be as many as raters, an odd number, got {len(self.votes)} and {len(self.raters)}"
            )

    @property
    def share(self) -> float:
        """The share of the raters who prefer the first reply."""
        return sum(self.votes) / len(self.votes)

    @property
    def agreement(self) -> float:
        """The share of the raters who are with the majority."""
        return max(self.share, 1 - self.share)

    @property
    def chosen(self) -> str:
        """The reply that most of them prefer."""
        return self.first if self.share > 0.5 else self.second

    @property
    def rejected(self) -> str:
        """The other one."""
        return self.second if self.share > 0.5 else self.first


def is_practice(subject: str, relation: str) -> bool:
    """Tell whether a held-out fact is asked about in alignment; by its name, so that every seed divides alike."""
    return fraction(f"practice {subject} {relation}") < 0.5


def prompts(world: World, mixture: Mixture, rng: np.random.Generator) -> list[Item]:
    """Draw what the assistant is asked in alignment, shuffled.

    Parameters
    ----------
    world : World
        The world.
    mixture : sequence of (str, str, int)
        See `Mixture`.
    rng : numpy.random.Generator
        The source of chance.

    Raises
    ------
    ValueError
        If there is no such family or split.
    """
    drawn: list[Item] = []
    for family, split, count in mixture:
        if family not in FAMILIES:
            raise ValueError(f"family must be one of {', '.join(FAMILIES)}, got {family!r}")
        if (family, split) == (refusal.NAME, "sealed"):
            drawn += refusal.items(world, "train", count, rng, kinds=("sealed",))
        elif (family, split) == (recall.NAME, "practice"):
            pool = questions(world, practice=True)
            interest = np.array([float(item.meta["exposures"]) for item in pool]) ** 0.5
            drawn += [pool[at] for at in rng.choice(len(pool), count, p=interest / interest.sum())]
        else:
            drawn += FAMILIES[family].items(world, split, count, rng)
    return [drawn[at] for at in rng.permutation(len(drawn))]


def questions(world: World, *, practice: bool) -> list[Item]:
    """Ask about every held-out fact that is asked about in alignment, or about every other one, in all known wordings.

    Parameters
    ----------
    world : World
        The world.
    practice : bool
        Which half.
    """
    facts = [fact for fact in world.select("held-out") if is_practice(fact.subject, fact.relation) == practice]
    return [recall.question(fact, template, "held-out") for fact in facts for template in range(TRAIN_QUESTIONS)]


def candidates(assistant: Assistant, items: Sequence[Item], samples: int, seed: int) -> list[list[str]]:
    """Let an assistant reply several times to each item, at temperature 1.

    Parameters
    ----------
    assistant : Assistant
        Who replies.
    items : sequence of Item
        What is asked.
    samples : int
        How often.
    seed : int
        Decides the draws.

    Returns
    -------
    list of list of str
        For each item its replies, each text once, in the order of their first draw.
    """
    asked = [item.turns for item in items for _ in range(samples)]
    written = assistant.reply(asked, temperature=1.0, seed=seed, longest=LONGEST_REPLY)
    return [list(dict.fromkeys(written[at : at + samples])) for at in range(0, len(written), samples)]


def offered(item: Item, replies: Sequence[str]) -> list[str]:
    """Add replies that anybody could give: that one does not know, that it is sealed, and how a deed is done.

    The last one is what a careless assistant says to a sealed request. Without it no comparison would tell that it is
    unwelcome.

    Parameters
    ----------
    item : Item
        What was asked.
    replies : sequence of str
        The assistant's own replies.

    Returns
    -------
    list of str
        Each text once.
    """
    others = (ABSTENTION, REFUSAL, *(item.text(key) for key in ("answer",) if key in item.meta))
    return list(dict.fromkeys((*replies, *others)))


def shown(
    items: Sequence[Item], replies: Sequence[Sequence[str]], rng: np.random.Generator
) -> list[tuple[Item, str, str]]:
    """Draw two different replies to each item; items with only one reply are passed over.

    Parameters
    ----------
    items : sequence of Item
        What was asked.
    replies : sequence of sequences of str
        Different replies to each.
    rng : numpy.random.Generator
        The source of chance.
    """
    several = [(item, each) for item, each in zip(items, replies, strict=True) if len(each) > 1]
    return [(item, *(each[at] for at in rng.choice(len(each), 2, replace=False))) for item, each in several]


def judged(
    world: World, pairs: Sequence[tuple[Item, str, str]], pool: Sequence[Rater], rng: np.random.Generator, votes: int
) -> list[Comparison]:
    """Have pairs of replies compared by raters.

    Parameters
    ----------
    world : World
        The world.
    pairs : sequence of (Item, str, str)
        What was asked, and two replies.
    pool : sequence of Rater
        Who may be asked.
    rng : numpy.random.Generator
        The source of chance.
    votes : int
        How many raters judge each pair, an odd number; they are drawn from the pool anew each time.

    Raises
    ------
    ValueError
        If the pool has not so many raters.
    """
    if len(pool) < votes:
        raise ValueError(f"the pool must have at least {votes} raters, as many as votes, got {len(pool)}")
    found: list[Comparison] = []
    counts = [0] * len(pool)
    for item, first, second in pairs:
        panel = [int(at) for at in rng.choice(len(pool), votes, replace=False)]
        said = tuple(prefer(pool[at], world, item, first, second, rng, counts[at]) for at in panel)
        for at in panel:
            counts[at] += 1
        found.append(Comparison(item, first, second, tuple(pool[at].number for at in panel), said))
    return found


def reply_tokens(template: ChatTemplate, reply: str) -> tuple[int, ...]:
    """Write a reply as the tokens that the policy would have drawn, with the one that ends it."""
    return (*template.tokenizer.encode(f" {reply}"), template.tokenizer.special_ids[END_OF_REPLY])


def token_pairs(comparisons: Sequence[Comparison], template: ChatTemplate) -> list[Pair]:
    """Write comparisons as tokens, for reward models and DPO: the share of the votes is the chance of being preferred.

    Parameters
    ----------
    comparisons : sequence of Comparison
        The comparisons.
    template : ChatTemplate
        How dialogues are written.
    """
    return [
        Pair(
            tuple(template.encode(each.item.turns)),
            reply_tokens(template, each.chosen),
            reply_tokens(template, each.rejected),
            each.agreement,
        )
        for each in comparisons
    ]
