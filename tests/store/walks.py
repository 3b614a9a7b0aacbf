"""The package ``walks`` in a folder of its own: it holds `fake_stage.py` as its stage, which a test may then edit."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

FETCH = """
from alignbook.store import fetch
from alignbook.profile import current
import walks.stage
artefact = fetch(walks.stage.{name})
print(repr(float(artefact.places[-1])))
"""


class Walks:
    """The package, a store, and processes that fetch from it.

    Parameters
    ----------
    root
        An empty folder.
    """

    def __init__(self, root: Path) -> None:
        self.root, self.home, self.log = root, root / "home", root / "log.txt"
        self.stage = root / "walks/stage.py"
        self.stage.parent.mkdir()
        (root / "walks/__init__.py").write_text("")
        shutil.copy(Path(__file__).with_name("fake_stage.py"), self.stage)

    @property
    def events(self) -> list[str]:
        """What the stages said they did, in all processes."""
        return self.log.read_text(encoding="utf-8").splitlines() if self.log.exists() else []

    def edit(self, old: str, new: str) -> None:
        """Change the stage's code."""
        text = self.stage.read_text(encoding="utf-8")
        assert old in text
        self.stage.write_text(text.replace(old, new), encoding="utf-8")

    def start(self, script: str, **environment: str) -> subprocess.Popen[str]:
        """Start a process that runs a script."""
        settings = {"ALIGNBOOK_HOME": str(self.home), "ALIGNBOOK_SIZE": "tiny", "WALK_LOG": str(self.log)}
        return subprocess.Popen(
            [sys.executable, "-c", script],
            env={**os.environ, "PYTHONPATH": str(self.root), **settings, **environment},
            cwd=self.root,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def fetch(self, name: str = "SECOND", **environment: str) -> str:
        """Fetch an artefact in a process of its own; returns where its walk ended."""
        process = self.start(FETCH.format(name=name), **environment)
        output, errors = process.communicate(timeout=60)
        assert (process.returncode, errors) == (0, "")
        return output.strip()

    def files(self, pattern: str = "*/*") -> list[Path]:
        """The store's files, but for locks."""
        return sorted(path for path in self.home.glob(pattern) if path.suffix != ".lock")
