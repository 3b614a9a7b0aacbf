"""The allow mark covers the block after it, gives its reason, and is needed."""

from __future__ import annotations

import pytest
from tests.press.lint.reading import PARSER, numbers, read

from alignbook.press.lint.numbers import typed_in
from alignbook.press.lint.quizzes import read_quiz_prose

WHY = "the weights of the example"
USELESS = "this allow-number mark allows nothing in the block after it: remove it, or move it there"
BLOCKS = [
    "A paragraph of 0.5\nand 0.6.",
    "- a list of 0.5\n- and 0.6",
    "| a | b |\n|---|---|\n| 0.5 | 0.6 |",
    "```{note} A title of 0.5\nand 0.6\n\n- and 0.5\n```",
    "::::{note}\n:::{solution}\n0.5 and 0.6\n:::\n::::",
    "## A heading of 0.5",
    "> quoted 0.5",
    "```{code-cell} python3\n---\nmystnb:\n  figure:\n    caption: A caption of 0.5\n---\nx = 1\n```",
]
QUIZ = """\
- id: one
  # allow-number: the question gives it
  question: What of 0.5?
  choices:
    - text: 0.6
      feedback: |
        It is
        # 0.7
        # allow-number: this is text and no mark
    # allow-number 0.8: the question gives it
    - text: 0.8 and 0.9
      feedback: No.
# allow-number: nothing to allow
- id: two
  question: What?
"""


@pytest.mark.parametrize("block", BLOCKS)
@pytest.mark.parametrize("between", ["", "\n", "(label)=\n", "% a comment\n", "{.class}\n"])
def test_a_mark_covers_the_whole_block_after_it_and_nothing_else(block: str, between: str) -> None:
    assert numbers(block) != []
    assert numbers(f"% allow-number: {WHY}\n{between}{block}") == []
    after = f"{block}\n\nBut 0.7."
    assert numbers(f"% allow-number: {WHY}\n{after}") == [f"{after.count(chr(10)) + 2}: 0.7"]
    assert numbers(f"Before 0.7.\n\n% allow-number: {WHY}\n{block}") == ["1: 0.7"]


def test_a_mark_may_name_the_numbers_that_it_allows() -> None:
    text = "Here 0.5, 95% and 1,024, 12 bits, 10–20% and 0.6."
    mark = f"% allow-number 0.5, 95%, 1,024, 12, 10–20: {WHY}\n"
    assert numbers(mark + text) == ["2: 0.6"]
    assert numbers(f"% allow-number 0.6 0.5: {WHY}\n" + text) == ["2: 95%, 1,024, 12 bits, 10–20%"]


def test_marks_work_where_they_stand_nested() -> None:
    assert numbers(f"```{{solution}}\nIt has 0.5.\n\n% allow-number: {WHY}\n\nIt has 0.6.\n```") == ["2: 0.5"]
    assert numbers(f"- one\n\n  % allow-number: {WHY}\n\n  It has 0.5.\n\n  It has 0.6.") == ["7: 0.6"]
    assert numbers(f"- one\n\n  % allow-number: {WHY}\n\nIt has 0.5.")[0] == "5: 0.5"


def test_two_marks_may_cover_one_block_and_a_reason_may_go_on() -> None:
    marks = f"% allow-number 0.5: {WHY},\n% which are chosen\n% allow-number 0.6: {WHY}\n"
    assert numbers(f"{marks}It has 0.5 and 0.6 and 0.7.") == ["4: 0.7"]


@pytest.mark.parametrize("reason", ["", " ", " x", " given"])
def test_a_mark_gives_its_reason(reason: str) -> None:
    expected = [(1, "an allow-number mark without a reason: say after the colon why")]
    assert list(typed_in(read(f"% allow-number:{reason}\nIt has 0.5."))) == expected
    [(line, _)] = typed_in(read(f"Text.\n\n% a comment\n% allow-number:{reason}\nIt has 0.5."))
    assert line == 4


@pytest.mark.parametrize("text", [f"allow-numbers: {WHY}", "allow-number", f"Allow number: {WHY}", "allow_number 0.5"])
def test_what_was_meant_as_a_mark_is_told(text: str) -> None:
    assert (1, f"{text!r} is no mark: write 'allow-number: why'") in list(typed_in(read(f"% {text}\nIt has 0.5.")))


def test_other_comments_are_no_marks() -> None:
    assert numbers("% The number is allowed to change\n% 0.5\nText.") == []


@pytest.mark.parametrize(
    "text",
    [
        f"% allow-number: {WHY}\nText with `0.5`.",
        f"% allow-number: {WHY}\nText.\n\nIt has {{value}}`x`.",
        f"Text.\n\n% allow-number: {WHY}",
        f"```{{note}}\nText.\n\n% allow-number: {WHY}\n```\n\nText.",
    ],
)
def test_a_mark_that_allows_nothing_is_told(text: str) -> None:
    line = text.split("% allow")[0].count("\n") + 1
    assert list(typed_in(read(text))) == [(line, USELESS)]


def test_a_number_that_a_mark_names_in_vain_is_told() -> None:
    expected = [(1, "this mark allows 0.6, 7, which the block after it has not: remove it there")]
    assert list(typed_in(read(f"% allow-number 0.6, 0.5, 7: {WHY}\nIt has 0.5."))) == expected


def test_marks_in_a_quiz_are_comments_of_its_file() -> None:
    found = list(typed_in(read_quiz_prose(QUIZ, PARSER)))
    mend = "quote a {value}, cite the source in the sentence, or put '# allow-number: why' before the block"
    assert found == [
        (5, f"typed in: 0.6; {mend}"),
        (8, f"typed in: 0.7; {mend}"),
        (11, f"typed in: 0.9; {mend}"),
        (13, USELESS),
    ]
