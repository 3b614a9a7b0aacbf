"""Values: what is shown of a number, and what is no number."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alignbook.publish import value
from alignbook.publish.values import formatted


@pytest.mark.parametrize(
    ("call", "plain", "text"),
    [
        ("value('a', np.float64(0.9512), '.0%')", 0.9512, "95%"),
        ("value('a', np.int64(12345), ',')", 12345, "12,345"),
        ("value('a', 7)", 7, "7"),
        ("value('a', np.float32(0.5), '8.2f')", 0.5, "0.50"),
    ],
)
def test_a_value_is_kept_as_number_and_as_text(
    published: Callable[[str], dict[str, Any]], call: str, plain: float, text: str
) -> None:
    record = published(f"import numpy as np\n{call}")
    assert record == {"kind": "value", "name": "a", "value": plain, "text": text, "tolerance": None}
    assert type(record["value"]) is type(plain)


@given(st.floats(allow_nan=False, allow_infinity=False), st.sampled_from([".3f", ".1e", ".0%", ",.2f", "+.4g"]))
def test_the_text_is_python_s_own_format(number: float, format_spec: str) -> None:
    assert formatted("x", number, format_spec) == format(number, format_spec)


@pytest.mark.parametrize(
    ("number", "format_spec", "error", "message"),
    [
        (0.5, "", ValueError, "value 'a' is a float, 0.5: say how many digits to show, as in '.2f' or '.0%'"),
        (
            0.5,
            "d",
            ValueError,
            "value 'a': 'd' is no format for 0.5 (Unknown format code 'd' for object of type 'float')",
        ),
        ("0.5", ".2f", TypeError, "value 'a' must be a number, got '0.5'"),
        (np.ones(2), ".2f", TypeError, "value 'a' must be a number, got array([1., 1.])"),
        (True, "", TypeError, "value 'a' must be a number, got True: claim it instead"),
        (np.nan, ".2f", ValueError, "value 'a' must be finite, got nan"),
    ],
)
def test_what_cannot_be_shown_is_refused(number: Any, format_spec: str, error: type[Exception], message: str) -> None:
    with pytest.raises(error) as caught:
        value("a", number, format_spec)
    assert str(caught.value) == message
