"""``alignbook world``: look at the world, and find what is too easy or too hard in it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table
from rich.text import Text

from alignbook.cli import display
from alignbook.cli.evaluating import Score, scores
from alignbook.cli.speaker import Speaker, speaker
from alignbook.finetuning.specialist import specialise, training_splits
from alignbook.finetuning.stage import TUNED
from alignbook.pretraining.stage import BASE, documents
from alignbook.pretraining.training import token_stream
from alignbook.profile import Profile
from alignbook.stats.proportions import wilson
from alignbook.store import fetch
from alignbook.text.bpe import BPE
from alignbook.world.building import build_world
from alignbook.world.catalogue import FAMILIES
from alignbook.world.sample import sample as sample_of

LOW, HIGH = 0.1, 0.9
"""A kind of task tells models apart where its score lies between these."""

SPECIALISED = ("abstention",)
"""The assistant sees too few demonstrations of these families to be measured in them."""


def sample(run: Profile, console: Console | None = None) -> int:
    """Print some of each family and of each kind of document; returns the exit code."""
    world = build_world(run.seed, run.size)
    text = sample_of(world, np.random.default_rng(run.seed))
    (console or Console()).print(Text(text), soft_wrap=True)
    return 0


def doctor(size: str, seeds: int, count: int, console: Console | None = None) -> int:
    """Train what it takes under several seeds, and tell which tasks tell models apart.

    The tuned assistant is asked for what it was tuned on, a specialist for each other family that has something to
    learn from. Only unseen tasks count. A family passes when one kind of its tasks tells models apart: others of it
    may be controls, or mark the ends of what a model of this size can do, and are named as they are found.

    Parameters
    ----------
    size
        Of the world and the models.
    seeds
        How many seeds, from 0 on.
    count
        Tasks of each split and seed.
    console
        Where the table goes; standard output where ``None``.

    Returns
    -------
    int
        0 where every family has tasks between `LOW` and `HIGH`, 1 where one has none.
    """
    found: list[list[Score]] = []
    with display.shown() as bars:
        for seed in range(seeds):
            found.append(list(_examined(Profile(seed, size), count, bars)))
    result, saturated = diagnosis(found)
    console = console or Console()
    console.print(result)
    if saturated:
        names = ", ".join(saturated)
        console.print(Text(f"saturated, no tasks between {LOW} and {HIGH}: {names}: retune the family"))
    return 1 if saturated else 0


def _examined(run: Profile, count: int, bars: display.Bars) -> Iterator[Score]:
    """Grade the assistant of a seed and its specialists on unseen tasks."""
    world, assistant = build_world(run.seed, run.size), speaker(run, "tuned", bars)
    own = {family for family, _, _ in TUNED.config(run).mixture}.difference(SPECIALISED)
    base = fetch(BASE, run, progress=bars).model
    stream = _replayed(run, base.tokenizer)
    families = [family for family in FAMILIES.values() if family.name in own or training_splits(family.name)]
    bars.begin("grades", f"seed {run.seed}")
    bars.start(len(families), "families")
    for family in families:
        who = assistant
        if family.name not in own:
            who = Speaker(specialise(base, world, family.name, stream, run.seed), chats=True)
        for score in scores(who, world, [family], count, run.seed):
            if score.split not in training_splits(family.name):
                yield score
        bars.advance(1, {})


def _replayed(run: Profile, tokenizer: BPE) -> NDArray[np.int64]:
    """Return the text that the base model was trained on."""
    return token_stream(documents(run, BASE.config(run).question_answer_share), tokenizer)


def diagnosis(found: Iterable[list[Score]]) -> tuple[Table, list[str]]:
    """Join the scores of several seeds by kind of task.

    Returns
    -------
    table, list of str
        A row for each split of each family, and the names of the families of which all splits are saturated.
    """
    by_kind: dict[tuple[str, str], list[tuple[int, int]]] = {}
    for score in (score for of_seed in found for score in of_seed):
        by_kind.setdefault((score.family, score.split), []).append((score.correct, score.asked))
    table = Table(title="unseen tasks: the tuned assistant, and specialists for what it was not tuned on")
    for heading in ("tasks", "correct", "95%", "lowest seed", "highest seed", ""):
        table.add_column(heading)
    saturated = {family: True for family, _ in by_kind}
    for (family, split), counts in by_kind.items():
        right, all_ = (sum(column) for column in zip(*counts, strict=True))
        shares = [correct / asked for correct, asked in counts]
        interval, share = wilson(right, all_), right / all_
        saturated[family] &= not LOW <= share <= HIGH
        verdict = "too easy" if share > HIGH else "too hard" if share < LOW else ""
        spread = f"{interval.low:.0%}–{interval.high:.0%}"
        table.add_row(f"{family} {split}", f"{share:.0%}", spread, f"{min(shares):.0%}", f"{max(shares):.0%}", verdict)
    return table, [family for family, all_saturated in saturated.items() if all_saturated]
