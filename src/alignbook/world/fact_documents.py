"""Documents that state facts: each fact exactly as often as its tier says, in the four training paraphrases."""

from collections.abc import Sequence

import numpy as np

from alignbook.world.document import Document
from alignbook.world.region import World
from alignbook.world.relations import TRAIN_STATEMENTS

_ENOUGH = 4  # statements in one document: with fewer, many documents would by chance be copies of one another


def fact_documents(world: World, rng: np.random.Generator) -> list[Document]:
    """State every fact as often as it is exposed.

    Copy number k of all facts about one subject stands together, so that a passage about a subject says one thing
    once. As many such passages as give at least four statements make a document.

    Parameters
    ----------
    world : World
        The world.
    rng : numpy.random.Generator
        The source of randomness.

    Returns
    -------
    list of Document
        The documents, in random order.
    """
    exposures = np.array([fact.exposures for fact in world.facts])
    numbers = {name: at for at, name in enumerate(dict.fromkeys(fact.subject for fact in world.facts))}
    subject = np.array([numbers[fact.subject] for fact in world.facts])
    which = np.repeat(np.arange(len(exposures)), exposures)  # (statements,)
    copy = np.arange(len(which)) - np.repeat(np.cumsum(exposures) - exposures, exposures)
    passage = subject[which] * exposures.max() + copy
    place = rng.random(passage.max() + 1)[passage]  # the same for all statements of a passage
    order = np.lexsort((rng.random(len(which)), place))
    _, sizes = np.unique(place, return_counts=True)
    return _write(world, _cut(which[order].tolist(), sizes.tolist()), rng)


def _cut(statements: list[int], sizes: list[int]) -> list[tuple[int, ...]]:
    """Cut a sequence of statements into documents, at ends of passages of these sizes."""
    documents, start, end = [], 0, 0
    for size in sizes:
        end += size
        if end - start >= _ENOUGH or end == len(statements):
            documents.append(tuple(statements[start:end]))
            start = end
    return documents


def _write(world: World, parts: Sequence[tuple[int, ...]], rng: np.random.Generator) -> list[Document]:
    sentences = [[fact.statement(template) for template in range(TRAIN_STATEMENTS)] for fact in world.facts]
    templates = iter(rng.integers(TRAIN_STATEMENTS, size=sum(map(len, parts))).tolist())
    written: dict[str, tuple[int, ...]] = {}
    for facts in parts:
        text = " ".join(sentences[fact][next(templates)] for fact in facts)
        while text in written:  # a copy by chance: told in other words
            text = " ".join(sentences[fact][rng.integers(TRAIN_STATEMENTS)] for fact in facts)
        written[text] = facts
    return [Document(text, "facts", facts) for text, facts in written.items()]
