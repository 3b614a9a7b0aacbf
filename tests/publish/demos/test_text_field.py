"""A reader's own text as a part of a demo's state."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from alignbook.press import npm
from alignbook.publish import demos

STATE = Path(demos.__path__[0], "shared/state.mjs").as_uri()
FIELDS = "{ own: text(20, 'Hello'), step: whole(0, 9), also: text(20) }"


def node(script: str, given: Any) -> Any:
    """What a script makes of `given`."""
    source = f"import {{ begin, read, text, whole, write }} from '{STATE}'; const fields = {FIELDS};"
    source += f"const given = {json.dumps(given)}; process.stdout.write(JSON.stringify({script}));"
    command = [npm.node(), "--input-type=module", "--eval", source]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


TEXTS = st.text(st.sampled_from("~%257E<a>&é\U0001f9c0 \n"), max_size=10)
STATES = st.fixed_dictionaries({"own": TEXTS, "step": st.integers(0, 9), "also": TEXTS})


@settings(max_examples=10)
@given(st.lists(STATES, min_size=30, max_size=30))
def test_what_is_written_is_read_again(states: list[dict[str, Any]]) -> None:
    assert node("given.map((state) => read(fields, write(fields, state)))", states) == states


def test_a_text_that_is_too_long_is_no_state() -> None:
    script = "given.map((text) => read(fields, `${text}~1~`) ?? null)"
    assert node(script, ["x" * 20, "x" * 21]) == [{"own": "x" * 20, "step": 1, "also": ""}, None]


def test_the_beginning_needs_no_text() -> None:
    assert node("[write(fields, begin(fields)), begin(fields).own]", None) == ["", "Hello"]
