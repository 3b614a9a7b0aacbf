from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alignbook.world.families.stack_language import WORDS, ProgramError, documents, grade, items, run
from alignbook.world.items import Item, user
from alignbook.world.region import World


@pytest.mark.parametrize(
    ("program", "left"),
    [
        ("3 4 add", (7,)),
        ("3 4 gap", (1,)),
        ("4 3 gap", (1,)),
        ("3 4 mul", (12,)),
        ("3 4 max", (4,)),
        ("3 4 dup", (3, 4, 4)),
        ("3 4 drop", (3,)),
        ("3 4 swap", (4, 3)),
        ("3 4 over", (3, 4, 3)),
        ("1 2 3 add mul", (5,)),
        ("", ()),
    ],
)
def test_words_by_hand(program: str, left: tuple[int, ...]) -> None:
    assert run(program) == left


@pytest.mark.parametrize(
    ("program", "message"),
    [
        ("1 add", "'add' needs 2 on the stack, got 1"),
        ("dup", "'dup' needs 1 on the stack, got 0"),
        ("1 2 plus", "words must be among add gap mul max dup drop swap over, got 'plus'"),
        ("50 50 add", "numbers must be at most 99, got 100 from 'add'"),
        ("1 " * 21, "a program must have at most 20 words, got 21"),
    ],
)
def test_programs_that_cannot_run_say_why(program: str, message: str) -> None:
    with pytest.raises(ProgramError, match=message):
        run(program)


def _by_list(program: str) -> list[int]:
    """Run a program with the operations of a Python list: another way to the same results."""
    stack: list[int] = []

    def binary(operation: Callable[[int, int], int]) -> None:
        top = stack.pop()
        stack.append(operation(stack.pop(), top))

    for word in program.split():
        if word.isdigit():
            stack.append(int(word))
        elif word == "add":
            binary(int.__add__)
        elif word == "gap":
            binary(lambda one, other: max(one, other) - min(one, other))
        elif word == "mul":
            binary(int.__mul__)
        elif word == "max":
            stack.append(sorted([stack.pop(), stack.pop()])[1])
        elif word == "dup":
            stack.append(stack[-1])
        elif word == "drop":
            del stack[-1]
        elif word == "swap":
            stack.insert(-1, stack.pop())
        else:
            stack.append(stack[-2])
    return stack


@given(st.lists(st.one_of(st.sampled_from(WORDS), st.integers(0, 9).map(str)), max_size=12))
def test_another_interpreter_agrees(words: list[str]) -> None:
    program = " ".join(words)
    try:
        left = run(program)
    except ProgramError:
        return
    assert list(left) == _by_list(program)


def test_any_program_that_does_it_is_right_but_pushing_the_answer_is_not(tiny: World) -> None:
    item = Item("stack_language", "train", user(""), "add.", {"form": "write", "numbers": "3 4", "value": "7"})
    for reply, outcome in (
        ("add.", "correct"),
        ("swap add", "correct"),
        ("mul", "wrong"),
        ("drop drop 7", "wrong"),
        ("add them", "malformed"),
        ("add add", "malformed"),
    ):
        assert grade(tiny, item, reply).outcome == outcome


def test_documents_tell_the_truth(tiny: World) -> None:
    for document in documents(tiny, np.random.default_rng(0), 50):
        for line in document.text.removesuffix(".").split(".\n"):
            if line.startswith("To turn"):
                task, program = line.removeprefix("To turn ").split(", write ")
                numbers, left = task.split(" into ")
                assert " ".join(map(str, run(f"{numbers} {program}"))) == left
            else:
                program, left = line.split(" leaves ")
                assert " ".join(map(str, run(program))) == left


def test_half_run_and_half_write(tiny: World) -> None:
    drawn = items(tiny, "held-out", 20, np.random.default_rng(0))
    assert [item.meta["form"] for item in drawn] == ["run", "write"] * 10
