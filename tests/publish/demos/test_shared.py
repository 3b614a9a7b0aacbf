"""What all demos share, tried in Node: state as a short text, and numbers as readers see them."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.publish.demos.downhill.test_downhill import traces as downhill_traces
from tests.publish.demos.feedback.test_feedback import traces as feedback_traces
from tests.publish.demos.funnel.test_funnel import traces as funnel_traces
from tests.publish.demos.lifecycle.test_lifecycle import traces as lifecycle_traces
from tests.publish.demos.replay import Trace, gap, logic_of, replay

from alignbook.press import npm
from alignbook.publish import demos

SHARED = Path(demos.__path__[0], "shared")
HOSTILE = [
    "<script>alert(1)</script>",
    "~" * 50,
    "1~AB~3~x~y",
    "99~~",
    "-1~~.",
    "1e3~A~1",
    "1~C~1",
    "1~A~1.2.",
    "\u202e1~A~1",
    "٣~A~1",
    "1~" + "A" * 3000 + "~1",
    "__proto__~constructor~toString",
    "%00~%~",
    "null",
    "{}",
]


def node(script: str, given: Any) -> Any:
    """What a piece of a module makes of `given`."""
    source = f"import * as state from '{SHARED.as_uri()}/state.mjs'; import * as dom from '{SHARED.as_uri()}/dom.mjs';"
    source += f"const given = {json.dumps(given)}; process.stdout.write(JSON.stringify({script}));"
    command = [npm.node(), "--input-type=module", "--eval", source]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


FIELDS = (
    "{ step: state.whole(0, 20), picks: state.marks('AB-', 12), own: state.wholes(0, 99, 4),"
    " rate: state.oneOf(['0.5', '5']) }"
)
READ = f"given.map((text) => state.read({FIELDS}, text) ?? null)"


def test_hostile_texts_are_no_states() -> None:
    assert node(READ, HOSTILE) == [None] * len(HOSTILE)


STATES = st.fixed_dictionaries(
    {
        "step": st.integers(0, 20),
        "picks": st.text("AB-", max_size=12),
        "own": st.lists(st.integers(0, 99), max_size=4),
        "rate": st.sampled_from(["0.5", "5"]),
    }
)


@settings(max_examples=10)
@given(st.lists(STATES, min_size=30, max_size=30))
def test_a_state_survives_being_written_and_read(states: list[dict[str, Any]]) -> None:
    written = f"given.map((one) => state.write({FIELDS}, one))"
    texts = node(written, states)
    assert node(READ, texts) == states
    begin = {"step": 0, "picks": "", "own": [], "rate": "0.5"}
    assert [text == "" for text in texts] == [one == begin for one in states]


@settings(max_examples=10)
@given(st.lists(st.text(max_size=30), min_size=30, max_size=30))
def test_any_text_is_read_or_ignored(texts: list[str]) -> None:
    for text, found in zip(texts, node(READ, texts), strict=True):
        assert found is None or found.keys() == {"step", "picks", "own", "rate"}, text


def test_numbers_are_written_for_readers() -> None:
    calls = (
        "[dom.decimal(-1.234), dom.decimal(1.2, 1, true), dom.decimal(-0.001, 2, true), dom.decimal(12345.6, 0),"
        " dom.percent(0.256), dom.counted(1, 'word'), dom.counted(2000, 'word')]"
    )
    assert node(calls, 0) == ["−1.23", "+1.2", "0.00", "12,346", "26%", "1 word", "2,000 words"]


def test_a_replay_finds_a_wrong_number_a_wrong_shape_and_a_call_that_fails(tmp_path: Path) -> None:
    module = tmp_path / "logic.mjs"
    module.write_text("export const half = (x) => x / 2 + 1e-11; export const fail = () => { throw Error('no'); };")
    with pytest.raises(AssertionError, match=r"call 0, half: expected 0\.5, got 0\.5000"):
        replay(module, [Trace("half", [1.0], 0.5)])
    with pytest.raises(AssertionError, match=r"call 1, fail: Error: no"):
        replay(module, [Trace("half", [1e6], 5e5), Trace("fail", [], 0)])
    with pytest.raises(AssertionError, match=r"x\[0\]: expected an object"):
        gap("x", [{"a": 1}], [1])
    with pytest.raises(AssertionError, match=r"x: expected \['a'\], got \['b'\]"):
        gap("x", {"a": 1}, {"b": 1})
    with pytest.raises(AssertionError, match="x: expected 2 entries, got 1"):
        gap("x", [1, 2], [1])
    with pytest.raises(AssertionError, match="x: expected True, got 1"):
        gap("x", True, 1)


BROKEN = [
    (feedback_traces, "feedback", "rate * (1 - expected)", "rate * expected"),
    (feedback_traces, "feedback", "rewards[other] - rewards[one]", "rewards[one] - rewards[other]"),
    (downhill_traces, "downhill", "last.w - rate * last.dw", "last.w + rate * last.dw"),
    (downhill_traces, "downhill", "/ Math.LN2", ""),
    (funnel_traces, "funnel", "Math.min(end + 1, steps)", "end"),
    (funnel_traces, "funnel", 'part.mark !== "-"', 'part.mark !== "+"'),
    (lifecycle_traces, "lifecycle", "(at + step + stages) % stages", "at + step"),
]


@pytest.mark.parametrize(("traces", "demo", "right", "wrong"), BROKEN, ids=[f"{one[1]}: {one[3]}" for one in BROKEN])
def test_a_broken_logic_is_found(
    tmp_path: Path, traces: Callable[[int, int], list[Trace]], demo: str, right: str, wrong: str
) -> None:
    source = logic_of(demo).read_text(encoding="utf-8")
    assert right in source
    broken = tmp_path / "logic.mjs"
    broken.write_text(source.replace(right, wrong), encoding="utf-8")
    with pytest.raises(AssertionError, match=r"call \d+, \w+"):
        replay(broken, traces(0, 30))
