"""Execute chapters side by side: one process, one event loop, one kernel a chapter, one writer of the cache."""

from __future__ import annotations

import ast
import asyncio
import os
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellTimeoutError
from nbclient.util import ensure_async
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from traitlets.config import Config

from alignbook.press.failures import Failure, failed_cell, stderr_outputs
from alignbook.provenance import Sources

_LOADED = "' '.join(sorted(__import__('sys').modules))"
"""Evaluated in a kernel after its last cell: the names of all modules that are loaded; a list would be cut at 1000."""

KERNEL_ENVIRONMENT = {
    "PYTHONHASHSEED": "0",  # sets print in the same order in every build
    "OPENBLAS_NUM_THREADS": "1",  # the number of threads changes sums in their last bits,
    "OMP_NUM_THREADS": "1",  # and kernels side by side would fight for the cores
    "MKL_NUM_THREADS": "1",
}


@dataclass(frozen=True)
class Task:
    """One chapter to execute.

    Parameters
    ----------
    docname, path, text, notebook
        The chapter; its notebook receives the outputs.
    modules
        The modules whose code is in the chapter's key.
    sources
        The packages that freshness watches, to tell whose modules must be in the key.
    timeout
        Seconds a cell may run; 0 or less for no limit.
    allow_errors
        Whether cells may raise.
    fail_on_stderr
        Whether text on stderr is a failure.
    in_temp
        Whether the kernel runs in a temporary folder instead of the chapter's own.
    label
        How the task is named while it runs.
    environment
        Variables that its kernel gets.
    """

    docname: str
    path: Path
    text: str
    notebook: nbformat.NotebookNode
    modules: frozenset[str]
    sources: Sources
    timeout: int
    allow_errors: bool
    fail_on_stderr: bool
    in_temp: bool
    label: str
    environment: Mapping[str, str]


@dataclass(frozen=True)
class Outcome:
    """How a chapter's execution ended: what went wrong in it, and the seconds that it took."""

    task: Task
    failures: list[Failure]
    seconds: float


def execute(tasks: Sequence[Task], jobs: int, finished: Callable[[Outcome], None]) -> None:
    """Execute chapters, at most ``jobs`` at a time, with a progress bar each where there is a terminal.

    Parameters
    ----------
    tasks
        The chapters, in the order in which they start.
    jobs
        How many kernels run at once.
    finished
        Called with each outcome as it ends, one at a time.

    Raises
    ------
    KeyboardInterrupt
        If the user interrupts; every kernel is stopped first.
    """
    if not tasks:
        return
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("cells"),
        TimeElapsedColumn(),
    )
    # The loop runs in a thread of its own, so that an interrupt arrives here, in the main thread, and can stop it.
    with (
        tempfile.TemporaryDirectory(prefix="alignbook-", ignore_cleanup_errors=True) as scratch,
        Progress(*columns, transient=True, disable=not sys.stdout.isatty()) as progress,
        ThreadPoolExecutor(1) as pool,
    ):
        cancel: list[Callable[[], object]] = []
        future = pool.submit(asyncio.run, _execute_all(tasks, jobs, finished, Path(scratch), progress, cancel))
        try:
            future.result()
        except KeyboardInterrupt:
            for call in cancel:
                call()
            raise


async def _execute_all(
    tasks: Sequence[Task],
    jobs: int,
    finished: Callable[[Outcome], None],
    scratch: Path,
    progress: Progress,
    cancel: list[Callable[[], object]],
) -> None:
    """Run the tasks; ``cancel`` receives a function that stops them all from another thread."""
    loop, everything, gate = asyncio.get_running_loop(), asyncio.current_task(), asyncio.Semaphore(jobs)
    cancel.append(lambda: loop.call_soon_threadsafe(everything.cancel) if everything else None)

    async def one(number: int, task: Task) -> None:
        async with gate:
            outcome = await _execute_one(task, scratch, number, progress)
            this = asyncio.current_task()
            if this is None or not this.cancelling():  # the notebook client takes a cancellation for a dead kernel
                finished(outcome)

    async with asyncio.TaskGroup() as group:
        for number, task in enumerate(tasks):
            group.create_task(one(number, task))


