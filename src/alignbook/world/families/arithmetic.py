"""Arithmetic on the clock of Wendlemere, which has thirteen hours: plus, minus and times modulo 13.

Splits: ``train`` and ``held-out``, a quarter of all problems, which no training text contains.
"""

# ruff: noqa: ARG001 - all families, and all writers of documents, take the same arguments

from collections.abc import Mapping
from functools import cache

import numpy as np

from alignbook.world.document import Document
from alignbook.world.drawing import draw, fraction
from alignbook.world.grading import grade_value
from alignbook.world.items import Grade, Item, check_split, user
from alignbook.world.region import World

NAME = "arithmetic"
SPLITS = ("train", "held-out")
MODULUS = 13
SIGNS = ("+", "-", "*")
_HELD_OUT = 0.25
_LINES = 8  # in one document

Problem = tuple[int, str, int]


def solve(problem: Problem) -> int:
    """Return the result on the clock.

    Examples
    --------
    >>> solve((7, "+", 9)), solve((2, "-", 5)), solve((4, "*", 5))
    (3, 10, 7)
    """
    left, sign, right = problem
    results: Mapping[str, int] = {"+": left + right, "-": left - right, "*": left * right}
    return results[sign] % MODULUS


@cache
def problems(split: str) -> tuple[Problem, ...]:
    """Return all problems of a split; which they are depends on nothing but their text.

    Raises
    ------
    ValueError
        If the split is unknown.
    """
    check_split(NAME, split, SPLITS)
    every = [(left, sign, right) for sign in SIGNS for left in range(MODULUS) for right in range(MODULUS)]
    return tuple(one for one in every if (fraction(_spell(one)) < _HELD_OUT) == (split == "held-out"))


def _spell(problem: Problem) -> str:
    left, sign, right = problem
    return f"{left} {sign} {right}"


def items(world: World, split: str, count: int, rng: np.random.Generator) -> list[Item]:
    """Draw problems; the reply is a number from 0 to 12.

    Raises
    ------
    ValueError
        If the split is unknown.
    """
    return [
        Item(
            NAME,
            split,
            user(f"On the clock, what is {_spell(one)}?"),
            f"{solve(one)}.",
            {"operation": one[1], "value": str(solve(one))},
        )
        for one in draw(problems(split), count, rng)
    ]


def grade(world: World, item: Item, reply: str) -> Grade:
    """Grade a reply: the last number of a worked line counts, so ``7 + 9 = 3`` is right where ``3`` is."""
    return grade_value(reply.split("=")[-1], item.text("value"), [str(number) for number in range(100)])


def documents(world: World, rng: np.random.Generator, count: int) -> list[Document]:
    """Write documents of eight worked problems of the ``train`` split."""
    drawn = draw(problems("train"), count * _LINES, rng)
    texts = ["\n".join(f"{_spell(one)} = {solve(one)}." for one in drawn[at::count]) for at in range(count)]
    return [Document(text, NAME) for text in texts]
