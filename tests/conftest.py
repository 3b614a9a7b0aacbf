"""What every test may use."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.fixture_book import FixtureBook


@pytest.fixture
def book(tmp_path: Path) -> FixtureBook:
    """An empty fixture book."""
    return FixtureBook(tmp_path)
