import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from alignbook.world.families.arithmetic import MODULUS, documents, grade, items, problems, solve
from alignbook.world.items import Item, user
from alignbook.world.region import World


@given(st.sampled_from((*problems("train"), *problems("held-out"))))
def test_results_are_those_of_turning_the_clock_step_by_step(problem: tuple[int, str, int]) -> None:
    left, sign, right = problem
    hours = list(range(MODULUS))
    if sign == "*":
        place = sum((left for _ in range(right)), start=0)
        hours = hours * (place // MODULUS + 1)
    else:
        place = left
        hours = hours[right:] + hours[:right] if sign == "+" else hours[MODULUS - right :] + hours[: MODULUS - right]
    assert solve(problem) == hours[place]


def test_a_quarter_is_held_out() -> None:
    train, held_out = set(problems("train")), set(problems("held-out"))
    assert not train & held_out
    assert len(train | held_out) == 3 * MODULUS**2
    assert 0.2 < len(held_out) / len(train | held_out) < 0.3


def test_documents_are_right_and_hold_training_problems_only(tiny: World) -> None:
    for document in documents(tiny, np.random.default_rng(0), 100):
        for line in document.text.split("\n"):
            left, sign, right, _, result = line.removesuffix(".").split(" ")
            problem = (int(left), sign, int(right))
            assert problem in problems("train")
            assert solve(problem) == int(result)


def test_grades(tiny: World) -> None:
    item = Item("arithmetic", "train", user("7 + 9"), "3.", {"value": "3"})
    for reply, outcome in (("3", "correct"), ("7 + 9 = 3.", "correct"), ("16", "wrong"), ("3 or 4", "wrong")):
        assert grade(tiny, item, reply).outcome == outcome


def test_all_problems_are_asked(tiny: World) -> None:
    count = len(problems("held-out"))
    assert len({item.prompt for item in items(tiny, "held-out", count, np.random.default_rng(0))}) == count
