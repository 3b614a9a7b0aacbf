from __future__ import annotations

import pytest

from alignbook.alignment.experiments.two_cultures import POOLS, TwoCultures, two_cultures


@pytest.fixture(scope="module", params=[0, 1])
def result(request: pytest.FixtureRequest) -> TwoCultures:
    return two_cultures(request.param, "tiny")


def test_each_culture_is_served_best_by_its_own(result: TwoCultures) -> None:
    plain, courteous = (result.by_pool[f"{culture} alone"] for culture in ("plain", "courteous"))
    assert courteous.courteous > plain.courteous + 0.3
    assert courteous.by_culture["courteous"] > plain.by_culture["courteous"]
    assert plain.by_culture["plain"] > courteous.by_culture["plain"]


def test_the_minority_pays(result: TwoCultures) -> None:
    assert set(result.by_pool) == set(POOLS)
    mixed = result.by_pool["four in five plain"]
    lost = {
        culture: result.by_pool[f"{culture} alone"].by_culture[culture] - mixed.by_culture[culture]
        for culture in ("plain", "courteous")
    }
    assert lost["courteous"] > lost["plain"] + 0.03


def test_tastes_differ_about_courtesy_alone(result: TwoCultures) -> None:
    for worth in (result.by_lot, *result.by_pool.values()):
        apart = worth.by_culture["courteous"] - worth.by_culture["plain"]
        assert apart == pytest.approx(0.4 * worth.courteous)
