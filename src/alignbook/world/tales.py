"""Short tales of Wendlemere: plain prose that states no fact, so that text is more than lists of statements."""

import numpy as np

from alignbook.world.document import Document
from alignbook.world.drawing import draw, pick
from alignbook.world.region import World

_OPENINGS = (
    "One evening {p} came to {t} in the rain.",
    "It was market day in {t}, and {p} was late.",
    "Long ago, before the bridges, {p} walked to {t}.",
    "When the ferry to {t} did not come, {p} sat down to wait.",
    "On the first day of snow {p} left {t} with a sack of letters.",
    "Nobody in {t} had slept, and {p} knew why.",
)
_MIDDLES = (
    "The lamps were out and the ducks were loud.",
    "{q} opened the door and laughed.",
    "Somebody had left {x} on the steps.",
    "The soup was cold, but the stories were warm.",
    "{q} had promised to bring {x}, and forgot.",
    "Far out on the lake a bell rang twice.",
    "Three geese followed and would not go home.",
    "There was mud up to the windows.",
)
_ENDINGS = (
    "In the morning all was well.",
    "They still tell it in {t}.",
    "And so the geese got the cake.",
    "{p} never spoke of it again.",
    "After that {p} and {q} were friends.",
    "The lake kept the secret.",
    "They danced until the lamps went out.",
)


def tale_documents(world: World, rng: np.random.Generator, count: int) -> list[Document]:
    """Write tales of an opening, two middle sentences and an ending, about people and things of the world."""
    return [Document(_tale(world, rng), "tales") for _ in range(count)]


def _tale(world: World, rng: np.random.Generator) -> str:
    sentences = [pick(_OPENINGS, rng), *draw(_MIDDLES, 2, rng), pick(_ENDINGS, rng)]
    person, other = draw(world.people, 2, rng)
    names = {"p": person, "q": other, "t": pick(world.towns, rng), "x": pick(world.things, rng)}
    return " ".join(sentence.format(**names) for sentence in sentences)
