"""The build folder: who may write to it, what the last build left there, and whether that can be trusted.

One small file, ``state.json``, says how the last build ended. It reads *building* while one runs, so a build that was
killed is recognised by the next, which discards every page and keeps the executed cells. It also lists what the build
read and what it wrote: when neither has changed, there is nothing to do; when something written was damaged, it is
made again.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sys
import sysconfig
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path

from filelock import FileLock, Timeout


@dataclass
class State:
    """How the last build ended.

    Parameters
    ----------
    ended
        ``"building"``, ``"done"`` or ``"failed"``.
    reread
        Pages with warnings, to be read again although nothing changed in them, so that they warn again.
    profile
        Seed and size of that build.
    watched
        Files and folders that it read.
    inputs
        Digest of all that was watched.
    outputs
        Every file that it left: path in the build folder to size and time of change.
    """

    ended: str = "done"
    reread: list[str] = field(default_factory=list)
    profile: str = ""
    watched: list[str] = field(default_factory=list)
    inputs: str = ""
    outputs: dict[str, list[int]] = field(default_factory=dict)


class BuildFolder:
    """A folder that holds the built book, Sphinx's memory of it, and the execution cache.

    Parameters
    ----------
    path
        The folder; made where missing.

    Raises
    ------
    OSError
        If it cannot be made or written to.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.html, self.doctrees, self.notebooks = path / "html", path / "doctrees", path / "jupyter_execute"
        path.mkdir(parents=True, exist_ok=True)
        probe = path / ".writable"
        probe.write_text("", encoding="utf-8")
        probe.unlink(missing_ok=True)  # another build may have taken it away

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the folder for one build; say so and wait while another one has it."""
        lock = FileLock(self.path / "lock")
        try:
            lock.acquire(timeout=0)
        except Timeout:
            print("another build of this book is running: waiting for it to end", flush=True)
            lock.acquire()
        try:
            yield
        finally:
            lock.release()

    def load(self) -> State:
        """The last build's state; an unreadable one counts as killed."""
        try:
            return State(**json.loads((self.path / "state.json").read_text(encoding="utf-8")))
        except FileNotFoundError:
            return State(ended="building" if self.html.exists() or self.doctrees.exists() else "done")
        except (ValueError, TypeError):
            return State(ended="building")

    def save(self, state: State) -> None:
        """Write the state in one step, so that it is always whole."""
        new = self.path / "state.json.new"
        new.write_text(json.dumps(asdict(state), indent=1), encoding="utf-8")
        new.replace(self.path / "state.json")

    def up_to_date(self, state: State, profile: str) -> bool:
        """Whether nothing that the last build read or wrote has changed since."""
        return (
            state.ended == "done"
            and state.profile == profile
            and bool(state.watched)
            and state.inputs == digest_of(state.watched)
            and state.outputs == self.outputs()
        )

    def outputs(self) -> dict[str, list[int]]:
        """Size and time of change of every file that Sphinx and MyST-NB wrote."""
        found = {}
        for folder in (self.html, self.doctrees, self.notebooks):
            for path in _files(folder):
                stat = path.stat()
                found[path.relative_to(self.path).as_posix()] = [stat.st_size, stat.st_mtime_ns]
        return found

    def repair(self, state: State) -> str:
        """Remove whatever the last build left half-made or someone damaged since, so that this one makes it again.

        Returns
        -------
        str
            What was found, for whoever builds; empty where all was sound.
        """
        if state.ended == "building":
            left = self.html.exists() or self.doctrees.exists()
            self.discard_pages()
            return (
                "the last build was interrupted: all pages are made again, executed chapters are kept" if left else ""
            )
        now = self.outputs()
        damaged = [name for name, stat in state.outputs.items() if now.get(name) != stat]
        if not damaged:
            return ""
        pages = {name.partition("/")[2].partition(".")[0] for name in damaged if name.endswith((".doctree", ".ipynb"))}
        others = [name for name in damaged if not name.endswith((".doctree", ".ipynb"))]
        if others:
            self.discard_pages()
        else:
            state.reread += sorted(pages)
            for page in pages:
                (self.doctrees / f"{page}.doctree").unlink(missing_ok=True)
        return f"{len(damaged)} built files were changed or lost since the last build ({damaged[0]}): made again"

    def discard_pages(self) -> None:
        """Remove every page and Sphinx's memory of them; executed chapters stay in the cache."""
        for folder in (self.html, self.doctrees, self.notebooks):
            shutil.rmtree(folder, ignore_errors=True)


def digest_of(watched: Iterable[str]) -> str:
    """Digest of files and folders (all files in them), and of the Python installation that reads them."""
    digest = hashlib.sha256(sys.version.encode())
    installed = sorted(path.name for path in Path(sysconfig.get_path("purelib")).glob("*.dist-info"))
    digest.update(repr(installed).encode())
    for name in sorted(watched):
        for path in _files(Path(name)):
            try:
                content = hashlib.sha256(path.read_bytes()).hexdigest()
            except OSError:
                content = "unreadable"
            digest.update(f"{path}\0{content}\0".encode())
    return digest.hexdigest()


def _files(path: Path) -> Iterator[Path]:
    """The file itself, or every file below a folder in a fixed order, but for compiled and hidden ones."""
    if path.is_file():
        yield path
    for folder, folders, files in os.walk(path):
        folders[:] = sorted(name for name in folders if name != "__pycache__" and not name.startswith("."))
        yield from (Path(folder, name) for name in sorted(files))
