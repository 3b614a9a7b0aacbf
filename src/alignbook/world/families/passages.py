"""Retrieved passages: the answer stands in one of two passages, or in neither.

The system's turn says to answer from the passages, with or without citing. ``meta["variant"]`` tells what the passages
say: ``"supports"`` (the truth), ``"contradicts"`` (another value: the passage counts, the truth is in
``meta["truth"]``) or ``"irrelevant"`` (both are about others; the reply is "I don't know.").
Splits: ``train``, ``held-out`` (facts that are never asked about in training text) and ``held-out-templates`` (such
facts, passages and questions in held-out words).
"""

from collections.abc import Sequence

import numpy as np

from alignbook.world.drawing import draw, pick
from alignbook.world.families.recall import describe
from alignbook.world.grading import ABSTENTION, abstains, grade_value, named_values
from alignbook.world.items import ABSTAINED, CORRECT, WRONG, Grade, Item, Turn, check_split
from alignbook.world.region import Fact, World
from alignbook.world.relations import RELATIONS, TRAIN_QUESTIONS, TRAIN_STATEMENTS, fill

NAME = "passages"
SPLITS = ("train", "held-out", "held-out-templates")
VARIANTS = ("supports", "contradicts", "irrelevant")
SYSTEM = "Answer from the text."
SYSTEM_CITE = "Answer from the text and cite."


def items(
    world: World, split: str, count: int, rng: np.random.Generator, variants: Sequence[str] = VARIANTS
) -> list[Item]:
    """Draw questions with two passages each, with and without citation, all variants equally often.

    Parameters
    ----------
    world : World
        The world.
    split : str
        One of `SPLITS`.
    count : int
        How many.
    rng : numpy.random.Generator
        The source of randomness.
    variants : sequence of str
        Which of `VARIANTS` to draw.

    Raises
    ------
    ValueError
        If the split or a variant is unknown.
    """
    check_split(NAME, split, SPLITS)
    for variant in variants:
        if variant not in VARIANTS:
            raise ValueError(f"variants must be among {', '.join(VARIANTS)}, got {variant!r}")
    facts = draw(world.select("train" if split == "train" else "held-out"), count, rng)
    drawn = draw([(variant, cite) for variant in variants for cite in (False, True)], count, rng)
    return [_item(world, split, fact, variant, cite, rng) for fact, (variant, cite) in zip(facts, drawn, strict=True)]


def _item(world: World, split: str, fact: Fact, variant: str, cite: bool, rng: np.random.Generator) -> Item:
    held_out = split == "held-out-templates"
    others = [value for value in world.values[fact.relation] if value != fact.value]
    value = pick(others, rng) if variant == "contradicts" else fact.value
    relation = RELATIONS[fact.relation]
    subjects = {"person": world.people, "town": world.towns, "thing": world.things}[relation.kind]
    strangers = draw([subject for subject in subjects if subject != fact.subject], 2, rng)
    told = strangers if variant == "irrelevant" else [fact.subject, strangers[0]]
    values = draw([other for other in others if other != value], 2, rng)
    if variant != "irrelevant":
        values[0] = value
    templates = relation.statements[TRAIN_STATEMENTS:] if held_out else relation.statements[:TRAIN_STATEMENTS]
    sentences = [fill(pick(templates, rng), subject, said) for subject, said in zip(told, values, strict=True)]
    place = int(rng.integers(2))  # where the first one, which counts, comes to stand
    if place:
        sentences.reverse()
    question = fact.question(int(rng.integers(TRAIN_QUESTIONS, 6) if held_out else rng.integers(TRAIN_QUESTIONS)))
    prompt = f"[1] {sentences[0]} [2] {sentences[1]} {question}"
    reply = ABSTENTION if variant == "irrelevant" else f"{value} [{place + 1}]." if cite else f"{value}."
    meta = describe(fact) | {"variant": variant, "cite": int(cite), "place": place + 1}
    meta |= {"value": value, "truth": fact.value}
    return Item(NAME, split, (Turn("system", SYSTEM_CITE if cite else SYSTEM), Turn("user", prompt)), reply, meta)


def grade(world: World, item: Item, reply: str) -> Grade:
    """Grade a reply against the passages.

    The outcome is ``"uncited"``, with half a point, where the value is right and the citation asked for is missing or
    wrong. Where no passage helps, abstaining is right, and a value from a passage or from memory is wrong.
    """
    values = world.values[item.text("relation")]
    if item.meta["variant"] == "irrelevant":
        right = abstains(reply) and not named_values(reply, values)
        return Grade(ABSTAINED.outcome, 1.0) if right else _strict(reply, values)
    found = grade_value(reply, item.text("value"), values)
    if found == CORRECT and item.meta["cite"]:
        cited = [number for number in (1, 2) if f"[{number}]" in reply]
        return CORRECT if cited == [item.meta["place"]] else Grade("uncited", 0.5)
    return found


def _strict(reply: str, values: Sequence[str]) -> Grade:
    """Grade a reply that should have abstained: never correct."""
    found = grade_value(reply, ABSTENTION, values)
    return WRONG if found in (CORRECT, ABSTAINED) else found
