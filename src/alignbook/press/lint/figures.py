"""Figures without a text alternative: readers who cannot see them would not learn what they show."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from alignbook.press.lint.cells import Call, literal
from alignbook.press.lint.findings import worth_saying
from alignbook.press.lint.prose import Directive, Prose

_FILE = re.compile(r"\S+\.(?:png|jpe?g|gif|svg|webp|pdf|tiff?|bmp)", re.I)
_DRAWS_NOTHING = frozenset(
    {"close", "get_cmap", "ioff", "ion", "rc", "rc_context", "rcdefaults", "set_cmap", "style", "switch_backend"}
)
_HIDDEN = frozenset({"remove-cell", "remove-output"})
_MEND = "say in a sentence what there is to see"


def figures_without_alt(prose: Prose, calls: Sequence[Call]) -> Iterator[tuple[int, str]]:
    """Every figure of a page whose alternative text is missing or says nothing (line, message)."""
    for image in prose.images:
        if problem := _problem(image.alt):
            yield image.line, f"an image {problem}: {_MEND}"
    for call in calls:
        yield from _of_call(call)
    drawing = {call.within for call in calls if call.within and _draws(call, set())}
    for cell in prose.cells:
        drawn = [call for call in calls if call.cell is cell and not call.within and _draws(call, drawing)]
        if drawn and not _HIDDEN & set(cell.options.get("tags") or []) and (problem := _problem(_alt_of(cell))):
            yield drawn[0].line, f"a Matplotlib figure {problem}: {_MEND}, as mystnb.image.alt of the cell"


def _of_call(call: Call) -> Iterator[tuple[int, str]]:
    """What is wrong with the ``alt`` of one call, if it is one that shows a picture."""
    if call.name in ("IPython.display.Image", "IPython.core.display.Image"):
        what = "Image(…)"
    elif call.published == "figure":
        what = "figure(…)"
    else:
        return
    node = call.argument("alt")
    if node is None and not any(keyword.arg is None for keyword in call.node.keywords):
        yield call.line, f"{what} without alt=: {_MEND}"
    text = literal(node) if node else None
    if node and text is not None and (problem := _problem(text)):
        yield call.cell.body_line + node.lineno - 1, f"{what} {problem}: {_MEND}"


def _problem(alt: str | None) -> str:
    """What is wrong with an alternative text; empty if nothing is."""
    text = " ".join((alt or "").split())
    if not text:
        return "without alt text"
    if _FILE.fullmatch(text):
        return f"whose alt text is the name of a file, {text!r}"
    if not worth_saying(text):
        return f"whose alt text says too little, {text!r}"
    return ""


def _draws(call: Call, drawing: set[str]) -> bool:
    """Whether a call draws with pyplot, directly or through a function of the page that does."""
    module, _, rest = call.name.partition("matplotlib.pyplot.")
    return call.name in drawing or (not module and bool(rest) and rest.partition(".")[0] not in _DRAWS_NOTHING)


def _alt_of(cell: Directive) -> str | None:
    """The alternative text among a cell's options."""
    value: Any = cell.options
    for key in ("mystnb", "image", "alt"):
        value = value.get(key) if isinstance(value, Mapping) else None
    return None if value is None else str(value)
