"""Running text as it stands, for models that read tokens instead of words: NumPy's paragraphs, each once."""

from functools import lru_cache

import numpy as np

from alignbook.corpora.documents import split
from alignbook.corpora.numpy_docs import numpy_docstrings
from alignbook.corpora.prose import paragraphs

HELD_OUT = 0.12  # the share of documents that are held out


def training_and_held_out_paragraphs(seed: int, training: int, held_out: int) -> tuple[list[str], list[str]]:
    """Return paragraphs to read and paragraphs to predict, with capitals, marks and all, in the order of reading.

    They come from different documents; every distinct paragraph is taken once, and none that is read is predicted.

    Parameters
    ----------
    seed : int
        Decides which documents are held out, and the order.
    training, held_out : int
        How many of each.

    Raises
    ------
    ValueError
        If the corpus has fewer.
    """
    parts = _training_and_held_out_parts(seed)
    for name, part, wanted in zip(("training", "held_out"), parts, (training, held_out), strict=True):
        if not 1 <= wanted <= len(part):
            raise ValueError(f"{name} must be from 1 to {len(part)} paragraphs, which is all there are, got {wanted}")
    return list(parts[0][:training]), list(parts[1][:held_out])


@lru_cache(maxsize=2)  # several experiments of one page read the same paragraphs
def _training_and_held_out_parts(seed: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
    rng = np.random.default_rng(seed)
    documents = split(numpy_docstrings(), held_out=HELD_OUT, seed=seed)
    readable, unread = (dict.fromkeys(one for document in part for one in paragraphs(document)) for part in documents)
    parts = list(readable), [one for one in unread if one not in readable]
    training, held_out = (tuple(part[at] for at in rng.permutation(len(part))) for part in parts)
    return training, held_out
