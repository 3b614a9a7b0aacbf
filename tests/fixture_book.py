"""A small book of its own, with a package of its own, to try the press on: tests, soak and benchmarks build it."""

from __future__ import annotations

import contextlib
import importlib
import io
import os
import re
import subprocess
import sys
from pathlib import Path
from unittest import mock

from alignbook.press.__main__ import main

CONF = """from pathlib import Path

from alignbook.press import sphinx_config

globals().update(sphinx_config(Path(__file__).parents[1] / "_config.yml"))
templates_path = []  # the theme adds to Sphinx's own list, so builds in one process would differ and rewrite all pages
"""

CONFIG = """title: A fixture book
author: Nobody
execute:
  packages: [fixture]
  jobs: 2
  timeout: 30
"""


class FixtureBook:
    """A book in a folder, written chapter by chapter.

    Parameters
    ----------
    root
        An empty folder.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self.html = root / "_build/html"
        self.write("_config.yml", CONFIG)
        self.write("book/conf.py", CONF)
        self.module("__init__", '"""A package for the fixture book."""\n')
        self.chapters: list[str] = []

    def write(self, name: str, text: str) -> Path:
        """Write a file below the book's folder."""
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def module(self, name: str, source: str) -> Path:
        """Write a module of the package ``fixture``; dots make packages."""
        path = Path("fixture", *name.split("."))
        for parent in list(path.parents)[:-1]:
            if not (self.root / parent / "__init__.py").exists():
                self.write(f"{parent}/__init__.py", "")
        return self.write(f"{path}.py", source)

    def chapter(self, name: str, *cells: str, prose: str = "Some prose.", matter: str = "") -> Path:
        """Write a chapter with code cells, and list it in the index."""
        blocks = "\n\n".join(f"```{{code-cell}} python3\n{cell.strip()}\n```" for cell in cells)
        head = f"---\nfile_format: mystnb\n{matter}---\n\n# Chapter {name}\n\n{prose}\n\n"
        return self.page(name, head + blocks + "\n")

    def page(self, name: str, text: str) -> Path:
        """Write a page as it stands, and list it in the index."""
        if name not in self.chapters:
            self.chapters.append(name)
        names = "\n".join(self.chapters)
        self.write("book/index.md", f"# The fixture book\n\n```{{toctree}}\n:maxdepth: 1\n\n{names}\n```\n")
        return self.write(f"book/{name}.md", text)

    def environment(self, **extra: str) -> dict[str, str]:
        """The environment of a build: the fixture package can be imported, and nothing of the caller's run leaks in."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("ALIGNBOOK_")}
        return {**kept, "PYTHONPATH": str(self.root), **extra}

    def command(self, *arguments: str) -> list[str]:
        """The command that builds this book."""
        return [sys.executable, "-m", "alignbook.press", "--root", str(self.root), *arguments]

    def start(self, *arguments: str, **extra: str) -> subprocess.Popen[str]:
        """Start a build in a process of its own."""
        return subprocess.Popen(
            self.command(*arguments),
            cwd=self.root,
            env=self.environment(**extra),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def build(self, *arguments: str, **extra: str) -> tuple[int, str]:
        """Build in a process of its own; exit code, and what it printed."""
        process = self.start(*arguments, **extra)
        output, _ = process.communicate(timeout=300)
        return process.returncode, output

    def here(self, *arguments: str, **extra: str) -> tuple[int, str]:
        """Build in this process, which spares Sphinx's imports; exit code, and what was printed."""
        output = io.StringIO()
        environment = self.environment(**extra)
        with (
            contextlib.chdir(self.root),
            contextlib.redirect_stdout(output),
            contextlib.redirect_stderr(output),
            mock.patch.dict(os.environ, environment, clear=True),
            mock.patch.object(sys, "path", [str(self.root), *sys.path]),
        ):
            importlib.invalidate_caches()
            code = main(["--root", str(self.root), *arguments])
        return code, output.getvalue()

    def plan(self) -> dict[str, str]:
        """What a build would execute: chapter to reasons."""
        code, output = self.here("--plan")
        assert code == 0, output
        return dict(line.split(": ", 1) for line in output.splitlines() if ": " in line)

    def shown(self, name: str) -> str:
        """HTML of a built page."""
        return (self.html / f"{name}.html").read_text(encoding="utf-8")

    def text(self, name: str) -> str:
        """Text of a built page, without its markup."""
        return re.sub(r"<[^>]+>", "", self.shown(name))


def executed(output: str) -> set[str]:
    """The chapters that a build says it executed."""
    return set(re.findall(r"^executed (\S+) ", output, re.M))


def errors(output: str) -> str:
    """The lines of a build's output that say what is wrong."""
    return "".join(line + "\n" for line in output.splitlines() if "ERROR" in line)
