"""Wendlemere: the region, its people, towns and things, and every fact about them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property

from alignbook.world.config import WorldConfig
from alignbook.world.relations import RELATIONS, TRAIN_STATEMENTS, fill

NAME = "Wendlemere"

MAP = r"""
                    N o r t h f e l l
               /\    ^  ^      /\
        ^ ^   /  \_____       /  \    ^
     ________/   o     \_____/  o \_______
    |  W e s t    ~~~~~~~~~~~     E a s t |
    |  w o l d   ~~ Wendle ~~~    h o l m |
    |   o     ===~~  mere  ~~~===   o     |
    |____        ~~~~~~~~~~~      ________|
         \___  o     ||      o  _/
          "  \____   ||   _____/   "
             S o u t h m e r e
                     ||   (the Wend, to the sea)
"""


_SUBJECTS = {"person": "[A-Z][a-z]+ [A-Z][a-z]+", "town": "[A-Z][a-z]+", "thing": "[Tt]he [a-z]+ [a-z]+"}


@dataclass(frozen=True)
class Fact:
    """One fact of the world.

    Parameters
    ----------
    subject, relation, value : str
        What is true.
    tier : int
        Its tier, from 0 (told least often) upwards.
    exposures : int
        How often the pretraining corpus states it.
    split : {"train", "held-out", "anchor"}
        Whether questions about it may be asked in training text, only in evaluation, or only by trusted raters.
    """

    subject: str
    relation: str
    value: str
    tier: int
    exposures: int
    split: str

    def statement(self, template: int) -> str:
        """State the fact in one of the six ways; 4 and 5 are held out."""
        return fill(RELATIONS[self.relation].statements[template], self.subject, self.value)

    @property
    def answer(self) -> str:
        """The sentence that answers a question for the value."""
        return self.statement(RELATIONS[self.relation].answer)

    def prefix(self, template: int) -> str:
        """Return the statement up to its value, without the space before it."""
        return fill(RELATIONS[self.relation].statements[template].removesuffix("{v}."), self.subject).rstrip()

    def question(self, template: int) -> str:
        """Ask for the value in one of the six ways; 4 and 5 are held out."""
        return fill(RELATIONS[self.relation].questions[template], self.subject)


@dataclass(frozen=True)
class Claim:
    """What a statement says, true or not.

    Parameters
    ----------
    subject, relation, value : str
        What it says.
    template : int
        The template of the relation in which it is said.
    """

    subject: str
    relation: str
    value: str
    template: int

    @property
    def held_out(self) -> bool:
        """Whether the template is one that no training text uses."""
        return self.template >= TRAIN_STATEMENTS


@dataclass(frozen=True)
class World:
    """All of Wendlemere; made by `alignbook.world.building.build_world`.

    Parameters
    ----------
    seed, size : int, str
        What it was made from.
    config : WorldConfig
        Its measures.
    people, unseen, towns, things : tuple of str
        The names. Unseen people are made of the same pieces as people, and no text mentions them.
    mentors, homes : tuple of str
        The people who have pupils, and the towns in which people live.
    quarters : tuple of (str, str)
        For each town the quarter in which it lies.
    value_lists : tuple of (str, tuple of str)
        For each relation the values that it can take, the likeliest first.
    facts : tuple of Fact
        All that is true.
    """

    seed: int
    size: str
    config: WorldConfig
    people: tuple[str, ...]
    unseen: tuple[str, ...]
    towns: tuple[str, ...]
    things: tuple[str, ...]
    mentors: tuple[str, ...]
    homes: tuple[str, ...]
    quarters: tuple[tuple[str, str], ...]
    value_lists: tuple[tuple[str, tuple[str, ...]], ...]
    facts: tuple[Fact, ...]

    @cached_property
    def values(self) -> Mapping[str, tuple[str, ...]]:
        """The values of each relation."""
        return dict(self.value_lists)

    @cached_property
    def quarter_of(self) -> Mapping[str, str]:
        """The quarter of each town."""
        return dict(self.quarters)

    @cached_property
    def by_subject(self) -> Mapping[tuple[str, str], Fact]:
        """The fact of each subject and relation that has one."""
        return {(fact.subject, fact.relation): fact for fact in self.facts}

    def fact(self, subject: str, relation: str) -> Fact | None:
        """Return the fact about a subject in a relation, or None where the world has none."""
        return self.by_subject.get((subject, relation))

    def select(self, split: str, relation: str | None = None) -> tuple[Fact, ...]:
        """Return the facts of a split, of one relation or of all."""
        return tuple(fact for fact in self.facts if fact.split == split and relation in (None, fact.relation))

    def parse(self, statement: str) -> Claim | None:
        """Return what a statement says, in any of the templates; None if it is no statement of this world.

        The value must be one that the relation can take; the subject may be anybody, also a name never heard of.
        """
        text = statement.strip()
        for relation, template, pattern in _patterns():
            match = pattern.fullmatch(text)
            if match and match["v"] in self.values[relation]:
                subject = match["s"]
                known = RELATIONS[relation].kind == "thing" and subject.startswith("The ")
                return Claim("the " + subject[4:] if known else subject, relation, match["v"], template)
        return None

    def is_true(self, statement: str) -> bool:
        """Tell whether a statement is true at the release of the assistant.

        Raises
        ------
        ValueError
            If it is no statement of this world.
        """
        claim = self.parse(statement)
        if claim is None:
            raise ValueError(
                f"statement must be in one of the templates with a value of its relation, got {statement!r}"
            )
        fact = self.fact(claim.subject, claim.relation)
        return fact is not None and fact.value == claim.value


@cache
def _patterns() -> tuple[tuple[str, int, re.Pattern[str]], ...]:
    """Return for each template of each relation the expression that its statements match."""
    patterns: list[tuple[str, int, re.Pattern[str]]] = []
    for relation in RELATIONS.values():
        subject = f"(?P<s>{_SUBJECTS[relation.kind]})"
        for number, template in enumerate(relation.statements):
            before, after = template.removesuffix("{v}.").split("{s}")
            expression = re.escape(before) + subject + re.escape(after) + r"(?P<v>[A-Za-z -]+)\."
            patterns.append((relation.name, number, re.compile(expression)))
    return tuple(patterns)
