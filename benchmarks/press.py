"""Build times of the press against the stock stack (Sphinx, MyST-NB and jupyter-cache as they come), side by side.

A generated book of twelve chapters is built by both in turn, each build in a process of its own, as a contributor runs
it. Six chapters import a shared module and six a leaf; every chapter computes for about two seconds. The stock build is
``sphinx-build`` with the same options and no press. Medians of five rounds; the ratios are of each round's pair.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from rich.progress import track
from tests.fixture_book import FixtureBook, executed

ROUNDS = 5
CHAPTERS = [f"chapter{number:02}" for number in range(12)]
WORK = """import time

import numpy as np

end, total = time.process_time() + {seconds}, 0.0
while time.process_time() < end:
    total += float(np.random.default_rng(0).standard_normal(1000).sum())
print({module}.NUMBER)"""
STOCK = """project = "A fixture book"
extensions = ["myst_nb"]
html_theme = "sphinx_book_theme"
nb_execution_mode = "cache"
nb_execution_timeout = 120
nb_execution_raise_on_error = True
exclude_patterns = ["stock"]
"""


def make_book(root: Path, seconds: float) -> FixtureBook:
    """Write the twelve chapters and their package."""
    book = FixtureBook(root)
    book.module("shared", "NUMBER = 1\n")
    for number, name in enumerate(CHAPTERS):
        module = "shared" if number < 6 else f"leaf{number}"
        if number >= 6:
            book.module(module, f"NUMBER = {number}\n")
        prose = "\n\n".join(f"Paragraph {i} of some prose, with *emphasis* and `code`." for i in range(60))
        # every chapter differs: jupyter-cache would run equal ones once, and the stock build would have less to do
        cells = [f"from fixture import {module}\n\nprint({number})", WORK.format(module=module, seconds=seconds)]
        book.chapter(name, *cells, *[f"print({i})" for i in range(10)], prose=prose)
    book.write("stock/conf.py", STOCK)
    return book


def timed(run: Callable[[], object]) -> float:
    """Seconds of one call."""
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


def press(book: FixtureBook, expected: set[str]) -> None:
    """One build by the press, which must execute just these chapters."""
    code, output = book.build()
    if code != 0 or executed(output) != expected:
        raise RuntimeError(f"expected to execute {sorted(expected)}, got:\n{output}")


def stock(book: FixtureBook) -> None:
    """One build by the stock stack, into a folder of its own."""
    command = [sys.executable, "-m", "sphinx", "-q", "-b", "html", "-c", "stock", "book", "_stock/html"]
    subprocess.run(command, cwd=book.root, env=book.environment(), check=True, stdout=subprocess.DEVNULL)


def one_round(root: Path) -> dict[str, float]:
    """Every kind of build once, the two stacks in turn."""
    book = make_book(root, seconds=2.0)
    everything = set(CHAPTERS)
    times = {"cold, press with 2 jobs": timed(lambda: press(book, everything))}
    times["cold, stock"] = timed(lambda: stock(book))
    times["nothing changed, press"] = timed(lambda: press(book, set()))
    times["nothing changed, stock"] = timed(lambda: stock(book))
    chapter = book.root / "book/chapter03.md"
    chapter.write_text(chapter.read_text(encoding="utf-8").replace("Paragraph 5", "Paragraph five"), encoding="utf-8")
    times["prose edit, press"] = timed(lambda: press(book, set()))
    times["prose edit, stock"] = timed(lambda: stock(book))
    book.module("leaf8", "NUMBER = 80\n")
    times["leaf module edit, press (1 chapter runs)"] = timed(lambda: press(book, {"chapter08"}))
    book.module("shared", "NUMBER = 10\n")
    times["shared module edit, press (6 chapters run)"] = timed(lambda: press(book, set(CHAPTERS[:6])))
    return times


def fixed_cost(root: Path) -> float:
    """Seconds a chapter that computes nothing adds to a cold build, one kernel at a time."""
    book = make_book(root, seconds=0.0)
    book.write("_config.yml", (root / "_config.yml").read_text(encoding="utf-8").replace("jobs: 2", "jobs: 1"))
    return timed(lambda: press(book, set(CHAPTERS))) / len(CHAPTERS)


def main() -> None:
    """Measure and print a table."""
    rounds = []
    for _ in track(range(ROUNDS), description="rounds"):
        with tempfile.TemporaryDirectory() as folder:
            rounds.append(one_round(Path(folder)))
    costs = []
    for _ in range(ROUNDS):
        with tempfile.TemporaryDirectory() as folder:
            costs.append(fixed_cost(Path(folder)))
    for name in rounds[0]:
        values = [times[name] for times in rounds]
        print(f"{name:46} {statistics.median(values):6.2f} s   ({min(values):.2f} to {max(values):.2f})")
    print(f"{'fixed cost a chapter (1 job, start included)':46} {statistics.median(costs):6.2f} s")
    for a, b in (
        ("cold, press with 2 jobs", "cold, stock"),
        ("nothing changed, press", "cold, press with 2 jobs"),
        ("nothing changed, press", "nothing changed, stock"),
        ("prose edit, press", "prose edit, stock"),
    ):
        print(f"{a} / {b}: {statistics.median(times[a] / times[b] for times in rounds):.2f}")


if __name__ == "__main__":
    main()
