"""A small book with one of everything that a page may hold."""

from __future__ import annotations

from pathlib import Path

from tests.fixture_book import FixtureBook

CONFIG = r"""title: A full book
author: Nobody
copyright: Nobody
logo: _static/mark.svg
bibtex_bibfiles: [references.bib]
html: {favicon: _static/mark.svg, baseurl: 'https://example.org/some/book/', use_edit_page_button: true}
repository: {url: 'https://github.com/nobody/book', path_to_book: book}
execute: {packages: [fixture], jobs: 2}
parse:
  myst_enable_extensions: [amsmath, colon_fence, deflist, dollarmath]
  macros: {\KL: 'D_{\mathrm{KL}}', \given: '#1 \mid #2'}
"""

MARK = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><rect width="9" height="9" fill="#12355b"/></svg>'

CHAPTER = r"""---
file_format: mystnb
---

(everything)=
# Everything

A paragraph with `code`, a [link](https://example.org/elsewhere), a term ({term}`loss`), a work {cite}`shannon1948`,
inline maths $p(\given{x}{y})$, a footnote[^note] and references to {numref}`numbers`,
{numref}`picture` and {eq}`wide`.

[^note]: What it says.

$$
\mathcal{L} = a_1 + a_2 + a_3 + a_4 + a_5 + a_6 + a_7 + a_8 + a_9 + a_{10} + a_{11} + a_{12} + a_{13} + a_{14} + \KL
$$ (wide)

\begin{align}
x &= \left( \frac{1}{2} \right) \\
y &= \operatorname*{arg\,max}_z \widehat{z}
\end{align}

## Code

```{code-cell} python3
print("a line that is too wide for a narrow page, because it says so much that it cannot come to an end in good time")
6 * 7
```

```{code-cell} python3
:tags: [hide-input]
from IPython.display import HTML
HTML('<table><thead><tr><th scope="col">n</th></tr></thead><tbody><tr><td>1</td></tr></tbody></table>')
```

```{list-table} Numbers
:name: numbers
:header-rows: 1

* - stage
  - tokens
* - base
  - 1,000,000
```

```{figure} _static/mark.svg
:alt: A dark square.
:name: picture
:width: 60px

Notice that it is a square.
```

### Boxes

:::{note}
A note.
:::

:::{warning}
A warning with a [link](plain.md).
:::

```{admonition} Exercise
:class: exercise

What is six times seven?
```

````{solution}
It is $42$.
````

:::{margin}
In the margin.
:::

> A quotation.

Term
: Its definition.

## Quiz

```{quiz} everything
```
"""

QUIZ = """- id: sum
  question: What is $1 + 1$?
  choices:
    - text: $2$
      right: true
      feedback: By counting.
    - text: "11"
      feedback: That joins the digits.
  explanation: Addition counts on.
  link: everything
  status: established
"""

PAGES = {
    "plain": "# A plain page\n\nWords and `code` only.\n\n## A second section\n\nMore words.\n",
    "glossary": "# Glossary\n\n```{glossary}\nloss\n  What training makes small.\n```\n",
    "bibliography": "# Bibliography\n\n```{bibliography}\n```\n",
}

REFERENCES = """@article{shannon1948,
  author = {Shannon, Claude E.}, title = {A Mathematical Theory of Communication},
  journal = {Bell System Technical Journal}, volume = {27}, pages = {379--423}, year = {1948},
  doi = {10.1002/j.1538-7305.1948.tb01338.x},
}
"""


def full_book(root: Path) -> FixtureBook:
    """Write the book; it is not built yet."""
    book = FixtureBook(root)
    book.write("_config.yml", CONFIG)
    book.write("book/_static/mark.svg", MARK)
    book.write("book/references.bib", REFERENCES)
    book.write("book/quiz/everything.yml", QUIZ)
    book.write("book/404.md", "---\norphan: true\n---\n\n# Not here\n\nSee the [first page](index.md).\n")
    book.page("everything", CHAPTER)
    for name, text in PAGES.items():
        book.page(name, text)
    return book
