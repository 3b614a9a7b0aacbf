"""Bets: what stands between a question and its end becomes the result; what the build computes decides them."""

from __future__ import annotations

from bs4 import BeautifulSoup
from tests.fixture_book import FixtureBook, errors

CELL = """from alignbook.publish import claim, value
value("share", {share}, ".0%", tolerance=1)
value("bits", 2.5, ".1f")
claim("rare-first", "What is rare is lost first", {holds}, evidence=0.25)
print("the result is shown")"""

PAGE = """---
file_format: mystnb
---

(here)=
# Bets

```{{bet}} how-many
:value: share
:from: 0
:to: 100

How many of *all*?
```

{body}

```{{bet-end}}
```

After it.

```{{bet}} which
:claim: rare-first
:right: B

What is lost first?

- What is common.
- What is *rare*.
```

Look.

```{{bet-end}}
```
"""


def page(share: str = "0.621", holds: str = "True", body: str = "") -> str:
    cell = CELL.format(share=share, holds=holds)
    return PAGE.format(body=body or f"```{{code-cell}} python3\n{cell}\n```\n\nAnd then?")


def shown(book: FixtureBook, text: str) -> BeautifulSoup:
    book.page("bets", text)
    code, output = book.here("--record")
    assert code == 0, output
    return BeautifulSoup(book.shown("bets"), "html.parser")


def test_a_bet_holds_its_question_and_its_result(book: FixtureBook) -> None:
    number, choice = shown(book, page()).select(".bet")
    assert (number["id"], number["data-from"], number["data-to"], number["data-unit"]) == (
        "bet-how-many",
        "0",
        "100",
        "%",
    )
    title, question, result = number.find_all(recursive=False)
    assert title.get_text() == "Bet before you look"
    assert question.get_text() == "How many of all?"
    assert result["class"] == ["bet-result"]
    assert [
        tag.get_text().strip() for tag in result.select(".bet-outcome, .output, p:not(.bet-outcome, .ab-claim)")
    ] == [
        "It is 62%.",
        "the result is shown",
        "And then?",
    ]
    assert float(str(number.select(".bet-number[value]")[0]["value"])) == 62
    assert [tag.get_text().strip() for tag in choice.select("ol.bet-choices > li")] == [
        "What is common.",
        "What is rare.",
    ]
    outcome = choice.select_one(".bet-result > .bet-outcome")
    assert outcome is not None
    assert outcome.get_text() == "It is B (evidence: 0.25)."
    assert str(choice).count("rare") == 2, "nothing but the text of the choice and the link to the claim names it"


def test_what_follows_a_bet_stays_outside(book: FixtureBook) -> None:
    after = shown(book, page()).find("p", string="After it.")
    assert after is not None
    assert after.find_parent(class_="bet") is None


def test_the_result_of_another_run_decides_without_a_change_of_the_text(book: FixtureBook) -> None:
    number = shown(book, page(share="0.1")).select_one(".bet")
    assert number is not None
    assert "It is 10%." in number.get_text()


def test_a_number_that_is_no_share_has_its_own_unit(book: FixtureBook) -> None:
    text = page().replace(":value: share\n:from: 0\n:to: 100", ":value: bits\n:from: 0\n:to: 10\n:unit: bits")
    number = shown(book, text).select_one(".bet")
    assert number is not None
    assert number["data-unit"] == "bits"
    assert number.select(".bet-number")[0]["value"] == "2.5"


def test_a_percentage_that_is_shown_as_a_bare_number_gets_its_sign(book: FixtureBook) -> None:
    text = page().replace(":value: share\n:from: 0\n:to: 100", ":value: bits\n:from: 0\n:to: 100\n:unit: %")
    number = shown(book, text).select_one(".bet")
    assert number is not None
    assert "It is 2.5%." in number.get_text()
    assert number.select(".bet-number")[0]["value"] == "2.5"


MISTAKES = {
    "shore": (":value: share\n", ":value: shore\n", 3, "no value is named 'shore': did you mean 'share'?"),
    "fist": (
        ":claim: rare-first",
        ":claim: rare-fist",
        18,
        "no claim is named 'rare-fist': did you mean 'rare-first'?",
    ),
    "no-range": (":from: 0\n", "", 3, "bet 'how-many': a number needs :value:, the name of the result, and a range"),
    "turned": (":from: 0\n", ":from: 200\n", 3, "bet 'how-many': a number needs :value:"),
    "outside": (":to: 100\n", ":to: 60\n", 3, "bet 'how-many': the result, 62, does not lie between 0 and 60"),
    "bare": (":claim: rare-first\n", "", 18, "bet 'which': it needs a :value:, if it is about a number, or else"),
    "both": (":right: B\n", ":right: B\n:from: 1\n", 18, "bet 'which': it needs a :value:"),
    "letter": (
        ":right: B\n",
        ":right: C\n",
        18,
        "bet 'which': its question must end with a list of choices, and :right:",
    ),
    "no-letter": (":right: B\n", "", 18, "bet 'which': its question must end with a list of choices, and :right:"),
    "no-list": (
        "- What is common.\n- What is *rare*.\n",
        "Well?\n",
        18,
        "bet 'which': its question must end with a list",
    ),
    "twice": ("{bet} which", "{bet} how-many", 18, "there are two bets with the name 'how-many' on this page"),
    "heading": ("Look.\n", "## A heading\n", 18, "bet 'which' has no end: put {bet-end} behind its result"),
    "two-ends": ("Look.\n", "```{bet-end}\n```\n", 31, "this ends no bet: {bet} begins one, in the same section"),
    "no-end": ("```{bet-end}\n```\n\nAfter it.", "After it.", 3, "bet 'how-many' has no end"),
}


def test_mistakes_are_told_with_their_line(book: FixtureBook) -> None:
    book.page("results", page())
    for name, (old, new, _, _) in MISTAKES.items():
        text = page(body="Look here.").removeprefix("---\nfile_format: mystnb\n---\n\n").replace("(here)=\n", "")
        assert old in text
        book.page(name, text.replace(old, new, 1))
    code, output = book.here("--record")
    assert code == 1
    for name, (_, _, line, problem) in MISTAKES.items():
        assert f"book/{name}.md:{line}: ERROR: {problem}" in errors(output), (name, output)
    ends = [line.partition(":")[0] for line in errors(output).splitlines() if "this ends no bet" in line]
    assert ends == ["book/heading.md", "book/two-ends.md"], "a mistake in a bet is not told of its end as well"


def test_a_claim_that_no_longer_holds_stops_the_build_and_the_bet_with_it(book: FixtureBook) -> None:
    book.page("bets", page(holds="False"))
    code, output = book.here()
    assert code == 1
    assert "rare-first" in errors(output)
