"""Formulas are rendered in the build, wrong ones are located in every build, and no process is left behind."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace
from tests.fixture_book import FixtureBook, errors

from alignbook.press import npm
from alignbook.press.maths import Katex, TexError, displayed, install_style, preamble

MACROS = {r"\KL": r"D_{\mathrm{KL}}", r"\given": r"#1 \mid #2"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return npm.packages(tmp_path_factory.mktemp("npm")) / "katex"


@pytest.fixture(scope="module")
def katex(folder: Path) -> Iterator[Katex]:
    katex = Katex(folder, MACROS)
    yield katex
    katex.close()


def mathml(html: str) -> str:
    """The part of a formula that assistive technology reads, without its source."""
    tree = BeautifulSoup(html, "html.parser").find("math")
    assert tree is not None
    return re.sub(r"<annotation.*</annotation>", "", str(tree)).replace("\n", "")


def test_a_formula_has_mathml_its_source_and_a_picture_that_is_not_read(katex: Katex) -> None:
    html = katex.render("x^2", display=False)
    assert mathml(html) == (
        '<math xmlns="http://www.w3.org/1998/Math/MathML"><semantics><mrow><msup><mi>x</mi><mn>2</mn></msup></mrow>'
        "</semantics></math>"
    )
    assert '<annotation encoding="application/x-tex">x^2</annotation>' in html
    assert '<span class="katex-html" aria-hidden="true">' in html
    assert '<math xmlns="http://www.w3.org/1998/Math/MathML" display="block">' in katex.render("x^2", display=True)


def test_macros_mean_the_same_as_what_they_stand_for(katex: Katex) -> None:
    short = katex.render(r"\KL(\given{p}{q})", display=False)
    assert mathml(short) == mathml(katex.render(r"D_{\mathrm{KL}}(p \mid q)", display=False))


def test_one_formula_cannot_change_the_macros_of_the_next(katex: Katex) -> None:
    before = katex.render(r"\KL", display=False)
    katex.render(r"\gdef\KL{z}\KL", display=False)
    assert katex.render(r"\KL", display=False) == before


@pytest.mark.parametrize(
    ("tex", "problem"),
    [
        (r"a + \nope", r"Undefined control sequence: \nope (at: \nope)"),
        (r"\frac{1}{2", "Unexpected end of input in a macro argument, expected '}'"),
        ("x = é", 'Accented Unicode text character "é" used in math mode [unicodeTextInMathMode] (at: é)'),
        (r"\left( x", r"Expected '\right', got 'EOF'"),
        (r"\begin{multline} x \end{multline}", "No such environment: multline"),
        (r"\href{https://example.org}{x}", "undefined"),
    ],
)
def test_what_katex_does_not_support_is_named(katex: Katex, tex: str, problem: str) -> None:
    if problem == "undefined":
        assert "href=" not in katex.render(tex, display=False), "an untrusted command makes no link"
        return
    with pytest.raises(TexError) as raised:
        katex.render(tex, display=True)
    assert problem in str(raised.value)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=40))
def test_whatever_stands_there_is_rendered_or_refused(katex: Katex, tex: str) -> None:
    try:
        html = katex.render(tex, display=False)
    except TexError:
        pass
    else:
        assert html.startswith('<span class="katex')
        assert "katex-error" not in html
    assert katex.render("1", display=False).count("<mn>1</mn>") == 1, "and the next formula is answered"


def test_a_display_is_wrapped_as_in_print_but_never_numbered() -> None:
    assert displayed("x = 1", whole=False) == "x = 1"
    lines = displayed(r"x &= 1 \\ y &= 2", whole=False).splitlines()
    assert lines == [r"\begin{equation*}", r"\begin{split}x &= 1 \\ y &= 2\end{split}", r"\end{equation*}"]
    assert displayed(r"\begin{align} x &= 1 \end{align}", whole=True) == r"\begin{align*} x &= 1 \end{align*}"
    assert displayed(r"\begin{cases} 1 \end{cases}", whole=True) == r"\begin{cases} 1 \end{cases}"
    assert displayed("x = 1\n\ny = 2", whole=False).count(r"\\") == 2


def test_macros_reach_latex_with_their_arguments() -> None:
    assert preamble(MACROS).splitlines() == [
        r"\providecommand{\KL}{}\renewcommand{\KL}{D_{\mathrm{KL}}}",
        r"\providecommand{\given}{}\renewcommand{\given}[2]{#1 \mid #2}",
    ]


def test_the_stylesheet_names_the_fonts_that_are_there(folder: Path, tmp_path: Path) -> None:
    install_style(folder, tmp_path)
    fonts = re.findall(r"url\(([^)]+)\)", (tmp_path / "katex.min.css").read_text())
    assert len(fonts) == 20
    assert "The MIT License" in (tmp_path / "LICENSE.txt").read_text()
    assert {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.woff2")} == set(fonts)
    assert (tmp_path / "katex.min.css").read_text().count("format(") == 20


def test_a_wrong_formula_is_located_in_every_build_until_it_is_mended(book: FixtureBook) -> None:
    book.page("wrong", "# Wrong\n\nSome words,\nthen $a + \\nope$ in the second line.\n\n$$\nx = \\frac{1}\n$$\n")
    book.page("good", "# Good\n\nHere $a + b$.\n")
    for _ in range(2):
        code, output = book.here()
        assert code == 1
        assert errors(output).splitlines()[:2] == [
            "book/wrong.md:4: ERROR: maths that KaTeX does not support: "
            "Undefined control sequence: \\nope (at: \\nope)",
            "book/wrong.md:7: ERROR: maths that KaTeX does not support: "
            "Unexpected end of input in a macro argument, expected '}'",
        ]
    assert "<code>a + \\nope</code>" in book.shown("wrong")
    assert "color:#cc0000" not in book.shown("wrong")
    book.page("wrong", "# Mended\n\nHere $a + b$.\n")
    assert book.here()[0] == 0
    assert "katex-mathml" in book.shown("wrong")


def test_a_formula_in_a_heading_is_set_wherever_the_heading_stands(book: FixtureBook) -> None:
    book.page("squares", "# Using $x^2$\n\nWords.\n")
    book.page("plain", "# Plain\n\nWords.\n")
    assert book.here()[0] == 0
    assert "<title>Using x^2 &#8212; A fixture book</title>" in book.shown("squares")
    assert '<p class="prev-next-title">Using <span class="math' in book.shown("plain")
    assert "katex/katex.min.css" in book.shown("plain")


def test_without_its_packages_the_build_says_what_is_missing(
    book: FixtureBook, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(build: Path) -> Path:
        raise npm.NpmError("npm could not install")

    book.page("maths", "# Maths\n\nHere $a + b$.\n")
    monkeypatch.setattr(npm, "packages", fail)
    code, output = book.here()
    assert (code, errors(output)) == (
        1,
        "ERROR: npm could not install (the pages' scripts need esbuild: the first build needs the network)\n",
    )
    monkeypatch.undo()
    assert book.here()[0] == 0
    assert "katex-mathml" in book.shown("maths")


def test_a_killed_build_leaves_no_process_behind(folder: Path) -> None:
    program = (
        "import sys, time; from pathlib import Path; from alignbook.press.maths import Katex\n"
        "katex = Katex(Path(sys.argv[1]), {}); katex.render('x', display=False)\n"
        "print(katex.process.pid, flush=True); time.sleep(60)\n"
    )
    with subprocess.Popen([sys.executable, "-c", program, str(folder)], stdout=subprocess.PIPE, text=True) as build:
        assert build.stdout is not None
        pid = int(build.stdout.readline())
        assert runs(pid)
        build.send_signal(signal.SIGKILL)
    deadline = time.monotonic() + 10
    while runs(pid) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not runs(pid)


def runs(pid: int) -> bool:
    """Whether a process runs; one that has ended and waits to be collected does not."""
    try:
        os.kill(pid, 0)
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return False


def test_a_build_ends_its_process(book: FixtureBook, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[Katex] = []

    def start(self: Katex, *arguments: object) -> None:
        original(self, *arguments)  # type: ignore[arg-type]
        started.append(self)

    original = Katex.__init__
    monkeypatch.setattr(Katex, "__init__", start)
    book.page("maths", "# Maths\n\n" + "Here $a + b$ and $c$.\n\n" * 20)
    assert book.here()[0] == 0
    assert [katex.process.poll() for katex in started] == [0], "one process for all formulas, and it has ended"


def test_print_gets_the_macros_and_the_quiz_with_its_answers_last(
    book: FixtureBook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(book.root))
    book.write("_config.yml", (book.root / "_config.yml").read_text() + "parse: {macros: {\\KL: 'D_{KL}'}}\n")
    quiz = (
        "- {id: one, question: The first, choices: [{text: yes it is, feedback: Good., right: true}, "
        "{text: it is not, feedback: Bad.}], explanation: Because., link: here, status: debated}\n"
    )
    book.write("book/quiz/all.yml", quiz + quiz.replace("one", "two").replace("first", "second"))
    book.page("asks", "(here)=\n# Asks\n\n$\\KL$\n\n```{quiz} all\n```\n")
    out = book.root / "latex"
    with docutils_namespace():
        app = Sphinx(book.root / "book", book.root / "book", out, out / "trees", "latex", status=None)
        app.build()
    text = (out / "book.tex").read_text()
    assert "\\providecommand{\\KL}{}\\renewcommand{\\KL}{D_{KL}}" in text
    places = [text.index(word) for word in ("The first", "The second", "Answers", "Good.", "is debated")]
    assert places == sorted(places)
