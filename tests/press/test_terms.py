"""Pages carry the definitions of the terms that they mention, as they stand in the glossary now."""

from __future__ import annotations

import json

from bs4 import BeautifulSoup
from tests.fixture_book import FixtureBook

GLOSSARY = """# Glossary

```{glossary}
loss
  What training makes *small*, never below {term}`zero <nought>`: $L \\ge 0$.

nought
naught
  Nothing at all, </script> included.

unused
  A word that no page links to.
```
"""


def tips(book: FixtureBook, name: str) -> dict[str, list[str]]:
    scripts = BeautifulSoup(book.shown(name), "html.parser").select("script.ab-terms")
    return {address: tip for script in scripts for address, tip in json.loads(script.get_text()).items()}


def written(book: FixtureBook) -> None:
    book.page("glossary", GLOSSARY)
    book.page("deep/page", "# Page\n\nThe {term}`loss`, and {term}`no more <naught>`. The {term}`Loss` again.\n")
    book.page("plain", "# Plain\n\nNo terms, but [a link](glossary.md).\n")
    code, output = book.here()
    assert code == 0, output


def test_a_page_carries_what_its_terms_mean(book: FixtureBook) -> None:
    written(book)
    found = tips(book, "deep/page")
    assert list(found) == ["../glossary.html#term-loss", "../glossary.html#term-naught"]
    term, meaning = found["../glossary.html#term-loss"]
    assert term == "loss"
    shown = BeautifulSoup(meaning, "html.parser")
    assert shown.select("em")[0].get_text() == "small"
    assert shown.select(".katex math"), "formulas are set as on the page"
    assert not shown.select("a"), "a tip holds no links"
    assert "below zero" in shown.get_text()
    linked = {tag["href"] for tag in BeautifulSoup(book.shown("deep/page"), "html.parser").select("p a")}
    assert set(found) <= linked


def test_a_tip_cannot_end_the_script_that_it_stands_in(book: FixtureBook) -> None:
    written(book)
    assert "</script> included" in tips(book, "deep/page")["../glossary.html#term-naught"][1]


def test_the_glossary_itself_has_tips_and_other_pages_have_none(book: FixtureBook) -> None:
    written(book)
    assert list(tips(book, "glossary")) == ["#term-nought"]
    assert "ab-terms" not in book.shown("plain")


def test_a_changed_definition_changes_the_pages_that_mention_it_and_no_others(book: FixtureBook) -> None:
    written(book)
    before = {name: (book.html / f"{name}.html").stat().st_mtime_ns for name in ("deep/page", "plain")}
    book.page("glossary", GLOSSARY.replace("What training", "What all training"))
    assert book.here()[0] == 0
    assert "What all training" in tips(book, "deep/page")["../glossary.html#term-loss"][1]
    after = {name: (book.html / f"{name}.html").stat().st_mtime_ns for name in ("deep/page", "plain")}
    assert after["deep/page"] > before["deep/page"]
    assert after["plain"] == before["plain"]
