import pytest
from hypothesis import given
from hypothesis import strategies as st

from alignbook.finetuning.experiments.instruction_types import (
    TYPES,
    Specialist,
    form_of,
    instruction_types,
    shown_pairs,
)
from alignbook.world.families.instructions import FORMATS, HELD_OUT_PAIRS, OPERATIONS


@given(st.integers(8, 28), st.integers(8, 28))
def test_more_pairs_hold_the_fewer_and_every_part_occurs(one: int, other: int) -> None:
    fewer, more = sorted((one, other))
    assert shown_pairs(more)[:fewer] == shown_pairs(fewer)
    assert len(set(shown_pairs(more))) == more
    assert {operation for operation, _ in shown_pairs(fewer)} == set(OPERATIONS)
    assert {form for _, form in shown_pairs(fewer)} == set(FORMATS)
    assert not set(shown_pairs(more)) & set(HELD_OUT_PAIRS)


@pytest.mark.parametrize("count", [0, 29])
def test_impossible_counts_are_refused(count: int) -> None:
    with pytest.raises(ValueError, match=f"count must be from 1 to 28, got {count}"):
        shown_pairs(count)


@pytest.mark.parametrize("form", FORMATS)
def test_formats_are_recognised(form: str) -> None:
    assert form_of(FORMATS[form][1](("oak", "pie", "rain"))) == form


def test_more_kinds_teach_formats_at_the_same_number_of_demonstrations() -> None:
    made: tuple[Specialist, ...] = instruction_types(0, "tiny")
    assert [each.types for each in made] == list(TYPES)
    assert len({each.demonstrations for each in made}) == 1
    assert made[-1].new_pairs_format > made[0].new_pairs_format
    for each in made:
        assert each.seen_pairs_format > each.new_pairs_format - 0.05
        assert each.new_pairs <= each.new_pairs_format
