"""What cells publish reaches the pages: on the web and in print, across pages, and from cached outputs."""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from unittest import mock

import pytest
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace
from tests.fixture_book import FixtureBook, executed

MODEL = "ACCURACY = 0.9512\n"
CELLS = [
    """from alignbook.publish import claim, figure, table, value
from fixture.model import ACCURACY

claim(
    "sft.learns",
    "After tuning, the *assistant* answers $n^2$ questions",
    ACCURACY > 0.5,
    evidence={"tuned": ACCURACY, "base": 0},
)
value("sft.accuracy", ACCURACY, ".0%", tolerance=1)
value("sft.steps", 12345, ",")
value("sft.small", -1.2e-5, ".1e")""",
    'value("sft.only-a-value", 3)',
    """figure(
    lambda drawn: drawn.subplots().plot([1, 2]),
    name="curve",
    alt="A line that rises.",
    caption="After {value}`sft.steps` steps: {claim}`sft.learns`.",
)""",
    """table(
    {"model": ["<base>", "tuned"], "accuracy": [0.0, ACCURACY]},
    name="models",
    caption="What *tuning* does.",
    formats={"accuracy": ".0%"},
)""",
    ':tags: [remove-output]\nclaim("sft.hidden", "Hidden, but there", True, evidence=True)',
    """claim("sft.else", "Others saw it", status="reported elsewhere", source="[a paper](https://example.org)")
claim("sft.open", "It scales", status="open")""",
]
PROSE = """Accuracy {value}`sft.accuracy`, at most {value}`sft.small`; see {claim}`sft.learns`,
{claim}`others <sft.else>`, {claim}`sft.hidden`, {claim}`sft.open`, {numref}`fig-curve` and {numref}`tab-models`.

Then $p = {value}`sft.accuracy`$, and

```{math}
n = {value}`sft.steps` + {value}`sft.small`
```
"""


def populate(book: FixtureBook) -> None:
    book.module("model", MODEL)
    book.chapter("sft", *CELLS, prose=PROSE)
    book.page("other", "# Other\n\nElsewhere {value}`sft.accuracy`, {claim}`sft.learns`, {numref}`fig-curve`.\n")
    book.chapter(
        "aaa", "from alignbook.publish import claim\n\nclaim('aaa.late', 'Read first, told last', True, evidence=1)"
    )
    book.page("claims", "# Claims\n\n```{claims-index}\n```\n")
    book.page("plain", "# Plain\n\nNothing is quoted here.\n")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> FixtureBook:
    """One built book for the whole module; each test puts back what it changed."""
    book = FixtureBook(tmp_path_factory.mktemp("book"))
    populate(book)
    code, output = book.here("--record")
    assert code == 0, output
    return book


@pytest.fixture
def fresh(built: FixtureBook) -> Iterator[FixtureBook]:
    """The built book, whose pages are as they were when the test ends."""
    before = {path: path.read_bytes() for folder in ("book", "fixture") for path in source(built, folder)}
    yield built
    for folder in ("book", "fixture"):
        for path in source(built, folder):
            if path not in before:
                path.unlink()
    for path, content in before.items():
        path.write_bytes(content)
    code, output = built.here()
    assert code == 0, output


def source(book: FixtureBook, folder: str) -> list[Path]:
    return [path for path in (book.root / folder).rglob("*") if path.is_file() and path.suffix != ".pyc"]


def edit(book: FixtureBook, name: str, old: str, new: str) -> None:
    path = book.root / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def article(book: FixtureBook, name: str) -> str:
    """Text of a page's own part, in one line."""
    page = book.shown(name)
    body = page[page.index("<article") : page.index("</article")]
    return " ".join(re.sub(r"<[^>]+>", "", re.sub(r"<svg.*?</svg>", "", body, flags=re.S)).split())


def latex(book: FixtureBook) -> str:
    """The whole book as LaTeX; the caller's doctrees and outputs are used as they are."""
    build = book.root / "_build"
    with (
        contextlib.chdir(book.root),
        mock.patch.dict(os.environ, book.environment(), clear=True),
        mock.patch.object(sys, "path", [str(book.root), *sys.path]),
        docutils_namespace(),
    ):
        text, warnings = book.root / "book", io.StringIO()
        doctrees = build / "doctrees"
        app = Sphinx(text, text, build / "latex", doctrees, "latex", status=io.StringIO(), warning=warnings)
        app.build()
    assert warnings.getvalue() == ""
    (path,) = (build / "latex").glob("*.tex")
    return path.read_text(encoding="utf-8")


def test_prose_quotes_values_and_claims(built: FixtureBook) -> None:
    text = article(built, "sft")
    assert "Accuracy 95%, at most −1.2 × 10−5; see evidence: tuned 0.9512, base 0, others," in text
    assert "evidence: yes, open, Fig. 1 and Table 1." in text
    assert '<span class="ab-value">−1.2 × 10<sup>−5</sup></span>' in built.shown("sft")


