"""The execution cache: jupyter-cache, with entries found by what decided them, checked before use, and repaired.

MyST-NB looks a page up by a hash of its kernelspec (where the press writes the page's key) and of its cells with *all*
their metadata. So a style-only change misses there; this cache then finds the old entry by the key alone and copies it.
"""

from __future__ import annotations

import copy
import json
import math
import shutil
import sqlite3
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import nbformat
from jupyter_cache import get_cache
from jupyter_cache.base import CacheBundleIn
from jupyter_cache.cache.db import NbCacheRecord
from sqlalchemy.exc import SQLAlchemyError

RECORD = "alignbook"
"""Where an entry keeps its own record: the notebook's metadata under this name, and the database's ``data``."""


class ExecutionCache:
    """Executed chapters by the key of what decided their outputs.

    Parameters
    ----------
    path
        Folder of the cache; made where missing.

    Attributes
    ----------
    repairs
        What was found damaged and mended, a sentence each, to be shown to whoever builds.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.repairs: list[str] = []
        path.mkdir(parents=True, exist_ok=True)
        damaged = not _is_sound(path / "global.db")
        if damaged:
            (path / "global.db").replace(path / "global.db.damaged")
        self._cache = get_cache(path)
        if damaged:
            kept = self._restore()
            self.repairs.append(f"the execution cache's database was damaged: restored with {kept} entries")
        self._drop_records_without_files()

    def find(self, notebook: nbformat.NotebookNode, inputs: str) -> float | None:
        """Make sure that MyST-NB will find this notebook's outputs, if they are known.

        Parameters
        ----------
        notebook
            The chapter as it is now, its key in the kernelspec.
        inputs
            The key.

        Returns
        -------
        float or None
            Seconds that the execution took; ``None`` where the chapter must be executed.
        """
        try:
            record = self._cache.match_cache_notebook(notebook)
        except KeyError:
            record = next((r for r in self._records() if r.data.get("inputs") == inputs), None)
        if record is None:
            return None
        executed = self._read(record.hashkey, notebook)
        if executed is None:
            self._remove(record)
            self.repairs.append(f"a damaged entry of the execution cache was dropped ({Path(record.uri).name})")
            return None
        if record.hashkey != self._hash(notebook):
            self.store(_with_outputs(notebook, executed), record.data)
        return float(record.data.get("execution_seconds") or 0.0)

    def outputs(self, notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
        """A notebook with the outputs that are known for it.

        Raises
        ------
        KeyError
            If none are.
        """
        executed: nbformat.NotebookNode = self._cache.merge_match_into_notebook(notebook)[1]
        return executed

    def last_parts(self, uri: str) -> dict[str, str] | None:
        """What decided the newest execution of a chapter, by name; ``None`` where it was never executed."""
        newest = self._newest(uri)
        return dict(newest["parts"]) if newest else None

    def last_seconds(self, uri: str) -> float:
        """How long the newest execution of a chapter took; infinity where it was never executed."""
        newest = self._newest(uri)
        return float(newest["execution_seconds"]) if newest else math.inf

    def store(self, executed: nbformat.NotebookNode, data: Mapping[str, Any]) -> None:
        """Keep an executed chapter.

        Parameters
        ----------
        executed
            The notebook with its outputs, its key in the kernelspec.
        data
            ``uri`` (the chapter), ``inputs`` (its key), ``parts`` (what the key is made of), ``execution_seconds``.
        """
        notebook = copy.deepcopy(executed)
        notebook.metadata[RECORD] = dict(data)
        # a build killed between making the folder and writing the file leaves the folder, which jupyter-cache refuses
        shutil.rmtree(self.path / "executed" / self._hash(notebook), ignore_errors=True)
        bundle = CacheBundleIn(notebook, data["uri"], data=dict(data))
        self._cache.cache_notebook_bundle(bundle, check_validity=False, overwrite=True)

    def _hash(self, notebook: nbformat.NotebookNode) -> str:
        return str(self._cache.create_hashed_notebook(notebook)[1])

    def _newest(self, uri: str) -> Mapping[str, Any] | None:
        """What is known of the newest execution of a chapter."""
        records = [record for record in self._records() if record.uri == uri and "parts" in record.data]
        return max(records, key=lambda record: (record.created, record.pk)).data if records else None

    def _records(self) -> list[NbCacheRecord]:
        return list(self._cache.list_cache_records())

    def _read(self, hashkey: str, like: nbformat.NotebookNode) -> nbformat.NotebookNode | None:
        """An entry, if it can be read and holds the same code as a notebook."""
        try:
            text = (self.path / "executed" / hashkey / "base.ipynb").read_text(encoding="utf-8")
            executed = nbformat.reads(text, as_version=4)  # type: ignore[no-untyped-call]
        except (OSError, ValueError, nbformat.reader.NotJSONError, nbformat.ValidationError):
            return None
        sources = [cell.source for cell in like.cells if cell.cell_type == "code"]
        return executed if [cell.source for cell in executed.cells] == sources else None

    def _remove(self, record: NbCacheRecord) -> None:
        shutil.rmtree(self.path / "executed" / record.hashkey, ignore_errors=True)
        NbCacheRecord.remove_records([record.pk], self._cache.db)

    def _drop_records_without_files(self) -> None:
        """A build killed while it stored an entry leaves a record without a file, on which jupyter-cache stumbles."""
        try:
            for record in self._records():
                if not (self.path / "executed" / record.hashkey / "base.ipynb").is_file():
                    self._remove(record)
        except (SQLAlchemyError, RuntimeError) as error:
            raise OSError(f"the execution cache {self.path} cannot be used: {error}") from error

    def _restore(self) -> int:
        """Make the records again from the entries themselves; returns how many could be read."""
        kept = 0
        for file in sorted(self.path.glob("executed/*/base.ipynb")):
            try:
                data = dict(json.loads(file.read_text(encoding="utf-8"))["metadata"][RECORD])
                uri = str(data["uri"])
            except (OSError, ValueError, KeyError, TypeError):
                shutil.rmtree(file.parent)
                continue
            NbCacheRecord.create_record(uri=uri, hashkey=file.parent.name, db=self._cache.db, data=data)
            kept += 1
        return kept


def _is_sound(database: Path) -> bool:
    """Whether the database can be read as jupyter-cache's; a missing one is sound."""
    if not database.exists():
        return True
    try:
        with sqlite3.connect(database) as connection:
            sound: bool = connection.execute("PRAGMA quick_check").fetchone() == ("ok",)
            connection.execute("SELECT hashkey, uri, data, created FROM nbcache LIMIT 1")
        connection.close()
    except sqlite3.Error:
        return False
    return sound


def _with_outputs(notebook: nbformat.NotebookNode, executed: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """A notebook as it is now, with the outputs of an earlier execution of the same code."""
    result = copy.deepcopy(notebook)
    code = (cell for cell in result.cells if cell.cell_type == "code")
    for cell, old in zip(code, executed.cells, strict=True):
        cell.outputs, cell.execution_count = old.outputs, old.execution_count
    for key in ("language_info", "widgets"):
        if key in executed.metadata:
            result.metadata[key] = executed.metadata[key]
    return result
