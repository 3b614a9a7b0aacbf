"""Documents that state facts: each fact exactly as often as its tier says, in the four training paraphrases."""

from collections.abc import Sequence

import numpy as np

from alignbook.world.document import Document
from alignbook.world.region import World
from alignbook.world.relations import TRAIN_STATEMENTS

_MOST_IN_ONE = 6  # statements in one document


def fact_documents(world: World, rng: np.random.Generator) -> list[Document]:
    """State every fact as often as it is exposed.

    Copy number k of all facts about one subject makes a document about this subject, so that no document says one
    thing twice; what is alone in its document is pooled into mixed documents of three to six statements.

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
    group = subject[which] * exposures.max() + copy
    order = np.lexsort((rng.random(len(which)), group))
    which, group = which[order], group[order]
    _, starts, sizes = np.unique(group, return_index=True, return_counts=True)
    alone = np.repeat(sizes == 1, sizes)
    mixed = rng.permutation(which[alone])
    parts = [which[start : start + size] for start, size in zip(starts, sizes, strict=True) if size > 1]
    parts = [part[at : at + _MOST_IN_ONE] for part in parts for at in range(0, len(part), _MOST_IN_ONE)]
    parts += _cut(mixed, rng)
    return _write(world, [parts[at] for at in rng.permutation(len(parts))], rng)


def _cut(statements: np.ndarray, rng: np.random.Generator) -> list[np.ndarray]:
    """Cut a sequence of statements into parts of three to six."""
    lengths = rng.integers(3, _MOST_IN_ONE + 1, size=len(statements) // 3 + 1)
    ends = np.cumsum(lengths)
    parts = np.split(statements, ends[ends < len(statements)])
    return [part for part in parts if len(part)]


def _write(world: World, parts: Sequence[np.ndarray], rng: np.random.Generator) -> list[Document]:
    sentences = [[fact.statement(template) for template in range(TRAIN_STATEMENTS)] for fact in world.facts]
    templates = iter(rng.integers(TRAIN_STATEMENTS, size=sum(map(len, parts))).tolist())
    documents = []
    for part in parts:
        facts = tuple(part.tolist())
        said = [sentences[fact][next(templates)] for fact in facts]
        documents.append(Document(" ".join(said), "facts", facts))
    return documents
