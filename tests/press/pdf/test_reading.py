"""In print, questions are followed by their answers at the end, and bets by their results at once."""

from __future__ import annotations

import pytest
from tests.press.pdf.test_written import write
from tests.reading_book import reading_book


@pytest.fixture(scope="module")
def tex(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The LaTeX of a book with quizzes and bets."""
    book = reading_book(tmp_path_factory.mktemp("reading"))
    code, output = write(book)
    assert code == 0, output
    (written,) = (book.root / "_build/latex").glob("*.tex")
    return written.read_text(encoding="utf-8")


def test_a_bet_stands_before_its_open_result(tex: str) -> None:
    places = [
        r"\sphinxstylestrong{Bet before you look.}",
        "What share of",
        r"It is \DUrole{ab-value}{62\%}.",
        r"\sphinxcaption{Notice that it rises.}",
        "the hidden result, with",
        "Which words are lost first?",
        "It is \\sphinxstylestrong{B}",
        "They are the seldom ones.",
        r"\chapter{Plain}",
    ]
    found = [tex.index(place) for place in places]
    assert found == sorted(found), dict(zip(places, found, strict=True))
    assert tex.count("Bet before you look.") == 3
    assert tex.count(r"62\%") == 1


def test_the_list_of_quizzes_leads_to_them(tex: str) -> None:
    assert r"\hyperref[\detokenize{chapter:quiz-chapter}]" in tex
    assert r"\label{\detokenize{chapter:quiz-chapter}}" in tex
    assert ": 3 questions" in tex
    assert tex.index("By counting.") > tex.index(r"\chapter{Answers to the questions}")
    assert "Falls short." in tex
    assert "is debated: the reasoning counts" in tex
