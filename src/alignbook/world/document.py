"""A document of the mini-world, with all that is known about where it came from."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Document:
    """One document of pretraining text.

    Parameters
    ----------
    text : str
        The text.
    kind : str
        What it is: ``"facts"``, ``"questions"``, ``"arithmetic"``, …
    facts : tuple of int
        The numbers, in ``world.facts``, of the facts that it states or asks about, in order.
    planted : str
        Empty for honest text; else what was planted: ``"boilerplate"``, ``"spam"``, ``"exact copy"``, …
    origin : int
        For a copy, the place of the document it was made from; else -1.
    detail : str
        For planted text, the very characters that a filter should find.
    """

    text: str
    kind: str
    facts: tuple[int, ...] = ()
    planted: str = ""
    origin: int = -1
    detail: str = ""
