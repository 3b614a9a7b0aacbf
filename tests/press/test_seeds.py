"""Claims tried under other seeds: recorded instead of raised, resumed, and told in the index."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from tests.fixture_book import FixtureBook

CHAPTER = """from alignbook import profile
from alignbook.publish import claim, value

seed = profile.current().seed
claim("demo.small", "The seed is small", seed < 2, evidence=seed)
claim("demo.whole", "The seed is whole", True, evidence=seed)
value("demo.seed", float(seed), ".0f")"""


def seeds(book: FixtureBook, *arguments: str) -> tuple[int, str]:
    command = [sys.executable, "-m", "alignbook.press.seeds", "--root", str(book.root), *arguments]
    result = subprocess.run(command, cwd=book.root, env=book.environment(), capture_output=True, text=True, check=False)
    return result.returncode, result.stdout + result.stderr


@pytest.fixture
def claiming(book: FixtureBook) -> FixtureBook:
    book.chapter("one", CHAPTER)
    book.chapter("two", "print('no claims')")
    book.page("claims", "# Claims\n\n```{claims-index}\n```\n")
    return book


def test_claims_are_recorded_under_every_seed_and_a_second_run_resumes(claiming: FixtureBook) -> None:
    code, output = seeds(claiming, "one", "-n", "3")
    assert code == 0, output
    assert "0 of 3 executions are known already" in output
    assert "one: demo.small held in 2 of 3 seeds (not in 2)" in output
    assert "one: demo.whole held in 3 of 3 seeds" in output
    assert "one: demo.seed from 0 to 2" in output
    written = json.loads((claiming.root / "book/recorded/seeds/one.json").read_text())
    assert written["claims"]["demo.small"] == {"0": True, "1": True, "2": False}
    assert written["values"] == {"demo.seed": {"0": 0.0, "1": 1.0, "2": 2.0}}
    code, output = seeds(claiming, "one", "-n", "4")
    assert code == 0, output
    assert "3 of 4 executions are known already" in output
    assert "demo.small held in 2 of 4 seeds (not in 2, 3)" in output
    code, output = claiming.here("--record")
    assert code == 0, output
    assert "executed one" not in output, "the book's own seed is known from the trial"
    assert "held in 2 of 4 seeds (95% interval: 15% to 85%) (Chapter one)" in claiming.text("claims")
    claiming.chapter("one", CHAPTER + "\nprint('something new')")
    code, output = claiming.here()
    assert code == 0, output
    assert "15% to 85%), in an earlier version of the chapter (Chapter one)" in claiming.text("claims")


def test_a_chapter_that_fails_under_a_seed_is_located_and_the_rest_is_kept(claiming: FixtureBook) -> None:
    claiming.chapter("one", CHAPTER + "\nassert seed != 1, 'not this one'")
    code, output = seeds(claiming, "-n", "3")
    assert code == 1
    assert "book/one.md:17: ERROR: AssertionError: not this one" in output
    code, output = seeds(claiming, "-n", "3")
    assert code == 1
    assert "5 of 6 executions are known already" in output


def test_bad_arguments_are_named(claiming: FixtureBook) -> None:
    code, output = seeds(claiming, "nosuch")
    assert (code, output) == (
        1,
        "ERROR: there is no chapter 'nosuch': the pages of the book are claims, index, one, two\n",
    )
    code, output = seeds(claiming, "-n", "0")
    assert code == 2
    assert "-n must be at least 1, got 0" in output


def test_a_preview_reports_claims_in_a_folder_of_its_own_and_says_what_it_is(claiming: FixtureBook) -> None:
    claiming.chapter("two", "from alignbook import profile\n\nprint('size is', profile.current().size)")
    code, output = claiming.build("--size", "tiny", "--seed", "5")
    assert code == 0, output
    page = (claiming.root / "_build/previews/tiny-5/html/two.html").read_text(encoding="utf-8")
    assert "size is tiny" in page
    assert "Preview at size tiny, seed 5: these are not the book" in page
    assert not claiming.html.exists()


def test_nothing_is_executed_where_execution_is_off(claiming: FixtureBook) -> None:
    claiming.write("_config.yml", "title: A book\nexecute: {execute_notebooks: off, packages: [fixture]}\n")
    claiming.page("claims", "# Claims\n")
    code, output = claiming.here()
    assert code == 0, output
    assert "executed" not in output
