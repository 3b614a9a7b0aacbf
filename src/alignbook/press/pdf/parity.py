"""Whether chapters, figures, tables, code and equations have the same numbers in the PDF as on the web.

The web's numbers are read from its pages, the PDF's from what LaTeX wrote for its own references.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from html.parser import HTMLParser
from pathlib import Path

_LABEL = re.compile(r"\\newlabel\{([^{}]+)\}\{\{((?:[^{}]|\{[^{}]*\})*)\}")
_NUMBERED = {"figure", "table", "div", "section"}


def numbers_in_pdf(aux: str) -> dict[str, str]:
    r"""What LaTeX calls each label.

    Examples
    --------
    >>> numbers_in_pdf(r"\newlabel{page:fig}{{1.2}{3}{Title}{figure.1.2}{}}")
    {'page:fig': '1.2'}
    """
    return {label: _plain(number) for label, number in _LABEL.findall(aux)}


def numbers_on_page(docname: str, html: str) -> dict[str, str]:
    """What a page of the web calls each label, as LaTeX names it; only what has a number.

    Examples
    --------
    >>> numbers_on_page("page", '<figure id="f"><span class="caption-number">Fig. 1.2 </span></figure>')
    {'page:f': '1.2'}
    """
    page = _Page(docname)
    page.feed(html)
    page.close()
    return page.numbers


def differences(web: Mapping[str, str], pdf: Mapping[str, str]) -> list[str]:
    """A line for every label whose number is not the same in both, or that the PDF does not have."""
    lines = []
    for label, number in sorted(web.items()):
        if label not in pdf:
            lines.append(f"{label} is {number} on the web, and is not in the PDF")
        elif pdf[label] != number:
            lines.append(f"{label} is {number} on the web, but {pdf[label] or 'without a number'} in the PDF")
    return lines


def compare(html: Path, docnames: list[str], aux: Path) -> tuple[int, list[str]]:
    """How many numbers were compared, and the differences.

    Parameters
    ----------
    html
        The built site.
    docnames
        The pages that are in the PDF.
    aux
        What LaTeX wrote.
    """
    web: dict[str, str] = {}
    for docname in docnames:
        web |= numbers_on_page(docname, (html / f"{docname}.html").read_text(encoding="utf-8"))
    return len(web), differences(web, numbers_in_pdf(aux.read_text(encoding="utf-8", errors="replace")))


class _Page(HTMLParser):
    """Finds the numbers of a page, each with the id of the element that it is the number of."""

    def __init__(self, docname: str) -> None:
        super().__init__()
        self.docname, self.numbers = docname, dict[str, str]()
        self._open: list[tuple[str, str]] = []
        self._reading = ""
        self._text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag in _NUMBERED:
            self._open.append((tag, given.get("id", "")))
        kind = {"caption-number", "section-number", "eqno"} & set(given.get("class", "").split())
        if kind and tag == "span":
            self._reading, self._text = kind.pop(), []

    def handle_data(self, data: str) -> None:
        if self._reading:
            self._text.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag in {"span", "a"} and self._reading:
            self._note()
        if tag in _NUMBERED:
            while self._open and self._open.pop()[0] != tag:
                pass

    def _note(self) -> None:
        """Keep the number that was just read."""
        kinds = {"section-number": ("section",), "eqno": ("div",)}.get(self._reading, ("figure", "table", "div"))
        found = next((name for tag, name in reversed(self._open) if tag in kinds and name), "")
        self._reading = ""
        number = _plain("".join(self._text))
        if found and number:
            self.numbers[self._label(found)] = number

    def _label(self, name: str) -> str:
        """The label as LaTeX has it."""
        if name.startswith("equation-"):
            return f"equation:{self.docname}:{name.removeprefix('equation-')}"
        return f"{self.docname}:{name}"


def _plain(number: str) -> str:
    """The number alone, without what is written before and after it."""
    found = re.search(r"\d+(?:\.\d+)*", number.replace("\\relax", ""))
    return found[0] if found else ""
