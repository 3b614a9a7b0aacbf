"""What every test may use."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest
from hypothesis import settings
from tests.fixture_book import FixtureBook

settings.register_profile("book", deadline=None)  # a busy machine is no failure
settings.load_profile("book")

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # A shell starts what it puts into the background with interrupts ignored, and so would every process be that a test
    # starts and interrupts.
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture
def book(tmp_path: Path) -> FixtureBook:
    """An empty fixture book."""
    return FixtureBook(tmp_path)
