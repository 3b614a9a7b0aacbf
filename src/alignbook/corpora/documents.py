"""Documents, and how a corpus is divided into training and held-out text."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Document:
    """One text and where it comes from.

    Parameters
    ----------
    name : str
        The source, unique in its corpus, such as ``"numpy.linalg.svd"``.
    text : str
        The text as found: markup, boilerplate and all.
    """

    name: str
    text: str


def split(
    documents: Iterable[Document], *, held_out: float = 0.1, seed: int = 0
) -> tuple[tuple[Document, ...], tuple[Document, ...]]:
    """Divide documents into a training part and a held-out part, each in the order given.

    The side of a document is a function of its own words, `held_out` and `seed` alone. So it never changes
    sides when others come or go, and copies under two names land on the same side: no held-out document
    was trained on word for word. *Near* copies can still part company, as they do in practice.

    Parameters
    ----------
    documents : iterable of Document
        The corpus.
    held_out : float
        The share of distinct texts to hold out, between 0 and 1; met on average, not exactly. A larger share
        holds out the same documents and more.
    seed : int
        Another seed is another division, unrelated to the first.

    Returns
    -------
    training, held_out : tuple of Document
        The two parts.

    Raises
    ------
    ValueError
        If `held_out` is not between 0 and 1.

    Examples
    --------
    >>> corpus = [Document(f"doc{i}", f"the text of document {i}") for i in range(1000)]
    >>> training, held_out = split(corpus, held_out=0.2)
    >>> len(training) + len(held_out)
    1000
    >>> set(split(corpus[:10], held_out=0.2)[1]) <= set(held_out)
    True
    """
    if not 0.0 < held_out < 1.0:
        raise ValueError(f"held_out must lie between 0 and 1 (a share of the documents), got {held_out}")
    training_part: list[Document] = []
    held_out_part: list[Document] = []
    for document in documents:
        part = held_out_part if _position(document.text, seed) < held_out else training_part
        part.append(document)
    return tuple(training_part), tuple(held_out_part)


def _position(text: str, seed: int) -> float:
    """Return where on [0, 1) a text falls: the first 64 bits of a hash of its words, as a fraction.

    Python's own ``hash`` of a string differs from run to run, so it cannot serve. White space is left out
    because Python 3.13 indents a dozen of NumPy's docstrings otherwise than 3.12 does.
    """
    digest = hashlib.blake2b(f"{seed} {' '.join(text.split())}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") / 2**64
