"""A demo is checked before it is published: what no page can show is refused, with its place."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alignbook.publish.demos.demo import LARGEST, Demo, plain, script_json
from alignbook.publish.outputs import MIME, Output
from alignbook.publish.tables import table_output

STATIC = table_output({"a": [1]}, name="t", caption="A table.")
DEMO = Demo("d", "ab-thing", "A thing", "Poke it.", ["Poke it twice."], {"rate": np.float64(0.5)}, STATIC)


def test_an_output_holds_the_live_form_the_static_one_and_a_text() -> None:
    output = DEMO.output
    assert output.record["static"] == STATIC.record
    assert (output.record["kind"], output.record["status"]) == ("demo", "measured here")
    live = '<ab-thing><script type="application/json">{"rate":0.5}</script></ab-thing>'
    assert output.parts["text/html"] == live
    assert output.text.startswith("Demo (measured here): A thing\nA table.")
    data, _ = DEMO._repr_mimebundle_()
    assert data[MIME] == output.record


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"name": "Two words"}, "demo 'Two words': name it with small letters"),
        ({"element": "thing"}, "demo 'd': element must be named as in 'ab-two-words', got 'thing'"),
        ({"title": " "}, "demo 'd': title must be a text"),
        ({"says": ""}, "demo 'd': says must be a text"),
        ({"tries": []}, "demo 'd': tries must be a list of things to try, one at least"),
        ({"tries": "Poke"}, "demo 'd': tries must be a list"),
        ({"tries": [""]}, "demo 'd': each of tries must be a text"),
        ({"status": "real"}, "demo 'd': status must be one of 'measured here', 'illustration', got 'real'"),
        ({"static": Output({"kind": "claim"}, "")}, "demo 'd': static must be a figure or a table, .*, got 'claim'"),
        ({"data": {"a": [{"b": float("nan")}]}}, r"demo 'd': data\.a\[0\]\.b must be finite, got nan"),
        ({"data": {"a": np.array([1.0, np.inf])}}, r"demo 'd': data\.a\[1\] must be finite, got inf"),
        ({"data": {"long": "x" * LARGEST}}, f"its data weigh {LARGEST + 11} bytes, more than {LARGEST}"),
    ],
)  # fmt: skip
def test_what_no_page_can_show_is_refused(change: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        replace(DEMO, **change)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({"a": object()}, r"data\.a must be a number, got <object"),
        ({"a": [{1: 2}]}, r"data\.a\[0\]: keys must be texts, got 1"),
        ({"a": {"b": {1, 2}}}, r"data\.a\.b must be a number, got \{1, 2\}"),
    ],
)
def test_data_that_json_cannot_hold_are_refused(data: Any, message: str) -> None:
    with pytest.raises(TypeError, match=message):
        replace(DEMO, data=data)


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)  # fmt: skip


@given(VALUES)
def test_data_come_back_as_they_were_and_no_text_ends_the_script(value: Any) -> None:
    written = script_json(plain("data", value))
    assert json.loads(written) == value
    assert "<" not in written


def test_arrays_and_scalars_become_lists_and_numbers() -> None:
    found = plain("data", {"a": np.arange(4).reshape(2, 2), "b": (np.float32(0.5), True)})
    assert found == {"a": [[0, 1], [2, 3]], "b": [0.5, True]}
