"""Which chapters are out of date, and why: the key of a page, in both layers that could serve it stale.

The key covers the cells, the tags that change execution, the code of every module that the cells' imports reach, the
declared data files, the profile, Python's minor version and the lock file. It is written into the page's kernelspec, so
that the execution cache misses when it changes; and it is compared before Sphinx reads, so that the page is reread.
"""

from __future__ import annotations

import hashlib
import os
import re
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import nbformat
from myst_nb.core.config import NbParserConfig
from myst_parser.config.main import MdParserConfig

from alignbook.press import pages
from alignbook.press.pages import ChapterError, Page
from alignbook.profile import Profile
from alignbook.provenance import Sources, fingerprint

CHANGES = {
    "cells": "its cells changed",
    "kernel": "its kernel changed",
    "python": "Python's minor version changed",
    "options": "the book's execution settings changed",
}
"""How a changed part of a key is told; other parts are named as they are."""


@dataclass(frozen=True)
class Chapter:
    """An executable page, ready to be looked up or run.

    Parameters
    ----------
    docname, path
        The page.
    source
        Its text as read.
    text
        The same with the key in its front matter, line for line.
    notebook
        The notebook that MyST-NB will make of ``text``.
    page
        What its own text says about execution.
    parts
        What its key is made of, by name.
    run
        The profile that it runs under.
    """

    docname: str
    path: Path
    source: str
    text: str
    notebook: nbformat.NotebookNode
    page: Page
    parts: Mapping[str, str]
    run: Profile

    @property
    def inputs(self) -> str:
        """The key."""
        return fingerprint(self.parts)

    @property
    def seedless(self) -> str:
        """What decides the outputs under any profile."""
        return fingerprint({name: part for name, part in self.parts.items() if name != "profile"})


class Keys:
    """Computes the keys of one book's pages; reads each module and file once, so make a new one for every build.

    Parameters
    ----------
    packages
        Importable packages whose source decides freshness.
    lock
        The lock file, if there is one.
    options
        Settings of the whole book that change what cells compute.
    run
        The profile that the cells run under.

    Raises
    ------
    ModuleNotFoundError
        If a package is not installed.
    """

    def __init__(self, packages: Iterable[str], lock: Path, options: Mapping[str, object], run: Profile) -> None:
        self.packages, self.run = tuple(packages), run
        self._sources: dict[Path, Sources] = {}
        self._chapters: dict[str, Chapter] = {}
        self._common = {
            "profile": f"seed {run.seed}, size {run.size}",
            "python": f"{sys.version_info.major}.{sys.version_info.minor}",
            "lock.txt": _requirements_digest(lock),
            "options": repr(sorted(options.items())),
        }

    def sources(self, folder: Path) -> Sources:
        """The watched packages, and the modules that lie in a chapter's own folder."""
        if folder not in self._sources:
            self._sources[folder] = Sources.of(self.packages, (folder,))
        return self._sources[folder]

    def modules(self, page: Page, folder: Path) -> frozenset[str]:
        """The modules whose code is in a page's key."""
        return frozenset(self.sources(folder).reach(page.imports))

    def known(self, docname: str) -> Chapter | None:
        """A chapter that was read in this build; ``None`` for a page without code."""
        return self._chapters.get(docname)

    def parts(self, page: Page, folder: Path) -> dict[str, str]:
        """What a page's key is made of, by name."""
        return {
            "cells": page.cells,
            "kernel": page.kernel,
            **self._common,
            **self.sources(folder).reach(page.imports),
            **_file_digests(page.files, folder),
        }

    def chapter(
        self, docname: str, path: Path, source: str, md_config: MdParserConfig, nb_config: NbParserConfig
    ) -> Chapter | None:
        """Read a page and compute its key; ``None`` for a page without code.

        Raises
        ------
        ChapterError
            If the page cannot be executed as it stands; says where and why.
        """
        known = self._chapters.get(docname)
        if known is not None and known.source == source:
            return known
        matter = pages.front_matter(source)
        notebook = pages.read_notebook(source, path, md_config, nb_config)
        if matter is None or notebook is None:
            return None
        page = pages.describe(notebook, matter)
        for pattern in page.files:
            if not _matches(pattern, path.parent):
                line = next(i for i, text in enumerate(source.splitlines(), 1) if "data_files" in text)
                raise ChapterError(f"data_files: nothing matches {pattern!r} (from the chapter's folder)", line)
        parts = self.parts(page, path.parent)
        kernelspec = pages.kernelspec(matter, page, fingerprint(parts))
        notebook.metadata["kernelspec"] = nbformat.from_dict(kernelspec)  # type: ignore[no-untyped-call]
        text = pages.with_kernelspec(source, matter, kernelspec)
        self._chapters[docname] = Chapter(docname, path, source, text, notebook, page, parts, self.run)
        return self._chapters[docname]


def reasons(old: Mapping[str, str] | None, new: Mapping[str, str]) -> list[str]:
    """Why a chapter must run, from what decided its last execution and what decides it now."""
    if old is None:
        return ["never executed"]
    changed = [name for name in sorted(old.keys() & new.keys()) if old[name] != new[name]]
    return [
        *(CHANGES.get(name, f"{name} changed") for name in changed),
        *(f"{name} is new" for name in sorted(new.keys() - old.keys())),
        *(f"{name} is gone" for name in sorted(old.keys() - new.keys())),
    ] or ["its entry is not in the execution cache"]


def _matches(pattern: str, folder: Path) -> list[Path]:
    """Files that a declared name stands for: itself, or what a glob finds."""
    if not re.search(r"[*?\[]", pattern):
        return [folder / pattern] if (folder / pattern).is_file() else []
    return sorted(path for path in folder.glob(pattern) if path.is_file())


def _file_digests(patterns: Iterable[str], folder: Path) -> dict[str, str]:
    digests = {pattern: "missing" for pattern in patterns if not _matches(pattern, folder)}
    for path in (path for pattern in patterns for path in _matches(pattern, folder)):
        digests[Path(os.path.relpath(path, folder)).as_posix()] = hashlib.sha256(path.read_bytes()).hexdigest()
    return digests


def _requirements_digest(lock: Path) -> str:
    """Digest of the lock file's pins, without comments and hashes; empty where there is no lock file."""
    if not lock.is_file():
        return ""
    lines = (line.split(" \\")[0].strip() for line in lock.read_text(encoding="utf-8").splitlines())
    return fingerprint({"pins": "\n".join(line for line in lines if line and not line.startswith(("#", "--hash")))})
