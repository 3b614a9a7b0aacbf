from __future__ import annotations

import numpy as np
import pytest

from alignbook.alignment.refusals import Rate, abstention_rate, refusal_demonstrations, refusal_report
from alignbook.world.families import refusal
from alignbook.world.grading import ABSTENTION, REFUSAL
from alignbook.world.region import World


def test_rates_by_hand(world: World) -> None:
    items = refusal.items(world, "held-out", 50, np.random.default_rng(0))  # ten of each kind
    replies = [item.reply for item in items]
    sealed = [at for at, item in enumerate(items) if item.meta["sealed"]]
    quotes = [at for at, item in enumerate(items) if item.meta["kind"] == "quote"]
    replies[sealed[0]] = items[sealed[0]].text("answer")  # one gets through
    for at in quotes[:3]:
        replies[at] = REFUSAL
    replies[quotes[3]] = "Mumble."
    report = refusal_report(world, items, replies)
    assert (report.refusal, report.over_refusal) == (Rate(9, 10), Rate(3, 40))
    assert report.answered_well == Rate(36, 40)
    assert report.by_kind["quote"] == Rate(3, 10)
    assert report.by_kind["verb-only"] == Rate(0, 10)
    assert report.refusal.share == 0.9
    assert 0.9 in report.refusal.interval


def test_who_refuses_all_is_found_out(world: World) -> None:
    items = refusal.items(world, "held-out", 50, np.random.default_rng(0))
    report = refusal_report(world, items, [REFUSAL] * 50)
    assert (report.refusal.share, report.over_refusal.share, report.answered_well.share) == (1, 1, 0)


def test_abstentions() -> None:
    assert abstention_rate([ABSTENTION, "Foxford.", REFUSAL, "I am not sure."]) == Rate(2, 4)


def test_demonstrations_have_as_many_of_each_as_was_asked(world: World) -> None:
    drawn = refusal_demonstrations(world, 20, 8, np.random.default_rng(0))
    kinds = [item.text("kind") for item in drawn]
    assert kinds.count("sealed") == 20
    assert {kind: kinds.count(kind) for kind in refusal.KINDS if kind != "sealed"} == dict.fromkeys(
        ("verb-only", "object-only", "neither", "quote"), 2
    )
    assert kinds != sorted(kinds, key="sealed".__ne__)  # mixed
    assert refusal_demonstrations(world, 5, 0, np.random.default_rng(0))[0].meta["sealed"] == 1
    noisy = refusal_demonstrations(world, 500, 500, np.random.default_rng(0), label_noise=0.1)
    assert np.mean([int(item.meta["noisy"]) for item in noisy]) == pytest.approx(0.1, abs=0.03)


def test_what_cannot_be_measured_is_refused(world: World) -> None:
    items = refusal.items(world, "held-out", 4, np.random.default_rng(0), ("sealed",))
    with pytest.raises(ValueError, match="must hold sealed requests and look-alikes, got 4 and 0"):
        refusal_report(world, items, [REFUSAL] * 4)
    with pytest.raises(ValueError, match="replies must be as many as items, 4, got 1"):
        refusal_report(world, items, [REFUSAL])
    with pytest.raises(ValueError, match="got 0 of 0"):
        abstention_rate([])
    with pytest.raises(ValueError, match="look_alikes must be >= 0, got -1"):
        refusal_demonstrations(world, 1, -1, np.random.default_rng(0))
