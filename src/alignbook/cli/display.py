"""What the terminal shows while artefacts are made: a bar with figures, or a line each where no terminal reads it."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.text import Text


class Bars:
    """A display with a bar for the artefact that is being made.

    Parameters
    ----------
    console
        Where it is shown.
    progress
        The bars.
    """

    def __init__(self, console: Console, progress: Progress) -> None:
        self._console, self._progress = console, progress
        self._name = self._title = ""
        self._bar: TaskID | None = None

    def begin(self, name: str, title: str) -> None:
        """Remember what is made."""
        self._name, self._title = name, title

    def start(self, total: int, unit: str) -> None:
        """Show an empty bar."""
        self._clear()
        self._bar = self._progress.add_task(self._title, total=total, unit=unit, figures="")

    def advance(self, n: int, shown: Mapping[str, float]) -> None:
        """Move the bar."""
        if self._bar is None:
            return
        self._progress.advance(self._bar, n)
        if shown:
            figures = ", ".join(f"{name} {number:.3g}" for name, number in shown.items())
            self._progress.update(self._bar, figures=figures)

    def end(self, seconds: float) -> None:
        """Replace the bar by a line."""
        self._clear()
        self._console.print(Text(f"made {self._name} {seconds:.1f} s"))

    def _clear(self) -> None:
        if self._bar is not None:
            self._progress.remove_task(self._bar)
            self._bar = None


class _Notes(logging.Handler):
    """Shows what the store has to say."""

    def __init__(self, console: Console) -> None:
        super().__init__(logging.INFO)
        self._console = console

    def emit(self, record: logging.LogRecord) -> None:
        self._console.print(Text(f"alignbook: {record.getMessage()}"), soft_wrap=True)


@contextmanager
def shown(console: Console | None = None) -> Iterator[Bars]:
    """Show the making of artefacts, and what the store has to say, on standard error."""
    console = console or Console(stderr=True)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[unit]}"),
        TextColumn("{task.fields[figures]}"),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    store, notes = logging.getLogger("alignbook.store"), _Notes(console)
    level = store.level
    store.addHandler(notes)
    store.setLevel(logging.INFO)
    try:
        with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
            yield Bars(console, progress)
    finally:
        store.removeHandler(notes)
        store.setLevel(level)
