"""The lint of the book's prose: what the build cannot see and readers would.

``python -m alignbook.press.lint``, which ``nox -s lint`` calls, says in one line each: numbers that are typed in
(`numbers`, allowed by `marks`), figures without a text alternative (`figures`), references that lead nowhere
(`references`), and words that are spelled wrongly (`spelling`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from markdown_it import MarkdownIt

from alignbook.press import config
from alignbook.press.lint import spelling
from alignbook.press.lint.cells import Call, add_published_texts, calls
from alignbook.press.lint.figures import figures_without_alt
from alignbook.press.lint.findings import Finding
from alignbook.press.lint.numbers import typed_in
from alignbook.press.lint.prose import Prose, myst_parser, read_prose
from alignbook.press.lint.quizzes import read_quiz_prose
from alignbook.press.lint.references import glossary_terms, lost_links, undefined_terms
from alignbook.press.pages import ChapterError, read_text

__all__ = ["Finding", "lint"]


@dataclass(frozen=True)
class _Page:
    """A page that was read: its name for messages, its prose, the calls of its cells, and whether it is a chapter."""

    name: str
    prose: Prose
    calls: list[Call]
    chapter: bool


def lint(root: Path) -> list[Finding]:
    """Lint the prose of a book.

    Parameters
    ----------
    root
        The folder with ``_config.yml`` and ``book/``.

    Returns
    -------
    list of Finding
        All findings, by file and line.

    Raises
    ------
    alignbook.press.config.ConfigError
        If ``_config.yml`` cannot be read.
    """
    parser = myst_parser(config.sphinx_options(config.load(root / "_config.yml"), root))
    findings: list[Finding] = []
    pages = list(_read(root, parser, findings))
    terms = glossary_terms(glossary for page in pages for glossary in page.prose.glossaries)
    for page in pages:
        found = [
            *figures_without_alt(page.prose, page.calls),
            *undefined_terms(page.prose, terms),
            *lost_links(page.prose),
            *(typed_in(page.prose) if page.chapter else ()),
        ]
        findings += [Finding(page.name, line, message) for line, message in found]
    words = [(page.name, *word) for page in pages for text in page.prose.passages for word in spelling.words_of(text)]
    wrong = spelling.misspelled({word for _, word, _ in words}, spelling.read_words(root / "book/words.txt"))
    findings += [Finding(name, line, wrong[word]) for name, word, line in words if word in wrong]
    return sorted(set(findings))


def _read(root: Path, parser: MarkdownIt, findings: list[Finding]) -> Iterator[_Page]:
    """Read every page of the book, the Markdown that one includes from outside it, and every quiz."""
    paths = sorted((root / "book").rglob("*.md"))
    queue = [(path, True) for path in paths if not any(part[0] in "._" for part in path.relative_to(root).parts)]
    seen = {path for path, _ in queue}
    while queue:
        path, chapter = queue.pop(0)
        name = path.relative_to(root).as_posix()
        try:
            text = read_text(path)
        except ChapterError as error:
            findings.append(Finding(name, error.line, str(error)))
            continue
        prose = read_prose(text, parser)
        found = calls(prose.cells)
        add_published_texts(prose, found, parser)
        yield _Page(name, prose, found, chapter)
        for include in prose.includes:
            included = (path.parent / include.argument).resolve()
            if included.suffix == ".md" and included.is_file() and included not in seen:
                seen.add(included)
                queue.append((included, False))
    for path in sorted((root / "book/quiz").glob("*.yml")):
        text = path.read_text(encoding="utf-8", errors="replace")
        yield _Page(path.relative_to(root).as_posix(), read_quiz_prose(text, parser), [], chapter=True)
