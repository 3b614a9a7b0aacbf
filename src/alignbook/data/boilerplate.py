"""Boilerplate: the lines that a site puts on all its pages, found because they stand on so many."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import blake2b

from alignbook.data.documents import Document

SHORTEST_LINE = 20
"""Shorter lines repeat by chance (``Returns``, ``}``) and are left alone."""


@dataclass(frozen=True)
class Boilerplate:
    """The lines that were found in too many documents.

    Parameters
    ----------
    lines : frozenset of str
        The lines, without the white space around them.
    """

    lines: frozenset[str]

    def strip(self, text: str) -> str:
        """Return the text without these lines."""
        lines = text.split("\n")
        kept = [line for line in lines if line.strip() not in self.lines]
        return text if len(kept) == len(lines) else "\n".join(kept)


def find_boilerplate(documents: Iterable[Document], *, least: int = 10, share: float = 0.01) -> Boilerplate:
    r"""Read a corpus once and find the lines that stand in many of its documents.

    While it reads, it keeps the digest of every distinct line of `SHORTEST_LINE` characters or more, 8 bytes and a
    count, and the few lines themselves that have become frequent.

    Parameters
    ----------
    documents : iterable of Document
        The corpus, or a sample of each of its sites.
    least : int
        A line is boilerplate only if it stands in so many documents,
    share : float
        and in this share of them.

    Raises
    ------
    ValueError
        If `least` is below 2 or `share` is no share.

    References
    ----------
    Wenzek et al. (2020), "CCNet: Extracting High Quality Monolingual Datasets from Web Crawl Data", section 3.1,
    removes paragraphs that occur more than once in a shard by their hashes: navigation, cookie warnings, contacts.

    Examples
    --------
    >>> pages = [Document(str(n), f"Page {n}\nAccept all our cookies to go on") for n in range(20)]
    >>> find_boilerplate(pages).strip(pages[3].text)
    'Page 3'
    """
    if least < 2:
        raise ValueError(f"least must be 2 or more (a line that stands once repeats nothing), got {least}")
    if not 0 <= share <= 1:
        raise ValueError(f"share must lie between 0 and 1, got {share}")
    counts: Counter[bytes] = Counter()
    frequent: dict[bytes, str] = {}
    read = 0
    for document in documents:
        read += 1
        for line in sorted({line.strip() for line in document.text.split("\n")}):
            if len(line) >= SHORTEST_LINE:
                digest = blake2b(line.encode("utf-8", "surrogatepass"), digest_size=8).digest()
                counts[digest] += 1
                if counts[digest] == least:
                    frequent[digest] = line
    return Boilerplate(frozenset(line for digest, line in frequent.items() if counts[digest] >= share * read))
