"""Two hops: where does the mentor of somebody live?

Asked are people both of whose hops the corpus tells often enough to be known. 40% of them are held out. Splits:
``train`` and ``held-out`` want the town at once, ``train-steps`` and ``held-out-steps`` want both hops told.
"""

import numpy as np

from alignbook.world.drawing import draw, shuffled, stream
from alignbook.world.grading import grade_value
from alignbook.world.items import Grade, Item, check_split, user
from alignbook.world.region import Fact, World

NAME = "two_hop"
SPLITS = ("train", "train-steps", "held-out", "held-out-steps")
QUESTIONS = ("Where does the mentor of {s} live?", "In which town is the home of the mentor of {s}?")
STEPS = "Step by step: "
_TOLD = 0  # "X was taught by Y. Y lives in Z.": pretraining text has both, and the second begins as the first ends


def hops(world: World, held_out: bool) -> tuple[tuple[Fact, Fact], ...]:
    """Return the pairs of known facts, who taught a person and where that mentor lives.

    Parameters
    ----------
    world : World
        The world.
    held_out : bool
        Whether of the people about whom no two-hop question is asked in training, or of the others.
    """
    pairs = []
    for first in world.facts:
        second = world.fact(first.value, "home") if first.relation == "mentor" else None
        if second and min(first.exposures, second.exposures) >= world.config.known_exposures:
            pairs.append((first, second))
    mixed = shuffled(pairs, stream(world.seed, NAME))
    held = round(world.config.two_hop_held_out * len(mixed))
    return tuple(mixed[:held] if held_out else mixed[held:])


def items(world: World, split: str, count: int, rng: np.random.Generator) -> list[Item]:
    """Draw two-hop questions.

    Raises
    ------
    ValueError
        If the split is unknown.
    """
    check_split(NAME, split, SPLITS)
    pool = [(pair, question) for pair in hops(world, split.startswith("held-out")) for question in QUESTIONS]
    return [_item(split, *pair, question) for pair, question in draw(pool, count, rng)]


def _item(split: str, first: Fact, second: Fact, question: str) -> Item:
    steps = split.endswith("steps")
    asked = question.format(s=first.subject)
    reply = f"{first.statement(_TOLD)} {second.statement(_TOLD)}" if steps else f"{second.value}."
    return Item(
        NAME,
        split,
        user(STEPS + asked[0].lower() + asked[1:] if steps else asked),
        reply,
        {
            "form": "steps" if steps else "direct",
            "subject": first.subject,
            "mentor": first.value,
            "value": second.value,
            "tier": min(first.tier, second.tier),
        },
    )


def grade(world: World, item: Item, reply: str) -> Grade:
    """Grade a reply by the town in its last sentence."""
    sentences = [sentence for sentence in reply.split(".") if sentence.strip()]
    return grade_value(sentences[-1] if sentences else "", item.text("value"), world.homes)
