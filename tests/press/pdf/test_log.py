"""Every fault that LaTeX writes down is found, and named by the book's own lines."""

from __future__ import annotations

import pytest

from alignbook.press.pdf.log import Problem, lacking, problems
from alignbook.press.pdf.positions import Position

TEX = "one\ntwo\nthree \ue000\nfour \\label{twice}\nfive\n"
POSITIONS = [Position(2, "book/a.md:10"), Position(4, "book/b.md:20")]


def found(log: str) -> list[tuple[str, str]]:
    return [(problem.place, problem.message) for problem in problems(log, TEX, POSITIONS)]


def test_a_picture_that_is_named_and_never_used_is_lost() -> None:
    tex = "\\sphinxincludegraphics[alt={x}]{{one}.pdf}\n\\sphinxincludegraphics{{two}.png}\n"
    (problem,) = problems("<use one.pdf>", tex, [Position(1, "book/a.md:1"), Position(2, "book/a.md:9")])
    assert problem.place == "book/a.md:9"
    assert problem.message.startswith("the picture is not in the PDF")
    assert not problems("<use one.pdf>\n<use ./two.png>", tex, POSITIONS)


@pytest.mark.parametrize(
    ("log", "place", "part"),
    [
        ("Overfull \\hbox (12.5pt too wide) in paragraph at lines 3--3", "book/a.md:10", "by 12.5 pt at the right"),
        ("Overfull \\hbox (12.5pt too wide) detected at line 4", "book/b.md:20", "stands out by 12.5 pt at the right"),
        ("Overfull \\vbox (91.3pt too high) has occurred while \\output is active []", "a page", "91.3 pt"),
        ("LaTeX Warning: Float too large for page by 24.83pt on input line 5.", "book/b.md:20", "24.83 pt taller"),
        ("LaTeX Warning: Hyper reference `a:b' on page 2 undefined on input line 2.", "book/a.md:10", "leads nowhere"),
        ("LaTeX Warning: Reference `a:b' on page 2 undefined on input line 2.", "book/a.md:10", "'a:b' leads nowhere"),
        ("LaTeX Warning: Label `twice' multiply defined.", "book/b.md:20", "given twice"),
        ("warning  (pdf backend): ignoring duplicate destination with the name 'page.1'", "the PDF", "'page.1'"),
        ("Missing character: There is no \ue000 (U+E000) in font texgyre:x!", "book/a.md:10", "no font has U+E000"),
        ("./book.tex:5: Undefined control sequence.", "book/b.md:20", "LaTeX stopped: Undefined control sequence."),
        ("! Emergency stop.", "the LaTeX", "Emergency stop."),
    ],
)  # fmt: skip
def test_a_fault_has_its_place(log: str, place: str, part: str) -> None:
    ((where, message),) = found(f"something else\n{log}\n")
    assert where == place
    assert part in message


@pytest.mark.parametrize(
    "log",
    [
        "Overfull \\hbox (9.99pt too wide) in paragraph at lines 3--3",
        "Underfull \\hbox (badness 10000) in paragraph at lines 3--3",
        "LaTeX Warning: Float too large for page by 3.0pt on input line 5.",
        "LaTeX Font Warning: Font shape undefined",
    ],
)
def test_what_nobody_sees_is_no_fault(log: str) -> None:
    assert found(log) == []


def test_lines_of_a_list_are_not_taken_for_the_book_s() -> None:
    log = "(./book.toc\nOverfull \\hbox (20.0pt too wide) in paragraph at lines 3--3\n[]\n)\n"
    after = "(./book.lot) Overfull \\hbox (30.0pt too wide) in paragraph at lines 3--3\n"
    assert [place for place, _ in found(log + after)] == ["the table of contents", "book/a.md:10"]


def test_a_fault_is_told_once() -> None:
    line = "Missing character: There is no \ue000 (U+E000) in font texgyre:x!\n"
    assert len(problems(2 * line, TEX, POSITIONS)) == 1
    assert isinstance(problems(line, TEX, POSITIONS)[0], Problem)


def test_what_is_not_installed_is_named() -> None:
    log = '! LaTeX Error: File `qrcode.sty\' not found.\n! Package fontspec Error: The font "x.otf" cannot be found;\n'
    assert lacking(log) == ["qrcode.sty", "x.otf"]
