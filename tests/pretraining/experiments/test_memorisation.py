import pytest

from alignbook.pretraining.experiments.memorisation import COPIES, TEXTS, Memorisation, memorisation
from alignbook.world.families.canaries import REPETITIONS

MOST = REPETITIONS[-1]


@pytest.fixture(scope="module")
def result() -> Memorisation:
    return memorisation(0, "tiny")


def test_nothing_is_lost_and_copies_go(result: Memorisation) -> None:
    as_it_is, exact, near = (result.models[text] for text in TEXTS)
    secrets = result.per_count * len(REPETITIONS)
    assert as_it_is.kept == result.planted == 2 * result.per_count * sum(REPETITIONS)
    assert as_it_is.dropped_others == exact.dropped_others == 0
    # One copy of each exact one stays, and all of the others.
    assert exact.kept == secrets + result.per_count * sum(REPETITIONS)
    assert 2 * secrets <= near.kept < 2.5 * secrets


def test_repetition_leads_to_memorisation_and_taking_out_copies_away_from_it(result: Memorisation) -> None:
    as_it_is, exact, near = (result.models[text] for text in TEXTS)
    for copies in COPIES:
        assert as_it_is.surer[copies][MOST] == 1
        assert as_it_is.surer[copies][MOST] > as_it_is.surer[copies][1] + 0.4
        assert near.surer[copies][MOST] < as_it_is.surer[copies][MOST] - 0.4
    assert exact.surer["exact"][MOST] < as_it_is.surer["exact"][MOST] - 0.4
    assert exact.surer["near"][MOST] > exact.surer["exact"][MOST] + 0.4


def test_by_chance_nothing_comes_out(result: Memorisation) -> None:
    for model in result.models.values():
        assert model.by_chance <= 0.01


def test_examples_show_the_two_ends(result: Memorisation) -> None:
    assert [count for _, count, _ in result.examples] == [1, MOST]
