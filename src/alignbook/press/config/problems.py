"""Every mistake in ``_config.yml`` as one clear line: where, what is wrong, and how to mend it."""

import difflib
from collections.abc import Sequence
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from alignbook.press.config.refused import REFUSED
from alignbook.press.config.schema import Config, Section, keys

_EXPECTED = {
    "bool_type": "true or false",
    "dict_type": "a mapping of keys to values",
    "int_type": "a whole number",
    "model_type": "a mapping of keys to values",
    "string_type": "text",
    "tuple_type": "a list",
}


class ConfigError(Exception):
    """The configuration cannot be used. Its text has one line for each problem.

    Sphinx has an error of the same name; `alignbook.press.sphinx_config` turns this one into that.
    """

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__(tuple(problems))

    @property
    def problems(self) -> tuple[str, ...]:
        """The problems, one line each."""
        found: tuple[str, ...] = self.args[0]
        return found

    def __str__(self) -> str:
        return "\n".join(self.problems)


def problems_of(error: ValidationError) -> list[str]:
    """What pydantic found, as lines ``key: problem``."""
    return [f"{dotted(item['loc'])}: {_problem(item)}" for item in error.errors() if not _is_about_a_key(item)]


def dotted(location: Sequence[int | str]) -> str:
    """A place in the file as people write it: ``execute.packages[1]``."""
    parts = [
        f"[{part}]" if isinstance(part, int) else f".{part if part.isprintable() else repr(part)}" for part in location
    ]
    return "".join(parts).removeprefix(".")


def shown(value: Any) -> str:
    """A value of the file in the words of an error message."""
    if value is None:
        return "nothing"
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list | tuple):
        return "a list"
    if isinstance(value, bool):
        return str(value).lower()
    return repr(value) if isinstance(value, str) else str(value)


def _is_about_a_key(item: ErrorDetails) -> bool:
    """Whether a key is not text: `alignbook.press.config.reading` has said so with its line."""
    return item["type"] == "invalid_key" or (item["type"] == "string_type" and item["loc"][-1] == "[key]")


def _problem(item: ErrorDetails) -> str:
    kind, value, context = item["type"], item["input"], item.get("ctx", {})
    if kind == "extra_forbidden":
        return _unknown(item["loc"])
    if kind == "missing":
        return "missing; this key must be set"
    expected = context.get("expected") or _EXPECTED.get(kind, item["msg"])
    quotable = kind == "string_type" and not isinstance(value, dict | list | None)
    return f"expected {expected}, got {shown(value)}{' (put it in quotes)' if quotable else ''}"


def _unknown(location: tuple[int | str, ...]) -> str:
    """Say why a key is refused, or which key may have been meant, or which there are."""
    path, name = dotted(location), str(location[-1])
    if path in REFUSED:
        return f"not supported: {REFUSED[path]}"
    if elsewhere := [key for key, _ in keys() if key.rpartition(".")[2] == name]:
        meant = [f"'{key}'" if "." in key else f"'{key}' at the top level" for key in elsewhere]
        return f"unknown key; did you mean {' or '.join(meant)}?"
    here = list(_section_at(location[:-1]).model_fields)
    if near := difflib.get_close_matches(name.lower(), here, n=1):
        return f"unknown key; did you mean '{near[0]}'?"
    return f"unknown key; the keys here are {', '.join(here)}"


def _section_at(location: Sequence[int | str]) -> type[Section]:
    section: type[Section] = Config
    for part in location:
        annotation = section.model_fields[str(part)].annotation
        if not (isinstance(annotation, type) and issubclass(annotation, Section)):
            raise TypeError(f"{dotted(location)} is not a section of the schema")
        section = annotation
    return section
