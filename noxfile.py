"""Everything that is done with this repository, by name: ``nox -l`` lists it, ``nox`` runs lint, tests and book.

All sessions share one environment, ``.nox/dev``, made from ``lock.txt`` (exact versions, checked by hash) and made
again when the lock, ``pyproject.toml`` or the Python changes. So a second session, and a second build, start at once.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
from pathlib import Path

import nox

nox.needs_version = ">=2024.4.15"
nox.options.sessions = ["lint", "tests", "book"]
nox.options.default_venv_backend = "none"

ROOT = Path(__file__).parent
ENVIRONMENT = ROOT / ".nox/dev"
PEERS = ROOT / ".nox/peers"
PEERS_OF = {"alignment": ("choix", "scipy", "torch"), "data": ("datasketch", "scipy"), "nn": ("torch",)}
BIN = ENVIRONMENT / ("Scripts" if os.name == "nt" else "bin")


def run(session: nox.Session, *command: str) -> None:
    """Run a command of the shared environment, which is made first if it is missing or out of date."""
    content = (ROOT / "lock.txt").read_bytes() + (ROOT / "pyproject.toml").read_bytes()
    wanted = hashlib.sha256(content + sys.version.encode() + os.fspath(ROOT).encode()).hexdigest()
    stamp = ENVIRONMENT / "made-from.txt"
    python = os.fspath(BIN / "python")
    if not stamp.is_file() or stamp.read_text() != wanted:
        shutil.rmtree(ENVIRONMENT, ignore_errors=True)
        session.run(sys.executable, "-m", "venv", os.fspath(ENVIRONMENT), external=True)
        install = (python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check")
        session.run(*install, "--require-hashes", "-r", "lock.txt", external=True)
        session.run(*install, "--no-deps", "--no-build-isolation", "-e", ".", external=True)
        stamp.write_text(wanted)
    session.run(python, "-m", *command, external=True)


@nox.session
def book(session: nox.Session) -> None:
    """Build the book into _build/html; `-- --plan` lists what would be executed, and why."""
    run(session, "alignbook.press", *session.posargs)


@nox.session
def pdf(session: nox.Session) -> None:
    """Make the PDF in _build/pdf from the same outputs as the web edition, and check it."""
    run(session, "alignbook.press.pdf", *session.posargs)


@nox.session
def pdf_tests(session: nox.Session) -> None:
    """Make PDFs of what is hard to print, and look at what came out; needs what `nox -s pdf` needs."""
    run(session, "pytest", "-m", "latex", "-n0", "tests/press/pdf", *session.posargs)


@nox.session
def tests(session: nox.Session) -> None:
    """Run the test suite; arguments go to pytest."""
    run(session, "pytest", *session.posargs)


@nox.session
def lint(session: nox.Session) -> None:
    """Check style, types and the book's prose; `-- --fix` formats and mends what it can."""
    fix = "--fix" in session.posargs
    run(session, "ruff", "format", *([] if fix else ["--check"]), ".")
    run(session, "ruff", "check", *(["--fix"] if fix else []), ".")
    run(session, "mypy")
    run(session, "alignbook.press.lint")


@nox.session
def live(session: nox.Session) -> None:
    """Serve the book on this machine, and build it again whenever a file of it changes."""
    run(session, "alignbook.press.live", *session.posargs)


@nox.session
def record(session: nox.Session) -> None:
    """Accept the numbers of the book as they are now: build it, and write book/recorded/ (tolerances are kept)."""
    run(session, "alignbook.press", "--record", *session.posargs)


@nox.session
def browser(session: nox.Session) -> None:
    """Look at every page and demo of the book in Chromium: accessibility, keyboard, no scripts, offline, speed."""
    run(session, "alignbook.press")
    session.env["ALIGNBOOK_SITE"] = os.fspath(ROOT / "_build/html")
    run(session, "pytest", "-m", "", "-n0", "tests/browser", "tests/built/test_every_page.py", *session.posargs)


@nox.session
def seeds(session: nox.Session) -> None:
    """Try the claims of chapters under other seeds: `-- [chapter…] -n N`; an interrupted run resumes."""
    run(session, "alignbook.press.seeds", *session.posargs)


@nox.session
def soak(session: nox.Session) -> None:
    """Try the press hard: many cold parallel builds, kills at random moments, two builds at once."""
    run(session, "pytest", "-m", "soak", "-n0", "-s", "-v", *session.posargs)


@nox.session
def bench(session: nox.Session) -> None:
    """Measure speed side by side with the peers: `-- alignment`, `data`, `nn`, `press`, `publish`, `text`, or all."""
    group = nox.project.load_toml("pyproject.toml")["dependency-groups"]["peers"]
    for name in session.posargs or sorted(path.stem for path in (ROOT / "benchmarks").glob("[!_]*.py")):
        missing = [peer for peer in PEERS_OF.get(name, ()) if not (PEERS / peer).is_dir()]
        if missing:  # large, and needed for nothing else: not in the lock
            wanted = [requirement for requirement in group if requirement.partition("==")[0] in missing]
            for requirement in wanted:  # all but PyTorch need nothing beside the environment's own NumPy
                alone = [] if requirement.startswith("torch") else ["--no-deps"]
                run(session, "pip", "install", "--quiet", *alone, "--target", os.fspath(PEERS), requirement)
        session.env["PYTHONPATH"] = os.fspath(PEERS) if name in PEERS_OF else ""
        run(session, f"benchmarks.{name}")


@nox.session
def lock(session: nox.Session) -> None:
    """Resolve lock.txt again, for the oldest supported Python; `-- --upgrade` takes newer versions."""
    groups = [part for group in ("browser", "build", "lint", "live", "test") for part in ("--group", group)]
    run(
        session,
        *("uv", "pip", "compile", "pyproject.toml", "--quiet", "--output-file", "lock.txt"),
        *("--universal", "--python-version", "3.11", "--fork-strategy", "fewest", "--all-extras", *groups),
        *("--generate-hashes", "--no-emit-index-url", "--no-emit-find-links", "--no-annotate"),
        *("--no-emit-package", "alignbook", "--custom-compile-command", "nox -s lock", *session.posargs),
    )
