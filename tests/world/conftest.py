import pytest

from alignbook.world.building import build_world
from alignbook.world.region import World


@pytest.fixture(scope="session")
def tiny() -> World:
    return build_world(0, "tiny")


@pytest.fixture(scope="session")
def book() -> World:
    return build_world(0, "book")


@pytest.fixture(params=["tiny", "book"])
def world(request: pytest.FixtureRequest, tiny: World, book: World) -> World:
    return tiny if request.param == "tiny" else book
