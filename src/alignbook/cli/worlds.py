"""``alignbook world``: look at the world, and find what is too easy or too hard in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import numpy as np
from rich.console import Console
from rich.table import Table
from rich.text import Text

from alignbook.cli import display
from alignbook.cli.evaluating import Score, scores
from alignbook.cli.speaker import speaker
from alignbook.profile import Profile
from alignbook.stats.proportions import wilson
from alignbook.world.building import build_world
from alignbook.world.catalogue import FAMILIES
from alignbook.world.sample import sample as sample_of

LOW, HIGH = 0.1, 0.9
"""A family discriminates between models where its score lies between these."""


def sample(run: Profile, console: Console | None = None) -> int:
    """Print some of each family and of each kind of document; returns the exit code."""
    world = build_world(run.seed, run.size)
    text = sample_of(world, np.random.default_rng(run.seed))
    (console or Console()).print(Text(text), soft_wrap=True)
    return 0


def doctor(size: str, seeds: int, count: int, console: Console | None = None) -> int:
    """Train the tuned assistant under several seeds, and tell which families tell models apart.

    Parameters
    ----------
    size
        Of the world and the assistant.
    seeds
        How many seeds, from 0 on.
    count
        Tasks of each split and seed.
    console
        Where the table goes; standard output where ``None``.

    Returns
    -------
    int
        0 where every family lies between `LOW` and `HIGH`, 1 where one is saturated.
    """
    found: list[list[Score]] = []
    with display.shown() as bars:
        for seed in range(seeds):
            run = Profile(seed, size)
            who = speaker(run, "tuned", bars)
            found.append(list(scores(who, build_world(seed, size), list(FAMILIES.values()), count, seed)))
    result, saturated = diagnosis(found)
    console = console or Console()
    console.print(result)
    if saturated:
        names = ", ".join(saturated)
        console.print(Text(f"saturated, not between {LOW} and {HIGH}: {names}: retune the world's config"))
    return 1 if saturated else 0


def diagnosis(found: Iterable[list[Score]]) -> tuple[Table, list[str]]:
    """Join the scores of several seeds by family.

    Returns
    -------
    table, list of str
        A row for each family, and the names of those that are saturated.
    """
    by_family: dict[str, list[tuple[int, int]]] = {}
    for of_seed in found:
        correct, asked = Counter[str](), Counter[str]()
        for score in of_seed:
            correct[score.family] += score.correct
            asked[score.family] += score.asked
        for name in asked:
            by_family.setdefault(name, []).append((correct[name], asked[name]))
    table, saturated = Table(title="tuned assistant"), []
    for heading in ("family", "correct", "95%", "lowest seed", "highest seed", ""):
        table.add_column(heading)
    for name, counts in by_family.items():
        right, all_ = (sum(column) for column in zip(*counts, strict=True))
        shares = [correct / asked for correct, asked in counts]
        interval, share = wilson(right, all_), right / all_
        if not LOW <= share <= HIGH:
            saturated.append(name)
        verdict = "too easy" if share > HIGH else "too hard" if share < LOW else ""
        spread = f"{interval.low:.0%}–{interval.high:.0%}"
        table.add_row(name, f"{share:.0%}", spread, f"{min(shares):.0%}", f"{max(shares):.0%}", verdict)
    return table, saturated
