"""A small book with what a reader works with: quizzes, bets, terms, code, sections."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, ConsoleMessage, Locator, Page
from tests.built.site import Site
from tests.fixture_book import FixtureBook

SCREENS = Path(__file__).parents[2] / "_build/screens"
HOSTILE = (
    "<img src=x onerror=alert(1)>",
    "~~~~:::",
    "9.9~quiz-chapter-sum:0:A",
    "x" * 50_000,
    "\u202e\u0000\ud7ff",
    '{"__proto__":{"a":1}}',
    "-1",
    "Infinity",
)
"""What no script of the book has kept on the device."""

CONFIG = r"""title: A book to work with
author: Nobody
execute: {packages: [fixture], jobs: 2}
parse:
  myst_enable_extensions: [colon_fence, dollarmath]
"""

CHAPTER = r"""---
file_format: mystnb
---

(here)=
# Chapter

Training makes the {term}`loss` small, and the {term}`loss <loss>` is never below {term}`nought`.

## Numbers

```{bet} share
:value: share
:from: 0
:to: 100

What share of $n$ facts is recalled?
```

(answer)=
```{code-cell} python3
from alignbook.publish import claim, table, value
value("share", 0.617, ".0%")
value("times", 2.5, ".1f")
claim("rare-first", "What is rare is lost first", True, evidence=0.25)
columns = {"told": [1, 2, 3], "recalled": [0.1, 0.5, 0.9]}
table(columns, name="recalled", caption="Notice that it rises.", formats={"recalled": ".0%"})
print("the hidden result")
```

A paragraph about the hidden result, with [a link](plain.md).

```{bet-end}
```

## Choices

```{bet} which
:claim: rare-first
:right: B

Which words are lost first?

- The common ones.
- The *rare* ones, say $x$.
- None.
```

They are the seldom ones.

```{bet-end}
```

```{bet} bits
:value: times
:from: -10
:to: 10
:unit: bits

How many bits?
```

So many.

```{bet-end}
```

## Code

```python
first = 1
second = 2
```

See {numref}`tab-recalled`.

## Questions

```{quiz} chapter
```
"""

QUIZ = """- id: sum
  question: What is $1 + 1$?
  choices:
    - text: It is $2$.
      right: true
      feedback: By counting.
    - text: "It is **11**."
      feedback: That joins the *digits*, $1$ and $1$.
    - text: Nobody knows.
      feedback: It is known.
  explanation: Addition counts on.
  link: here
  status: established
- id: colour
  question: Which colours are in the flag?
  choices:
    - text: blue
      right: true
      feedback: It is.
    - text: white
      right: true
      feedback: That too.
    - text: green
      feedback: It is not.
  explanation: |
    Two of three.

    And [more](plain.md).
  link: here
  status: established
- id: mind
  question: Does it understand?
  choices:
    - text: Surely.
      feedback: Say which test would show it.
    - text: It is argued.
      right: true
      feedback: With reasons on both sides.
  explanation: Both sides agree on what was measured.
  link: here
  status: debated
"""

OTHER = """- id: only
  question: Is this the only question?
  choices:
    - text: "yes"
      right: true
      feedback: There is no other.
    - text: "no"
      feedback: Look again.
  explanation: One is enough here.
  link: here
  status: established
"""

PAGES = {
    "plain": "# Plain\n\nWords.\n",
    "quiz": "# All questions\n\n```{quiz-list}\n```\n\n```{quiz} other\n```\n\n```{quiz} third\n```\n",
    "glossary": "# Glossary\n\n```{glossary}\nloss\n  What training makes *small*: $L$.\n\nnought\n  Nothing.\n```\n",
}


def reading_book(root: Path) -> FixtureBook:
    """Write the book; it is not built yet."""
    book = FixtureBook(root)
    book.write("_config.yml", CONFIG)
    book.write("book/quiz/chapter.yml", QUIZ)
    book.write("book/quiz/other.yml", OTHER)
    book.write("book/quiz/third.yml", OTHER)
    book.page("chapter", CHAPTER)
    for name, text in PAGES.items():
        book.page(name, text)
    return book


@pytest.fixture(scope="session")
def reading_site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """The book, built."""
    book = reading_book(tmp_path_factory.mktemp("reading"))
    code, output = book.here("--record")
    assert code == 0, output
    return Site(book.html)


@dataclass
class Watched:
    """A page, and all that went wrong on it."""

    page: Page
    problems: list[str] = field(default_factory=list)

    def heard(self, said: ConsoleMessage) -> None:
        """Keep what the browser warns of."""
        if said.type in ("error", "warning"):
            self.problems.append(said.text)

    def asked(self, url: str, home: str) -> None:
        """Keep what the page asks for elsewhere."""
        if not url.startswith((home, "data:")):
            self.problems.append(url)

    def find(self, selector: str) -> Locator:
        """Find a part of the page."""
        return self.page.locator(selector)

    @property
    def focused(self) -> str:
        """The text or the name of what has the focus."""
        return str(
            self.page.evaluate("(one => one.matches('input') ? one.value : one.innerText)(document.activeElement)")
        )

    def shoot(self, name: str, selector: str) -> None:
        """Take a picture for people to look at."""
        SCREENS.mkdir(parents=True, exist_ok=True)
        self.page.add_style_tag(content=".bd-header-article, .pst-skip-link { display: none !important; }")
        self.find(selector).first.screenshot(path=SCREENS / f"{name}.png")


def opened(
    context: BrowserContext, site: Site, name: str, *, width: int = 1280, tail: str = "", **media: Any
) -> Watched:
    """Open a page, and listen to what goes wrong on it."""
    watched = Watched(context.new_page())
    page, home = watched.page, site.folder.as_uri()
    page.set_default_timeout(120_000)  # a busy machine is no failure
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(**media)
    page.on("pageerror", lambda error: watched.problems.append(f"error: {error}"))
    page.on("dialog", lambda dialog: watched.problems.append(f"dialog: {dialog.message}"))
    page.on("console", watched.heard)
    page.on("request", lambda asked: watched.asked(asked.url, home))
    page.goto((site.folder / f"{name}.html").as_uri() + tail)
    page.wait_for_load_state("load")
    return watched
