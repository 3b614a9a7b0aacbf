"""Where a reader is on a page, and what a key means."""

from __future__ import annotations

import random
from bisect import bisect_right
from pathlib import Path

from tests.publish.demos.replay import Trace, replay

import alignbook.press

LOGIC = Path(alignbook.press.__path__[0], "reader/aids/logic.mjs")


def test_the_place_on_the_page_is_as_python_finds_it() -> None:
    rng = random.Random(0)
    made = []
    for _ in range(250):
        tops = sorted(rng.uniform(-5000, 5000) for _ in range(rng.randint(0, 9)))
        line = rng.choice([0.0, rng.uniform(-6000, 6000), *tops])
        height, view, scrolled = rng.uniform(0, 9000), rng.uniform(1, 2000), rng.uniform(-50, 9000)
        share = min(1.0, max(0.0, scrolled / (height - view))) if height > view else 1.0
        below = next((at for at, top in enumerate(tops) if top > line + 2), -1)
        made += [
            Trace("sectionAt", [tops, line], bisect_right(tops, line)),
            Trace("neighbour", [tops, line, 1], below),
            Trace("neighbour", [tops, line, -1], bisect_right(tops, line - 2) - 1),
            Trace("passed", [scrolled, height, view], share),
        ]
    assert replay(LOGIC, made) < 1e-12


def test_keys_mean_something_only_where_nothing_is_typed() -> None:
    free = {"on": True, "typing": False, "modified": False}
    shortcuts = {"j": "next", "?": "list"}
    made = [
        Trace("asked", ["j", free, shortcuts], "next"),
        Trace("asked", ["?", free, shortcuts], "list"),
        *(Trace("asked", [key, free, shortcuts], None) for key in ("x", "J", "Tab", "toString", "__proto__", "")),
        Trace("asked", ["j", {**free, "on": False}, shortcuts], None),
        Trace("asked", ["j", {**free, "typing": True}, shortcuts], None),
        Trace("asked", ["j", {**free, "modified": True}, shortcuts], None),
    ]
    assert replay(LOGIC, made) == 0
