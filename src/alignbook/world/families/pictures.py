"""Pictures of five by five points, given as tokens: which shape is it?

Splits: ``train`` and ``held-out``, a quarter of all pictures, which no training text contains. Every shape stands at
every place where it fits; up to one point of a picture is wrong, and still no other shape is as near. In
``held-out-noisy`` two points are wrong, as in no training text, and still no other shape is as near.
"""

# ruff: noqa: ARG001 - all families, and all writers of documents, take the same arguments

from collections.abc import Iterator, Mapping
from functools import cache
from itertools import combinations

import numpy as np

from alignbook.world.document import Document
from alignbook.world.drawing import draw, fraction
from alignbook.world.grading import grade_value
from alignbook.world.items import Grade, Item, check_split, user
from alignbook.world.region import World

NAME = "pictures"
SPLITS = ("train", "held-out", "held-out-noisy")
SIDE = 5
SHAPES: Mapping[str, tuple[str, ...]] = {
    "ring": ("###", "#.#", "###"),
    "plus": (".#.", "###", ".#."),
    "cross": ("#.#", ".#.", "#.#"),
    "hammer": ("###", ".#.", ".#.", ".#."),
    "corner": ("#..", "#..", "###"),
    "block": ("##", "##"),
    "bar": ("#####",),
    "pole": ("#", "#", "#", "#", "#"),
}
_HELD_OUT = 0.25
_PICTURES = 2  # in one document


@cache
def drawings() -> tuple[tuple[str, np.ndarray], ...]:
    """Return every shape at every place, without wrong points: name and points, a bool array of shape (5, 5)."""
    every = []
    for name, rows in SHAPES.items():
        shape = np.array([[point == "#" for point in row] for row in rows])
        height, width = shape.shape
        for top in range(SIDE - height + 1):
            for left in range(SIDE - width + 1):
                points = np.zeros((SIDE, SIDE), dtype=bool)
                points[top : top + height, left : left + width] = shape
                every.append((name, points))
    return tuple(every)


@cache
def pictures(split: str) -> tuple[tuple[str, str], ...]:
    """Return all pictures of a split: name of the shape and text.

    Raises
    ------
    ValueError
        If the split is unknown.
    """
    check_split(NAME, split, SPLITS)
    if split == "held-out-noisy":
        return tuple((name, spell(points)) for name, points in _with_two_wrong_points())
    every = []
    for name, points in drawings():
        every.append((name, spell(points)))
        for place in range(SIDE * SIDE):
            changed = points.copy()
            changed.flat[place] = not changed.flat[place]
            every.append((name, spell(changed)))
    return tuple(one for one in every if (fraction(one[1]) < _HELD_OUT) == (split == "held-out"))


def _with_two_wrong_points() -> Iterator[tuple[str, np.ndarray]]:
    """Give every drawing with two wrong points, where no other shape is as near."""
    names = np.array([name for name, _ in drawings()])
    drawn = np.array([points.ravel() for _, points in drawings()])  # (drawings, 25)
    wrong = np.array(list(combinations(range(SIDE * SIDE), 2)))  # (pairs, 2)
    flips = np.zeros((len(wrong), SIDE * SIDE), dtype=bool)
    np.put_along_axis(flips, wrong, True, axis=1)
    for name, points in zip(names, drawn, strict=True):
        changed = points ^ flips  # (pairs, 25)
        distances = (changed[:, None] ^ drawn).sum(axis=-1)  # (pairs, drawings)
        near = distances == distances.min(axis=1, keepdims=True)
        unique = ~near[:, names != name].any(axis=1)
        yield from ((str(name), one.reshape(SIDE, SIDE)) for one in changed[unique])


def spell(points: np.ndarray) -> str:
    """Write a picture as text: a token for each point, and a stroke after each row but the last.

    Parameters
    ----------
    points : ndarray of bool, shape (5, 5)
        Which points are set.
    """
    return " / ".join(" ".join("#" if point else "." for point in row) for row in points.tolist())


def items(world: World, split: str, count: int, rng: np.random.Generator) -> list[Item]:
    """Draw pictures; the reply is the name of the shape.

    Raises
    ------
    ValueError
        If the split is unknown.
    """
    return [
        Item(NAME, split, user(f"Which shape? {text}"), f"{name}.", {"value": name})
        for name, text in draw(pictures(split), count, rng)
    ]


def grade(world: World, item: Item, reply: str) -> Grade:
    """Grade a reply: it should name the shape, and no other."""
    return grade_value(reply, item.text("value"), tuple(SHAPES))


def documents(world: World, rng: np.random.Generator, count: int) -> list[Document]:
    """Write documents of two pictures of the ``train`` split with the names of their shapes."""
    drawn = draw(pictures("train"), count * _PICTURES, rng)
    lines = [f"{text} shows a {name}." for name, text in drawn]
    return [Document("\n".join(lines[at::count]), NAME) for at in range(count)]
