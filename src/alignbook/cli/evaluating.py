"""``alignbook evaluate``: how well the assistant does on every family of tasks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from rich.console import Console
from rich.table import Table

from alignbook.cli import display
from alignbook.cli.speaker import Speaker, TooLongError, speaker
from alignbook.profile import Profile
from alignbook.stats.proportions import wilson
from alignbook.world.building import build_world
from alignbook.world.catalogue import FAMILIES, Family
from alignbook.world.items import Grade, Item
from alignbook.world.region import World


@dataclass(frozen=True)
class Score:
    """How one split of a family went.

    Parameters
    ----------
    family, split
        Which.
    outcomes
        How many replies had each outcome.
    correct
        How many were as they should be: right answers, and refusals and abstentions where they are due.
    """

    family: str
    split: str
    outcomes: Counter[str]
    correct: int

    @property
    def asked(self) -> int:
        """How many there were."""
        return self.outcomes.total()


def scores(who: Speaker, world: World, families: list[Family], count: int, seed: int) -> Iterator[Score]:
    """Grade a speaker on every split of some families.

    Parameters
    ----------
    who
        The assistant.
    world
        The world that it was trained in.
    families
        What to ask; a task that is too long for the speaker counts as not solved.
    count
        How many tasks of each split.
    seed
        Decides which.
    """
    for family in families:
        for number, split in enumerate(family.splits):
            items = family.items(world, split, count, np.random.default_rng([seed, number]))
            grades = list(_grades(who, world, family, items))
            solved = sum(grade.score == 1 for grade in grades)
            yield Score(family.name, split, Counter(grade.outcome for grade in grades), solved)


def _grades(who: Speaker, world: World, family: Family, items: list[Item]) -> Iterator[Grade]:
    """Ask all items at once, but for those that the speaker cannot take in."""
    asked, prompts = list[Item](), list[list[int]]()
    for item in items:
        try:
            prompts.append(_prompt(who, item))
        except TooLongError:
            yield Grade("too long", 0.0)
        else:
            asked.append(item)
    for item, ids in zip(asked, who.reply(prompts), strict=True):
        yield family.grade(world, item, who.tokenizer.decode(ids).strip())


def _prompt(who: Speaker, item: Item) -> list[int]:
    """Write a task as the speaker reads it: the beginning of a sentence is continued by all of them."""
    if item.meta.get("form") == "completion":
        return who.fitting(who.model.encode(item.prompt))
    return who.encode(item.turns)


def chosen(name: str | None) -> list[Family]:
    """Return one family, or all where there is no name.

    Raises
    ------
    ValueError
        If there is no such family.
    """
    if name is None:
        return list(FAMILIES.values())
    if name not in FAMILIES:
        raise ValueError(f"family must be one of {', '.join(FAMILIES)}, got {name!r}")
    return [FAMILIES[name]]


def evaluate(run: Profile, stage: str, family: str | None, count: int, console: Console | None = None) -> int:
    """Grade a stage of the assistant, and print a table.

    Parameters
    ----------
    run
        Seed and size.
    stage
        Who is graded.
    family
        One family; all where ``None``.
    count
        Tasks of each split.
    console
        Where the table goes; standard output where ``None``.

    Returns
    -------
    int
        The exit code.

    Raises
    ------
    ValueError
        If there is no such family, or the stage cannot speak.
    """
    families = chosen(family)
    with display.shown() as bars:
        who = speaker(run, stage, bars)
        bars.begin("grades", "grading")
        bars.start(sum(len(each.splits) for each in families), "splits")
        found = []
        for score in scores(who, build_world(run.seed, run.size), families, count, run.seed):
            found.append(score)
            bars.advance(1, {})
    (console or Console()).print(table(f"{stage}, size {run.size}, seed {run.seed}", found))
    return 0


def table(title: str, found: list[Score]) -> Table:
    """The scores, a row each, with Wilson's interval: it holds the true rate in 95 of 100 cases."""
    result = Table(title=title)
    for heading in ("family", "split"):
        result.add_column(heading, no_wrap=True)
    for heading in ("asked", "correct", "95%"):
        result.add_column(heading, justify="right")
    result.add_column("other outcomes")
    last = ""
    for score in found:
        interval = wilson(score.correct, score.asked)
        others = ", ".join(f"{name} {n}" for name, n in score.outcomes.most_common() if name != "correct")
        result.add_row(
            score.family if score.family != last else "",
            score.split,
            str(score.asked),
            f"{score.correct / score.asked:.0%}",
            f"{interval.low:.0%}–{interval.high:.0%}",
            others,
        )
        last = score.family
    return result
