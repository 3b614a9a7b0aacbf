"""What the finished PDF is asked: whether it is sound, and whether it brings all its fonts."""

from __future__ import annotations

import subprocess
from pathlib import Path


def faults(pdf: Path) -> list[str]:
    """What is wrong with a PDF; empty for a sound one."""
    checked = subprocess.run(["qpdf", "--check", str(pdf)], capture_output=True, text=True, check=False)
    said = [line for line in (checked.stdout + checked.stderr).splitlines() if line.startswith(("WARNING", "ERROR"))]
    broken = [f"qpdf --check: {line}" for line in said or ["failed"]] if checked.returncode else []
    listed = subprocess.run(["pdffonts", str(pdf)], capture_output=True, text=True, check=False)
    return [*broken, *(f"the font {name} is not embedded" for name in not_embedded(listed.stdout))]


def not_embedded(listing: str) -> list[str]:
    r"""The fonts that a PDF names but does not contain.

    Parameters
    ----------
    listing
        What ``pdffonts`` prints: two lines of headings, then a font a line, its columns at fixed places.

    Examples
    --------
    >>> head = "name                                 type              encoding         emb sub uni object ID"
    >>> rule = "------------------------------------ ----------------- ---------------- --- --- --- ---------"
    >>> font = "Times-Roman                          Type 1            WinAnsi          no  no  no       3  0"
    >>> not_embedded("\n".join([head, rule, font]))
    ['Times-Roman']
    """
    lines = listing.splitlines()
    if len(lines) < 2:
        return ["(none is listed: pdffonts cannot read the file)"]
    column = lines[0].index(" emb ") + 1
    return [line[:column].split()[0] for line in lines[2:] if line[column : column + 3].strip() == "no"]
