"""Single documents on their way through the funnel: their stops are what the pipeline does to them."""

from __future__ import annotations

import pytest

from alignbook.data.experiments import funnel
from alignbook.data.experiments.walks import WANTED, Walk, walks
from alignbook.data.pipeline import Dropped, Pipeline

STEPS = [step.name for step in funnel.steps_for(funnel.planted_corpus(0, "tiny"), 0)]


@pytest.fixture(scope="module")
def found() -> tuple[Walk, ...]:
    return walks(0, "tiny")


def test_the_walks_are_the_pipelines_own(found: tuple[Walk, ...]) -> None:
    corpus = funnel.planted_corpus(0, "tiny")
    fates = {}
    for fate in Pipeline(funnel.steps_for(corpus, 0)).run(corpus.documents):
        fates[fate.document.name if isinstance(fate, Dropped) else fate.name] = fate
    assert len(found) >= 12
    assert [(walk.planted, walk.dropped_by) for walk in found] == [
        kind for kind in WANTED if kind in {(walk.planted, walk.dropped_by) for walk in found}
    ]
    for walk in found:
        fate = fates[walk.name]
        if isinstance(fate, Dropped):
            assert (fate.step, fate.reason) == (walk.stops[-1].step, walk.stops[-1].reason)
            assert fate.document.text == walk.stops[-1].text
        else:
            assert (fate.text, walk.dropped_by) == (walk.stops[-1].text, "")
            assert [stop.step for stop in walk.stops] == STEPS


def test_a_step_changes_what_it_is_there_for(found: tuple[Walk, ...]) -> None:
    changed = {
        (walk.planted, stop.step)
        for walk in found
        for before, stop in zip((walk.text, *(stop.text for stop in walk.stops)), walk.stops, strict=False)
        if stop.text != before
    }
    assert ("personal data", "personal data") in changed
    for walk in found:
        assert all(not stop.reason for stop in walk.stops[:-1]), "a dropped document goes no further"


def test_an_unknown_size_is_refused() -> None:
    with pytest.raises(ValueError, match="size must be one of tiny, book, got 'huge'"):
        walks(0, "huge")
