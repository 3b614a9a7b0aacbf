"""Tools: a call in a fixed format, and an answer from what the tool gives back.

A call is ``[name argument | argument]``. Half of the items end with the user's request and want the call
(``meta["form"] == "call"``); half end with the tool's result and want the answer (``"answer"``).
Splits: ``train`` and ``held-out``, a quarter of all requests by their arguments, and ``held-out-templates``, the same
requests as in training in other words.
"""

# ruff: noqa: ARG001 - all families, and all writers of documents, take the same arguments

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from alignbook.world.drawing import draw, fraction, pick
from alignbook.world.grading import grade_value, normalise
from alignbook.world.items import CORRECT, MALFORMED, WRONG, Grade, Item, Meta, Turn, check_split
from alignbook.world.region import World

NAME = "tools"
SPLITS = ("train", "held-out", "held-out-templates")
_HELD_OUT = 0.25


@dataclass(frozen=True)
class Tool:
    """One tool.

    Parameters
    ----------
    kinds : tuple of {"towns", "things", "people"}
        What its arguments are.
    requests : tuple of str
        Wordings with ``{0}`` and ``{1}`` for the arguments; the last is held out.
    results : tuple of str
        What it can give back.
    """

    kinds: tuple[str, ...]
    requests: tuple[str, ...]
    results: tuple[str, ...]


TOOLS: Mapping[str, Tool] = {
    "distance": Tool(
        ("towns", "towns"),
        ("How far is it from {0} to {1}?", "How long is the road from {0} to {1}?", "Is it far from {0} to {1}?"),
        tuple(f"{number} leagues" for number in range(2, 40)),
    ),
    "weather": Tool(
        ("towns",),
        ("What is the weather in {0}?", "Is it raining in {0}?", "Do I need a coat in {0}?"),
        ("rain", "sunshine", "thick fog", "light snow", "strong wind"),
    ),
    "price": Tool(
        ("things",),
        ("What does {0} cost?", "What is the price of {0}?", "How much is {0}?"),
        tuple(f"{number} pennies" for number in range(2, 40)),
    ),
    "letters": Tool(
        ("people",),
        ("Is there any post for {0}?", "How many letters has {0} got?", "Did anybody write to {0}?"),
        ("no letters", *(f"{number} letters" for number in range(2, 10))),
    ),
}


def items(world: World, split: str, count: int, rng: np.random.Generator) -> list[Item]:
    """Draw requests and results, by turns, all tools equally often.

    Raises
    ------
    ValueError
        If the split is unknown.
    """
    check_split(NAME, split, SPLITS)
    pools = {name: _arguments(world, tool, split) for name, tool in TOOLS.items()}
    names = draw([(name, form) for name in TOOLS for form in ("call", "answer")], count, rng)
    return [_item(split, name, form, pick(pools[name], rng), rng) for name, form in names]


def _arguments(world: World, tool: Tool, split: str) -> list[tuple[str, ...]]:
    """Return the arguments of a split: which ones are held out depends on their text alone."""
    kinds: Mapping[str, Sequence[str]] = {"towns": world.towns, "things": world.things, "people": world.people}
    first = kinds[tool.kinds[0]]
    if len(tool.kinds) == 1:
        every: list[tuple[str, ...]] = [(one,) for one in first]
    else:
        every = [(one, other) for one in first for other in kinds[tool.kinds[1]] if one != other]
    # By rank, not by a threshold: a world with few things has some on both sides, too.
    ranked = sorted(every, key=lambda arguments: fraction(" ".join(arguments)))
    held = max(1, round(_HELD_OUT * len(ranked)))
    return ranked[:held] if split == "held-out" else ranked[held:]


def _item(split: str, name: str, form: str, arguments: tuple[str, ...], rng: np.random.Generator) -> Item:
    tool = TOOLS[name]
    wordings = tool.requests[-1:] if split == "held-out-templates" else tool.requests[:-1]
    request = Turn("user", pick(wordings, rng).format(*arguments))
    call, result = write_call(name, arguments), pick(tool.results, rng)
    meta: dict[str, Meta] = {"form": form, "tool": name, "value": call if form == "call" else result}
    if form == "call":
        return Item(NAME, split, (request,), call, meta)
    return Item(NAME, split, (request, Turn("assistant", call), Turn("tool", result)), f"{result}.", meta)


def write_call(name: str, arguments: Sequence[str]) -> str:
    """Write a call in the fixed format.

    Examples
    --------
    >>> write_call("distance", ["Foxford", "Mossham"])
    '[distance Foxford | Mossham]'
    """
    return f"[{name} {' | '.join(arguments)}]"


def read_call(text: str) -> tuple[str, tuple[str, ...]] | None:
    """Read a call: the name of the tool and its arguments, or None if the text is no call of a known tool.

    Examples
    --------
    >>> read_call("[distance Foxford | Mossham]")
    ('distance', ('Foxford', 'Mossham'))
    >>> read_call("distance Foxford") is None
    True
    """
    stripped = text.strip()
    if not (stripped.startswith("[") and stripped.endswith("]")):
        return None
    name, _, rest = stripped[1:-1].strip().partition(" ")
    arguments = tuple(" ".join(argument.split()) for argument in rest.split("|"))
    if name not in TOOLS or len(arguments) != len(TOOLS[name].kinds) or not all(arguments):
        return None
    return name, arguments


def grade(world: World, item: Item, reply: str) -> Grade:
    """Grade a reply: a call must be one, of the right tool with the right arguments; an answer must give the result."""
    value = item.text("value")
    if item.meta["form"] == "answer":
        return grade_value(reply, value, TOOLS[item.text("tool")].results)
    call = read_call(reply)
    if call is None:
        return MALFORMED
    return CORRECT if normalise(write_call(*call)) == normalise(value) else WRONG
