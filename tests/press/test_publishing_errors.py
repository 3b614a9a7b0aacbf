"""Whatever is wrong with what is published or quoted is told with file and line, in every build until it is mended."""

from __future__ import annotations

import pytest
from tests.fixture_book import FixtureBook, errors, executed

IMPORT = "from alignbook.publish import claim, figure, table, value\n"


def told(book: FixtureBook, *arguments: str, **environment: str) -> list[str]:
    """The lines that say what is wrong; the same in a second build."""
    code, output = book.here(*arguments, **environment)
    assert code == 1
    again, repeated = book.here(*arguments, **environment)
    assert again == 1
    assert errors(repeated) == errors(output)
    return errors(output).splitlines()


def test_a_call_that_is_wrong_is_told_in_its_own_words(book: FixtureBook) -> None:
    calls = {
        "alt": "figure(print, name='c', alt='', caption='A curve.')",
        "evidence": "claim('a', 'A', True)",
        "false": "claim('b', 'B', 0.3 > 0.8, evidence={'accuracy': 0.3})",
        "name": "value('No', 1)",
        "nan": "claim('c', 'C', True, evidence=float('nan'))",
        "number": "import numpy as np\nvalue('d', np.array([1, 2]))",
    }
    for name, call in calls.items():
        book.chapter(name, f"{IMPORT}\n{call}")
    assert told(book) == [
        "book/alt.md:12: ERROR: ValueError: figure 'c': alt must be a text, got ''",
        "book/evidence.md:12: ERROR: ValueError: claim 'a': give the number that decides it as evidence=",
        "book/false.md:12: ERROR: claim 'b' is false: B (evidence: accuracy 0.3)",
        "book/name.md:12: ERROR: ValueError: value 'No': name it with small letters, digits, dots and hyphens, "
        "as in 'sft.held-out'",
        "book/nan.md:12: ERROR: ValueError: claim 'c': evidence must be finite, got nan",
        "book/number.md:13: ERROR: TypeError: value 'd' must be a number, got array([1, 2])",
        "ERROR: the book was not built: alt, evidence, false, name, nan, number fail",
    ]


def test_an_error_in_a_drawing_is_told_where_it_is_drawn(book: FixtureBook) -> None:
    book.module("drawing", "def draw(figure):\n    figure.no_such_method()\n")
    book.chapter("cell", f"{IMPORT}\ndef draw(drawn):\n    1 / 0\n\nfigure(draw, name='a', alt='A', caption='A')")
    call = "from fixture.drawing import draw\n\nfigure(draw, name='b', alt='B', caption='B')"
    book.chapter("package", f"{IMPORT}{call}")
    assert told(book)[:2] == [
        "book/cell.md:13: ERROR: ZeroDivisionError: division by zero (reached from line 15)",
        "book/package.md:13: ERROR: AttributeError: 'Figure' object has no attribute 'no_such_method' "
        "(raised at fixture/drawing.py:2)",
    ]


@pytest.mark.parametrize("how", ["try", "tag"])
def test_a_false_claim_cannot_be_swallowed(book: FixtureBook, how: str) -> None:
    call = "claim('a', 'A holds', False, evidence=0.31)"
    wrapped = f"try:\n    {call}\nexcept Exception:\n    pass" if how == "try" else call
    tag = ":tags: [raises-exception]\n" if how == "tag" else ""
    book.chapter("one", f"{tag}{IMPORT}\n{wrapped}")
    lines = told(book)
    assert "claim 'a' is false: A holds (evidence: 0.31)" in lines[0]
    assert lines[0].startswith("book/one.md:1")


def test_claims_that_are_only_reported_stop_nothing_and_are_marked(book: FixtureBook) -> None:
    book.chapter("one", f"{IMPORT}\nclaim('a', 'A holds', False, evidence=0.31)")
    book.page("claims", "# Claims\n\n```{claims-index}\n```\n")
    code, output = book.here(ALIGNBOOK_SIZE="tiny")
    assert code == 0, output
    assert "book/one.md:12: claim 'a' is false: A holds (evidence: 0.31)\n" in output
    book.html = book.root / "_build/previews/tiny-0/html"
    assert "(measured here, does not hold in this run): A holds" in book.text("one")
    assert "measured here, does not hold in this run; evidence: 0.31" in book.text("claims")
    assert book.here(ALIGNBOOK_SIZE="tiny")[1].startswith("nothing changed")


def test_outputs_from_a_run_that_only_recorded_are_judged_all_the_same(book: FixtureBook) -> None:
    book.chapter("one", f"{IMPORT}\nclaim('a', 'A holds', False, evidence=0.31)")
    assert book.here(ALIGNBOOK_CLAIMS="record")[0] == 0
    code, output = book.here()
    assert (code, executed(output)) == (1, set())
    assert errors(output).startswith("book/one.md:12: ERROR: claim 'a' is false: A holds (evidence: 0.31)\n")


def test_a_bad_choice_about_claims_is_one_line(book: FixtureBook) -> None:
    expected = "ERROR: ALIGNBOOK_CLAIMS must be one of enforce, record, got 'maybe'\n"
    assert book.here(ALIGNBOOK_CLAIMS="maybe") == (1, expected)


