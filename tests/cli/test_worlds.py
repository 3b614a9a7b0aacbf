"""The world's sample is printed, and the doctor finds what is too easy or too hard."""

from __future__ import annotations

import io
from collections import Counter

import numpy as np
import pytest
from rich.console import Console
from tests.cli.conftest import BASE

from alignbook.cli import evaluating, worlds
from alignbook.cli.evaluating import Score
from alignbook.cli.speaker import Speaker
from alignbook.pretraining.language_model import LanguageModel
from alignbook.profile import Profile
from alignbook.world.catalogue import FAMILIES
from alignbook.world.region import World


def console() -> Console:
    return Console(file=io.StringIO(), width=120)


def printed(where: Console) -> str:
    assert isinstance(where.file, io.StringIO)
    return where.file.getvalue()


def test_the_sample_shows_every_family_and_the_world_of_the_seed() -> None:
    where, other = console(), console()
    assert worlds.sample(Profile(0, "tiny"), where) == worlds.sample(Profile(1, "tiny"), other) == 0
    assert all(f"\n{name}: " in printed(where) for name in FAMILIES)
    assert printed(where) != printed(other)


def scored(*of_seeds: dict[str, tuple[int, int]]) -> list[list[Score]]:
    return [
        [
            Score(name, "held-out", Counter(correct=right, wrong=asked - right), right)
            for name, (right, asked) in of_seed.items()
        ]
        for of_seed in of_seeds
    ]


def test_families_outside_of_a_tenth_and_nine_tenths_are_saturated() -> None:
    found = scored(
        {"easy": (19, 20), "hard": (0, 20), "low": (1, 20), "high": (20, 20)},
        {"easy": (18, 20), "hard": (1, 20), "low": (3, 20), "high": (16, 20)},
    )  # low and high: 4 and 36 in 40, a tenth and nine tenths
    table, saturated = worlds.diagnosis(found)
    assert saturated == ["easy", "hard"]
    where = console()
    where.print(table)
    rows = {cells[1].strip(): cells for line in printed(where).splitlines() if len(cells := line.split("│")) > 5}
    assert [cell.strip() for cell in rows["low held-out"][2:-1]] == ["10%", "4%–23%", "5%", "15%", ""]
    assert rows["easy held-out"][6].strip() == "too easy"
    assert rows["hard held-out"][6].strip() == "too hard"


def test_the_doctor_looks_at_every_seed_and_fails_where_a_kind_of_task_is_saturated(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seeds = []

    def examined(run: Profile, count: int, bars: object) -> list[Score]:
        seeds.append(run.seed)
        right = count // 2 if run.seed < 2 else 0
        return [Score("recall", "held-out", Counter(correct=right, wrong=count - right), right)]

    monkeypatch.setattr(worlds, "_examined", examined)
    assert worlds.doctor("tiny", 2, 10, console()) == 0
    assert seeds == [0, 1]
    monkeypatch.setattr(worlds, "LOW", 0.6)
    where = console()
    assert worlds.doctor("tiny", 2, 10, where) == 1
    assert "saturated, no tasks between 0.6 and 0.9: recall: retune the family" in printed(where)


@pytest.mark.parametrize(("right", "saturated"), [((20, 10), []), ((20, 0), ["f"]), ((20, 20), ["f"])])
def test_a_family_passes_with_one_kind_of_tasks_that_tells_models_apart(
    right: tuple[int, int], saturated: list[str]
) -> None:
    splits = zip(("held-out", "held-out-words"), right, strict=True)
    found = [Score("f", split, Counter(correct=count, wrong=20 - count), count) for split, count in splits]
    assert worlds.diagnosis([found])[1] == saturated


def test_a_family_that_the_assistant_was_not_tuned_on_gets_a_specialist(monkeypatch: pytest.MonkeyPatch) -> None:
    few = {name: FAMILIES[name] for name in ("small_talk", "pictures", "canaries")}
    monkeypatch.setattr(worlds, "FAMILIES", few)
    trained: list[str] = []

    def specialise(base: LanguageModel, world: World, family: str, text: object, seed: int) -> LanguageModel:
        trained.append(family)
        return base

    monkeypatch.setattr(worlds, "specialise", specialise)
    monkeypatch.setattr(worlds, "BASE", BASE)
    monkeypatch.setattr(worlds, "_replayed", lambda run, tokenizer: np.zeros(1000, np.int64))
    where = console()
    worlds.doctor("tiny", 1, 10, where)
    assert trained == ["pictures"]
    assert "small_talk held-out" in printed(where)
    assert "pictures held-out" in printed(where)
    assert "canaries" not in printed(where)
    assert "train" not in printed(where)


def test_a_task_that_is_too_long_counts_as_not_solved(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Speaker, "context", 60)
    where = console()
    assert evaluating.evaluate(Profile(0, "tiny"), "tuned", "instructions", 10, where) == 0
    assert "too long" in printed(where)
