"""Documents that know where they come from, and what was done to them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from alignbook.corpora.documents import Document as CorpusDocument
from alignbook.data.encoding import decode

KINDS = ("prose", "code", "maths")


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where a document comes from.

    Parameters
    ----------
    source : str
        The collection it was taken from.
    licence : str
        Under which terms; ``"unknown"`` is an answer that later decisions can act on, and no answer is not.
    kind : {"prose", "code", "maths"}
        What the text is; mixtures weigh the kinds.
    planted : str
        What noise was put in on purpose (``"spam"``), the ground truth of experiments; empty for real text. No
        rule of the pipeline reads it.
    steps : tuple of str
        The names of the steps that have changed the text, in order.

    Raises
    ------
    ValueError
        If the source is empty or the kind unknown.
    """

    source: str
    licence: str = "unknown"
    kind: str = "prose"
    planted: str = ""
    steps: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.source:
            raise ValueError("source must name the collection that the document was taken from, got ''")
        if self.kind not in KINDS:
            raise ValueError(f"kind must be one of {', '.join(KINDS)}, got {self.kind!r}")


@dataclass(frozen=True, slots=True)
class Document:
    """A text, its name, and its provenance.

    Parameters
    ----------
    name : str
        Unique within its source.
    text : str
        The text as it stands after the steps of its provenance.
    provenance : Provenance
        Where it comes from.
    """

    name: str
    text: str
    provenance: Provenance = field(default_factory=lambda: Provenance("unnamed"))

    def rewritten(self, text: str, step: str) -> Document:
        """Return the document with a new text and the step noted, or itself where the text is the same.

        Examples
        --------
        >>> document = Document("a", "one  two").rewritten("one two", "normalise")
        >>> document.text, document.provenance.steps
        ('one two', ('normalise',))
        """
        if text == self.text:
            return self
        origin = self.provenance
        steps = (*origin.steps, step)
        # Written out, as `dataclasses.replace` takes several times as long, and this is called for every document.
        return Document(self.name, text, Provenance(origin.source, origin.licence, origin.kind, origin.planted, steps))


def from_bytes(name: str, data: bytes, provenance: Provenance) -> Document:
    """Read a document from bytes of any encoding or none: this never fails, and loses nothing.

    Bytes that are no valid UTF-8 stay in the text as they are (`alignbook.data.encoding.decode`); the pipeline's first
    step repairs a few of them and drops what is no text, so that every file that was read is accounted for.
    """
    return Document(name, decode(data), provenance)


def from_corpus(documents: Iterable[CorpusDocument], provenance: Provenance) -> Iterator[Document]:
    """Yield the documents of a corpus of `alignbook.corpora` with their provenance."""
    for document in documents:
        yield Document(document.name, document.text, provenance)
