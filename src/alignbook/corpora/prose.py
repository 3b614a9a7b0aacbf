"""From a document to its running prose: paragraphs, sentences and words, with code and tables left out."""

import re
from collections.abc import Iterable, Iterator
from itertools import groupby

from alignbook.corpora.documents import Document

Sentence = tuple[str, ...]
"""The lower-cased words of one sentence, without punctuation."""

# Lines that are markup and never words: a section's underline, the rulers of a table.
_RULER = re.compile(r"\s*[-=~^*]{3,}[-=~^* ]*")
# `axis : int` opens the entry of a parameter; `numpy.dot : Dot product of two arrays.` is a "See Also".
_ENTRY = re.compile(r"[\w.*, ]+ : ")
_MARKUP = re.compile(r":[\w:]+:(?=`)|\s<[^<>`]*>(?=`)|\[\w+\]_")
# A sentence ends where a stop is followed by a capital or by code; "e.g." and its kind stop nothing.
_SENTENCE_END = re.compile(r"(?<=[.?!])(?<!e\.g\.)(?<!i\.e\.)(?<! vs\.)(?<! cf\.)(?<! al\.)\s+(?=[A-Z`\"'(])")
_WORD = re.compile(r"e\.g\.|i\.e\.|\w+(?:[-'.]\w+)*")


def paragraphs(document: Document) -> tuple[str, ...]:
    r"""Return the paragraphs of running prose, each on one line, its markup otherwise untouched.

    A paragraph is a run of lines with one indentation and no blank line between, which begins like a
    sentence and ends like one. That one rule leaves out headings, signatures, the heads of parameter lists
    (their explanations stay), tables, formulas and lists. A block with an interpreter prompt (``>>>``) is
    cut at the prompt.

    Parameters
    ----------
    document : Document
        A document in reStructuredText, such as a docstring.

    Returns
    -------
    tuple of str
        The paragraphs in their order; empty where the document has no prose.

    Examples
    --------
    >>> paragraphs(Document("mean", "mean(a)\n\nThe average.\n\nExamples\n--------\n>>> mean([1, 3])\n2.0"))
    ('The average.',)
    """
    runs = (_join(lines) for lines in _runs_of_lines(document.text))
    return tuple(run for run in runs if _is_prose(run))


def sentences(documents: Iterable[Document]) -> Iterator[Sentence]:
    """Yield every sentence of the documents' prose as lower-cased words, as often as it stands there.

    Left out are fragments of fewer than three words, and sentences with formulas (``:math:``): taking the
    formula away would leave a hole, and keeping it would leave its markup.

    Parameters
    ----------
    documents : iterable of Document
        The documents, read in their order.

    Yields
    ------
    tuple of str
        One sentence's words.

    Examples
    --------
    >>> list(sentences([Document("axis", "The axis, e.g. 0. Default is None.")]))
    [('the', 'axis', 'e.g.', '0'), ('default', 'is', 'none')]
    """
    for document in documents:
        for paragraph in paragraphs(document):
            for sentence in _SENTENCE_END.split(paragraph):
                words = _words(sentence)
                if len(words) >= 3 and ":math:" not in sentence:
                    yield words


def _words(sentence: str) -> Sentence:
    """Split a sentence into lower-cased words; a name such as ``array_like`` or ``x.shape`` is one word."""
    return tuple(_WORD.findall(_MARKUP.sub("", sentence).lower()))


def _runs_of_lines(text: str) -> Iterator[list[str]]:
    """Yield runs of lines; blank lines, headings, prompts and changes of indentation end a run."""
    for block in re.split(r"\n\s*\n", text):
        lines = block.partition(">>>")[0].splitlines()
        rulers = {at for at, line in enumerate(lines) if _RULER.fullmatch(line)}
        kept = [line for at, line in enumerate(lines) if at not in rulers and at + 1 not in rulers]
        for _, run in groupby(kept, key=_indentation):
            yield list(run)


def _indentation(line: str) -> int:
    return len(line) - len(line.lstrip())


def _join(lines: list[str]) -> str:
    return " ".join(" ".join(lines).split())


def _is_prose(run: str) -> bool:
    begins_like_prose = re.match(r"[A-Z`\"'(]", run) is not None
    return begins_like_prose and run.endswith((".", "?", "!")) and not _ENTRY.match(run)
