"""What outdated chapters need from the store is made before their kernels start: once, outside of cells' time limits.

A chapter needs what the stage modules in its closure offer: each :class:`~alignbook.store.Recipe` in ``RECIPES`` of a
watched module called ``stage``. The modules are imported in one process of its own (:mod:`alignbook.press.making`), so
that the press never holds code that an edit has made old; it tells what it does, line by line, and the press shows it.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from alignbook.press.execution import KERNEL_ENVIRONMENT
from alignbook.profile import Profile

Wanted = list[tuple[Profile, list[str]]]
"""Stage modules by the profile that their artefacts are wanted under."""


class ArtefactError(Exception):
    """An artefact could not be made; the message says which, why and where."""


def home(root: Path) -> str:
    """The store's folder for the book in ``root``, for the kernels too, wherever they run."""
    # The store imports NumPy, which a build that executes nothing does not need
    from alignbook import store

    return str(store.home(os.environ, root))


def wanted(chapters: Iterable[tuple[Profile, Iterable[str]]]) -> Wanted:
    """The stage modules among those that chapters reach, each once.

    Examples
    --------
    >>> wanted([(Profile(), ["fixture.first.stage", "fixture.tools"]), (Profile(), ["fixture.first.stage"])])
    [(Profile(seed=0, size='book'), ['fixture.first.stage'])]
    """
    found: dict[Profile, set[str]] = {}
    for run, modules in chapters:
        found.setdefault(run, set()).update(name for name in modules if name.endswith(".stage"))
    return [(run, sorted(names)) for run, names in found.items() if names]


def make(wanted: Wanted, folder: str, tell: Callable[[str], None]) -> None:
    """Make what is missing in the store, with a progress bar where there is a terminal.

    Parameters
    ----------
    wanted
        What is wanted.
    folder
        The store's folder.
    tell
        Called with a line for each artefact that was made, and for what is worth knowing.

    Raises
    ------
    ArtefactError
        If one cannot be made.
    KeyboardInterrupt
        If the user interrupts; the process that makes them has then ended, and kept its checkpoint.
    """
    if not wanted:
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with (
        Progress(*columns, transient=True, disable=not sys.stdout.isatty()) as progress,
        _told("make", wanted, folder) as events,
    ):
        bar = progress.add_task("", total=None, visible=False)
        for event in events:
            match event["event"]:
                case "start":
                    progress.reset(bar, description=event["title"], total=event["total"], visible=True)
                case "advance":
                    progress.advance(bar, event["n"])
                case "end":
                    progress.update(bar, visible=False)
                    tell(f"made {event['name']} {event['seconds']:.1f} s")
                case "note":
                    tell(event["text"])


def plan(wanted: Wanted, folder: str) -> list[str]:
    """A line for each artefact that a build would make; nothing is made.

    Raises
    ------
    ArtefactError
        If a stage module cannot be imported.
    """
    if not wanted:
        return []
    with _told("plan", wanted, folder) as events:
        return [f"artefact {event['name']}: {event['why']}" for event in events if event["event"] == "missing"]


@contextmanager
def _told(task: str, wanted: Wanted, folder: str) -> Iterator[Iterator[dict[str, Any]]]:
    """Start the process, and hand out what it tells; the process has ended afterwards, however that came about."""
    request = json.dumps([[run.seed, run.size, modules] for run, modules in wanted])
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as errors:
        process = subprocess.Popen(
            [sys.executable, "-m", "alignbook.press.making", task, request],
            env={**os.environ, **KERNEL_ENVIRONMENT, "ALIGNBOOK_HOME": folder},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        )
        try:
            yield _events(process, errors)
        finally:
            if process.poll() is None:
                process.terminate()  # a second signal after a terminal's own Ctrl-C does no harm: checkpoints are whole
            process.wait()
            if process.stdout:
                process.stdout.close()


def _events(process: subprocess.Popen[str], errors: IO[str]) -> Iterator[dict[str, Any]]:
    """What the process tells, until it ends; an end that it did not mean to come to is an error."""
    for line in process.stdout or ():
        event: dict[str, Any] = json.loads(line)
        if event["event"] == "failed":
            raise ArtefactError(event["text"])
        yield event
    if process.wait() != 0:
        errors.seek(0)
        last = errors.read().strip().rpartition("\n")[2]
        reason = f"signal {-process.returncode}" if process.returncode < 0 else f"exit code {process.returncode}"
        raise ArtefactError(f"the process that makes artefacts ended by itself ({reason}): {last or 'out of memory?'}")
