"""``python -m alignbook.press.lint`` lists every finding of a book in order, and fails if there is any."""

from __future__ import annotations

import pytest
from tests.fixture_book import FixtureBook

from alignbook.press.lint.__main__ import main

CHAPTER = """\
---
file_format: mystnb
---

# A chapter

The modle scored 95% {term}`perplexty`.

```{code-cell} python3
import matplotlib.pyplot as plt

plt.plot([1, 2])
```

![](nowhere.png)
"""
QUIZ = "- id: one\n  question: Is it 0.5?\n  explanation: Teh answer\n"
MEND = "quote a {value}, cite the source in the sentence, or put"
EXPECTED = f"""\
AUTHORS.md:3: spelling: 'modle' should be 'model' or 'module'
book/a.md:3: not UTF-8: byte 0xe9 cannot be read; save the file as UTF-8
book/chapter.md:7: 'perplexty' has no entry in the glossary (book/glossary.md): did you mean 'perplexity'?
book/chapter.md:7: spelling: 'modle' should be 'model' or 'module'
book/chapter.md:7: typed in: 95%; {MEND} '% allow-number: why' before the block
book/chapter.md:12: a Matplotlib figure without alt text: say in a sentence what there is to see, as mystnb.image.alt \
of the cell
book/chapter.md:15: an image without alt text: say in a sentence what there is to see
book/quiz/chapter.yml:2: typed in: 0.5; {MEND} '# allow-number: why' before the block
book/quiz/chapter.yml:3: spelling: 'teh' should be 'the'
"""


def test_every_finding_is_listed(book: FixtureBook, capsys: pytest.CaptureFixture[str]) -> None:
    book.page("chapter", CHAPTER)
    book.page("glossary", "# Glossary\n\n```{glossary}\nperplexity\n  A measure.\n```\n")
    book.page("authors", "```{include} ../AUTHORS.md\n```\n")
    book.write("AUTHORS.md", "# Authors\n\nThe modle has 0.5 here, where it is no result.\n")
    book.write("book/quiz/chapter.yml", QUIZ)
    book.write("book/.hidden/x.md", "Teh 0.5")
    (book.root / "book/a.md").write_bytes("# One\n\ncaf\xe9\n".encode("latin-1"))
    assert main(["--root", str(book.root)]) == 1
    told = capsys.readouterr()
    assert told.out == EXPECTED
    assert told.err == "the book's prose: 9 to mend\n"


def test_a_book_without_findings_passes(book: FixtureBook, capsys: pytest.CaptureFixture[str]) -> None:
    book.page("chapter", "# A chapter\n\nThe modle of the behaviour.\n")
    book.write("book/words.txt", "modle\n")
    assert main(["--root", str(book.root)]) == 0
    assert capsys.readouterr().out == "the book's prose: nothing to mend\n"


def test_the_configuration_decides_what_is_maths(book: FixtureBook, capsys: pytest.CaptureFixture[str]) -> None:
    book.page("chapter", "# A chapter\n\nAs $0.5$ says.\n")
    assert main(["--root", str(book.root)]) == 0
    (book.root / "_config.yml").write_text("title: A book\nparse:\n  myst_enable_extensions: []\n")
    assert main(["--root", str(book.root)]) == 1
    assert "book/chapter.md:3: typed in: $0.5; " in capsys.readouterr().out


def test_a_bad_configuration_is_one_line(book: FixtureBook, capsys: pytest.CaptureFixture[str]) -> None:
    book.write("_config.yml", "titel: A book\n")
    assert main(["--root", str(book.root)]) == 1
    assert capsys.readouterr().err.startswith("_config.yml: ")
