"""From LaTeX to PDF: latexmk runs LuaLaTeX and xindy until nothing changes any more."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

ENDED = "typeset.txt"
"""The file that says that the last run came to its end; without it, what the run left behind cannot be trusted."""

_LEFT_BEHIND = (
    "aux",
    "fdb_latexmk",
    "fls",
    "idx",
    "ilg",
    "ind",
    "loc",
    "lod",
    "lof",
    "log",
    "lot",
    "out",
    "pdf",
    "toc",
)


class TypesettingError(Exception):
    """LaTeX gave up; its log says why."""


def environment(epoch: int) -> dict[str, str]:
    """The environment of TeX: one date for everything, and lines of the log that are never broken."""
    given = {
        "FORCE_SOURCE_DATE": "1",
        "LATEXOPTS": "",
        "SOURCE_DATE_EPOCH": str(epoch),
        "TZ": "UTC",
        "XINDYOPTS": "-L english -C utf8 -M sphinx.xdy",  # without it, latexmk stops before the index
        "error_line": "254",
        "half_error_line": "238",
        "max_print_line": "20000",
    }
    return {**os.environ, **given}


def typeset(folder: Path, name: str, epoch: int) -> Path:
    """Make the PDF.

    Parameters
    ----------
    folder
        Where Sphinx has written the LaTeX. What earlier runs left there saves time; an interrupted one's is removed.
    name
        The LaTeX file, without its ending.
    epoch
        The date of the book, in seconds since 1970.

    Returns
    -------
    Path
        The PDF.

    Raises
    ------
    TypesettingError
        If there is none.
    """
    ended = folder / ENDED
    trusted = ended.is_file()
    ended.unlink(missing_ok=True)
    if not trusted:
        _clear(folder, name)
    code, said = _latexmk(folder, name, epoch)
    if code and trusted:  # what an earlier run noted may make no sense to another preamble
        _clear(folder, name)
        code, said = _latexmk(folder, name, epoch)
    if code:
        raise TypesettingError("\n".join(said.strip().splitlines()[-8:]))
    ended.write_text("", encoding="utf-8")
    return folder / f"{name}.pdf"


def _clear(folder: Path, name: str) -> None:
    """Remove what earlier runs left behind."""
    for ending in _LEFT_BEHIND:
        (folder / f"{name}.{ending}").unlink(missing_ok=True)


def _latexmk(folder: Path, name: str, epoch: int) -> tuple[int, str]:
    """Run latexmk; its exit code, and what it said."""
    options = ("-pdflua", "-interaction=nonstopmode", "-halt-on-error", "-file-line-error", "-silent")
    done = subprocess.run(
        ["latexmk", *options, f"{name}.tex"],
        cwd=folder,
        env=environment(epoch),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
    )
    (folder / "latexmk.txt").write_text(done.stdout, encoding="utf-8")
    return done.returncode, done.stdout
