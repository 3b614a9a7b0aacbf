"""A file is written whole, or not at all; whatever is not as it was written is found, and never loaded."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import NoReturn

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from alignbook.store import StoreError, files

ARRAYS = {"weights": np.arange(12, dtype=np.float32).reshape(3, 4), "layers.0.bias": np.array([True, False])}
RECORD = {"words": ["a", "é"], "loss": 0.1}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "kept/artefact.npz"
    files.write(path, ARRAYS, RECORD)
    return path


def test_gives_back_what_was_written_also_to_numpy(path: Path) -> None:
    arrays, record = files.read(path)
    assert record == RECORD
    assert list(arrays) == ["layers.0.bias", "weights"]
    with np.load(path) as others:
        for name, array in ARRAYS.items():
            np.testing.assert_array_equal(arrays[name], array, strict=True)
            np.testing.assert_array_equal(others[name], array, strict=True)


@settings(max_examples=30)
@given(st.dictionaries(st.from_regex(r"[a-z]{1,8}", fullmatch=True), hnp.arrays(hnp.scalar_dtypes(), (2, 3))))
def test_equal_contents_give_equal_bytes_in_any_order(arrays: dict[str, np.ndarray]) -> None:
    backwards = dict(reversed(arrays.items()))
    assert files._to_bytes(arrays, {"a": 1, "b": 2}) == files._to_bytes(backwards, {"b": 2, "a": 1})


def test_every_flipped_bit_and_every_cut_is_found(path: Path) -> None:
    whole = path.read_bytes()
    for place in range(len(whole)):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 1 << place % 8]) + whole[place + 1 :])
        with pytest.raises(files.DamagedError, match="does not match its own SHA-256"):
            files.read(path)
        path.write_bytes(whole[:place])
        with pytest.raises(files.DamagedError):
            files.read(path)


def test_another_format_is_not_read(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "FORMAT", 2)
    with pytest.raises(files.DamagedError, match="has another format than 2"):
        files.read(path)


def test_python_objects_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="Object arrays cannot be saved"):
        files.write(tmp_path / "new.npz", {"objects": np.array([object()])}, {})
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT, errno.EFBIG])
def test_a_full_disk_is_told_and_keeps_the_old_file(path: Path, monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    def full(_: int) -> NoReturn:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StoreError, match=r"^no space left for .*artefact\.npz: free some and run again"):
        files.write(path, {}, {})
    assert list(path.parent.iterdir()) == [path]
    assert files.read(path)[1] == RECORD


def test_a_file_in_the_way_is_told(path: Path) -> None:
    with pytest.raises(StoreError, match=r"cannot be used .*: make its folder writable, or set ALIGNBOOK_HOME"):
        files.write(path / "below.npz", ARRAYS, RECORD)
