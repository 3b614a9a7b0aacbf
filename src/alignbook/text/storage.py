"""The file of a tokenizer: JSON that is written whole, checks itself when read, and runs no code."""

import hashlib
import json
import os
import uuid
from pathlib import Path
from typing import Any

from alignbook.text.merges import Pair

FORMAT = "alignbook.text.bpe"
VERSION = 1  # raise it also when the rule for pieces changes: the same merges would then give other tokens


def write_tokenizer(path: str | os.PathLike[str], merges: tuple[Pair, ...], special_tokens: tuple[str, ...]) -> None:
    """Write merges and special tokens to a file in one step: readers see the old file or the new one, whole.

    Parameters
    ----------
    path : str or path
        The file; one that exists already is replaced.
    merges : tuple of (int, int)
        The pairs of ids to join, in order.
    special_tokens : tuple of str
        The names of the special tokens.
    """
    path = Path(path)
    document = {
        "format": FORMAT,
        "version": VERSION,
        "sha256": _digest(merges, special_tokens),
        "special_tokens": special_tokens,
        "merges": merges,
    }
    temporary = path.with_name(f"{path.name}.{uuid.uuid4().hex}.tmp")
    try:
        temporary.write_text(json.dumps(document) + "\n", encoding="utf-8")
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def read_tokenizer(path: str | os.PathLike[str]) -> tuple[tuple[Pair, ...], tuple[str, ...]]:
    """Read the merges and special tokens that `write_tokenizer` has written.

    Returns
    -------
    (tuple of (int, int), tuple of str)
        The merges and the names of the special tokens.

    Raises
    ------
    ValueError
        If the file is damaged, is no tokenizer, or has another version of the format.
    """
    try:
        document: Any = json.loads(Path(path).read_bytes())
    except ValueError as error:
        raise ValueError(f"{path} is damaged, it is not JSON ({error}): save the tokenizer again") from error
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise ValueError(f"{path} must be a file that BPE.save has written, but it is something else")
    version = document.get("version")
    if version != VERSION:
        raise ValueError(
            f"{path} has version {version!r} of the format, but this alignbook reads version {VERSION}: "
            "train the tokenizer again"
        )
    merges: Any = document.get("merges")
    special_tokens: Any = document.get("special_tokens")
    if document.get("sha256") != _digest(merges, special_tokens):
        raise ValueError(f"{path} is damaged, it does not match its own sha256: save the tokenizer again")
    return tuple((left, right) for left, right in merges), tuple(special_tokens)


def _digest(merges: object, special_tokens: object) -> str:
    """Tell damaged content from sound: one wrong merge would quietly spoil every model that uses it."""
    return hashlib.sha256(json.dumps([merges, special_tokens]).encode()).hexdigest()
