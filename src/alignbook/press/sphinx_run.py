"""One run of Sphinx under the press: what it prints, and how its end is told."""

from __future__ import annotations

import errno
import io
import logging
import os
import re
import sqlite3
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from docutils.nodes import Node
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError, SphinxError
from sphinx.util.console import color_terminal, nocolor
from sphinx.util.docutils import docutils_namespace, patch_docutils
from sphinx.util.logging import get_node_location

from alignbook import profile
from alignbook.press import config
from alignbook.press.extension import press_of
from alignbook.press.folder import BuildFolder, State, digest_of


def plan(root: Path, folder: BuildFolder) -> int:
    """Print the chapters that a build would execute, each with its reasons; returns the exit code."""
    with reported(folder) as outcome, application(root, folder) as app:
        lines = press_of(app).plan()
        print("\n".join(lines) if lines else "nothing would be executed")
        outcome["code"] = 0
    return int(outcome.get("code", 1))


def build(root: Path, folder: BuildFolder, last: State, *, verbose: bool, record: bool = False) -> State:
    """Build the book.

    Parameters
    ----------
    root
        The folder with ``_config.yml`` and ``book/``.
    folder
        Where to build.
    last
        How the last build ended.
    verbose
        Whether to show Sphinx's own messages.
    record
        Whether to record the book's values as they are now.

    Returns
    -------
    State
        How this one ended.

    Raises
    ------
    OSError
        If a file cannot be written; the folder's state then says that the build was interrupted.
    """
    watched, before, state = [], "", State(ended="failed", reread=last.reread)
    with reported(folder), application(root, folder, verbose=verbose, record=record) as app:
        base = [str(path) for path in (root / "_config.yml", root / "lock.txt", Path(app.srcdir)) if path.exists()]
        base += [str(path) for path in press_of(app).keys.sources(Path(app.srcdir)).roots.values()]
        before = digest_of(base)
        press_of(app).reread = set(last.reread)
        problems = _Problems(app)
        app.build()
        state.reread = sorted(problems.pages)
        if problems.elsewhere:
            folder.discard_pages()  # a warning about no page in particular: only a full build would give it again
        if app.statuscode == 0:
            state.ended = "done"
        else:
            where = ", ".join([*state.reread, *problems.recorded]) or "its configuration"
            print(
                f"ERROR: the book was built, but not accepted: there are warnings about {where}",
                file=sys.stderr,
            )
        outside = {str(Path(app.srcdir, path).resolve()) for paths in app.env.dependencies.values() for path in paths}
        watched = sorted({*base, *(path for path in outside if not path.startswith(tuple(base)))})
        if digest_of(base) != before:
            watched = []  # something changed while the book was built: the next build must look at everything
    state.watched, state.inputs = watched, digest_of(watched) if watched else ""
    state.outputs = folder.outputs()
    return state


@contextmanager
def application(
    root: Path, folder: BuildFolder, *, builder: str = "html", verbose: bool = False, record: bool = False
) -> Iterator[Sphinx]:
    """Sphinx, set up for this book, quiet but for the press's own lines and for what is wrong.

    Every builder of Sphinx writes into its own folder, from the same pages and the same executed outputs.
    """
    settings = config.load(root / "_config.yml")
    for own in ("sphinx.alignbook", "sphinx"):
        for handler in logging.getLogger(own).handlers[:]:
            logging.getLogger(own).removeHandler(handler)
    if not (sys.stderr.isatty() and color_terminal()):  # CI's logs are read by programs as well
        nocolor()
    source = root / "book"
    overrides: dict[str, Any] = {"alignbook_jobs": config.jobs(settings, os.environ), "alignbook_record": record}
    run = profile.current()
    if run != profile.Profile():
        mark = f"Preview at size {run.size}, seed {run.seed}: these are not the book's numbers."
        overrides["html_theme_options.announcement"] = mark
    if not settings.execute.cache:
        overrides["nb_execution_cache_path"] = str(folder.path / ".jupyter_cache")
    with patch_docutils(str(source)), docutils_namespace():
        app = Sphinx(
            srcdir=source,
            confdir=source,
            outdir=folder.path / builder,
            doctreedir=folder.doctrees,
            buildername=builder,
            confoverrides=overrides,
            status=sys.stdout if verbose else io.StringIO(),
            warning=sys.stderr,
            warningiserror=True,
        )
        for handler in logging.getLogger("sphinx").handlers:
            handler.addFilter(_Tidy())
        if not verbose:
            logging.getLogger("sphinx.alignbook").addHandler(_Lines())
        yield app


