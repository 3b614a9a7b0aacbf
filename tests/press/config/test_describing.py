"""The reference says what the schema says, of every key."""

import re

import pytest

from alignbook.press.config import reference
from alignbook.press.config.refused import REFUSED
from alignbook.press.config.schema import OURS, keys
from alignbook.press.pdf.settings import OPTIONS

ROWS = [line.strip("|").split("|") for line in reference().splitlines() if line.startswith("| `")]
CELLS = {re.findall("`(.*?)`", row[0])[0]: [cell.strip() for cell in row] for row in ROWS}


def test_every_key_has_a_row_with_its_description() -> None:
    for key, field in keys():
        assert field.description
        assert CELLS[key][3:] == [field.description]
        assert CELLS[key][0] == f"`{key}`" + (" †" if OURS in field.metadata else "")
    assert CELLS.keys() == {key for key, _ in keys()} | REFUSED.keys()


def test_every_refused_key_has_its_reason() -> None:
    for key, reason in REFUSED.items():
        assert CELLS[key] == [f"`{key}`", reason]


def test_only_these_keys_are_not_jupyter_book_s() -> None:
    ours = ["execute.jobs", "execute.packages", "parse.macros", *(f"latex.{name}" for name in OPTIONS)]
    assert [key for key, cells in CELLS.items() if "†" in cells[0]] == ours


@pytest.mark.parametrize(
    ("key", "kind", "default"),
    [
        ("title", "text", "*none*"),
        ("execute.execute_notebooks", "`cache`, `off`", "`cache`"),
        ("execute.timeout", "whole number", "`120`"),
        ("execute.run_in_temp", "true or false", "`false`"),
        ("execute.jobs", "whole number or `auto`", "`auto`"),
        ("execute.packages", "list of text", '`["alignbook"]`'),
        ("html.announcement", "text", '`""`'),
        ("sphinx.config", "mapping", "`{}`"),
    ],
)
def test_types_and_defaults_are_in_the_words_of_the_file(key: str, kind: str, default: str) -> None:
    assert CELLS[key][1:3] == [kind, default]
