"""What the log of LaTeX says is wrong, told of the lines of the book."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from alignbook.press.pdf.positions import Position, place_of

OVERFULL_PT = 10.0
"""How far, in points, text may stand out of its line or page before that is a fault."""

_AT = r"(?:in paragraph|in alignment|detected) at lines? (\d+)"
_OVERFULL = re.compile(rf"Overfull \\([hv])box \(([\d.]+)pt too (?:wide|high)\) (?:{_AT}|(has occurred))")
_ERROR = re.compile(r"^(?:\./)?([^\s:]+\.\w+):(\d+): (.*)")
_UNDEFINED = re.compile(r"(?:Hyper reference|Reference|Citation) [`'](.+?)'.* undefined on input line (\d+)")
_TWICE = re.compile(r"Label [`'](.+?)' multiply defined")
_NO_TARGET = re.compile(
    r"ignoring duplicate destination with the name '(.+?)'|unreferenced destination with name '(.+?)'"
)
_MISSING = re.compile(r"Missing character: There is no (\S+) \(U\+([0-9A-F]+)\) in font (\S+)")
_TOO_LARGE = re.compile(r"Float too large for page by ([\d.]+)pt on input line (\d+)")
_NO_FILE = re.compile(r"File [`'](.+?)' not found")
_NO_FONT = re.compile(r'The font "(.+?)" cannot be found')
_PICTURE = re.compile(r"\\sphinxincludegraphics(?:\[.*?\])?\{\{?([^{}]+)\}?([\w.]*)\}")
_LIST = re.compile(r"\(\./\S+\.(toc|lof|lot|loc|lod|ind)\b")
_LISTS = {
    "toc": "the table of contents",
    "lof": "the list of figures",
    "lot": "the list of tables",
    "loc": "the list of claims",
    "lod": "the list of demos",
    "ind": "the index",
}


@dataclass(frozen=True)
class Problem:
    """A fault of the printed book.

    Parameters
    ----------
    place
        ``file:line`` of the book, or what else is concerned.
    message
        What is wrong, and how to mend it.
    """

    place: str
    message: str


def problems(log: str, tex: str, positions: Sequence[Position]) -> list[Problem]:
    """Everything in a log that a reader would see, or miss.

    Parameters
    ----------
    log
        The log of the last run, its lines never broken.
    tex
        The LaTeX file.
    positions
        Where its lines come from.

    Returns
    -------
    list of Problem
        Without repetition, in the order of the log.
    """
    return list(dict.fromkeys(_found(log, tex, positions)))


def _found(log: str, tex: str, positions: Sequence[Position]) -> Iterator[Problem]:
    lines = tex.splitlines()
    inside = ""  # which list is being read: line numbers are then its own

    def at(line: str) -> str:
        return _LISTS[inside] if inside else place_of(int(line), positions) or f"line {line} of the LaTeX"

    for text in log.splitlines():
        for opened in _LIST.finditer(text):
            inside = opened[1] if ")" not in text[opened.end() :] else ""
        if inside and text.startswith(")"):
            inside = ""
        if error := _ERROR.match(text):
            yield Problem(at(error[2]), f"LaTeX stopped: {error[3]}")
        elif text.startswith("! "):
            yield Problem("the LaTeX", f"LaTeX stopped: {text[2:]}")
        elif box := _OVERFULL.search(text):
            yield from _overfull(box, at)
        elif float_ := _TOO_LARGE.search(text):
            if float(float_[1]) > OVERFULL_PT:
                yield Problem(
                    at(float_[2]), f"this is {float_[1]} pt taller than a page: make it smaller, or divide it"
                )
        elif undefined := _UNDEFINED.search(text):
            yield Problem(at(undefined[2]), f"the reference to {undefined[1]!r} leads nowhere in the PDF")
        elif twice := _TWICE.search(text):
            for number in _lines_with(f"{{{twice[1]}}}", lines):
                yield Problem(at(str(number)), f"the label {twice[1]!r} is given twice")
        elif target := _NO_TARGET.search(text):
            yield Problem("the PDF", f"links to {target[1] or target[2]!r} lead to the wrong place")
        elif missing := _MISSING.search(text):
            yield from _missing(missing, lines, positions)
    used = set(re.findall(r"<use (?:\./)?([^>,]+)", log))
    for number, line in enumerate(lines, 1):
        for picture in _PICTURE.finditer(line):
            if picture[1] + picture[2] not in used:
                yield Problem(at(str(number)), "the picture is not in the PDF: LaTeX took its options for text")


def _overfull(box: re.Match[str], at: object) -> Iterator[Problem]:
    """A box that stands out too far."""
    if float(box[2]) <= OVERFULL_PT or not callable(at):
        return
    if box[4]:
        yield Problem("a page", f"{box[2]} pt of its text stand out at the bottom: something on it is too tall")
    else:
        side, mend = ("right", "shorten or divide it") if box[1] == "h" else ("bottom", "make it smaller, or divide it")
        yield Problem(at(box[3]), f"this stands out by {box[2]} pt at the {side}: {mend}")


def _missing(missing: re.Match[str], lines: Sequence[str], positions: Sequence[Position]) -> Iterator[Problem]:
    """A character that no font has, at every place where it stands."""
    character = chr(int(missing[2], 16))
    name = unicodedata.name(character, "a character without a name")
    message = f"no font has U+{missing[2]} ({name}): write it otherwise, or add a font to alignbook-fonts.lua"
    numbers = _lines_with(character, lines)
    places = {place_of(number, positions) or f"line {number} of the LaTeX" for number in numbers}
    for place in sorted(places) or ["the LaTeX"]:
        yield Problem(place, message)


def _lines_with(text: str, lines: Sequence[str]) -> list[int]:
    return [number for number, line in enumerate(lines, 1) if text in line]


def lacking(log: str) -> list[str]:
    """The files and fonts that LaTeX did not find: something is not installed."""
    return sorted({found[1] for pattern in (_NO_FILE, _NO_FONT) for found in pattern.finditer(log)})
