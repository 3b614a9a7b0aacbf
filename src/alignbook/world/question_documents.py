"""Documents with questions: a few with answers, and questionnaires that have none.

Both ask only about facts of the ``train`` split, in the four training wordings. After a questionnaire's line comes
another question: that a base model answers a question with a question is something that it can learn from its text.
"""

import numpy as np

from alignbook.world.document import Document
from alignbook.world.drawing import draw
from alignbook.world.region import Fact, World
from alignbook.world.relations import TRAIN_QUESTIONS


def question_answer_documents(world: World, rng: np.random.Generator, count: int) -> list[Document]:
    """Write documents of three questions with their answers.

    Parameters
    ----------
    world : World
        The world.
    rng : numpy.random.Generator
        The source of randomness.
    count : int
        How many documents.
    """
    return [
        Document("\n".join(f"Q: {_ask(fact, rng)} A: {fact.answer}" for _, fact in asked), "questions", _numbers(asked))
        for asked in _groups(world, rng, count, 3)
    ]


def questionnaires(world: World, rng: np.random.Generator, count: int) -> list[Document]:
    """Write documents of four questions without answers.

    Parameters
    ----------
    world : World
        The world.
    rng : numpy.random.Generator
        The source of randomness.
    count : int
        How many documents.
    """
    return [
        Document("\n".join(_ask(fact, rng) for _, fact in asked), "questionnaire", _numbers(asked))
        for asked in _groups(world, rng, count, 4)
    ]


def _ask(fact: Fact, rng: np.random.Generator) -> str:
    return fact.question(int(rng.integers(TRAIN_QUESTIONS)))


def _groups(world: World, rng: np.random.Generator, count: int, size: int) -> list[list[tuple[int, Fact]]]:
    """Draw facts of the ``train`` split in groups, every relation equally often."""
    pools: dict[str, list[tuple[int, Fact]]] = {}
    for at, fact in enumerate(world.facts):
        if fact.split == "train":
            pools.setdefault(fact.relation, []).append((at, fact))
    each = -(-count * size // len(pools))
    drawn = [one for pool in pools.values() for one in draw(pool, each, rng)]
    shuffled = [drawn[at] for at in rng.permutation(len(drawn))[: count * size]]
    return [shuffled[at : at + size] for at in range(0, len(shuffled), size)]


def _numbers(asked: list[tuple[int, Fact]]) -> tuple[int, ...]:
    return tuple(at for at, _ in asked)
