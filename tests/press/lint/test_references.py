"""Terms without an entry, links to nothing and raw HTML are found."""

from __future__ import annotations

import pytest
from tests.fixture_book import FixtureBook
from tests.press.lint.reading import read

from alignbook.press.lint.references import glossary_terms, lost_links, undefined_terms

GLOSSARY = """\
# Glossary

```{glossary}
:sorted:

cross-entropy
  The mean of {term}`surprise`.

byte-pair encoding : b
BPE
    Not a term

    : nor this

.. a comment
surprise
   A definition
```
"""
TERMS = glossary_terms(read(GLOSSARY).glossaries)
NO_ENTRY = "has no entry in the glossary (book/glossary.md)"


def test_the_entries_of_a_glossary_are_read() -> None:
    assert {"cross-entropy", "byte-pair encoding", "BPE", "surprise"} == TERMS


@pytest.mark.parametrize(
    "role", ["surprise", "Surprise", "bpe", "byte-pair  encoding", "bits <cross-entropy>", "!nothing", "x <Surprise>"]
)
def test_terms_with_an_entry_are_left_alone(role: str) -> None:
    assert list(undefined_terms(read(f"A {{term}}`{role}`."), TERMS)) == []


def test_terms_without_an_entry_are_found_with_what_was_meant() -> None:
    page = "A {term}`suprise` and\na {term}`text <cross-entrpy>`.\n\n```{note}\nAnd {term}`something else`.\n```"
    assert list(undefined_terms(read(page), TERMS)) == [
        (1, f"'suprise' {NO_ENTRY}: did you mean 'surprise'?"),
        (2, f"'cross-entrpy' {NO_ENTRY}: did you mean 'cross-entropy'?"),
        (5, f"'something else' {NO_ENTRY}: add it"),
    ]


def test_terms_in_captions_are_looked_at_and_other_roles_are_not() -> None:
    caption = "```{code-cell} python3\n---\nmystnb:\n  figure:\n    caption: The {term}`suprise`\n---\nx = 1\n```"
    assert [line for line, _ in undefined_terms(read(caption), TERMS)] == [5]
    assert list(undefined_terms(read("A {ref}`suprise` and `{term}`."), TERMS)) == []


def test_a_link_to_a_label_that_is_defined_nowhere_is_found() -> None:
    page = "A [text][one] and\na [text][two] and `a[text][three]`, x[1][2].\n\n[one]: index.md\n"
    message = "'[text][two]' links to a label that is defined nowhere: write [text](target)"
    assert list(lost_links(read(page))) == [(2, message)]


@pytest.mark.parametrize("html", ["<a href='other.html'>x</a>", "Text <img src='x.png'>", "<a href='#there'>x</a>"])
def test_raw_html_to_a_local_target_is_found(html: str) -> None:
    [(line, message)] = lost_links(read(f"Text.\n\n{html}"))
    assert line == 3
    assert "is raw HTML: write it in Markdown, which the build checks and the PDF shows" in message


def test_links_that_the_build_checks_or_that_lead_elsewhere_are_left_alone() -> None:
    page = "[a](nowhere.md) [b](#nowhere) {ref}`c` <a href='https://example.org'>x</a> <a id='x'></a> <https://a.b>"
    assert list(lost_links(read(page))) == []


BROKEN = {
    "{ref}`nowhere`": "undefined label: 'nowhere'",
    "{numref}`fig-nowhere`": "undefined label: 'fig-nowhere'",
    "{doc}`nowhere`": "unknown document: 'nowhere'",
    "{eq}`nowhere`": "equation not found: nowhere",
    "{cite}`nobody2000`": 'could not find bibtex key "nobody2000"',
    "{term}`nothing`": "term not in glossary: 'nothing'",
    "{nosuchrole}`x`": 'Unknown interpreted text role "nosuchrole"',
    "{download}`nowhere.zip`": "download file not readable",
    "[text](nowhere.md)": "cross-reference target not found: 'nowhere.md'",
    "[text](data/nowhere.csv)": "cross-reference target not found: 'data/nowhere.csv'",
    "[text](#nowhere)": "cross-reference target not found: 'nowhere'",
    "[text](index.md#nowhere)": "local id not found in doc 'index': 'nowhere'",
    "![A picture of nothing](nowhere.png)": "image file not readable: nowhere.png",
}


def test_the_build_stops_at_every_other_reference_that_leads_nowhere(book: FixtureBook) -> None:
    book.write("_config.yml", "title: A book\nbibtex_bibfiles: [references.bib]\nexecute: {packages: [fixture]}\n")
    book.write("book/references.bib", "@book{real, title={T}, author={A}, year={2000}, publisher={P}}\n")
    book.page("page", "# A page\n\n" + "\n\n".join(BROKEN) + "\n\n{cite}`real`\n\n```{bibliography}\n```\n")
    code, output = book.here()
    assert code == 1
    for number, (reference, problem) in enumerate(BROKEN.items()):
        line = [line for line in output.splitlines() if f"book/page.md:{2 * number + 3}: " in line]
        assert line, f"{reference} is not reported"
        assert problem in line[0]
