"""Results that are typed in are found, wherever they stand, with their line; what is no result is left alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.press.lint.reading import numbers, read

from alignbook.press.lint.numbers import typed_in

RESULTS = {
    "It was right in 0.95 of all": "0.95",
    "It was right in .95 of all": ".95",
    "95% of them": "95%",
    "95 % of them": "95 %",
    "95 per cent of them": "95 per cent",
    "a loss of 12 bits": "12 bits",
    "it costs 1 bit": "1 bit",
    "one in 1,024 of them": "1,024",
    "one in\n1,024 of them": "1,024",
    "after 2048 tokens": "2048",
    "after 1000 of these": "1000",
    "a list of 300 things": "300",
    "held in 17 of 20": "17 of 20",
    "held in 20 out of 20": "20 out of 20",
    "held in 17/20": "17/20",
    "it takes 3 s": "3 s",
    "it takes 10ms": "10ms",
    "a 3-point drop": "3-point",
    "it is 2 × slower": "2 ×",
    "it is 10x faster": "10x",
    "it costs $5 a label": "$5",
    "an error of 1e-16": "1e-16",
    "a change of −0.5": "−0.5",
    "between 10–20% of them": "10–20%",
    "from 2 to 40 MB of memory": "2 to 40 MB",
    "after 12 training sentences": "12",
    "after 40 more rounds": "40",
    "Version 2.5 answers 0.5 of them": "0.5",
    "**95**% of them": "95%",
}
NO_RESULTS = [
    *("in 1948", "in 1948 these words were new", "1948–1951", "the 1990s", "on 2026-11-23", "at 10:30", "the 19th"),
    *(
        "three models",
        "two cores",
        "2 cores",
        "9 words",
        "a list of 30 things",
        "5 × 4 grids",
        "base 2",
        "by 30 the words were",
    ),
    *("Python 3.11", "version 1.5", "version 1.2.3", "v2.0", "WCAG 2.2", "CC BY 4.0", "Llama 3.1", "GPT-3.5", "GPT-4"),
    *("BM25", "F1", "word2vec", "top-5", "pass@100", "k=8", "8-bit", "UTF-8", "3D", "#123", "arXiv:2203.15556"),
    *("chapter 3", "section 2.3", "seed 1234", "pages 379–423", "PEP 517", "exercise 12 words", "round 300"),
]
PAGE = """\
---
title: 0.1
---

# 2.3 A heading with 0.2

Two lines of a paragraph
and 0.3 on the second, after `code
on two lines` then 0.31.

- a list with 0.4

  ```{note} A title with 0.5
  :class: x0.9

  ````{solution}
  In a solution in a list: 0.6
  ````
  ```

> a quotation: 0.7

| a | b |
|---|---|
| 1 | 0.8 |

Term
: Its definition, 0.9.

[^1]: A footnote with 1.1.

Refers[^1] ![an image showing 1.2](x.png) and [a *link* of 1.25](index.md).

:::{figure} 0.9.png
:name: x
:alt: A chart: it ends at 1.3

The caption says 1.4
:::

```{code-cell} python3
---
mystnb:
  figure:
    caption: >-
      A caption says {value}`a` and
      then 1.5
---
x = 0.9
```

```{code-cell} python3
from alignbook.publish import claim, figure, table

claim("a", "More than 0.9 of all", x > 0.9, evidence=x)
figure(
    draw,
    alt="A chart that ends at 1.6",
    caption="The chart "
    f"ends at {x:.2f} and not at 1.7",
)
```

<div>
<b>1.8</b><script>0.9</script>
</div>
"""
FOUND = [
    *("5: 0.2", "8: 0.3", "9: 0.31", "11: 0.4", "13: 0.5", "17: 0.6", "21: 0.7", "25: 0.8", "28: 0.9", "30: 1.1"),
    *("32: 1.2", "36: 1.3", "38: 1.4", "47: 1.5", "58: 1.6", "60: 1.7", "65: 1.8"),
]
NUMBERS = st.one_of(
    st.floats(0.01, 1e6).map(lambda number: f"{number:.3f}"),
    st.integers(0, 100).map(lambda number: f"{number}%"),
    st.integers(2_100, 10**6).map(lambda number: f"{number:,}"),
    st.integers(1, 99).map(lambda number: f"{number} bits"),
)
HIDING = [
    "`{}`",
    "``a {} b``",
    "$x < {}$",
    "{{math}}`{}`",
    "{{value}}`{}`",
    "<https://example.org/{}>",
    "[text](https://example.org/{})",
    "[{}](https://example.org)",
    "(a source says {} {{cite}}`key`)",
    "$$\n{}\n$$",
    "```\n{}\n```",
    "```python\nx = {}\n```",
    "```{{code-cell}} python3\nx = {}\n```",
    "```{{math}}\n{}\n```",
    "    {}",
    "\\begin{{align}}\n{}\n\\end{{align}}",
    "% {}",
    "<!-- {} -->",
]


@pytest.mark.parametrize(("text", "number"), RESULTS.items())
def test_results_are_found(text: str, number: str) -> None:
    [(_, message)] = typed_in(read(text))
    mend = "quote a {value}, cite the source in the sentence, or put '% allow-number: why' before the block"
    assert message == f"typed in: {number}; {mend}"


@pytest.mark.parametrize("text", NO_RESULTS)
def test_what_is_no_result_is_left_alone(text: str) -> None:
    assert numbers(text) == []


def test_every_kind_of_prose_is_looked_at_and_every_line_is_right() -> None:
    assert sorted(numbers(PAGE), key=lambda found: int(found.partition(":")[0])) == FOUND


def test_lines_in_nested_divs_are_right() -> None:
    assert numbers("::::{note}\n:::{solution}\nIt has 0.5\n:::\n\nand 0.6\n::::\n\n:::row\n0.7\n:::") == [
        "3: 0.5",
        "6: 0.6",
        "10: 0.7",
    ]


def test_lines_in_a_caption_that_repeats_itself_are_right() -> None:
    cell = "```{code-cell} python3\n---\nmystnb:\n  figure:\n    caption: >-\n      It has 0.5 and\n      0.5\n---\n```"
    assert numbers(cell) == ["6: 0.5", "7: 0.5"]


def test_numbers_of_one_line_are_one_finding() -> None:
    assert numbers("The weights are 0.1, 0.3, 0.3 and 0.6,\nand here 5%.") == ["1: 0.1, 0.3, 0.6", "2: 5%"]


def test_a_citation_covers_its_own_sentence_only() -> None:
    assert numbers("They report 0.9 {cite}`key`. We have 0.8. {cite:t}`key` had 0.7.") == ["1: 0.8"]


def test_other_roles_are_no_citation() -> None:
    assert numbers("As {ref}`there`, it is 0.9.") == ["1: 0.9"]


@given(NUMBERS, st.sampled_from(HIDING))
def test_numbers_in_code_maths_roles_and_sources_are_never_reported(number: str, hiding: str) -> None:
    assert numbers(f"Text.\n\n{hiding.format(number)}\n\nText.") == []


@given(NUMBERS, st.lists(st.sampled_from(HIDING)), st.sampled_from(["", "> ", "- ", "1. "]))
def test_numbers_in_text_are_found_on_their_line_whatever_stands_before(
    number: str, before: list[str], begins: str
) -> None:
    page = "".join(f"{hiding.format('0.5')}\n\n" for hiding in before)
    text = f"{page}{begins}It has\n{' ' * len(begins)}{number} of it."
    assert numbers(text) == [f"{page.count(chr(10)) + 2}: {number}"]
