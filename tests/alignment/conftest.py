import pytest

from alignbook.world.building import build_world
from alignbook.world.region import World


@pytest.fixture(scope="session")
def world() -> World:
    return build_world(0, "tiny")
