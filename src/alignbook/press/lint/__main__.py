"""Lint the book's prose: ``python -m alignbook.press.lint``, which ``nox -s lint`` calls.

Prints one line for each finding; exit code 1 if there are any, 0 otherwise.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from alignbook.press import config
from alignbook.press.lint import lint


def main(arguments: list[str] | None = None) -> int:
    """Lint a book and print what was found; returns the exit code.

    Parameters
    ----------
    arguments
        Command-line arguments; those of the process where ``None``.
    """
    parser = argparse.ArgumentParser(prog="python -m alignbook.press.lint", description="Lint the book's prose.")
    parser.add_argument(
        "--root", type=Path, default=Path(), help="the folder with _config.yml and book/ (default: here)"
    )
    try:
        findings = lint(parser.parse_args(arguments).root.resolve())
    except config.ConfigError as error:
        print(error, file=sys.stderr)
        return 1
    if not findings:
        print("the book's prose: nothing to mend")
        return 0
    print(*findings, sep="\n")
    print(f"the book's prose: {len(findings)} to mend", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
