"""Load an artefact, or make it: once, whoever asks at the same time, and whenever what decides it has changed."""

from __future__ import annotations

import contextlib
import functools
import json
import logging
import os
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from alignbook import profile
from alignbook.profile import Profile
from alignbook.provenance import Sources
from alignbook.store import files
from alignbook.store.progress import Display, Progress, Silent
from alignbook.store.recipe import Recipe, key, packages

try:
    from filelock import FileLock, Timeout
except ModuleNotFoundError:  # the core needs NumPy alone
    LOCKS = False
else:
    LOCKS = True

T = TypeVar("T")

logging.getLogger("alignbook.store").addHandler(logging.NullHandler())  # stderr would stop a chapter's cell
logger = logging.getLogger(__name__)

KEPT = 3
"""Artefacts of one recipe under one profile that are kept: the last ones used, so that a reverted change is free."""

_loaded: dict[Path, Any] = {}


@dataclass(frozen=True)
class Entry:
    """What is known of an artefact in the store.

    Parameters
    ----------
    path
        Its file.
    size
        Bytes of the file.
    seconds
        How long it took to make.
    meta
        The figures that its recipe packed under ``"meta"``.
    """

    path: Path
    size: int
    seconds: float
    meta: Mapping[str, Any]


def home(environ: Mapping[str, str] = os.environ, start: Path | None = None) -> Path:
    """The store's folder.

    It is ``ALIGNBOOK_HOME`` where that is set; ``_build/artefacts`` of the checkout that the working directory lies in;
    otherwise the user's cache folder.

    Parameters
    ----------
    environ
        The environment.
    start
        Where to look for a checkout from, upwards; the working directory where ``None``.
    """
    if environ.get("ALIGNBOOK_HOME"):
        return Path(environ["ALIGNBOOK_HOME"]).expanduser().absolute()
    here = (start or Path.cwd()).absolute()
    for folder in (here, *here.parents):
        if (folder / "_config.yml").is_file() and (folder / "book/conf.py").is_file():
            return folder / "_build/artefacts"
    if sys.platform == "win32":
        cache = Path(environ.get("LOCALAPPDATA") or Path.home() / "AppData/Local")
    elif sys.platform == "darwin":
        cache = Path.home() / "Library/Caches"
    else:
        cache = Path(environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return cache / "alignbook"


def fetch(recipe: Recipe[T], run: Profile | None = None, *, progress: Display | None = None) -> T:
    """Load an artefact; make it, its inputs first, where it is missing, damaged or out of date.

    Within one process an artefact is loaded once, so its arrays are read-only: copy what you train further. While it
    is made it is locked, so that another process that asks for it waits and then loads it. Without the package
    ``filelock`` (extra ``cli``) nothing is locked: both make it, with the same result.

    Parameters
    ----------
    recipe
        The artefact.
    run
        Seed and size; the environment's profile where ``None``.
    progress
        Where the making is shown.

    Raises
    ------
    StoreError
        If it cannot be stored: the disk is full, or the folder cannot be written.
    """
    run = run or profile.current()
    path = path_of(recipe, run)
    if path not in _loaded:
        contents = _read(recipe, path)
        if contents is None:
            contents = _make_once(recipe, run, path, progress or Silent())
        arrays, record = contents
        for array in arrays.values():
            array.flags.writeable = False  # whoever fetches it next gets the same ones
        _loaded[path] = recipe.unpack(arrays, record["artefact"])
    artefact: T = _loaded[path]
    return artefact


def lookup(recipe: Recipe[Any], run: Profile) -> Entry | None:
    """What is known of an artefact; ``None`` where it would have to be made."""
    path = path_of(recipe, run)
    contents = _read(recipe, path)
    if contents is None:
        return None
    record = contents[1]
    return Entry(path, path.stat().st_size, float(record["seconds"]), record["artefact"].get("meta", {}))


def path_of(recipe: Recipe[Any], run: Profile) -> Path:
    """The file of an artefact, whether it is there or not."""
    return home() / recipe.name / f"{_key(recipe, run)}.npz"


def _key_now(recipe: Recipe[Any], run: Profile) -> str:
    """An artefact's key by the code as it is now."""
    return key(recipe, run, Sources.of(sorted(packages(recipe))))


_key = functools.cache(_key_now)  # by the code as this process found it: what it has imported will not change any more


def _read(recipe: Recipe[Any], path: Path) -> files.Contents | None:
    """The contents of an artefact's file; ``None`` where it is missing or damaged."""
    try:
        contents = files.read(path)
    except FileNotFoundError:
        return None
    except files.DamagedError as error:
        logger.warning("the %s is made again: %s", recipe.title, error)
        return None
    with contextlib.suppress(OSError):  # a store that is only read needs no times
        os.utime(path)
    return contents


def _make_once(recipe: Recipe[T], run: Profile, path: Path, display: Display) -> files.Contents:
    """Make an artefact, unless another process just does: then wait for it."""
    inputs = [fetch(upstream, run, progress=display) for upstream in recipe.inputs]
    with _locked(recipe, path):
        contents = _read(recipe, path)
        if contents is not None:
            return contents
        checkpoint = path.with_suffix(".checkpoint")
        display.begin(recipe.name, recipe.title)
        start = time.perf_counter()
        artefact = recipe.make(run, recipe.config(run), *inputs, progress=Progress(display, checkpoint))
        seconds = time.perf_counter() - start
        arrays, values = recipe.pack(artefact)
        record = {"recipe": recipe.name, "seconds": round(seconds, 3), "artefact": json.loads(json.dumps(values))}
        if _key_now(recipe, run) == _key(recipe, run):
            files.write(path, arrays, record)
        else:
            logger.warning("the %s is not kept: its code changed while it was made", recipe.title)
        with contextlib.suppress(OSError):
            checkpoint.unlink(missing_ok=True)
        _prune(path)
        display.end(seconds)
        return {name: np.array(array) for name, array in arrays.items()}, record


@contextlib.contextmanager
def _locked(recipe: Recipe[Any], path: Path) -> Iterator[None]:
    """Hold the lock of one artefact. The system frees it when the process ends, however it ends."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise files.explained(error, path) from error
    if not LOCKS:
        yield
        return
    lock = FileLock(path.with_suffix(".lock"))
    try:
        try:
            lock.acquire(timeout=0)
        except Timeout:
            logger.info("another run is making the %s: waiting for it", recipe.title)
            lock.acquire()
    except OSError as error:
        raise files.explained(error, path) from error
    try:
        for left in path.parent.glob(f".{path.stem}.*.tmp"):  # by a run that was killed
            left.unlink(missing_ok=True)
        yield
    finally:
        lock.release()


def _prune(path: Path) -> None:
    """Remove what is left of the artefacts of the same recipe and profile that were used least recently."""
    same_profile = f"{path.stem.rpartition('-')[0]}-*"
    last_used: dict[str, float] = {}
    for file in path.parent.glob(same_profile):
        with contextlib.suppress(OSError):
            last_used[file.stem] = max(last_used.get(file.stem, 0.0), file.stat().st_mtime)
    last_used.pop(path.stem, None)
    for stem in sorted(last_used, key=lambda stem: last_used[stem])[: 1 - KEPT]:
        for file in path.parent.glob(f"{stem}.*"):
            with contextlib.suppress(OSError):
                file.unlink(missing_ok=True)
