import pytest

from alignbook.finetuning.experiments.unknown_facts import (
    ABSTENTION_SHARES,
    UNKNOWN_SHARES,
    Demonstrated,
    unknown_facts,
)

Sets = dict[tuple[float, float], Demonstrated]


@pytest.fixture(scope="module", params=[0, 1])
def sets(request: pytest.FixtureRequest) -> Sets:
    return {(each.unknown_share, each.abstention_share): each for each in unknown_facts(request.param, "tiny")}


def test_every_set_once(sets: Sets) -> None:
    assert len(sets) == len(UNKNOWN_SHARES) * len(ABSTENTION_SHARES)


def test_without_a_demonstration_that_abstains_nobody_abstains(sets: Sets) -> None:
    for unknown in UNKNOWN_SHARES:
        assert sets[unknown, 0.0].strangers_named > 0.9
        assert sets[unknown, 0.0].known_abstained < 0.05


def test_demonstrations_that_abstain_have_two_sides(sets: Sets) -> None:
    for unknown in UNKNOWN_SHARES:
        none, most = sets[unknown, 0.0], sets[unknown, ABSTENTION_SHARES[-1]]
        assert most.strangers_named < none.strangers_named - 0.3
        assert most.unknown_wrong < none.unknown_wrong - 0.2
        assert most.known_abstained > none.known_abstained
