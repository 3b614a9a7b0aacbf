"""Tables: cells as they are shown, and columns that do not fit together."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from tests.publish.conftest import Run

from alignbook.publish import table
from alignbook.publish.outputs import MIME

CALL = """import numpy as np
table({"model": ["<base>", "tuned"], "accuracy": np.array([0.0, 0.951]), "steps": [None, 1200], "good": [False, True]},
      name="sft", caption="What *tuning* does.", formats={"accuracy": ".0%", "steps": ","})"""


def test_cells_are_shown_and_numbers_are_told_from_texts(run: Run) -> None:
    (output,) = run(CALL)
    assert output["data"][MIME] == {
        "kind": "table",
        "name": "sft",
        "caption": "What *tuning* does.",
        "columns": [
            {"heading": "model", "cells": ["<base>", "tuned"], "numeric": False},
            {"heading": "accuracy", "cells": ["0%", "95%"], "numeric": True},
            {"heading": "steps", "cells": ["", "1,200"], "numeric": True},
            {"heading": "good", "cells": ["no", "yes"], "numeric": True},
        ],
    }


def test_whoever_opens_the_notebook_reads_a_table(run: Run) -> None:
    (output,) = run(CALL)
    assert output["data"]["text/plain"].splitlines() == [
        "What *tuning* does.",
        "model   accuracy  steps  good",
        "<base>        0%           no",
        "tuned        95%  1,200   yes",
    ]
    assert "<td>&lt;base&gt;</td><td>0%</td>" in output["data"]["text/html"]


@pytest.mark.parametrize(
    ("columns", "formats", "error", "message"),
    [
        ({}, {}, ValueError, "table 't': columns must be of one length, 1 or more, got {}"),
        ({"a": []}, {}, ValueError, "table 't': columns must be of one length, 1 or more, got {'a': 0}"),
        (
            {"a": [1], "b": [1, 2]},
            {},
            ValueError,
            "table 't': columns must be of one length, 1 or more, got {'a': 1, 'b'",
        ),
        ({"a": [1]}, {"b": "d"}, ValueError, "table 't': formats names no column: 'b'"),
        ({"a": [0.5]}, {}, ValueError, "table 't': column 'a' is a float, 0.5: say how many digits to show"),
        ({"a": [np.nan]}, {"a": ".1f"}, ValueError, "table 't': column 'a' must be finite, got nan"),
        ({"a": [[1]]}, {}, TypeError, "table 't': column 'a': a cell must be a text or a number, got [1]"),
        ({" ": [1]}, {}, ValueError, "table 't': a heading must be a text, got ' '"),
    ],
)
def test_what_is_no_table_is_refused(
    columns: Mapping[str, Any], formats: Mapping[str, str], error: type[Exception], message: str
) -> None:
    with pytest.raises(error) as caught:
        table(columns, name="t", caption="A table.", formats=formats)
    assert str(caught.value).startswith(message)
