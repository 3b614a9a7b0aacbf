"""Make, or only look up, the artefacts of stage modules; the press runs this in a process of its own.

What happens is told as one line of JSON each on standard output. What stages print goes to standard error.
"""

from __future__ import annotations

import importlib
import json
import logging
import os
import sys
import time
import traceback
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from alignbook.profile import Profile
from alignbook.store import Recipe, StoreError, fetch
from alignbook.store.fetching import lookup

Tell = Callable[[dict[str, Any]], None]

EVERY = 0.1
"""Seconds between two lines about steps."""


class Telling:
    """A display that tells the press: artefacts at once, steps a few times a second.

    Parameters
    ----------
    tell
        Sends an event.
    """

    def __init__(self, tell: Tell) -> None:
        self._tell = tell
        self._name = self.title = ""
        self._steps, self._last = 0, 0.0

    def begin(self, name: str, title: str) -> None:
        """Remember whose steps come next."""
        self._name, self.title = name, title

    def start(self, total: int, unit: str) -> None:  # noqa: ARG002 (the bar of a build has no room for it)
        """Tell how many steps there are."""
        self._steps = 0
        self._tell({"event": "start", "title": self.title, "total": total})

    def advance(self, n: int, shown: Mapping[str, float]) -> None:  # noqa: ARG002 (nor for these)
        """Tell how many steps were done since the last time."""
        self._steps += n
        if time.monotonic() - self._last >= EVERY:
            self._tell({"event": "advance", "n": self._steps})
            self._steps, self._last = 0, time.monotonic()

    def end(self, seconds: float) -> None:
        """Tell that an artefact is made."""
        self._tell({"event": "end", "name": self._name, "seconds": seconds})
        self.title = ""


class _Notes(logging.Handler):
    """Tells what the store has to say."""

    def __init__(self, tell: Tell) -> None:
        super().__init__(logging.INFO)
        self._tell = tell

    def emit(self, record: logging.LogRecord) -> None:
        self._tell({"event": "note", "text": record.getMessage()})


def recipes(module: str) -> list[Recipe[Any]]:
    """The recipes that a stage module offers in ``RECIPES``; those of earlier stages are made as inputs."""
    return list(getattr(importlib.import_module(module), "RECIPES", ()))


def missing(recipe: Recipe[Any], run: Profile) -> Iterator[Recipe[Any]]:
    """The recipe and its inputs, as far as the store lacks them; what is needed first comes first."""
    if lookup(recipe, run) is None:
        for upstream in recipe.inputs:
            yield from missing(upstream, run)
        yield recipe


def main(task: str, request: str, tell: Tell) -> int:
    """Make what is missing, or tell what is.

    Parameters
    ----------
    task
        ``"make"`` or ``"plan"``.
    request
        JSON: a list of seed, size and names of stage modules.
    tell
        Sends an event.

    Returns
    -------
    int
        The exit code.
    """
    display, doing, known = Telling(tell), "", set[tuple[str, Profile]]()
    logging.getLogger("alignbook.store").setLevel(logging.INFO)
    logging.getLogger("alignbook.store").addHandler(_Notes(tell))
    try:
        for seed, size, modules in json.loads(request):
            run = Profile(seed, size)
            for module in modules:
                doing = f"{module} cannot be used"
                for recipe in recipes(module):
                    if task == "make":
                        fetch(recipe, run, progress=display)
                        continue
                    for other in missing(recipe, run):
                        if (other.name, run) not in known:
                            known.add((other.name, run))
                            tell({"event": "missing", "name": other.name, "why": "not in the store"})
    except StoreError as error:
        tell({"event": "failed", "text": str(error)})
        return 1
    except Exception as error:  # whatever a stage raises is told as it is
        doing = f"the {display.title} could not be made" if display.title else doing
        tell({"event": "failed", "text": f"{doing}: {type(error).__name__}: {error}{_raised_at(error)}"})
        return 1
    return 0


def _raised_at(error: Exception) -> str:
    """The line that raised, in code that is no installed package's."""
    if isinstance(error, SyntaxError):
        return ""  # it says so itself
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if "site-packages" not in frame.filename and not frame.filename.startswith("<")]
    path = Path(own[-1].filename)
    shown = path.relative_to(Path.cwd()).as_posix() if path.is_relative_to(Path.cwd()) else path.name
    return f" (raised at {shown}:{own[-1].lineno})"


if __name__ == "__main__":
    events = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # what stages print must not come between the events

    def send(event: dict[str, Any]) -> None:
        """Write an event, and see at once when nobody reads any more."""
        print(json.dumps(event), file=events, flush=True)

    try:
        sys.exit(main(sys.argv[1], sys.argv[2], send))
    except (KeyboardInterrupt, BrokenPipeError):
        os._exit(130)  # the press has been interrupted, and says so
