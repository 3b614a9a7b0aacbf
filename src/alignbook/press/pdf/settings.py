"""From the keys ``latex.*`` of ``_config.yml`` to what Sphinx's LaTeX builder takes.

The look itself is TeX and stands in ``tex/alignbook.sty``; the fonts are in ``tex/alignbook-fonts.sty`` and ``.lua``.
"""

from __future__ import annotations

import os
import re
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sphinx.util import texescape

TEX = Path(__file__).parent / "tex"

OPTIONS = (
    "paper",
    "font_size",
    "text_font",
    "inner_margin",
    "outer_margin",
    "top_margin",
    "bottom_margin",
    "note_width",
    "licence",
)
"""What ``alignbook_print`` holds: the keys of ``_config.yml`` below ``latex`` that are this book's own."""


@dataclass(frozen=True)
class Edition:
    """What the page after the cover says of this copy.

    Parameters
    ----------
    version
        Of the book.
    commit
        From what it was built, in words.
    epoch
        Its date, in seconds: the commit's, or ``SOURCE_DATE_EPOCH``.
    copyright, site
        Who holds the rights; the address of the web edition. Empty where there is none.
    preview
        What to print on every page of a book of another size or seed.
    """

    version: str
    commit: str
    epoch: int
    copyright: str = ""
    site: str = ""
    preview: str = ""

    @property
    def date(self) -> str:
        """The day, as it is printed."""
        day = time.gmtime(self.epoch)
        return f"{day.tm_mday} {time.strftime('%B %Y', day)}"


def commit_of(root: Path, environ: Mapping[str, str] = os.environ) -> tuple[str, int]:
    """What a folder is a checkout of, in words, and its date.

    Parameters
    ----------
    root
        The folder.
    environ
        The environment: ``SOURCE_DATE_EPOCH`` sets the date.

    Returns
    -------
    tuple of str and int
        The commit, and whether there are changes to it; seconds since 1970, the time of the commit where git knows it.

    Raises
    ------
    ValueError
        If ``SOURCE_DATE_EPOCH`` is not a number of seconds.
    """
    given = environ.get("SOURCE_DATE_EPOCH", "")
    if given and not (given.isascii() and given.isdigit()):
        raise ValueError(f"SOURCE_DATE_EPOCH must be a whole number of seconds since 1970, got {given!r}")
    known = _git(root, "log", "-1", "--format=%h %ct").split()
    if len(known) != 2:
        return "files that git does not know", int(given or time.time())
    changed = " with changes" if _git(root, "status", "--porcelain", "--untracked-files=no", "--", ".") else ""
    return f"commit {known[0]}{changed}", int(given or known[1])


def _git(root: Path, *arguments: str) -> str:
    """What git prints; nothing where it cannot."""
    try:
        done = subprocess.run(["git", "-C", str(root), *arguments], capture_output=True, text=True, check=False)
    except OSError:
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""


def elements(options: Mapping[str, str], edition: Edition) -> dict[str, Any]:
    """The parts of Sphinx's LaTeX template.

    Parameters
    ----------
    options
        Every one of :data:`OPTIONS`.
    edition
        This copy of the book.
    """
    margins = f"inner={options['inner_margin']},outer={options['outer_margin']}"
    margins += f",top={options['top_margin']},bottom={options['bottom_margin']}"
    geometry = f"\\usepackage[{margins},marginparwidth={options['note_width']},marginparsep=5mm]{{geometry}}"
    hyperref = "pdfusetitle,pdflang=en-GB,pdfdisplaydoctitle,bookmarksnumbered,bookmarksopen,bookmarksopenlevel=0"
    return {
        "papersize": f"{options['paper']}paper",
        "pointsize": options["font_size"],
        "extraclassoptions": "openany,twoside",
        "maxlistdepth": "12",
        "fncychap": "",
        "cmappkg": "",
        "fontenc": "",
        "polyglossia": "",
        "babel": "\\usepackage[english,bidi=basic]{babel}",
        "fontpkg": f"\\newcommand{{\\abTextFont}}{{texgyre{options['text_font']}}}\n\\usepackage{{alignbook-fonts}}",
        "fvset": "\\fvset{fontsize=\\small}",
        "geometry": geometry,
        "passoptionstopackages": f"\\PassOptionsToPackage{{{hyperref}}}{{hyperref}}",
        "preamble": "\n".join([*_facts(options, edition), "\\usepackage{alignbook}"]),
    }


def _facts(options: Mapping[str, str], edition: Edition) -> list[str]:
    facts = {
        "abVersion": edition.version,
        "abCommit": edition.commit,
        "abDate": edition.date,
        "abCopyright": edition.copyright,
        "abLicence": options["licence"],
        "abPreview": edition.preview,
    }
    texescape.init()
    lines = [f"\\newcommand{{\\{name}}}{{{texescape.escape(text, 'lualatex')}}}" for name, text in facts.items()]
    return [*lines, f"\\newcommand{{\\abSite}}{{{url(edition.site)}}}"]


def url(address: str) -> str:
    """A web address as it can stand in an argument of a TeX command."""
    return re.sub(r"([#%&_~^\\{}])", r"\\\1", address) if address else ""
