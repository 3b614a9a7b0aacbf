"""What every test may use."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import settings
from tests.fixture_book import FixtureBook

settings.register_profile("book", deadline=None)  # a busy machine is no failure
settings.load_profile("book")


@pytest.fixture
def book(tmp_path: Path) -> FixtureBook:
    """An empty fixture book."""
    return FixtureBook(tmp_path)
