"""A sample of the mini-world to read: its map, a document of each kind, and an item of each family."""

from textwrap import indent

import numpy as np

from alignbook.world.catalogue import FAMILIES
from alignbook.world.corpus import SHARES
from alignbook.world.fact_documents import fact_documents
from alignbook.world.items import Item
from alignbook.world.question_documents import question_answer_documents
from alignbook.world.region import MAP, NAME, World


def sample(world: World, rng: np.random.Generator) -> str:
    """Write the sample.

    Parameters
    ----------
    world : World
        The world.
    rng : numpy.random.Generator
        The source of randomness.
    """
    documents = [
        fact_documents(world, rng)[0],
        question_answer_documents(world, rng, 1)[0],
        *(share.write(world, rng, 1)[0] for share in SHARES.values()),
    ]
    parts = [
        f"{NAME}: {len(world.people)} people, {len(world.towns)} towns, {len(world.things)} things, "
        f"{len(world.facts)} facts",
        MAP.strip("\n"),
        *(f"[{document.kind}]\n{indent(document.text, '  ')}" for document in documents),
        *(
            f"{family.name}: {family.description}\n{_show(family.items(world, family.splits[0], 1, rng)[0])}"
            for family in FAMILIES.values()
        ),
    ]
    return "\n\n".join(parts) + "\n"


def _show(item: Item) -> str:
    lines = [f"{turn.role}: {turn.text}" for turn in item.turns]
    return indent("\n".join([*lines, f"reply: {item.reply}"]), "  ")
