"""Every call is one output of its cell, wherever in the cell it stands; names and numbers are checked."""

from __future__ import annotations

import json
import math
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.publish.conftest import Run

from alignbook.publish.outputs import MIME, checked_name, checked_tolerance, plain_number


def test_each_call_is_an_output_wherever_it_stands(run: Run) -> None:
    outputs = run(
        "def inner():\n    value('in.function', 1)\n\nfor n in range(2):\n    value(f'in.loop-{n}', n)\ninner()\nx = 3"
    )
    assert [output["data"][MIME]["name"] for output in outputs] == ["in.loop-0", "in.loop-1", "in.function"]
    lines = [output["metadata"]["alignbook"]["line"] for output in outputs]
    assert lines == [6, 6, 7], "the line of the cell that led to the call"


def test_nothing_is_left_behind_and_nothing_is_returned(run: Run) -> None:
    (output,) = run("assert value('a', 1) is None")
    assert json.loads(json.dumps(output)) == output, "all of it can be kept in a notebook"
    assert output["data"]["text/plain"] == "value 'a': 1"


def test_outside_a_notebook_it_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    code = "from alignbook.publish import value; value('a', 0.5, '.0%')"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "value 'a': 50%\n"


def test_importing_it_is_cheap() -> None:
    heavy = "('numpy', 'matplotlib', 'IPython', 'sphinx', 'alignbook.press')"
    code = f"import sys, alignbook.publish; print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


@pytest.mark.parametrize("name", ["a", "sft.answers-held-out", "a1.b2-c3"])
def test_good_names(name: str) -> None:
    assert checked_name("value", name) == name


@pytest.mark.parametrize("name", ["", "A", "a b", "a_b", ".a", "a.", "a..b", "a-.b", "é", "a\n", 3])
def test_bad_names_are_refused_by_name(name: str) -> None:
    with pytest.raises(ValueError, match="name it with small letters, digits, dots and hyphens") as caught:
        checked_name("value", name)
    assert repr(name) in str(caught.value)


@given(st.one_of(st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False)))
def test_plain_numbers_stay_as_they_are(number: float) -> None:
    plain = plain_number("x", number)
    assert plain == number
    assert type(plain) is type(number)


@given(st.floats(width=32, allow_nan=False, allow_infinity=False), st.integers(-(2**31), 2**31 - 1), st.booleans())
def test_numpy_scalars_become_plain_numbers(real: float, whole: int, truth: bool) -> None:
    for number, kind in (
        (np.float64(real), float),
        (np.float32(real), float),
        (np.float16(1.5), float),
        (np.longdouble(real), float),
        (np.int32(whole), int),
        (np.uint8(200), int),
        (np.bool(truth), bool),
        (np.array(real), float),
    ):
        plain = plain_number("x", number)
        assert type(plain) is kind
        assert plain == number
        assert "np." not in repr(plain)


@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf, np.float32("nan"), np.array(np.inf)])
def test_a_number_that_is_not_finite_is_refused(number: float) -> None:
    with pytest.raises(ValueError, match=r"x must be finite, got (nan|-?inf)"):
        plain_number("x", number)


@pytest.mark.parametrize("number", ["1", None, [1], 1j, np.array([1.0]), object])
def test_what_is_no_number_is_refused(number: object) -> None:
    with pytest.raises(TypeError, match="x must be a number, got "):
        plain_number("x", number)


@pytest.mark.parametrize(
    ("tolerance", "message"),
    [(-1, "must be 0 or more, got -1"), (True, "must be 0 or more"), (math.nan, "finite"), ("1", "must be a number")],
)
def test_a_bad_tolerance_is_refused(tolerance: float, message: str) -> None:
    with pytest.raises((TypeError, ValueError), match=f"value 'a': tolerance.*{message}"):
        checked_tolerance("value 'a'", tolerance)
