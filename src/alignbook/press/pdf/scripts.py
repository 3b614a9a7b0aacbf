"""Which scripts a text is written in, so that only their fonts are loaded: all of them double the time of a run."""

from __future__ import annotations

import re

SCRIPTS = {
    "emoji": "\u203c\u2049\u20e3\ufe0f\u231a\u231b\u23e9-\u23fa\u2600-\u27bf\u2b50\u2b55\U0001f000-\U0001faff",
    "cjk": "\u1100-\u11ff\u2e80-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff"
    "\ufe30-\ufe4f\uff00-\uffef\U00020000-\U0003ffff",
    "hebrew": "\u0590-\u05ff\ufb1d-\ufb4f",
    "arabic": "\u0600-\u06ff\u0750-\u077f\u08a0-\u08ff\ufb50-\ufdff\ufe70-\ufeff",
    "devanagari": "\u0900-\u097f\ua8e0-\ua8ff",
    "thai": "\u0e00-\u0e7f",
}
"""Scripts that have a font of their own, as ranges of characters; ``alignbook-fonts.lua`` has the same names."""

OTHERS = "others"
"""Everything else that the book's own fonts may lack: Greek, Cyrillic, phonetic letters, combining marks, symbols."""

_OWN = "\x00-\u017f\u2009-\u200a\u2013\u2014\u2018-\u201e\u2020-\u2022\u2026\u20ac\u2122\u2212"
_LANGUAGES = {"cjk": ("chinese-simplified", "japanese", "korean"), "hebrew": ("hebrew",), "arabic": ("arabic",)}


def used_in(text: str) -> list[str]:
    """The scripts that a text needs besides the Latin one, in a fixed order.

    Examples
    --------
    >>> used_in("plain – text"), used_in("你好, мир")
    ([], ['cjk', 'others'])
    """
    found = [name for name, characters in SCRIPTS.items() if re.search(f"[{characters}]", text)]
    known = "".join([_OWN, *SCRIPTS.values()])
    return [*found, OTHERS] if re.search(f"[^{known}]", text) else found


def languages(found: list[str]) -> list[str]:
    """The languages that Babel is told of, so that it knows how to break lines and where to turn the direction."""
    return [language for name in found for language in _LANGUAGES.get(name, ())]
