"""The reference of ``_config.yml``, written from the schema so that it cannot go stale."""

import json
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin

from pydantic.fields import FieldInfo

from alignbook.press.config.refused import REFUSED
from alignbook.press.config.schema import OURS, keys

_NAMES = {bool: "true or false", int: "whole number", str: "text"}


def reference() -> str:
    """All keys of ``_config.yml`` as Markdown.

    Returns
    -------
    str
        A table of the supported keys with type, default and meaning, and a table of the keys of Jupyter Book
        that are refused. Keys that Jupyter Book does not have are marked †.
    """
    supported = [_row(key, field) for key, field in keys()]
    refused = [f"| `{key}` | {reason} |" for key, reason in REFUSED.items()]
    return "\n".join(
        [
            "| key | type | default | meaning |",
            "|---|---|---|---|",
            *supported,
            "",
            "† not a key of Jupyter Book",
            "",
            "| key of Jupyter Book that is refused | reason |",
            "|---|---|",
            *refused,
            "",
        ]
    )


def _row(key: str, field: FieldInfo) -> str:
    mark = " †" if OURS in field.metadata else ""
    default = "*none*" if field.is_required() else _code(field.get_default(call_default_factory=True))
    return f"| `{key}`{mark} | {_kind(field.annotation)} | {default} | {field.description} |"


def _code(value: Any) -> str:
    """A default as YAML, in which JSON is a subset; ``cache`` reads better than ``"cache"``."""
    plain = isinstance(value, str) and value
    return f"`{value if plain else json.dumps(value)}`"


def _kind(annotation: Any) -> str:
    """A type in the words of the person who writes the file."""
    origin, inner = get_origin(annotation), get_args(annotation)
    if origin is Literal:
        return ", ".join(f"`{choice}`" for choice in inner)
    if origin in (Union, UnionType):
        return " or ".join(_kind(choice) for choice in inner)
    if origin is tuple:
        return "list of text"
    if origin is dict:
        return "mapping"
    return _NAMES[annotation]
