"""What a contributor is told when a chapter cannot be executed: where, what, and in which statement."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import nbformat
from jupyter_client.kernelspec import NoSuchKernel
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

from alignbook.press.pages import cell_line
from alignbook.publish import FalseClaimError, claims

_ANSI = re.compile(r"\x1b\[[0-9;]*m")
_IN_CELL = re.compile(r"Cell In\[(\d+)\], line (\d+)")
_IN_FILE = re.compile(r"^File (.+?):(\d+), in ", re.M)
_IN_WARNING = re.compile(r"\S*ipykernel_\d+/\d+\.py:(\d+): ")
_IN_SYNTAX = re.compile(r" \(\d+\.py, line \d+\)")

_PUBLISH = Path(claims.__file__).parent
"""Where what a cell calls to publish is raised: the call says it all."""


@dataclass(frozen=True)
class Failure:
    """One thing that stops the build: a line of a chapter, and what is wrong there."""

    docname: str
    line: int
    message: str


def failed_cell(
    error: Exception,
    docname: str,
    text: str,
    notebook: nbformat.NotebookNode,
    index: int,
    frames: Sequence[str] = (),
) -> Failure:
    """Describe the error that ended a chapter's execution.

    Parameters
    ----------
    error
        What the notebook client raised.
    docname, text, notebook
        The chapter.
    index
        The cell that was running; -1 before the first one.
    frames
        The traceback of an interrupted cell, as the kernel sent it.
    """
    if isinstance(error, NoSuchKernel):
        return Failure(docname, _front_matter_line(text), f"no kernel named {error.name!r}: use python3")
    if index < 0:
        return Failure(docname, 1, f"the kernel did not start: {error}")
    trace = error.traceback if isinstance(error, CellExecutionError) else "\n".join(frames)
    line, elsewhere = _locate(trace, text, notebook, index)
    if isinstance(error, CellExecutionError):
        value = _IN_SYNTAX.sub("", _plain(error.evalue)).strip()
        named = "" if error.ename == FalseClaimError.__name__ else f"{error.ename}: "
        message = f"{named}{value}".rstrip(": ") + elsewhere
    elif isinstance(error, CellTimeoutError):
        limit = re.search(r"after (\d+) seconds", str(error))
        after = f" ({limit[1]} s)" if limit else ""
        message = f"the cell ran longer than it may{after}: make it faster, or raise execute.timeout in _config.yml"
    elif isinstance(error, DeadKernelError):
        message = "the kernel died while this cell ran: it crashed, was killed, or ran out of memory"
    else:
        message = f"the cell could not be run: {type(error).__name__}: {error}"
    return Failure(docname, line, message)


def stderr_outputs(docname: str, text: str, notebook: nbformat.NotebookNode) -> list[Failure]:
    """Cells that wrote to stderr, but for those tagged ``remove-stderr``."""
    failures = []
    for index, cell in enumerate(notebook.cells):
        if cell.cell_type != "code" or "remove-stderr" in cell.metadata.get("tags", []):
            continue
        written = "".join(output.text for output in cell.outputs if output.get("name") == "stderr")
        if written.strip():
            found = _IN_WARNING.search(written)
            line = cell_line(text, notebook, index, int(found[1]) if found else 1)
            first = _IN_WARNING.sub("", _plain(written).strip()).splitlines()[0]
            message = f"the cell wrote to stderr: {first} (mend its cause, or tag the cell remove-stderr)"
            failures.append(Failure(docname, line, message))
    return failures


def _plain(text: str) -> str:
    return _ANSI.sub("", text)


def _locate(trace: str, text: str, notebook: nbformat.NotebookNode, index: int) -> tuple[int, str]:
    """Line of the innermost failing statement in the chapter, and how it was reached or what it reached."""
    trace = _plain(trace)
    cells = {cell.get("execution_count"): i for i, cell in enumerate(notebook.cells) if cell.cell_type == "code"}
    lines = [cell_line(text, notebook, cells.get(int(n), index), int(line)) for n, line in _IN_CELL.findall(trace)]
    if not lines:
        return cell_line(text, notebook, index), ""
    reached = f" (reached from line {lines[0]})" if lines[0] != lines[-1] else ""
    files = [found for found in _IN_FILE.findall(trace) if Path(found[0]).expanduser().parent != _PUBLISH]
    if files and trace.rfind("\nFile ") > trace.rfind("Cell In["):
        path, line = files[-1]
        reached += f" (raised at {_short(path)}:{line})"
    return lines[-1], reached


def _short(name: str) -> str:
    """A file as a reader names it: from here, or from its package on; never where a machine keeps its packages."""
    path = Path(name).expanduser()
    if "site-packages" in path.parts:
        return Path(*path.parts[path.parts.index("site-packages") + 1 :]).as_posix()
    return path.relative_to(Path.cwd()).as_posix() if path.is_relative_to(Path.cwd()) else path.name


def _front_matter_line(text: str) -> int:
    return next((i for i, line in enumerate(text.splitlines(), 1) if line.startswith("kernelspec")), 1)
