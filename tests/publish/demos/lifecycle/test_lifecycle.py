"""The lifecycle map: a walk round six stages, and what is said of each."""

from __future__ import annotations

import random

import numpy as np
import pytest
from tests.publish.demos.replay import Trace, logic_of, replay

from alignbook.alignment.stage import COMPARISONS
from alignbook.finetuning.stage import TUNED
from alignbook.pretraining.stage import BASE
from alignbook.profile import Profile
from alignbook.publish.demos.lifecycle import aligning, stages
from alignbook.publish.demos.lifecycle.demo import NOT_REACHED, STATIONS, lifecycle_map
from alignbook.store import fetch

STEPS = {"ArrowRight": 1, "ArrowDown": 1, "ArrowLeft": -1, "ArrowUp": -1}


def traces(seed: int, cases: int) -> list[Trace]:
    """Keys of chance at stages of chance."""
    rng, made = random.Random(seed), list[Trace]()
    for _ in range(cases):
        stages = rng.randint(1, 9)
        at, key = rng.randrange(stages), rng.choice([*STEPS, "Home", "End", "Enter", "a", "constructor", ""])
        moved = {"Home": 0, "End": stages - 1}.get(key, (at + STEPS[key]) % stages if key in STEPS else None)
        stations = [{"stage": f"stage {place}"} for place in range(stages)]
        before = f"stage {(at - 1) % stages}"
        made += [
            Trace("moved", [at, key, stages], moved),
            Trace("passage", [at, stations], {"number": at + 1, "before": before, "loops": at == 0}),
        ]
    return made


def test_the_page_walks_as_python_does() -> None:
    assert replay(logic_of("lifecycle"), traces(0, 220)) == 0


def test_a_stage_that_is_not_reached_says_so_and_one_without_a_page_has_no_link() -> None:
    demo = lifecycle_map({"Pretrain": "It read 7 tokens."}, ["pretraining"])
    told = {one["stage"]: (one["number"], one["page"]) for one in demo.data["stations"]}
    assert told["Pretrain"] == ("It read 7 tokens.", "pretraining")
    assert told["Fine-tune"] == (NOT_REACHED, "")
    assert len(told) == len(STATIONS) == 6


def test_an_unknown_stage_is_refused() -> None:
    with pytest.raises(ValueError, match=r"stage must be one of Collect and filter data, .*, got 'Pre-train'"):
        lifecycle_map({"Pre-train": "7"})


@pytest.fixture(scope="module")
def costs() -> list[stages.Cost]:
    """What the stages of the tiny assistant took."""
    run = Profile(0, "tiny")
    return [stages.pretraining_cost(run), stages.tuning_cost(run), aligning.alignment_cost(run)]


def test_costs_are_of_what_was_trained(costs: list[stages.Cost]) -> None:
    run = Profile(0, "tiny")
    base, tuned = fetch(BASE, run), fetch(TUNED, run)
    parameters = base.model.transformer.parameters.flat.size
    pretraining, tuning, alignment = costs
    assert pretraining.tokens == base.run.steps * base.run.tokens_per_step
    assert pretraining.operations == 6 * parameters * pretraining.tokens
    assert tuning.examples == tuned.demonstrations
    rows = TUNED.config(run).training.batch_size * 3 // 2
    assert tuning.tokens % rows == 0, "each demonstration has half a row of replay beside it"
    assert alignment.examples == len(fetch(COMPARISONS, run).comparisons)
    assert 6 < alignment.operations / alignment.tokens / parameters < 12


def test_numbers_of_the_stages_are_shares_and_bits() -> None:
    run = Profile(0, "tiny")
    begin, end = stages.bits_a_token(run)
    assert begin == pytest.approx(np.log2(fetch(BASE, run).model.tokenizer.vocab_size), abs=0.3)
    assert end < begin / 2
    base, tuned = stages.answers_right(run, 40)
    assert 0 <= base < tuned <= 1
    assert 0.5 < aligning.predicted(run) <= 1