async def _execute_one(task: Task, scratch: Path, number: int, progress: Progress) -> Outcome:
    start, at, frames = time.perf_counter(), -1, list[str]()
    bar = progress.add_task(task.label, total=sum(cell.cell_type == "code" for cell in task.notebook.cells))

    def entering(cell: nbformat.NotebookNode, cell_index: int) -> None:  # noqa: ARG001 (the client names them)
        nonlocal at
        at = cell_index

    client = _client(task, scratch, number)
    client.on_cell_execute = entering
    client.on_cell_executed = lambda **_: progress.advance(bar)
    failures: list[Failure] = []
    try:
        async with client.async_setup_kernel(
            env={**os.environ, **KERNEL_ENVIRONMENT, **task.environment, "IPYTHONDIR": str(scratch / "ipython")},
            cwd=str(scratch if task.in_temp else task.path.parent),
        ):
            try:
                await client.async_execute(cleanup_kc=False)  # the kernel is asked one more thing
                failures += await _undeclared_modules(client, task)
            except CellTimeoutError:
                frames = await _interrupt(client, task.notebook.cells[at])
                raise
    except Exception as error:  # whatever ends a chapter is reported, and the other chapters go on
        failures.append(failed_cell(error, task.docname, task.text, task.notebook, at, frames))
    finally:
        progress.remove_task(bar)
    if task.fail_on_stderr and not failures:
        failures += stderr_outputs(task.docname, task.text, task.notebook)
    return Outcome(task, failures, time.perf_counter() - start)


def _client(task: Task, scratch: Path, number: int) -> NotebookClient:
    """A notebook client whose kernel talks through files of its own, so that kernels never fight for a port."""
    manager = {"connection_file": str(scratch / f"{number}.json")}
    socket = str(scratch / f"k{number}")
    if os.name == "posix" and len(socket) < 90:  # a socket's path may have about 100 bytes
        manager |= {"transport": "ipc", "ip": socket}
    return NotebookClient(
        task.notebook,
        config=Config(KernelManager=manager),
        timeout=task.timeout,
        allow_errors=task.allow_errors,
        startup_timeout=60,
        shutdown_kernel="immediate",  # nothing of it is needed any more
        extra_arguments=["--HistoryManager.enabled=False"],
        record_timing=False,  # times would change the notebook's hash
        coalesce_streams=True,  # or output that arrives in pieces would differ between runs
    )


async def _interrupt(client: NotebookClient, cell: nbformat.NotebookNode) -> list[str]:
    """Interrupt a cell that ran too long; its traceback tells where it was."""
    if client.km is None:
        return []
    await ensure_async(client.km.interrupt_kernel())
    for _ in range(20):
        await asyncio.sleep(0.1)  # the client goes on collecting the cell's outputs
        for output in cell.outputs:
            if output.output_type == "error":
                return list(output.traceback)
    return []  # it ignores interrupts: the cell is all that can be named


async def _undeclared_modules(client: NotebookClient, task: Task) -> list[Failure]:
    """Modules of the watched packages that the kernel loaded and the chapter's key does not cover."""
    if client.kc is None:
        raise RuntimeError("the kernel is gone before it could be asked what it loaded")
    request = client.kc.execute("", silent=True, user_expressions={"loaded": _LOADED})
    reply = await client.async_wait_for_reply(request)
    if reply is None:
        raise RuntimeError("the kernel did not answer what it loaded")
    loaded = ast.literal_eval(reply["content"]["user_expressions"]["loaded"]["data"]["text/plain"]).split()
    line = next((i for i, text in enumerate(task.text.splitlines(), 1) if text.startswith("```{code-cell}")), 1)
    uncovered = [name for name in loaded if task.sources.owns(name) and name not in task.modules]
    return [
        Failure(
            task.docname,
            line,
            f"{name} was loaded, but no import that the press can read leads to it: import it by name in a cell, "
            "or this chapter would not run again when it changes",
        )
        for name in uncovered
        if not any(other.startswith(f"{name}.") for other in uncovered)  # a package comes with its modules
    ]
