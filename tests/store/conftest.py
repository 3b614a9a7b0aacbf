"""What the store's tests may use."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.store.walks import Walks


@pytest.fixture
def walks(tmp_path: Path) -> Walks:
    """The package of quick stages, and an empty store."""
    return Walks(tmp_path)
