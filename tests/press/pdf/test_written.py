"""The LaTeX of a whole book, which needs no LaTeX to be written: what stands where, and what is refused."""

from __future__ import annotations

import contextlib
import io
import os
import sys
from unittest import mock

import pytest
from tests.fixture_book import FixtureBook
from tests.press.pdf.hard_book import hard_book

from alignbook.press.folder import BuildFolder


def write(book: FixtureBook) -> tuple[int, str]:
    """Build the pages, then write the LaTeX; exit code, and what was said of the latter."""
    from alignbook.press.pdf.__main__ import _write

    code, output = book.here("--record")
    assert code == 0, output
    said = io.StringIO()
    with (
        contextlib.chdir(book.root),
        contextlib.redirect_stdout(said),
        contextlib.redirect_stderr(said),
        mock.patch.dict(os.environ, book.environment(SOURCE_DATE_EPOCH="0"), clear=True),
        mock.patch.object(sys, "path", [str(book.root), *sys.path]),
    ):
        pages = _write(book.root, BuildFolder(book.root / "_build"))
    return int(pages is None), said.getvalue()


@pytest.fixture(scope="module")
def tex(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The LaTeX of the hard book."""
    book = hard_book(tmp_path_factory.mktemp("hard"))
    before = write(book)
    assert before[0] == 0, before[1]
    assert "executed" not in before[1], "nothing runs twice"
    return (book.root / "_build/latex/hard.tex").read_text(encoding="utf-8")


def test_everything_stands_in_its_place(tex: str) -> None:
    places = [
        r"\abContents{\abFigures\abTables\abDemos\abClaims}",
        r"\abFront",
        r"\chapter{About this book}",
        "What the first page says.",
        r"\section{A section of the first page}",
        r"\abMain{1}",
        r"\chapter{The first chapter}",
        r"\chapter{The second chapter}",
        r"\abBack",
        r"\chapter{Glossary}",
        r"\begin{sphinxthebibliography}",
        "Behind the chapters",
        r"\chapter{Answers to the questions}",
        "By counting.",
        r"\printindex",
    ]
    assert [tex.count(place) for place in places] == [1] * len(places)
    assert sorted(places, key=tex.index) == places


def test_what_only_print_has(tex: str) -> None:
    assert r"\abClaimEntry{Every \(n^2\) \& more}" in tex
    assert r"\abDemo{Place your bet \& see}{https://example.org/some\_book/first.html\#demo-bet}" in tex
    assert tex.count("only in a browser") == 1, "in the source of the cell alone"
    assert r"\sphinxcaption{Bets, as a table.}" in tex
    assert "\\abNote{" in tex
    assert r"\index{loss@\spxentry{loss}}" in tex
    assert "alt={A line that rises; in 100 of ab cases.}" in tex
    assert r"\hyperref[\detokenize{index:answer-quiz-first-sum}]" in tex
    assert r"\hyperref[\detokenize{first:quiz-first-sum}]" in tex
    assert "\x02" not in tex
    assert r"\abEmoji{}👩‍👩‍👧" in tex
    assert r"\newcommand{\abScripts}{emoji,cjk,hebrew,arabic,devanagari,thai,others}" in tex
    assert r"\abTable{" in tex, "a wide table is set smaller"


REFUSED = """from alignbook.publish import claim, table
from alignbook.publish.outputs import publish
from IPython.display import HTML

names = [f"c{n}" for n in range(12)]
table({name: [1234567.5] for name in names}, name="w", caption="Wide.", formats=dict.fromkeys(names, ",.1f"))
publish({"kind": "demo", "name": "d", "title": "D"}, "demo", **{"text/html": "<p>live</p>"})
claim("d", "There is a demo", True, evidence=1)
HTML("<b>bold</b>")"""


def test_what_cannot_be_printed_is_refused_with_its_line(book: FixtureBook) -> None:
    book.chapter("one", REFUSED)
    code, said = write(book)
    assert code == 1
    for part in (
        "this table is 156 characters wide at least, and a page has room for 102",
        "demo 'd' has no static form: give its record a figure or a table under 'static'",
        "this output has no form for print (only text/html): publish it with figure() or table()",
    ):
        (line,) = [line for line in said.splitlines() if part in line]
        assert line.startswith("book/one.md:"), line
    book.chapter("one", "1 + 1")
    assert write(book)[0] == 0, "an unnumbered book is written too"
