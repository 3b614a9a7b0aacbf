"""PDFs as LuaLaTeX makes them of what is hard to print: `nox -s pdf_tests`."""

from __future__ import annotations

import re
import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest
from tests.fixture_book import FixtureBook
from tests.press.pdf.hard_book import PROMPTS, hard_book

pytestmark = pytest.mark.latex


def make(book: FixtureBook, *arguments: str) -> tuple[int, str]:
    """Make the PDF of a book; exit code, and what was printed."""
    done = subprocess.run(
        [sys.executable, "-m", "alignbook.press.pdf", "--root", str(book.root), *arguments],
        cwd=book.root,
        env=book.environment(SOURCE_DATE_EPOCH="1700000000"),
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> FixtureBook:
    """The hard book, made."""
    book = hard_book(tmp_path_factory.mktemp("hard"))
    code, output = make(book, "--record")
    assert code == 0, output
    assert "numbers are as on the web" in output
    return book


def text_of(pdf: Path) -> str:
    done = subprocess.run(["pdftotext", "-layout", str(pdf), "-"], capture_output=True, text=True, check=True)
    return unicodedata.normalize("NFC", done.stdout)


def test_every_script_and_every_part_is_in_the_pdf(made: FixtureBook) -> None:
    text = text_of(made.root / "_build/pdf/hard.pdf")
    for name in ("Chinese", "Japanese", "Korean", "Greek", "Cyrillic", "combining"):
        assert f"{name}: {unicodedata.normalize('NFC', PROMPTS[name])}" in text
    for part in (
        "100% free",
        "14 November 2023",
        "Place your bet & see",
        "Answers to the questions",
        "A note in the margin",
    ):
        assert part in text
    assert "evidence: a_b 1, c% 2 (page" in text
    assert sum(map(len, re.findall("x{9,}", text))) == 2 * 300, "a long line is broken, in the cell and in its output"


def test_the_same_book_elsewhere_gives_the_same_bytes(made: FixtureBook, tmp_path: Path) -> None:
    other = hard_book(tmp_path / "another" / "folder")
    code, output = make(other, "--record")
    assert code == 0, output
    assert (other.root / "_build/pdf/hard.pdf").read_bytes() == (made.root / "_build/pdf/hard.pdf").read_bytes()


def test_what_latex_finds_is_told_with_file_and_line_until_it_is_mended(tmp_path: Path) -> None:
    book = FixtureBook(tmp_path)
    book.page("one", "# One\n\nA sign that no font has: \ue123.\n\n" + "1234567890" * 12 + "\n")
    for _ in range(2):
        code, output = make(book)
        assert code == 1
        assert "book/one.md:3: ERROR: no font has U+E123" in output
        assert "book/one.md:5: ERROR: this stands out by " in output
        assert not (book.root / "_build/pdf/book.pdf").exists()
    (book.root / "_build/latex/typeset.txt").unlink()  # as if the last run had been killed
    (book.root / "_build/latex/book.aux").write_text("\\broken{")
    book.page("one", "# One\n\nAll is well.\n")
    code, output = make(book)
    assert code == 0, output
    assert "All is well." in text_of(book.root / "_build/pdf/book.pdf")
