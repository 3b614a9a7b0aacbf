"""What TeX says of its lines is told of the book's."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from alignbook.press.pdf.positions import Position, mark, place_of, taken_out, without_marks

TEXT = st.text(st.characters(exclude_characters="\x02\x03", exclude_categories=["Cs"]))


@given(st.lists(st.tuples(TEXT, st.integers(1, 99))))
def test_marks_leave_the_text_as_it_was(parts: list[tuple[str, int]]) -> None:
    marked = "".join(text + mark(f"page.md:{line}") for text, line in parts)
    text, positions = taken_out(marked)
    assert text == "".join(text for text, _ in parts) == without_marks(marked)
    assert [position.place for position in positions] == [f"page.md:{line}" for _, line in parts]
    lines = [position.line for position in positions]
    assert lines == sorted(lines)


def test_a_line_belongs_to_the_last_block_that_began_before_it() -> None:
    positions = [Position(3, "a.md:1"), Position(3, "a.md:2"), Position(9, "b.md:1")]
    assert [place_of(line, positions) for line in (2, 3, 8, 9, 99)] == [None, "a.md:2", "a.md:2", "b.md:1", "b.md:1"]
