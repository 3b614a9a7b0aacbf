"""The theme's icons: of fonts with 2,000 of them, the press keeps those that the book shows."""

from __future__ import annotations

import hashlib
import re
import shutil
from collections.abc import Iterable
from pathlib import Path

_PRIVATE = re.compile("[\ue000-\uf8ff]")
_NAME = re.compile(r"\bfa-[a-z0-9-]+")
_LETTER = re.compile(r'^--fa:"\\([0-9a-f]+)"$')
_ESCAPE = re.compile(r"\\([ef][0-9a-f]{3})\b")


def keep_used_icons(site: Path) -> None:
    """Make the fonts of a built site small.

    Parameters
    ----------
    site
        The folder of the site; its pages, scripts and stylesheets say which icons are shown.
    """
    static = site / "_static"
    styles = "".join(path.read_text(encoding="utf-8") for path in sorted(static.glob("styles/*.css")))
    texts = (path.read_text(encoding="utf-8") for path in (*site.rglob("*.html"), *static.glob("scripts/*.js")))
    icons = used_icons(styles, texts)
    for font in sorted(static.glob("vendor/fontawesome/webfonts/*.woff2")):
        _shrink(font, icons, site.parent / "icons")


def used_icons(styles: str, texts: Iterable[str]) -> set[int]:
    """The letters of the icons that are shown.

    Parameters
    ----------
    styles
        The theme's stylesheets: rules that set ``--fa`` say which letter a named icon is.
    texts
        Pages and scripts, which use the names.
    """
    names = {name for text in texts for name in _NAME.findall(text)}
    icons = set()
    for rule in styles.split("}"):
        selector, _, body = rule.partition("{")
        if letter := _LETTER.match(body):
            if names.intersection(_NAME.findall(selector)):
                icons.add(int(letter[1], 16))
        else:
            icons |= {ord(letter) for letter in _PRIVATE.findall(rule)}
            icons |= {int(code, 16) for code in _ESCAPE.findall(rule)}
    return icons


def _shrink(font: Path, letters: set[int], kept: Path) -> None:
    """Shrink a font, or take what an earlier build made of the same one: Sphinx copies the large ones every time."""
    made_of = font.read_bytes() + repr(sorted(letters)).encode()
    small = kept / f"{hashlib.sha256(made_of).hexdigest()[:32]}.woff2"
    if not small.is_file():
        _subset(font, letters)
        kept.mkdir(parents=True, exist_ok=True)
        new = small.with_suffix(".new")
        shutil.copyfile(font, new)
        new.replace(small)
    shutil.copyfile(small, font)


def _subset(font: Path, letters: set[int]) -> None:
    from fontTools import subset  # it takes a moment to import: only where there is a site

    names = ["*"]  # with its licence
    options = subset.Options(flavor="woff2", layout_features=[], name_IDs=names, recalc_timestamp=False)
    with subset.load_font(font, options) as loaded:
        if set(loaded.getBestCmap()) <= letters:
            return  # shrunk before
        worker = subset.Subsetter(options)
        worker.populate(unicodes=letters)
        worker.subset(loaded)
        subset.save_font(loaded, font, options)
