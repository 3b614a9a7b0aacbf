"""A small book with what a reader works with: quizzes, bets, terms, code, sections."""

from __future__ import annotations

from pathlib import Path

from tests.fixture_book import FixtureBook

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
