"""The book's scripts: small modules, made into one classic script and one stylesheet for all pages.

A browser loads no modules from the disk, so those of the demos (`alignbook/publish/demos/<name>/view.mjs`) and of the
reader's aids (`alignbook/press/reader/index.mjs`) cannot be linked to as they are. esbuild, run by the Node that is a
Python package, joins and shrinks them. The result is kept beside the npm packages under a digest of all that it is made
of: an edit makes it anew and writes the pages again, and no cell runs.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

from filelock import FileLock
from sphinx.application import Sphinx
from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.config import Config
from sphinx.errors import SphinxError
from sphinx.util import logging

from alignbook.press import npm

logger = logging.getLogger(__name__)

PACKAGE = Path(__file__).parents[1]
NAME = "alignbook-demos"
"""What the script and the stylesheet are called."""

KEPT = 8
"""Bundles that are kept: the last ones used, so that a reverted change is free."""


class BundleError(Exception):
    """Scripts that cannot be bundled: problems, each with its file and line."""

    def __init__(self, problems: list[tuple[str, int, str]]) -> None:
        super().__init__("; ".join(f"{file}:{line}: {problem}" for file, line, problem in problems))
        self.problems = problems


def entries(package: Path = PACKAGE) -> list[Path]:
    """Return the modules that pages start with: the reader's aids, then one view of each demo."""
    views = sorted(package.glob("publish/demos/*/view.mjs"))
    return [*package.glob("press/reader/index.mjs"), *views]


def sources(package: Path = PACKAGE) -> Iterator[Path]:
    """Yield every file that a bundle may be made of."""
    for folder in (package / "publish/demos", package / "press/reader"):
        yield from sorted(path for path in folder.rglob("*") if path.suffix in {".css", ".mjs"})


def digest(package: Path = PACKAGE) -> str:
    """Return what decides a bundle, as a short text."""
    found = hashlib.sha256()
    tools = [npm.JAVASCRIPT / "bundle.cjs", npm.JAVASCRIPT / "package-lock.json"]
    for path in (*tools, *sources(package)):
        found.update(f"{path.name}\0".encode() + path.read_bytes() + b"\0")
    return found.hexdigest()[:16]


def bundled(build: Path, package: Path = PACKAGE) -> Path:
    """Return the folder with the bundle, which is made first where it is missing.

    Parameters
    ----------
    build
        Where to keep it if the Python environment cannot be written to.
    package
        The folder with the modules.

    Raises
    ------
    BundleError
        If a module is malformed or imports what is not there.
    NpmError
        If esbuild could not be installed.
    """
    modules = npm.packages(build)
    home = modules.parent.parent
    folder = home / f"bundle-{digest(package)}"
    if not folder.is_dir():
        with FileLock(home / "bundle.lock"):
            if not folder.is_dir():  # else another build made it meanwhile
                _make(folder, modules / "esbuild-wasm", package)
    os.utime(folder)
    return folder


def _make(folder: Path, esbuild: Path, package: Path) -> None:
    """Bundle into a temporary folder and rename it, so that a folder is either whole or absent."""
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix="bundle-new-") as scratch:
        new = Path(scratch, "new")
        request = {
            "entries": [path.relative_to(package).as_posix() for path in entries(package)],
            "root": os.fspath(package),
            "out": os.fspath(new / f"{NAME}.js"),
        }
        command = [npm.node(), os.fspath(npm.JAVASCRIPT / "bundle.cjs"), os.fspath(esbuild), json.dumps(request)]
        result = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
        if result.returncode:
            raise SphinxError(f"esbuild ended by itself (exit code {result.returncode}): {result.stderr.strip()}")
        problems = json.loads(result.stdout)["errors"]
        if problems:
            raise BundleError([(os.fspath(package / p["file"]), p["line"], p["text"]) for p in problems])
        (new / f"{NAME}.css").touch()  # where no module brings a stylesheet along
        new.rename(folder)
    others = sorted(folder.parent.glob("bundle-*[0-9a-f]"), key=lambda path: path.stat().st_mtime)
    for old in others[:-KEPT]:
        shutil.rmtree(old, ignore_errors=True)


def _announce(_app: Sphinx, config: Config) -> None:
    """``config-inited``: what pages say of the script depends on its content, so a new one writes all pages."""
    config.alignbook_bundle = digest()


def _make_for_site(app: Sphinx) -> None:
    """``builder-inited``: make the bundle of a site; a mistake in a module ends the build."""
    if not isinstance(app.builder, StandaloneHTMLBuilder):
        return
    try:
        folder = bundled(Path(app.outdir).parent)
    except npm.NpmError as error:
        raise SphinxError(f"{error} (the pages' scripts need esbuild: the first build needs the network)") from None
    except BundleError as error:
        for file, line, problem in error.problems:
            logger.error("%s", problem, location=f"{file}:{line}")
        raise SystemExit(1) from None
    app.config.html_static_path = [*app.config.html_static_path, os.fspath(folder)]


def connect(app: Sphinx) -> None:
    """Register the bundle with Sphinx."""
    app.add_config_value("alignbook_bundle", "", "html", str)
    app.connect("config-inited", _announce)
    app.connect("builder-inited", _make_for_site)
    app.add_css_file(f"{NAME}.css", priority=910)  # after the book's own
    app.add_js_file(f"{NAME}.js", loading_method="defer")
