"""What all demos have in common: their record for the press, and data that are checked before they are published."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

from alignbook.publish.outputs import FILES, Output, checked_name, checked_text, plain_number

Status = Literal["measured here", "illustration"]
STATUSES = get_args(Status)
"""What a demo can be: its data come from this build's experiments, or were made up to explain something."""

LARGEST = 80_000
"""Bytes of data that a demo may bring to its page."""

_ELEMENT = re.compile(r"ab(?:-[a-z]+)+")
_SCRIPT_NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*\.js")


@dataclass(frozen=True)
class Demo:
    """A demo as a cell returns it: live in a browser, a figure or a table everywhere else.

    The cell that shows it must make a claim as well; the press checks that.

    Parameters
    ----------
    name : str
        Unique on its page; the link to it, and the name of its state in an address.
    element : str
        The custom element that shows it, as its ``view.mjs`` defines it.
    title : str
        What it is called.
    says : str
        What it shows and what to do, in a sentence or two of MyST.
    tries : sequence of str
        What to try, each in a sentence of MyST; one at least.
    data : mapping
        What the element works with: texts, finite numbers of Python's or NumPy's, and lists and mappings of these.
    static : Output
        The figure or table that stands for it in print and without scripts, from
        `alignbook.publish.figures.figure_output` or `alignbook.publish.tables.table_output`.
    status : {"measured here", "illustration"}
        What it is.
    files : mapping of str to str
        Scripts by name, as in ``model-1f.js``, that the element loads when it needs them (`shared/loading.mjs`).

    Raises
    ------
    TypeError, ValueError
        If a part says nothing, or the data hold what no page can; names the place.
    """

    name: str
    element: str
    title: str
    says: str
    tries: Sequence[str]
    data: Mapping[str, Any]
    static: Output
    status: Status = "measured here"
    files: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        what = f"demo {checked_name('demo', self.name)!r}"
        if not _ELEMENT.fullmatch(self.element):
            raise ValueError(f"{what}: element must be named as in 'ab-two-words', got {self.element!r}")
        for part in ("title", "says"):
            checked_text(f"{what}: {part}", getattr(self, part))
        if isinstance(self.tries, str) or not self.tries:
            raise ValueError(f"{what}: tries must be a list of things to try, one at least, got {self.tries!r}")
        for text in self.tries:
            checked_text(f"{what}: each of tries", text)
        if self.status not in STATUSES:
            raise ValueError(f"{what}: status must be one of {', '.join(map(repr, STATUSES))}, got {self.status!r}")
        kind = self.static.record.get("kind")
        if kind not in ("figure", "table"):
            raise ValueError(f"{what}: static must be a figure or a table, for print, got {kind!r}")
        for file in self.files:
            if not _SCRIPT_NAME.fullmatch(file):
                raise ValueError(f"{what}: files must be named as in 'model-1f.js', got {file!r}")
        size = len(self._script().encode())
        if size > LARGEST:
            raise ValueError(f"{what}: its data weigh {size} bytes, more than {LARGEST}: give it less to show")

    @property
    def output(self) -> Output:
        """What it puts into its cell's output."""
        record = {
            "kind": "demo",
            "name": self.name,
            "title": self.title.strip(),
            "says": self.says.strip(),
            "tries": [text.strip() for text in self.tries],
            "status": self.status,
            "files": sorted(self.files),
            "static": dict(self.static.record),
        }
        live = f'<{self.element}><script type="application/json">{self._script()}</script></{self.element}>'
        text = f"Demo ({self.status}): {self.title}\n{self.static.text}"
        files = {FILES: dict(self.files)} if self.files else {}
        return Output(record, text, {**self.static.parts, "text/html": live, **files})

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> tuple[dict[str, Any], ...]:  # noqa: ARG002
        return self.output.bundle()

    def _script(self) -> str:
        return script_json(plain(f"demo {self.name!r}: data", self.data))


def script_json(data: object) -> str:
    r"""Write JSON that can stand in a ``script`` element: no text in it can close the element.

    Examples
    --------
    >>> script_json({"text": "</script>"})
    '{"text":"\\u003c/script>"}'
    """
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")


def plain(what: str, value: object) -> Any:
    """Return data as JSON can hold them.

    Parameters
    ----------
    what
        How an error names the place.
    value
        Texts, ``None``, finite numbers of Python's or NumPy's, and sequences, arrays and mappings of these.

    Raises
    ------
    TypeError, ValueError
        If there is anything else, or a number that is not finite; names the place.

    Examples
    --------
    >>> plain("data", {"a": (1, 2.5)})
    {'a': [1, 2.5]}
    >>> plain("data", {"a": [0.0, float("nan")]})
    Traceback (most recent call last):
        ...
    ValueError: data.a[1] must be finite, got nan
    """
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, Mapping):
        for key in value:
            if not isinstance(key, str):
                raise TypeError(f"{what}: keys must be texts, got {key!r}")
        return {key: plain(f"{what}.{key}", part) for key, part in value.items()}
    if hasattr(value, "tolist") and getattr(value, "shape", ()) != ():
        value = value.tolist()
    if isinstance(value, Sequence):
        return [plain(f"{what}[{at}]", part) for at, part in enumerate(value)]
    return plain_number(what, value)
