"""Kills, interrupts, races, damage and a full disk: nothing is lost but time, and nothing wrong is ever loaded."""

from __future__ import annotations

import random
import signal
import time

import pytest
from tests.store.walks import FETCH, Walks

from alignbook.store import files

SLOW = FETCH.format(name="SECOND")


@pytest.fixture
def slow(walks: Walks) -> Walks:
    """The stages with a pause in every step, so that there is time to disturb them."""
    walks.edit("WalkConfig(60)", "WalkConfig(60, 0.01)")
    return walks


def when(walks: Walks, event: str, script: str = SLOW) -> None:
    """Start a process, and interrupt it some steps after an event."""
    process = walks.start(script)
    while event not in walks.events:
        assert process.poll() is None, process.communicate()[1]
        time.sleep(0.01)
    time.sleep(0.15)
    process.send_signal(signal.SIGINT)
    assert process.communicate(timeout=30)[1].endswith("KeyboardInterrupt\n")


def test_kills_at_random_moments_leave_a_store_that_goes_on(slow: Walks) -> None:
    moments = random.Random(0)
    processes = 0
    for _ in range(10):
        process = slow.start(SLOW)
        time.sleep(moments.uniform(0.2, 0.6))
        processes += process.poll() is None
        process.kill()
        process.communicate()
        for path in slow.files("*/[!.]*"):
            files.read(path)  # whatever is there is whole
    assert processes, "no process lived long enough to be killed"
    end = slow.fetch()
    assert slow.files("*/.*") + slow.files("*/*.checkpoint") == []
    assert len(slow.files()) == 2
    undisturbed = slow.fetch(ALIGNBOOK_HOME=str(slow.root / "other"))
    assert end == undisturbed


def test_of_two_at_once_one_makes_and_the_other_waits(slow: Walks) -> None:
    both = [slow.start(SLOW) for _ in range(2)]
    outputs = [process.communicate(timeout=60) for process in both]
    assert outputs[0] == outputs[1]
    assert outputs[0][1] == ""
    assert slow.events == ["walk", "walk"]


def test_without_filelock_both_make_the_same(slow: Walks) -> None:
    script = f"import sys\nsys.modules['filelock'] = None\n{SLOW}"
    both = [slow.start(script) for _ in range(2)]
    outputs = [process.communicate(timeout=60) for process in both]
    assert outputs[0] == outputs[1]
    assert outputs[0][1] == ""
    assert not list(slow.home.glob("*/*.lock"))


def test_an_interrupted_run_goes_on_from_its_checkpoint(slow: Walks) -> None:
    when(slow, "walk")
    assert [path.suffix for path in slow.files("first/*")] == [".checkpoint"]
    end = slow.fetch()
    resumed = [int(line.split()[1]) for line in slow.events if line.startswith("resumed")]
    assert len(resumed) == 1
    assert 10 <= resumed[0] <= 60
    assert slow.files("*/*.checkpoint") == []
    assert end == slow.fetch(ALIGNBOOK_HOME=str(slow.root / "other"))


def test_a_damaged_checkpoint_is_left_out(slow: Walks) -> None:
    when(slow, "walk")
    (checkpoint,) = slow.files("first/*")
    checkpoint.write_bytes(checkpoint.read_bytes()[:100])
    slow.fetch()
    assert not any(line.startswith("resumed") for line in slow.events)


@pytest.mark.parametrize("damage", ["cut", "flip", "empty", "other"])
def test_a_damaged_artefact_is_made_again_with_a_warning(walks: Walks, damage: str) -> None:
    end = walks.fetch("FIRST")
    (path,) = walks.files()
    whole = path.read_bytes()
    middle = len(whole) // 2
    path.write_bytes(
        {
            "cut": whole[:-1],
            "flip": whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1 :],
            "empty": b"",
            "other": b"PK" * 1000,
        }[damage]
    )
    script = f"import logging\nlogging.basicConfig(format='%(message)s')\n{FETCH.format(name='FIRST')}"
    output, warning = walks.start(script).communicate(timeout=60)
    assert output.strip() == end
    assert warning.startswith("the first walk is made again: ")
    assert "is damaged: it does not match its own SHA-256" in warning
    assert walks.events == ["walk", "walk"]
    assert walks.fetch("FIRST") == end
    assert walks.events == ["walk", "walk"]


def test_a_full_disk_leaves_nothing_partial(walks: Walks) -> None:
    limit = "import resource\nresource.setrlimit(resource.RLIMIT_FSIZE, (200, 200))\n"
    errors = walks.start(limit + SLOW, PYTHONDONTWRITEBYTECODE="1", WALK_LOG="/dev/null").communicate(timeout=60)[1]
    last = errors.splitlines()[-1]
    assert last.startswith("alignbook.store.files.StoreError: no space left for ")
    assert last.endswith(".npz: free some and run again; what was finished before is kept")
    assert walks.files() == []
    walks.fetch()


def test_a_folder_that_cannot_be_made_is_told_before_anything_is_trained(walks: Walks) -> None:
    walks.home.write_text("a file")
    errors = walks.start(SLOW).communicate(timeout=60)[1]
    assert "make its folder writable, or set ALIGNBOOK_HOME to another folder" in errors
    assert walks.events == []
