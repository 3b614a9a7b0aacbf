"""Programs in a stack language of eight words: what does this one leave, and which one does that?

Splits: ``train`` and ``held-out``, a quarter of all pairs of numbers before and after, which no training text has.
Half of the items give a program and ask for what it leaves (``meta["form"] == "run"``); half give numbers and what
shall become of them (``"write"``), and any program that does it is right: it is run.
"""

# ruff: noqa: ARG001 - all families, and all writers of documents, take the same arguments

import numpy as np

from alignbook.world.document import Document
from alignbook.world.drawing import fraction
from alignbook.world.grading import grade_exact, normalise
from alignbook.world.items import CORRECT, MALFORMED, WRONG, Grade, Item, Meta, check_split, user
from alignbook.world.region import World

NAME = "stack_language"
SPLITS = ("train", "held-out")
WORDS = ("add", "gap", "mul", "max", "dup", "drop", "swap", "over")
_HELD_OUT = 0.25
_LARGEST = 99
_LONGEST = 20  # words and numbers in a program
_LINES = 4  # in one document

Stack = tuple[int, ...]


class ProgramError(ValueError):
    """A program that cannot be run."""


def run(program: str, stack: Stack = ()) -> Stack:
    """Run a program.

    A number goes on top of the stack. ``add``, ``gap`` (the difference without a sign), ``mul`` and ``max`` replace
    the two upper numbers by one; ``dup`` doubles the top, ``drop`` takes it away, ``swap`` exchanges the two upper
    numbers, and ``over`` puts a copy of the second on top.

    Parameters
    ----------
    program : str
        Words and numbers, with spaces between.
    stack : tuple of int
        What is on the stack before, the top last.

    Returns
    -------
    tuple of int
        What is on the stack afterwards, the top last.

    Raises
    ------
    ProgramError
        If a word is unknown, the stack has too few numbers for it, a number exceeds 99, or the program is longer than
        20 words.

    Examples
    --------
    >>> run("3 4 add dup")
    (7, 7)
    >>> run("over", (1, 2))
    (1, 2, 1)
    """
    words = program.split()
    if len(words) > _LONGEST:
        raise ProgramError(f"a program must have at most {_LONGEST} words, got {len(words)}")
    for word in words:
        stack = _step(word, stack)
        if stack and max(stack) > _LARGEST:
            raise ProgramError(f"numbers must be at most {_LARGEST}, got {max(stack)} from {word!r}")
    return stack


def _step(word: str, stack: Stack) -> Stack:
    if word.isascii() and word.isdigit() and len(word) <= _LONGEST:
        return (*stack, int(word))
    if word not in WORDS:
        raise ProgramError(f"words must be among {' '.join(WORDS)}, got {word!r}")
    needed = 1 if word in ("dup", "drop") else 2
    if len(stack) < needed:
        raise ProgramError(f"{word!r} needs {needed} on the stack, got {len(stack)}")
    if word == "dup":
        return (*stack, stack[-1])
    if word == "drop":
        return stack[:-1]
    below, first, second = stack[:-2], stack[-2], stack[-1]
    results = {
        "add": (first + second,),
        "gap": (abs(first - second),),
        "mul": (first * second,),
        "max": (max(first, second),),
        "swap": (second, first),
        "over": (first, second, first),
    }
    return below + results[word]


def items(world: World, split: str, count: int, rng: np.random.Generator) -> list[Item]:
    """Draw programs to run and programs to write, by turns.

    Raises
    ------
    ValueError
        If the split is unknown.
    """
    check_split(NAME, split, SPLITS)
    return [_item(split, *_program(split, rng), "write" if number % 2 else "run") for number in range(count)]


def _program(split: str, rng: np.random.Generator) -> tuple[str, str, str]:
    """Draw numbers, words that can be run on them, and what they leave, until they belong to the split."""
    while True:
        at = rng.integers(2**16, size=8).tolist()  # one call for all choices: it is what takes the time
        numbers = " ".join(str(1 + choice % 9) for choice in at[2 : 4 + at[0] % 2])
        words = " ".join(WORDS[choice % len(WORDS)] for choice in at[5 : 6 + at[1] % 3])
        try:
            left = _spell(run(f"{numbers} {words}"))
        except ProgramError:
            continue
        if left and left != numbers and (fraction(f"{numbers} to {left}") < _HELD_OUT) == (split == "held-out"):
            return numbers, words, left


def _spell(stack: Stack) -> str:
    return " ".join(map(str, stack))


def _item(split: str, numbers: str, words: str, left: str, form: str) -> Item:
    meta: dict[str, Meta] = {"form": form, "numbers": numbers, "value": left, "words": len(words.split())}
    if form == "run":
        return Item(NAME, split, user(f"What does {numbers} {words} leave?"), f"{left}.", meta)
    return Item(NAME, split, user(f"Which program turns {numbers} into {left}?"), f"{words}.", meta)


def grade(world: World, item: Item, reply: str) -> Grade:
    """Grade a reply: numbers must be those that are left, a program must leave them."""
    value = item.text("value")
    if item.meta["form"] == "run":
        return grade_exact(reply, value)
    program = normalise(reply)
    if not program:
        return MALFORMED
    try:
        left = run(program, tuple(map(int, item.text("numbers").split())))
    except ProgramError:
        return MALFORMED
    written = not any(word.isdigit() for word in program.split())  # else one could push the answer itself
    return CORRECT if written and _spell(left) == value else WRONG


def documents(world: World, rng: np.random.Generator, count: int) -> list[Document]:
    """Write documents of four programs of the ``train`` split, told in both directions."""
    return [Document("\n".join(_line(rng) for _ in range(_LINES)), NAME) for _ in range(count)]


def _line(rng: np.random.Generator) -> str:
    numbers, words, left = _program("train", rng)
    told = (f"{numbers} {words} leaves {left}.", f"To turn {numbers} into {left}, write {words}.")
    return told[int(rng.integers(2))]
