"""Whatever stops a chapter is told with its file and line, and told again until it is mended."""

from __future__ import annotations

import re

import pytest
from tests.fixture_book import FixtureBook, errors, executed

CELLS = {
    "crowded": [
        "import importlib\nimport sys\nimport types\n\nsys.modules.update((f'many{n}', types) for n in range(1000))\n"
        "module = importlib.import_module('fixture.tools')"
    ],
    "raising": ["x = 1\n\ny = 1 / 0"],
    "function": ["def f():\n    return 1 / 0", "x = 2\nf()"],
    "package": ["from fixture.tools import lookup\n\nlookup({})"],
    "dead": ["x = 1", "import os\n\nos._exit(1)"],
    "missing": ["import nosuchmodule"],
    "syntax": ["x = 1\nfor\n"],
    "silent": ["raise KeyError"],
    "stderr": ["import sys\n\nprint('oops', file=sys.stderr)"],
    "warning": ["import warnings\n\nwarnings.warn('careful')"],
    "hidden": ["import importlib\n\nmodule = importlib.import_module('fixture.tools')"],
}
EXPECTED = """\
book/crowded.md:9: ERROR: fixture.tools was loaded, but no import that the press can read leads to it: import it by \
name in a cell, or this chapter would not run again when it changes
book/dead.md:14: ERROR: the kernel died while this cell ran: it crashed, was killed, or ran out of memory
book/function.md:11: ERROR: ZeroDivisionError: division by zero (reached from line 16)
book/hidden.md:9: ERROR: fixture.tools was loaded, but no import that the press can read leads to it: import it by \
name in a cell, or this chapter would not run again when it changes
book/kernel.md:3: ERROR: no kernel named 'julia': use python3
book/missing.md:10: ERROR: ModuleNotFoundError: No module named 'nosuchmodule'
book/package.md:12: ERROR: KeyError: 'key' (raised at fixture/tools.py:2)
book/raising.md:12: ERROR: ZeroDivisionError: division by zero
book/silent.md:10: ERROR: KeyError
book/slow.md:13: ERROR: the cell ran longer than it may (1 s): make it faster, or raise execute.timeout in _config.yml
book/stderr.md:10: ERROR: the cell wrote to stderr: oops (mend its cause, or tag the cell remove-stderr)
book/syntax.md:11: ERROR: SyntaxError: invalid syntax
book/warning.md:12: ERROR: the cell wrote to stderr: UserWarning: careful (mend its cause, or tag the cell \
remove-stderr)
ERROR: the book was not built: crowded, dead, function, hidden, kernel, missing, package, raising, silent, slow, \
stderr, syntax, warning fail
"""


def test_every_failing_chapter_is_listed_until_it_is_mended(book: FixtureBook) -> None:
    book.module("tools", "def lookup(table):\n    return table['key']\n")
    book.chapter("good", "print('good')")
    for name, cells in CELLS.items():
        book.chapter(name, *cells)
    book.chapter("slow", "import time\n\ntime.sleep(60)", matter="mystnb: {execution_timeout: 1}\n")
    book.chapter("kernel", "x = 1", matter="kernelspec: {name: julia}\n")
    for _ in range(2):
        code, output = book.here()
        assert code == 1
        assert errors(output).splitlines() == EXPECTED.splitlines()
        assert "Traceback" not in output
        assert "report" not in output
    assert "cached good" in output
    for name in [*CELLS, "slow", "kernel"]:
        book.chapter(name, "print('mended')")
    code, output = book.here()
    assert code == 0, output
    assert executed(output) == {*CELLS, "slow", "kernel"}


def test_errors_that_are_part_of_the_story_are_allowed_by_tag(book: FixtureBook) -> None:
    book.chapter(
        "story",
        ":tags: [raises-exception]\n\n1 / 0",
        ":tags: [remove-stderr]\n\nimport sys\n\nsys.stderr.write('x');",
    )
    code, output = book.here()
    assert code == 0, output
    assert "ZeroDivisionError" in book.text("story")


def test_a_cell_that_ignores_interrupts_is_ended_all_the_same(book: FixtureBook) -> None:
    cell = "import signal\nimport time\n\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\ntime.sleep(60)"
    book.chapter("stubborn", cell, matter="mystnb: {execution_timeout: 1}\n")
    code, output = book.here()
    assert code == 1
    assert re.search(r"book/stubborn.md:\d+: ERROR: the cell ran longer than it may \(1 s\)", output)


@pytest.mark.parametrize("where", ["config", "environment"])
def test_a_bad_setting_is_one_line(book: FixtureBook, where: str) -> None:
    book.chapter("one", "print(1)")
    if where == "config":
        book.write("_config.yml", "title: A book\nexecute:\n  timeot: 3\n")
        expected = "_config.yml: execute.timeot: unknown key; did you mean 'timeout'?\n"
        result = book.here()
    else:
        expected = "ERROR: ALIGNBOOK_SEED must be a whole number, 0 or more, got 'x'\n"
        result = book.here(ALIGNBOOK_SEED="x")
    assert result == (1, expected)


def test_a_package_that_is_not_installed_is_named(book: FixtureBook) -> None:
    book.chapter("one", "print(1)")
    book.write("_config.yml", "title: A book\nexecute:\n  packages: [nosuch]\n")
    code, output = book.here()
    assert (code, output) == (
        1,
        "ERROR: package 'nosuch' is not installed: install it, or correct its name\n",
    )
