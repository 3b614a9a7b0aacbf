"""The real training, killed at random moments: the store stays whole, and the next run goes on."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from alignbook.store import files

KILLS = 10

pytestmark = pytest.mark.soak


def start(home: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "alignbook", "train", "--size", "tiny"],
        env={**os.environ, "ALIGNBOOK_HOME": str(home)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def finish(home: Path) -> tuple[float, str]:
    """Train to the end; seconds, and what was printed."""
    began = time.perf_counter()
    process = start(home)
    output, _ = process.communicate(timeout=600)
    assert process.returncode == 0, output
    return time.perf_counter() - began, output


def test_training_survives_kills_and_gives_the_same_assistant(tmp_path: Path) -> None:
    seconds, _ = finish(tmp_path / "undisturbed")
    moments, killed = random.Random(0), 0
    for number in range(KILLS):
        process = start(tmp_path / str(number))
        time.sleep(moments.uniform(0.3, seconds))
        killed += process.poll() is None
        process.kill()
        process.communicate()
        for path in (tmp_path / str(number)).glob("*/[!.]*[!k]"):  # all but locks and what was being written
            files.read(path)
        finish(tmp_path / str(number))
        assert _contents(tmp_path / str(number)) == _contents(tmp_path / "undisturbed")
    assert killed >= KILLS // 2


def test_an_interrupt_keeps_the_checkpoint_and_says_so(tmp_path: Path) -> None:
    process = start(tmp_path / "store")
    while not list(tmp_path.glob("store/base/*.checkpoint")):
        assert process.poll() is None
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    output, _ = process.communicate(timeout=60)
    assert process.returncode == 130
    assert output.splitlines()[-1] == "alignbook: interrupted: the checkpoint is kept; run the same command to go on"
    assert "Traceback" not in output
    finish(tmp_path / "store")
    finish(tmp_path / "undisturbed")
    assert _contents(tmp_path / "store") == _contents(tmp_path / "undisturbed")


def _contents(home: Path) -> dict[str, dict[str, bytes]]:
    """Every array of every artefact; nothing else may lie in the store but locks."""
    kept = [path for path in sorted(home.glob("*/*")) if path.suffix != ".lock"]
    assert all(path.suffix == ".npz" for path in kept)
    return {
        str(path.relative_to(home)): {name: array.tobytes() for name, array in files.read(path)[0].items()}
        for path in kept
    }
