"""How a call becomes an output of its cell, and what every call checks."""

from __future__ import annotations

import math
import re
import reprlib
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from numbers import Integral, Real
from typing import Any, Protocol, SupportsFloat, cast, runtime_checkable

MIME = "application/vnd.alignbook+json"
"""The type of the part of an output that the press reads; the other parts are for those who open the notebook."""

FILES = "application/vnd.alignbook.files+json"
"""The type of the part of an output that holds files by name, which the press puts into the site for scripts."""

MARK = "alignbook"
"""Where an output's metadata say on which line of its cell it was published."""

Number = SupportsFloat
"""A number of Python's or NumPy's."""

_NAME = re.compile(r"[a-z0-9]+(?:[.-][a-z0-9]+)*")


@runtime_checkable
class _Scalar(Protocol):
    """What NumPy's scalars and arrays have in common, without importing NumPy."""

    shape: tuple[int, ...]

    def item(self) -> object: ...


@dataclass(frozen=True)
class Output:
    """What an output of a cell holds, before it is shown.

    Parameters
    ----------
    record
        What the press needs to know; only what JSON can hold.
    text
        The same for whoever reads the notebook without the press.
    parts
        More parts of the output, by MIME type.
    """

    record: Mapping[str, Any]
    text: str
    parts: Mapping[str, Any] = field(default_factory=dict)

    def publish(self) -> None:
        """Add it to the cell that is running."""
        publish(self.record, self.text, **self.parts)

    def bundle(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """Return its data and metadata, as an object's rich representation gives them to a notebook."""
        data = {MIME: dict(self.record), "text/plain": self.text, **self.parts}
        return data, {MARK: {"line": _line_in_cell(_namespace())}}


def publish(record: Mapping[str, Any], text: str, **others: Any) -> None:
    """Add one output to the cell that is running, wherever in it the call stands.

    Parameters
    ----------
    record
        What the press needs to know; only what JSON can hold.
    text
        The same for whoever reads the notebook without the press.
    **others
        More parts of the output, by MIME type.
    """
    if _namespace() is None:
        print(text)
        return
    from IPython.display import display

    data, metadata = Output(record, text, others).bundle()
    display(data, metadata=metadata, raw=True)  # type: ignore[no-untyped-call]


def _namespace() -> Mapping[str, Any] | None:
    """The names of the notebook that is running; ``None`` outside of one."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython is not None else None
    return None if shell is None else cast("Mapping[str, Any]", shell.user_ns)


def _line_in_cell(namespace: Mapping[str, Any] | None) -> int:
    """The line of the running cell that led here, from 1; 1 where it cannot be told."""
    line, frame = 1, sys._getframe()
    while frame.f_back is not None:
        frame = frame.f_back
        if frame.f_globals is namespace:
            line = frame.f_lineno  # the outermost one counts: a function may stand in an earlier cell
    return line


def checked_name(kind: str, name: str) -> str:
    """A name that can stand in prose, in a link and in a file.

    Raises
    ------
    ValueError
        If it has anything but small letters, digits, and single dots and hyphens between them.
    """
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise ValueError(f"{kind} {name!r}: name it with small letters, digits, dots and hyphens, as in 'sft.held-out'")
    return name


def checked_text(what: str, text: str) -> str:
    """A text that says something.

    Raises
    ------
    ValueError
        If it is empty or no text.
    """
    if not isinstance(text, str) or not text.strip():
        raise ValueError(f"{what} must be a text, got {text!r}")
    return text.strip()


def plain_number(what: str, number: object) -> bool | int | float:
    """A number as plain Python, whether it came from Python or NumPy.

    Parameters
    ----------
    what
        How an error names it.
    number
        A bool, an integer, a float, or a NumPy scalar of these kinds.

    Raises
    ------
    TypeError
        If it is no number.
    ValueError
        If it is not finite.

    Examples
    --------
    >>> plain_number("x", 2)
    2
    """
    plain = number.item() if isinstance(number, _Scalar) and number.shape == () else number
    if isinstance(plain, bool):
        return plain
    if isinstance(plain, Integral):
        return int(plain)
    if not isinstance(plain, Real):
        raise TypeError(f"{what} must be a number, got {reprlib.repr(number)}")
    if not math.isfinite(plain):
        raise ValueError(f"{what} must be finite, got {float(plain)}")
    return float(plain)


def checked_tolerance(what: str, tolerance: Number | None) -> float | None:
    """How far a number may move before the build stops; ``None`` where the record decides.

    Raises
    ------
    TypeError
        If it is no number.
    ValueError
        If it is negative or not finite.
    """
    if tolerance is None:
        return None
    plain = plain_number(f"{what}: tolerance", tolerance)
    if isinstance(plain, bool) or plain < 0:
        raise ValueError(f"{what}: tolerance must be 0 or more, got {plain}")
    return float(plain)
