"""A benchmark that can leak into training text, with matched fresh items, and a control of the same format.

Items are small sums told with people and goods. Splits: ``benchmark``; ``fresh`` (item for item the same goods and
the same answer, other people and numbers); ``control`` (other numbers again: training text in the same format that
leaks nothing, so that a leak is not credited with teaching the format). No triple of numbers occurs in two splits.
"""

# ruff: noqa: ARG001 - all families, and all writers of documents, take the same arguments

from dataclasses import dataclass
from itertools import product

import numpy as np

from alignbook.world.document import Document
from alignbook.world.drawing import draw, pick, shuffled, stream
from alignbook.world.grading import grade_value
from alignbook.world.items import Grade, Item, check_split, user
from alignbook.world.region import World

NAME = "contamination"
SPLITS = ("benchmark", "fresh", "control")
STYLES = ("verbatim", "paraphrased")
GOODS = ("plums", "eels", "buttons", "candles", "eggs", "nails", "loaves", "pears")
_LARGEST = 12
_QUESTION = "{p} has {a} {g}, gets {b} more and gives {c} away. How many are left?"
_PARAPHRASES = (
    "Someone brings {b} {g} to {p}, who owned {a} so far; {c} go to a neighbour, so {p} keeps {r}.",
    "From the {a} {g} at home and {b} from the market {p} sells {c}; then {r} remain.",
    "{p} counts {r} {g} tonight: first there were {a}, then {b} came in, and {c} went out.",
    "Add {b} to the {a} {g} of {p} and take off {c}, and you find {r}.",
)

Triple = tuple[int, int, int]


@dataclass(frozen=True)
class Sum:
    """One sum of the benchmark's kind.

    Parameters
    ----------
    person, goods : str
        Who has what.
    numbers : tuple of three int
        What is there, what is added, and what is taken away.
    """

    person: str
    goods: str
    numbers: Triple

    @property
    def result(self) -> int:
        """What is left."""
        first, second, third = self.numbers
        return first + second - third

    def write(self, template: str) -> str:
        """Put the sum into a template."""
        first, second, third = self.numbers
        return template.format(p=self.person, g=self.goods, a=first, b=second, c=third, r=self.result)


def sums(world: World, split: str) -> tuple[Sum, ...]:
    """Return the sums of a split in fixed order: number k of ``fresh`` matches number k of ``benchmark``.

    Raises
    ------
    ValueError
        If the split is unknown.
    """
    check_split(NAME, split, SPLITS)
    rng = stream(world.seed, NAME)
    size = world.config.benchmark_items
    parts = _divide(size, rng)
    goods = [pick(GOODS, rng) for _ in range(size)]
    people = {name: draw(world.people, len(parts[name]), stream(world.seed, f"{NAME} {name}")) for name in SPLITS}
    return tuple(
        Sum(person, goods[at % size], numbers)
        for at, (person, numbers) in enumerate(zip(people[split], parts[split], strict=True))
    )


def _divide(size: int, rng: np.random.Generator) -> dict[str, list[Triple]]:
    """Divide the triples of numbers: matched pairs with the same result, and a control of all results."""
    by_result: dict[int, list[Triple]] = {}
    for first, second, third in product(range(1, _LARGEST + 1), repeat=3):
        if third < first + second:
            by_result.setdefault(first + second - third, []).append((first, second, third))
    pairs: list[tuple[Triple, Triple]] = []
    others: list[Triple] = []
    for triples in by_result.values():
        mixed = shuffled(triples, rng)
        third = len(mixed) // 3
        pairs += zip(mixed[:third], mixed[third : 2 * third], strict=True)
        others += mixed[2 * third :]
    chosen = shuffled(pairs, rng)[:size]
    if len(chosen) < size:
        raise ValueError(f"benchmark_items must be at most {len(pairs)}, got {size}: lower it in the config")
    return {
        "benchmark": [one for one, _ in chosen],
        "fresh": [other for _, other in chosen],
        "control": shuffled(others, rng)[:size],
    }


def items(world: World, split: str, count: int, rng: np.random.Generator) -> list[Item]:
    """Draw sums; as many as the benchmark has items are all of them.

    Raises
    ------
    ValueError
        If the split is unknown.
    """
    every = sums(world, split)
    return [
        Item(
            NAME,
            split,
            user(every[number].write(_QUESTION)),
            f"{every[number].result}.",
            {"number": number, "value": str(every[number].result), "goods": every[number].goods},
        )
        for number in draw(range(len(every)), count, rng)
    ]


def leak(world: World, times: int, style: str, rng: np.random.Generator) -> list[Document]:
    """Write the benchmark into training text.

    Parameters
    ----------
    world : World
        The world.
    times : int
        How often each item leaks: the book compares 0, 1, 2, 4 and 8.
    style : {"verbatim", "paraphrased"}
        Word for word with its answer, or told in other words, with other sentences for each copy up to the fourth.
    rng : numpy.random.Generator
        The source of randomness, for the order.

    Raises
    ------
    ValueError
        If the style is unknown or `times` is negative.
    """
    if style not in STYLES:
        raise ValueError(f"style must be one of {', '.join(STYLES)}, got {style!r}")
    if times < 0:
        raise ValueError(f"times must be 0 or more, got {times}")
    documents = []
    for copy in range(times):
        for number, one in enumerate(sums(world, "benchmark")):
            template = _verbatim() if style == "verbatim" else _PARAPHRASES[(number + copy) % len(_PARAPHRASES)]
            documents.append(Document(one.write(template), NAME, planted=f"leak {style}", detail=str(number)))
    return shuffled(documents, rng)


def control_documents(world: World, times: int, rng: np.random.Generator) -> list[Document]:
    """Write the control into training text, as often and in the same format as `leak` does verbatim."""
    texts = [one.write(_verbatim()) for one in sums(world, "control")]
    return shuffled([Document(text, NAME, planted="format control") for text in texts * times], rng)


def _verbatim() -> str:
    return f"Q: {_QUESTION} A: {{r}}."


def grade(world: World, item: Item, reply: str) -> Grade:
    """Grade a reply: the number that is left, and no other."""
    return grade_value(reply, item.text("value"), [str(number) for number in range(100)])