def test_values_stand_in_formulas(built: FixtureBook) -> None:
    formulas = re.findall(r'encoding="application/x-tex">(.*?)</annotation>', built.shown("sft"))
    assert r"p = 95\%" in formulas
    assert r"n = 12{,}345 + -1.2 \times 10^{-5}" in formulas


def test_other_pages_quote_them_too(built: FixtureBook) -> None:
    assert "Elsewhere 95%, evidence: tuned 0.9512, base 0, Fig. 1." in article(built, "other")
    assert 'href="claims.html#claim-sft-learns"' in built.shown("other")


def test_a_claim_says_where_it_is_made_what_it_claims_and_on_which_ground(built: FixtureBook) -> None:
    page = built.shown("sft")
    line = page[page.index('<p class="ab-claim">') :].partition("</p>")[0]
    assert 'id="claim-sft-learns"' in line
    assert 'href="claims.html#claim-sft-learns"' in line
    assert "<em>assistant</em>" in line
    assert "(measured here): " in line
    assert line.endswith("Evidence: tuned 0.9512, base 0.")
    assert (
        'Source: <span class="ab-source"><a class="reference external" href="https://example.org">a paper</a>' in page
    )
    assert ": Hidden, but there" not in article(built, "sft")


def test_a_figure_is_numbered_described_and_inline(built: FixtureBook) -> None:
    page = built.shown("sft")
    figure = page[page.index("<figure") : page.index("</figure>")]
    assert 'id="fig-curve"' in figure
    assert 'class="ab-figure" role="img" aria-label="A line that rises."' in figure
    assert "After" in figure
    assert '<span class="ab-value">12,345</span> steps: <a class="reference internal" href="claims.html#' in figure
    assert "<img" not in figure
    assert "text_html" not in figure, "which the theme puts on a pale card in the dark"
    assert page.count("<svg class=") == 1
    kept = (built.root / "_build/doctrees/sft.doctree").read_bytes()
    assert b"<table><caption>" not in kept, "parts of the output that are for others are not carried along"
    assert (built.html / "_static/publishing.css").is_file()


def test_a_table_is_numbered_and_shows_texts_as_they_are(built: FixtureBook) -> None:
    page = built.shown("sft")
    table = page[page.index("<table") : page.index("</table>")]
    assert '<caption><span class="caption-number">Table 1 </span>' in table
    assert "<td><p>&lt;base&gt;</p></td>" in table
    assert '<td class="ab-number"><p>95%</p></td>' in table
    assert '<th class="head ab-number"><p>accuracy</p></th>' in table


def test_a_value_leaves_no_empty_box(built: FixtureBook) -> None:
    page = built.shown("sft")
    cell = page[page.index("sft.only-a-value") :].partition('<div class="cell ')[0]
    assert "cell_output" not in cell
    assert "cell_output" in page


def test_the_index_lists_every_claim_in_the_order_of_the_book(built: FixtureBook) -> None:
    page = built.shown("claims")
    text = article(built, "claims")
    assert re.sub(r"answers .* questions", "answers … questions", text) == (
        "Claims# Chapter sft "
        "After tuning, the assistant answers … questionsmeasured here; evidence: tuned 0.9512, base 0; this build only "
        "(Chapter sft) "
        "Hidden, but theremeasured here; evidence: yes; this build only (Chapter sft) "
        "Others saw itreported elsewhere; a paper (Chapter sft) "
        "It scalesopen (Chapter sft) "
        "Chapter aaa Read first, told lastmeasured here; evidence: 1; this build only (Chapter aaa)"
    )
    assert "<em>assistant</em>" in page
    assert '<dt id="claim-sft-learns">' in page
    assert 'href="sft.html#claim-sft-learns"' in page
    assert '<h2 class="rubric"><a class="reference internal" href="sft.html">' in page


def test_in_print(built: FixtureBook) -> None:
    tex = latex(built)
    assert r"Accuracy \DUrole{ab-value}{95\%}, at most" in tex
    assert r"\(p = 95\%\)" in tex
    assert r"n = 12{,}345 + -1.2 \times 10^{-5}" in tex
    assert r"\hyperref[\detokenize{claims:claim-sft-learns}]{\sphinxcrossref{evidence: tuned 0.9512, base 0}}" in tex
    assert r"\label{\detokenize{claims:claim-sft-learns}}" in tex
    assert r"\hyperref[\detokenize{sft:claim-sft-learns}]{\sphinxcrossref{Chapter sft}}" in tex
    assert r"\phantomsection\label{\detokenize{sft:claim-sft-learns}}" in tex
    figure = tex[tex.index(r"\begin{figure}") : tex.index(r"\end{figure}")]
    picture = re.search(r"\\sphinxincludegraphics\[alt=\{A line that rises\.\}\]\{\{(\w+)\}\.pdf\}", figure)
    assert picture is not None
    assert (built.root / f"_build/latex/{picture[1]}.pdf").read_bytes().startswith(b"%PDF")
    assert r"\caption{After \DUrole{ab-value}{12,345} steps: {\hyperref" in figure
    assert r"\label{\detokenize{sft:fig-curve}}" in figure
    assert r"\sphinxcaption{What \sphinxstyleemphasis{tuning} does.}\label{\detokenize{sft:tab-models}}" in tex
    assert r"\begin{tabulary}{\linewidth}[t]{LR}" in tex
    assert "<svg" not in tex


