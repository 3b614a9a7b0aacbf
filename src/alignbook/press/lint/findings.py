"""What the lint of the prose says: one line for each thing to mend."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Finding:
    """One thing to mend in a page.

    Parameters
    ----------
    path
        The page, as the contributor would type it.
    line
        Line of the file, from 1.
    message
        What is wrong, and the mend.

    Examples
    --------
    >>> print(Finding("book/data.md", 3, "no alt text"))
    book/data.md:3: no alt text
    """

    path: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.message}"


def worth_saying(text: str) -> bool:
    """Whether a text is long enough to say anything: an alternative text, or the reason of a mark."""
    return len(text.strip()) >= 10
