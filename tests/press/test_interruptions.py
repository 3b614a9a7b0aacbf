"""Builds that are killed, interrupted, or run at once: the next one is whole, and nothing runs twice."""

from __future__ import annotations

import signal
import subprocess
import time

import pytest
from tests.fixture_book import FixtureBook, executed


@pytest.fixture
def slow(book: FixtureBook) -> FixtureBook:
    book.chapter("quick", "print('quick output')")
    book.chapter("slow", "import time\n\nopen('../started', 'w').close()\ntime.sleep(2)\nprint('slow output')")
    return book


def when_running(book: FixtureBook) -> subprocess.Popen[str]:
    """Start a build, and return it when its slow cell runs."""
    process = book.start()
    for _ in range(600):
        if (book.root / "started").exists():
            return process
        time.sleep(0.05)
    raise AssertionError("the slow cell never started")


def test_a_killed_build_is_followed_by_a_whole_one(slow: FixtureBook) -> None:
    process = when_running(slow)
    process.kill()
    process.communicate()
    code, output = slow.here()
    assert code == 0, output
    assert "slow output" in slow.text("slow")
    assert slow.here()[1].startswith("nothing changed")


def test_pages_of_a_killed_build_are_not_trusted(slow: FixtureBook) -> None:
    assert slow.here()[0] == 0
    slow.chapter("slow", "import time\n\nopen('../started', 'w').close()\ntime.sleep(2)\nprint('new output')")
    (slow.root / "started").unlink()
    process = when_running(slow)
    process.kill()
    process.communicate()
    (slow.html / "quick.html").write_text("half a page")
    code, output = slow.here()
    assert code == 0, output
    assert "repaired: the last build was interrupted: all pages are made again, executed chapters are kept" in output
    assert executed(output) == {"slow"}
    assert "quick output" in slow.text("quick")


def test_an_interrupted_build_stops_its_kernels_and_says_so(slow: FixtureBook) -> None:
    process = when_running(slow)
    process.send_signal(signal.SIGINT)
    output, _ = process.communicate(timeout=20)
    assert process.returncode == 130
    assert output.endswith("interrupted: chapters that had been executed are kept\n")
    assert "Traceback" not in output
    assert "failed" not in output


def test_a_second_build_waits_and_then_finds_nothing_to_do(slow: FixtureBook) -> None:
    first = when_running(slow)
    code, second = slow.build()
    output, _ = first.communicate(timeout=60)
    assert (first.returncode, code) == (0, 0)
    assert executed(output) == {"quick", "slow"}
    assert second.startswith("another build of this book is running: waiting for it to end\nnothing changed")
