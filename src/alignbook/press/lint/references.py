"""References that lead nowhere and that the build would pass over, or tell less well.

The build itself stops, with file and line, at every link, label, number, citation, image and download that Sphinx
cannot resolve. Looked at here: glossary terms (with what may have been meant), links whose label is defined nowhere
(Markdown shows these as text), and raw HTML (which nobody resolves).
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterable, Iterator

from alignbook.press.lint.prose import Directive, Prose

_EXPLICIT = re.compile(r"^.+?\s*<([^<]*?)>$", re.S)
_UNDEFINED = re.compile(r"(?<!\w)(\[[^\]]+\]\[[^\]]*\])")
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:|//", re.I)


def glossary_terms(glossaries: Iterable[Directive]) -> set[str]:
    """The entries of glossaries, as they are written."""
    return {
        re.split(r" +: +", line)[0].strip()
        for glossary in glossaries
        for line in glossary.body
        if line.strip() and not line[0].isspace() and not line.startswith(".. ")
    }


def undefined_terms(prose: Prose, terms: Collection[str]) -> Iterator[tuple[int, str]]:
    """Every ``{term}`` of a page that has no entry in the glossary (line, message)."""
    known = {_plain(term): term for term in terms}
    for role in prose.roles:
        if role.name != "term" or role.content.startswith("!"):
            continue
        explicit = _EXPLICIT.match(role.content)
        meant = explicit[1] if explicit else role.content
        if _plain(meant) not in known:
            close = difflib.get_close_matches(_plain(meant), known, n=1, cutoff=0.7)
            hint = f"did you mean {known[close[0]]!r}?" if close else "add it"
            yield role.line, f"{meant!r} has no entry in the glossary (book/glossary.md): {hint}"


def lost_links(prose: Prose) -> Iterator[tuple[int, str]]:
    """Every link of a page that the build would not look at (line, message)."""
    for passage in prose.passages:
        text, lines = passage.text("text")
        for found in _UNDEFINED.finditer(text):
            yield lines[found.start()], f"{found[1]!r} links to a label that is defined nowhere: write [text](target)"
    for tag in prose.tags:
        for name in ("href", "src"):
            target = tag.attributes.get(name)
            if target is not None and not _SCHEME.match(target):
                mend = "write it in Markdown, which the build checks and the PDF shows"
                yield tag.line, f"<{tag.name} {name}={target!r}> is raw HTML: {mend}"


def _plain(term: str) -> str:
    """A term as Sphinx compares it."""
    return " ".join(term.lower().split())