@contextmanager
def reported(folder: BuildFolder) -> Iterator[dict[str, Any]]:
    """Turn whatever ends a run into a line that says what is wrong; only :class:`OSError` goes on to the caller."""
    outcome: dict[str, Any] = {}
    try:
        yield outcome
    except SystemExit:
        pass  # the press has said what is wrong
    except config.ConfigError as error:
        print(error, file=sys.stderr)
    except Exception as error:
        root_cause = _root_cause(error)
        if isinstance(root_cause, OSError):
            raise root_cause from None
        if isinstance(root_cause, sqlite3.Error):
            raise OSError(f"the execution cache cannot be used ({root_cause})") from None
        if isinstance(root_cause, SphinxError):
            print(f"ERROR: {root_cause}", file=sys.stderr)
        else:
            report = folder.path / "traceback.txt"
            report.write_text("".join(traceback.format_exception(error)), encoding="utf-8")
            print(
                f"ERROR: {type(root_cause).__name__}: {root_cause} (in the press itself: {report})",
                file=sys.stderr,
            )


def _root_cause(error: BaseException) -> BaseException:
    """The error that an extension's error or a database's wraps."""
    inner = getattr(error, "orig_exc", None) if isinstance(error, ExtensionError) else None
    inner = inner or getattr(error, "orig", None) or error.__cause__
    return _root_cause(inner) if isinstance(inner, BaseException) else error


class _Lines(logging.Handler):
    """Prints the press's own lines, to whatever standard output is at the time (a progress bar may hold it)."""

    def emit(self, record: logging.LogRecord) -> None:
        if record.levelno < logging.WARNING:
            print(record.getMessage(), flush=True)


class _Problems(logging.Handler):
    """Collects which pages Sphinx warns about, so that the next build reads them again."""

    def __init__(self, app: Sphinx) -> None:
        super().__init__(logging.WARNING)
        self.app, self.pages, self.elsewhere = app, set[str](), False
        self.recorded: list[str] = []
        logging.getLogger("sphinx").addHandler(self)

    def emit(self, record: logging.LogRecord) -> None:
        location = getattr(record, "location", None)
        if isinstance(location, tuple):
            location = location[0]
        elif isinstance(location, Node):
            location = get_node_location(location)
        name = str(location or "").partition(":")[0]
        page = name if name in self.app.env.found_docs else self.app.env.path2doc(Path(name).resolve())
        if page in self.app.env.found_docs:
            self.pages.add(page)
        elif Path(self.app.srcdir, "recorded") in Path(name).resolve().parents:
            self.recorded = ["the record"]  # no page to read again: it is compared in every build
        else:
            self.elsewhere = True


class _Tidy(logging.Filter):
    """Names files as the user would type them, a warning's type once, and a full disk once instead of per file."""

    def __init__(self) -> None:
        super().__init__()
        self.full = False

    def filter(self, record: logging.LogRecord) -> bool:
        location = getattr(record, "location", None)
        if isinstance(location, str):
            record.location = location.removeprefix(f"{Path.cwd()}{os.sep}")
        if isinstance(record.msg, str):
            record.msg = re.sub(r"( \[[\w.]+\])\1+$", r"\1", record.msg)
        full = os.strerror(errno.ENOSPC) in record.getMessage()
        shown = not (full and self.full)
        self.full |= full
        return shown
