"""Serve the book on this machine and build it again at every change: what ``nox -s live`` runs."""

from __future__ import annotations

import argparse
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

from livereload import Server


def main() -> None:
    """Build, serve, watch. Each build is a process of its own, so that changed package code is read anew."""
    parser = argparse.ArgumentParser(prog="nox -s live --", description=__doc__)
    parser.add_argument("--port", type=int, default=8000, help="the port on this machine (default: 8000)")
    options = parser.parse_args()
    command = [sys.executable, "-m", "alignbook.press"]

    def build() -> None:
        subprocess.run(command, check=False)

    build()
    server = Server()
    package = find_spec("alignbook")
    folders = [
        Path("book"),
        *(Path(place) for place in (package.submodule_search_locations if package else []) or []),
    ]
    for path in (*folders, Path("_config.yml")):
        server.watch(str(path), build, delay=0.5)
    server.serve(root="_build/html", host="127.0.0.1", port=options.port)


if __name__ == "__main__":
    main()
