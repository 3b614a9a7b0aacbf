"""What must be installed for the PDF, whether it is, and the command that installs it.

``python -m alignbook.press.pdf.tools`` says what is missing (exit code 1), ``--command`` prints the command alone.
"""

from __future__ import annotations

import os
import platform
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from alignbook.press import config
from alignbook.press.pdf.settings import TEX

PROGRAMS = ("lualatex", "latexmk", "xindy", "kpsewhich", "qpdf", "pdffonts")

_PACKAGE = re.compile(r"\\RequirePackage(?:\[[^\]]*\])?\{([^}]+)\}")

INSTALL = {
    "debian": "apt-get install --no-install-recommends latexmk texlive-luatex texlive-latex-extra xindy "
    "fonts-texgyre fonts-texgyre-math fonts-dejavu fonts-noto-core fonts-noto-cjk fonts-noto-color-emoji "
    "qpdf poppler-utils",
    "fedora": "dnf install latexmk texlive-scheme-medium texlive-collection-latexextra texlive-collection-luatex "
    "texlive-xindy texlive-tex-gyre texlive-tex-gyre-math dejavu-fonts-all google-noto-sans-cjk-fonts "
    "google-noto-serif-cjk-fonts google-noto-color-emoji-fonts google-noto-sans-hebrew-fonts "
    "google-noto-sans-arabic-fonts google-noto-sans-devanagari-fonts google-noto-sans-thai-fonts "
    "google-noto-sans-symbols-2-fonts qpdf poppler-utils",
    "macos": "brew install qpdf poppler && brew install --cask mactex-no-gui font-dejavu font-noto-sans-cjk "
    "font-noto-serif-cjk font-noto-color-emoji font-noto-sans-hebrew font-noto-sans-arabic "
    "font-noto-sans-devanagari font-noto-sans-thai font-noto-sans-symbols-2",
}
"""The command for each system; the README shows the same ones, which a test compares."""

_FONT_FOLDERS = (
    "/usr/share/fonts",
    "/usr/local/share/fonts",
    "/usr/share/texmf/fonts",
    "/Library/Fonts",
    "/System/Library/Fonts",
    "~/.fonts",
    "~/.local/share/fonts",
    "~/Library/Fonts",
)


def missing(text_font: str) -> list[str]:
    """Programs, TeX packages and fonts that are not installed.

    Parameters
    ----------
    text_font
        Which font of the TeX Gyre family the book is set in.
    """
    programs = [name for name in PROGRAMS if shutil.which(name) is None]
    if "kpsewhich" in programs:
        return programs
    return [*programs, *_not_found([*packages(), *fonts(text_font)])]


def packages() -> list[str]:
    """The TeX packages that the book's own style loads."""
    styles = "".join(path.read_text(encoding="utf-8") for path in sorted(TEX.glob("*.sty")))
    names = {name.strip() for group in _PACKAGE.findall(styles) for name in group.split(",")}
    return sorted(f"{name}.sty" for name in names)


def fonts(text_font: str) -> list[str]:
    """The files of all fonts that the book may load."""
    lua = (TEX / "alignbook-fonts.lua").read_text(encoding="utf-8")
    named = set(re.findall(r"(\w[\w-]*\.(?:ttf|otf))", lua))
    named |= {f"Noto{style}.ttc" for style in re.findall(r'cjk\("([\w-]+)"', lua)}
    named |= {f"{name}.ttf" for name in re.findall(r'others\("([\w-]+)"', lua)}
    family = [f"texgyre{name}-{style}.otf" for name in (text_font, "heros") for style in ("regular", "bold", "italic")]
    mono = ["DejaVuSansMono.ttf", "DejaVuSansMono-Bold.ttf", "DejaVuSansMono-Oblique.ttf"]
    return sorted({*named, *family, *mono, f"texgyre{text_font}-math.otf"})


def _not_found(names: Iterable[str]) -> list[str]:
    """The files that neither TeX nor the system's folders of fonts have."""
    wanted = list(names)
    done = subprocess.run(["kpsewhich", *wanted], capture_output=True, text=True, check=False)
    found = {Path(line).name for line in done.stdout.splitlines()}
    if set(wanted) <= found:
        return []
    for folder in _FONT_FOLDERS:
        for _, _, files in os.walk(Path(folder).expanduser()):
            found.update(files)
    return [name for name in wanted if name not in found]


def install_command(release: str | None = None, system: str | None = None) -> str:
    """The command that installs all of it on this system.

    Parameters
    ----------
    release
        The text of ``/etc/os-release``; read there where ``None``.
    system
        The system's name as :func:`platform.system` gives it; asked there where ``None``.

    Examples
    --------
    >>> install_command("ID=fedora", "Linux").split()[:3]
    ['dnf', 'install', 'latexmk']
    """
    if (system or platform.system()) == "Darwin":
        return INSTALL["macos"]
    path = Path("/etc/os-release")
    text = release if release is not None else (path.read_text(encoding="utf-8") if path.is_file() else "")
    names = " ".join(re.findall(r'^ID(?:_LIKE)?="?([^"\n]*)', text, re.M)).split()
    return INSTALL["fedora" if {"fedora", "rhel"} & set(names) else "debian"]


def how_to_install(lacking: Iterable[str]) -> str:
    """What is missing, and the command that installs it."""
    return f"ERROR: missing: {', '.join(lacking)}\ninstall them with:\n    {install_command()}"


def main(arguments: list[str]) -> int:
    """Say what is missing for the book of this folder, or how to install it; the exit code says whether anything is."""
    if arguments == ["--command"]:
        print(install_command())
        return 0
    lacking = missing(config.load(Path("_config.yml")).latex.text_font)
    if lacking:
        print(how_to_install(lacking))
    return int(bool(lacking))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
