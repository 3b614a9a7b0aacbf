"""The pretraining corpus of Wendlemere: facts as often as their tiers say, and the other skills around them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from alignbook.world.deeds import charter_documents, deed_documents
from alignbook.world.document import Document
from alignbook.world.drawing import stream
from alignbook.world.fact_documents import fact_documents
from alignbook.world.families import arithmetic, pictures, second_language, stack_language
from alignbook.world.question_documents import question_answer_documents, questionnaires
from alignbook.world.region import World
from alignbook.world.tales import tale_documents

Writer = Callable[[World, np.random.Generator, int], list[Document]]


@dataclass(frozen=True)
class Share:
    """How much of the corpus one kind of document makes up.

    Parameters
    ----------
    write : callable
        ``(world, rng, count) -> documents``.
    share : float
        The share of all documents (those with answered questions not counted).
    """

    write: Writer
    share: float


SHARES: Mapping[str, Share] = {
    "questionnaire": Share(questionnaires, 0.01),
    "arithmetic": Share(arithmetic.documents, 0.03),
    "stack_language": Share(stack_language.documents, 0.035),
    "pictures": Share(pictures.documents, 0.03),
    "second_language": Share(second_language.documents, 0.01),
    "deeds": Share(deed_documents, 0.04),
    "charter": Share(charter_documents, 0.01),
    "tales": Share(tale_documents, 0.05),
}


def corpus(world: World, seed: int, *, question_answer_share: float = 0.01) -> list[Document]:
    """Write the pretraining corpus.

    Every kind of document is drawn from a stream of its own, and so is its place. So the corpus with another share
    of answered questions is otherwise the same, document for document, in the same order.

    Parameters
    ----------
    world : World
        The world.
    seed : int
        0 or more; the same seed gives the same bytes in every process.
    question_answer_share : float
        The share of documents with answered questions, from 0 to below 1.

    Returns
    -------
    list of Document
        The documents, in random order.

    Raises
    ------
    ValueError
        If the share is not from 0 to below 1.
    """
    if not 0 <= question_answer_share < 1:
        raise ValueError(f"question_answer_share must be from 0 to below 1, got {question_answer_share}")
    groups = {"facts": fact_documents(world, stream(seed, "facts"))}
    total = len(groups["facts"]) / (1 - sum(share.share for share in SHARES.values()))
    for kind, share in SHARES.items():
        written = share.write(world, stream(seed, kind), round(share.share * total))
        groups[kind] = list({document.text: document for document in written}.values())  # no copies by chance
    answered = round(total * question_answer_share / (1 - question_answer_share))
    groups["questions"] = question_answer_documents(world, stream(seed, "questions"), answered)
    documents = [document for group in groups.values() for document in group]
    places = np.concatenate([stream(seed, f"place of {kind}").random(len(group)) for kind, group in groups.items()])
    return [documents[at] for at in np.argsort(places, kind="stable")]
