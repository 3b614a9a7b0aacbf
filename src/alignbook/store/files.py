"""The file of an artefact: arrays and JSON in one ``.npz``, written whole, checked before use, run by nothing.

The file is an ordinary zip archive. Its comment, the last 64 bytes, is the SHA-256 of all that comes before, so one
flipped bit anywhere is found. Equal contents give equal bytes.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import io
import json
import os
import uuid
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

FORMAT = 1  # raise it when the contents change: files of other formats are made again

_DIGEST = 64
_JSON = "artefact.json"
_DATE = (1980, 1, 1, 0, 0, 0)  # the time of writing would make equal contents differ

Contents = tuple[dict[str, np.ndarray], dict[str, Any]]


class StoreError(OSError):
    """The store cannot be written or read; the message says where, why, and what to do."""


class DamagedError(ValueError):
    """A file is not what was once written."""


def write(path: Path, arrays: Mapping[str, np.ndarray], record: Mapping[str, Any]) -> None:
    """Write a file in one step: readers see the old one or the new one, whole, even after a kill or a power cut.

    Parameters
    ----------
    path
        The file; its folder is made where missing. What lies beside it for a moment is called ``.{name}.….tmp``.
    arrays
        Arrays by name, of numbers, truth values or text.
    record
        JSON.

    Raises
    ------
    StoreError
        If it cannot be written; nothing partial is left.
    ValueError
        If an array holds Python objects.
    TypeError
        If ``record`` is not JSON.
    """
    data = _to_bytes(arrays, record)
    temporary = path.with_name(f".{path.name}.{uuid.uuid4().hex}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with temporary.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except OSError as error:
        raise explained(error, path) from error
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)


def read(path: Path) -> Contents:
    """Read what :func:`write` has written.

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    DamagedError
        If it is not as it was written.
    StoreError
        If it cannot be read.
    """
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise
    except OSError as error:
        raise explained(error, path) from error
    if hashlib.sha256(data[:-_DIGEST]).hexdigest().encode() != data[-_DIGEST:]:
        raise DamagedError(f"{path} is damaged: it does not match its own SHA-256")
    with np.load(io.BytesIO(data), allow_pickle=False) as members:
        record = json.loads(members[_JSON])
        arrays = {name: members[name] for name in members.files if name != _JSON}
    if record.pop("format", None) != FORMAT:
        raise DamagedError(f"{path} has another format than {FORMAT}")
    return arrays, record


def explained(error: OSError, path: Path) -> StoreError:
    """An operating system's error, with what to do about it."""
    if error.errno in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}:
        return StoreError(f"no space left for {path}: free some and run again; what was finished before is kept")
    mend = "make its folder writable, or set ALIGNBOOK_HOME to another folder"
    return StoreError(f"{path} cannot be used ({error.strerror or error}): {mend}")


def _to_bytes(arrays: Mapping[str, np.ndarray], record: Mapping[str, Any]) -> bytes:
    """The archive, its digest at the end."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.comment = b"0" * _DIGEST
        text = json.dumps({"format": FORMAT, **record}, sort_keys=True)
        archive.writestr(zipfile.ZipInfo(_JSON, _DATE), text)
        for name in sorted(arrays):
            with archive.open(zipfile.ZipInfo(f"{name}.npy", _DATE), "w", force_zip64=True) as member:
                np.lib.format.write_array(member, np.asanyarray(arrays[name]), allow_pickle=False)
    content = buffer.getvalue()[:-_DIGEST]
    return content + hashlib.sha256(content).hexdigest().encode()
