"""How a recipe's ``make`` tells how far it is, and keeps what it has so far."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from alignbook.store import files

logger = logging.getLogger(__name__)

State = tuple[Mapping[str, np.ndarray], Mapping[str, Any]]
"""A checkpoint: named arrays, and JSON."""


class Display(Protocol):
    """Shows the making of artefacts, one after the other; the command's bars are one."""

    def begin(self, name: str, title: str) -> None:
        """An artefact is about to be made; ``name`` and ``title`` are its recipe's."""

    def start(self, total: int, unit: str) -> None:
        """Its making takes ``total`` steps; called again for each further part."""

    def advance(self, n: int, shown: Mapping[str, float]) -> None:
        """``n`` more steps are done; ``shown`` are figures to look at, such as the loss."""

    def end(self, seconds: float) -> None:
        """It is made, in so many seconds."""


class Silent:
    """Shows nothing."""

    def begin(self, name: str, title: str) -> None:
        """Show nothing."""

    def start(self, total: int, unit: str) -> None:
        """Show nothing."""

    def advance(self, n: int, shown: Mapping[str, float]) -> None:
        """Show nothing."""

    def end(self, seconds: float) -> None:
        """Show nothing."""


class Progress:
    """What ``make`` is handed: where to tell its steps, and where to keep a checkpoint.

    ``Progress()`` shows nothing and keeps nothing, for calls outside of the store.

    Parameters
    ----------
    display
        Where steps are shown.
    checkpoint
        The file of the checkpoint; ``None`` to keep none.
    """

    def __init__(self, display: Display | None = None, checkpoint: Path | None = None) -> None:
        self._display: Display = display or Silent()
        self._checkpoint = checkpoint

    def start(self, total: int, unit: str = "steps") -> None:
        """Announce how many steps there will be; again for each further part of the work."""
        self._display.start(total, unit)

    def advance(self, n: int = 1, **shown: float) -> None:
        """Tell that ``n`` more steps are done, with figures to show beside the bar: ``advance(loss=2.1)``."""
        self._display.advance(n, shown)

    def saved(self) -> State | None:
        """The checkpoint that an interrupted run of the same recipe under the same key has left, if any."""
        if self._checkpoint is None:
            return None
        try:
            arrays, record = files.read(self._checkpoint)
        except FileNotFoundError:
            return None
        except files.DamagedError as error:
            logger.warning("%s: the run begins anew", error)
            return None
        return arrays, record["state"]

    def save(self, state: State) -> None:
        """Keep a checkpoint in place of the last one; it is removed when the artefact is finished.

        A checkpoint that cannot be written is told and left out: it is a help, the run goes on.
        """
        if self._checkpoint is None:
            return
        arrays, values = state
        try:
            files.write(self._checkpoint, arrays, {"state": dict(values)})
        except files.StoreError as error:
            logger.warning("no checkpoint was kept: %s", error)