def test_the_downloaded_notebook_reads_well_without_the_press(built: FixtureBook) -> None:
    notebook = json.loads((built.root / "_build/jupyter_execute/sft.ipynb").read_text(encoding="utf-8"))
    outputs = [output for cell in notebook["cells"] for output in cell.get("outputs", [])]
    texts = ["".join(output["data"]["text/plain"]) for output in outputs]
    assert "value 'sft.accuracy': 95%" in texts
    assert "Figure: A line that rises." in texts
    types = {mime for output in outputs for mime in output["data"]}
    assert "image/svg+xml" in types
    assert "application/pdf" not in types, "it is for print, and as large as all the rest"
    assert "source_map" not in notebook["metadata"]


def test_a_page_from_cached_outputs_is_the_same(fresh: FixtureBook) -> None:
    before = article(fresh, "sft")
    edit(fresh, "book/sft.md", "\n\nThen ", "\n\nAnd then ")
    code, output = fresh.here()
    assert (code, executed(output)) == (0, set()), output
    assert article(fresh, "sft") == before.replace("Then", "And then")
    assert "Hidden, but there" in article(fresh, "claims")


def test_pages_that_quote_are_written_again_and_no_others(fresh: FixtureBook) -> None:
    plain = (fresh.html / "plain.html").stat().st_mtime_ns
    fresh.module("model", MODEL.replace("0.9512", "0.75"))
    code, output = fresh.here("--record")
    assert (code, executed(output)) == (0, {"sft"}), output
    assert "Elsewhere 75%, evidence: tuned 0.75, base 0" in article(fresh, "other")
    assert "evidence: tuned 0.75, base 0; this" in article(fresh, "claims")
    assert (fresh.html / "plain.html").stat().st_mtime_ns == plain


def test_a_value_may_move_to_another_chapter(fresh: FixtureBook) -> None:
    edit(fresh, "book/sft.md", 'value("sft.accuracy", ACCURACY, ".0%", tolerance=1)\n', "")
    edit(fresh, "book/aaa.md", "import claim\n", "import claim, value\n\nvalue('sft.accuracy', 0.1, '.0%')\n")
    code, output = fresh.here("--record")
    assert code == 0, output
    assert "Elsewhere 10%" in article(fresh, "other")


def test_without_an_index_claims_lead_to_where_they_are_made(fresh: FixtureBook) -> None:
    fresh.write("book/claims.md", "# Claims\n\nNone.\n")
    assert fresh.here()[0] == 0
    assert 'href="sft.html#claim-sft-learns"' in fresh.shown("other")
    line = fresh.shown("sft").partition('<p class="ab-claim">')[2].partition("</p>")[0]
    assert "href" not in line


def test_other_seeds_are_told_in_the_index(fresh: FixtureBook) -> None:
    fresh.write("book/recorded/seeds/sft.json", '{"claims": {"sft.learns": {"1": true, "2": false, "3": true}}}')
    code, output = fresh.here()
    assert code == 0, output
    text = article(fresh, "claims")
    assert "evidence: tuned 0.9512, base 0; held in 2 of 3 seeds (95% interval: 21% to 94%) (Chapter sft)" in text
    assert "evidence: yes; this build only" in text
    fresh.write("book/recorded/seeds/sft.json", '{"claims": {\n "sft.learns": {"1": 0}\n}}')
    for _ in range(2):
        code, output = fresh.here()
        assert code == 1
        assert (
            "book/recorded/seeds/sft.json:2: ERROR: 'sft.learns' must be "
            '{"seed": true or false, ...}, got {"1": 0}\n' in output
        )
        assert "in the press itself" not in output
        assert output.count("ERROR") == 2


def test_a_book_that_is_not_executed_has_no_values_and_says_so(built: FixtureBook, book: FixtureBook) -> None:
    populate(book)
    edit(book, "_config.yml", "execute:\n", "execute:\n  execute_notebooks: off\n")
    edit(book, "book/other.md", ", {numref}`fig-curve`", "")
    edit(book, "book/sft.md", ", {numref}`fig-curve` and {numref}`tab-models`", "")
    assert "is named" not in book.here()[1]
    assert "Elsewhere sft.accuracy, sft.learns." in article(book, "other")
