"""Make the PDF: ``python -m alignbook.press.pdf``, which ``nox -s pdf`` calls.

The web edition is built first, so that nothing runs twice and its numbers can be compared. Exit code 0 when the PDF was
made and is whole, 1 when anything is wrong with it.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from alignbook import profile
from alignbook.press import __main__ as web
from alignbook.press import config
from alignbook.press.folder import BuildFolder
from alignbook.press.pdf import finished, log, parity, tools, typesetting
from alignbook.press.pdf.positions import Position
from alignbook.press.pdf.settings import commit_of
from alignbook.press.pdf.translator import POSITIONS


def main(arguments: list[str] | None = None) -> int:
    """Make the PDF of the book that lies in a folder.

    Parameters
    ----------
    arguments
        Command-line arguments; those of the process where ``None``. What is not known here goes to the web edition.

    Returns
    -------
    int
        The exit code: 0, 1, or 130 when interrupted.
    """
    parser = argparse.ArgumentParser(prog="nox -s pdf --", description="Make the PDF, and check it.")
    parser.add_argument("--root", type=Path, default=Path(), help="the folder with _config.yml and book/")
    options, others = parser.parse_known_args(arguments)
    root = options.root.resolve()
    try:
        settings = config.load(root / "_config.yml").latex
        lacking = tools.missing(settings.text_font)
        if lacking:
            print(tools.how_to_install(lacking), file=sys.stderr)
            return 1
        if settings.latex_engine != "lualatex":
            print("ERROR: latex.latex_engine must be lualatex: the style is written for it", file=sys.stderr)
            return 1
        _, epoch = commit_of(root)
        code = web.main(["--root", str(root), *others])
        if code or "--plan" in others:
            return code
        folder = BuildFolder(web.usual_folder(root, profile.current()))
        with folder.locked():
            return _make(root, folder, Path(settings.latex_documents.targetname).stem, epoch)
    except KeyboardInterrupt:
        print("interrupted: the next run begins the PDF anew", file=sys.stderr)
        return 130
    except (config.ConfigError, ValueError, OSError) as error:
        print(f"ERROR: {error}", file=sys.stderr)
        return 1


def _make(root: Path, folder: BuildFolder, name: str, epoch: int) -> int:
    start = time.perf_counter()
    pages = _write(root, folder)
    if pages is None:
        return 1
    latex, target = folder.path / "latex", folder.path / "pdf" / f"{name}.pdf"
    try:
        pdf = typesetting.typeset(latex, name, epoch)
    except typesetting.TypesettingError as error:
        run = _read(latex, name)
        lacking = log.lacking(run.said)
        print(*run.problems(), sep="\n", file=sys.stderr)
        print(tools.how_to_install(lacking) if lacking else f"ERROR: {error}", file=sys.stderr)
        return 1
    run = _read(latex, name)
    problems = run.problems()
    compared, different = parity.compare(folder.html, pages, latex / f"{name}.aux")
    problems += [f"ERROR: {line}" for line in [*different, *finished.faults(pdf)]]
    if problems:
        print("\n".join(problems), file=sys.stderr)
        print(f"ERROR: the PDF was made, but not accepted: see {pdf} and its log beside it", file=sys.stderr)
        target.unlink(missing_ok=True)
        return 1
    target.parent.mkdir(exist_ok=True)
    shutil.copyfile(pdf, target)
    seconds = time.perf_counter() - start
    print(f"the PDF is in {web.shown(target)} ({seconds:.1f} s; {compared} numbers are as on the web)")
    return 0


def _write(root: Path, folder: BuildFolder) -> list[str] | None:
    """Let Sphinx write the LaTeX; the pages that are in it, or ``None`` if something is wrong with them."""
    from alignbook.press import sphinx_run  # Sphinx takes a second to import: not before the tools are there

    pages: list[str] = []
    with sphinx_run.reported(folder) as outcome, sphinx_run.application(root, folder, builder="latex") as app:
        app.build()
        pages = sorted(app.builder.docnames)  # type: ignore[attr-defined]
        outcome["code"] = app.statuscode
        if app.statuscode:
            print("ERROR: the PDF was not made: there are warnings about its pages", file=sys.stderr)
    return pages if outcome.get("code") == 0 else None


@dataclass(frozen=True)
class _Run:
    """What a run of LaTeX read and said."""

    said: str
    tex: str
    positions: list[Position]

    def problems(self) -> list[str]:
        """The faults, as lines with their places."""
        found = log.problems(self.said, self.tex, self.positions)
        return [f"{problem.place}: ERROR: {problem.message}" for problem in found]


def _read(latex: Path, name: str) -> _Run:
    path = latex / f"{name}.log"
    said = path.read_text(encoding="utf-8", errors="replace") if path.is_file() else ""
    places = json.loads((latex / POSITIONS).read_text(encoding="utf-8"))
    tex = (latex / f"{name}.tex").read_text(encoding="utf-8")
    return _Run(said, tex, [Position(line, place) for line, place in places])


if __name__ == "__main__":
    sys.exit(main())