def test_names_stand_for_one_thing_in_the_whole_book(book: FixtureBook) -> None:
    book.chapter("one", f"{IMPORT}\nvalue('a.b', 1)\nclaim('a.b', 'A', True, evidence=1)")
    book.chapter("two", f"{IMPORT}\nfor n in range(2):\n    value('c', n)", "value('a-b', 1)")
    rule = "; a name stands for one thing in the whole book"
    assert told(book, "--record")[:-1] == [
        f"book/one.md:13: ERROR: claim 'a.b': the name is taken by the value at book/one.md:12{rule}",
        f"book/two.md:13: ERROR: value 'c': the name is taken by the value at book/two.md:13{rule}",
        "book/two.md:17: ERROR: value 'a-b': the name is taken by the value at book/one.md:12 as 'a.b', "
        f"which makes the same link{rule}",
    ]
    assert not (book.root / "book/recorded").exists(), "what is wrong is not recorded"


def test_figures_and_tables_are_told_apart_too(book: FixtureBook) -> None:
    calls = "table({'a': [1]}, name='x', caption='T')\nfigure(lambda f: 0, name='x', alt='F', caption='F')"
    book.chapter("one", f"{IMPORT}{calls}", calls)
    book.chapter("two", f"{IMPORT}{calls}")
    rule = "; a name stands for one thing in the whole book"
    code, output = book.here()
    assert code == 1
    lines = [line.replace(f"{book.root}/", "") for line in output.splitlines() if ".md" in line]
    assert lines == [
        "book/two.md:11: WARNING: duplicate label tab-x, other instance in book/one.md",
        "book/two.md:11: WARNING: duplicate label fig-x, other instance in book/one.md",
        f"book/one.md:16: ERROR: table 'x': the name is taken by the table at book/one.md:11{rule}",
        f"book/one.md:17: ERROR: figure 'x': the name is taken by the figure at book/one.md:12{rule}",
    ]
    code, output = book.here()
    assert code == 1
    assert "duplicate label tab-x, other instance in " in output
    assert "book/one.md:17: ERROR: figure 'x': the name is taken" in output


@pytest.fixture(scope="module")
def quoting(tmp_path_factory: pytest.TempPathFactory) -> FixtureBook:
    """A book with a claim and a value to quote; each test writes its own page over the one that quotes."""
    book = FixtureBook(tmp_path_factory.mktemp("book"))
    book.chapter(
        "one", f"{IMPORT}\nvalue('sft.accuracy', 0.5, '.0%')\nclaim('sft.learns', 'It learns', True, evidence=1)"
    )
    code, output = book.here("--record")
    assert code == 0, output
    return book


def test_a_role_that_names_nothing_is_told_with_what_it_may_mean(quoting: FixtureBook) -> None:
    quoting.page(
        "quotes",
        "# Quotes\n\n{value}`sft.acuracy`,\n{value}`nothing`,\n{claim}`sft.accuracy` and {value}`sft.learns`.\n\n"
        "{claim}`sft.learned`; $x = {value}`sft.nothing`$.\n\n```{math}\ny = {claim}`sft.learns` + {value}\n```\n",
    )
    assert told(quoting)[:-1] == [
        "book/quotes.md:7: ERROR: no value is named 'sft.nothing': a code cell publishes it with "
        "value('sft.nothing', …)",
        "book/quotes.md:9: ERROR: {claim}`sft.learns` cannot stand in a formula: only {value}`name` can",
        "book/quotes.md:9: ERROR: {value} cannot stand in a formula: only {value}`name` can",
        "book/quotes.md:3: ERROR: no value is named 'sft.acuracy': did you mean 'sft.accuracy'?",
        "book/quotes.md:3: ERROR: no value is named 'nothing': a code cell publishes it with value('nothing', …)",
        "book/quotes.md:3: ERROR: no claim is named 'sft.accuracy': it is a value: write {value}`sft.accuracy`",
        "book/quotes.md:3: ERROR: no value is named 'sft.learns': it is a claim: write {claim}`sft.learns`",
        "book/quotes.md:7: ERROR: no claim is named 'sft.learned': did you mean 'sft.learns'?",
    ]


def test_a_value_that_is_gone_is_missed_where_it_is_quoted(quoting: FixtureBook) -> None:
    quoting.page("quotes", "# Quotes\n\n{value}`sft.accuracy` and $x = {value}`sft.accuracy`$.\n")
    assert quoting.here()[0] == 0
    chapter = quoting.root / "book/one.md"
    before = chapter.read_text(encoding="utf-8")
    quoting.chapter("one", f"{IMPORT}\nclaim('sft.learns', 'It learns', True, evidence=1)")
    lines = told(quoting, "--record")
    chapter.write_text(before, encoding="utf-8")
    assert quoting.here("--record")[0] == 0
    assert [line.partition(": a code")[0] for line in lines[:2]] == [
        "book/quotes.md:3: ERROR: no value is named 'sft.accuracy'"
    ] * 2


def test_places_where_a_role_would_stay_as_it_is_are_refused(quoting: FixtureBook) -> None:
    quoting.write("book/dot.png", "no image")
    quoting.page(
        "quotes",
        "# Places\n\n## About {value}`sft.accuracy`\n\n<b>{value}`sft.accuracy`</b>\n\n"
        "<div>\n{claim}`sft.learns`\n</div>\n\n"
        "```{image} dot.png\n:alt: Only {value}`sft.accuracy`\n```\n\nIn code it may: `` {value}`x` ``.\n",
    )
    assert told(quoting)[:-1] == [
        "book/quotes.md:3: ERROR: {value}`sft.accuracy` cannot stand in a heading, which menus copy: quote it in the "
        "text",
        "book/quotes.md:7: ERROR: {claim}`sft.learns` cannot stand in HTML: quote it in the text",
        "book/quotes.md:11: ERROR: {value}`sft.accuracy` cannot stand in a text alternative: quote it in the text",
    ]
    assert "<b>50%</b>" in quoting.shown("quotes").replace('<span class="ab-value">', "").replace("</span>", "")
