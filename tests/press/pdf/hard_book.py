"""A small book with everything that is hard to print."""

from __future__ import annotations

from pathlib import Path

from tests.fixture_book import FixtureBook

CONFIG = r"""title: A hard & heavy book
author: Ada_L and 李小龙
copyright: Nobody
bibtex_bibfiles: [references.bib]
html: {baseurl: 'https://example.org/some_book/'}
execute: {packages: [fixture], jobs: 2}
latex:
  latex_documents: {targetname: hard.tex}
  licence: 100% free
parse:
  myst_enable_extensions: [amsmath, attrs_inline, colon_fence, deflist, dollarmath]
  macros: {\KL: 'D_{\mathrm{KL}}'}
"""

PROMPTS = {
    "Chinese": "今天天气怎么样？",
    "Japanese": "こんにちは、世界",
    "Korean": "안녕하세요",
    "Greek": "Ποιος είναι ο Σωκράτης;",
    "Cyrillic": "Привет, мир",
    "Hebrew": "שלום עולם",
    "Arabic": "مرحبا بالعالم",
    "Devanagari": "नमस्ते दुनिया",
    "Thai": "สวัสดีชาวโลก",
    "emoji": "👍🏽 👩‍👩‍👧 🇩🇪 ❤️ 🎉",
    "combining": "e\u0301 n\u0303 a\u0308\u0304",
    "signs": "→ ≤ ∀ ✓ ★ ½ ‰ ﬁ ȷ",
}

_CELLS = r"""```{code-cell} python3
from alignbook.publish import claim, figure, table, value
from alignbook.publish.outputs import publish
from fixture.prompts import PROMPTS

for name, prompt in PROMPTS.items():
    print(f"{name}: {prompt}")
```

```{code-cell} python3
table(
    {"script": list(PROMPTS), "prompt": list(PROMPTS.values())},
    name="prompts",
    caption=r"Prompts, $\KL \geq 0$ and *emphasis*: 你好.",
)
```

```{code-cell} python3
table(
    {f"column {number}": [number * 1.5, 1e4] for number in range(9)},
    name="wide",
    caption="Wider than the page, in the usual size.",
    formats={f"column {number}": ",.2f" for number in range(9)},
)
```

```{code-cell} python3
def tall(drawing):
    drawing.set_size_inches(3, 30)
    drawing.subplots().plot([1, 2])


figure(tall, name="tall", alt="A line that rises, {in} 100% of a_b cases.", caption=r"Taller than a page: $x^2$.")
```

```{code-cell} python3
print("\x1b[31mred\x1b[0m and \x1b[1;34mbold blue\x1b[0m")
"LINE"
```

```{code-cell} python3
claim("hard.holds", "Every $n^2$ & more", True, evidence={"a_b": 1, "c%": 2})
claim("hard.open", "It scales", status="open")
value("hard.value", 0.25, ".0%", tolerance=1)
```

```{code-cell} python3
static = {"kind": "table", "name": "bets", "caption": "Bets, as a table.",
          "columns": [{"heading": "bet", "cells": ["yes"], "numeric": False}]}
publish({"kind": "demo", "name": "bet", "title": "Place your bet & see", "static": static}, "demo",
        **{"text/html": "<ab-bet>only in a browser</ab-bet>"})
claim("hard.bet", "A bet can be placed", True, evidence=1)
```
""".replace("LINE", "x" * 300)

_PROSE = r"""(top)=
# The first chapter

Prompts of every script: {prompts}.

A term ({term}`loss`), a work {cite}`shannon1948`, a value ({value}`hard.value`), {claim}`hard.holds`,
{numref}`tab-wide`, {numref}`fig-tall`, {numref}`listing`, {eq}`first`, and {ref}`the second chapter <second>`.

```{margin}
A note in the margin, with $x$.
```

```{math}
:label: first
a = \KL + 1
```

- 1
  - 2
    - 3
      - 4
        - 5
          - 6
            - 7

1. one
   1. two
      1. three
         1. four
            1. five
               1. six
                  1. seven

```{code-block} python
:caption: A caption with $\frac{1}{2}$
:name: listing

a_line = "of many words, " + "again and again " * 9 + "WORDS"
```

:::{admonition} A box
:class: warning
With `some_code_that_is_long_and_goes_on.and_on.and_on_to_the_very_end_of_the_line`.
:::

## Cells

""".replace(
    "With a {margin}", "With `some_code_that_is_long_and_goes_on.and_on.and_on_to_the_very_end_of_the_line`."
).replace("WORDS", "of 300 columns " * 18)

QUIZ = """- id: sum
  question: What is $1 + 1$?
  choices:
    - text: $2$
      right: true
      feedback: By counting.
    - text: "11"
      feedback: That joins the digits.
  explanation: Addition counts on; see {numref}`tab-wide`.
  link: top
  status: established
"""

PAGES = {
    "second": "(second)=\n# The second chapter\n\n## Its section\n\n$$\nb = 2\n$$ (second-sum)\n\n"
    "See {eq}`second-sum`.\n\n```{table} A table\n:name: plain\n\n| a | b |\n|---|---|\n| 1 | 2 |\n```\n",
    "claims": "# Claims\n\n```{claims-index}\n```\n",
    "glossary": "# Glossary\n\n```{glossary}\nloss\n  What training makes small.\n```\n",
    "works": "# Works\n\n```{bibliography}\n```\n\n```{table} Behind the chapters\n:name: behind\n\n"
    "| a | b |\n|---|---|\n| 1 | 2 |\n```\n",
}

REFERENCES = """@article{shannon1948,
  author = {Shannon, Claude E.}, title = {A Mathematical Theory of Communication},
  journal = {Bell System Technical Journal}, volume = {27}, pages = {379--423}, year = {1948},
}
"""

INDEX = """# A hard & heavy book

What the first page says.

```{table} In front
:name: front

| a | b |
|---|---|
| 1 | 2 |
```

## A section of the first page

More of it.

```{toctree}
:caption: Chapters
:maxdepth: 2
:numbered: 2

first
second
```

```{toctree}
:caption: Behind
:maxdepth: 1

claims
glossary
works
```
"""


def hard_book(root: Path) -> FixtureBook:
    """Write the book; it is not built yet."""
    book = FixtureBook(root)
    book.write("_config.yml", CONFIG)
    book.module("prompts", f"PROMPTS = {PROMPTS!r}\n")
    book.write("book/references.bib", REFERENCES)
    book.write("book/quiz/first.yml", QUIZ)
    prose = _PROSE.replace("{prompts}", "; ".join(PROMPTS.values()))
    text = f"---\nfile_format: mystnb\n---\n\n{prose}{_CELLS}\n## Quiz\n\n```{{quiz}} first\n```\n"
    book.page("first", text)
    for name, content in PAGES.items():
        book.page(name, content)
    book.write("book/index.md", INDEX)
    return book
