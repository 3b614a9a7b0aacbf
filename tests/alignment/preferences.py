"""The golden of preferences."""

from __future__ import annotations

import functools
import json
from pathlib import Path
from typing import Any


@functools.cache
def golden() -> dict[str, Any]:
    path = Path(__file__).parents[1] / "goldens/alignment_preferences/preferences.json"
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found
