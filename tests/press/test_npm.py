"""What comes from npm is pinned by hash, installed once and whole, or the failure says what npm said."""

from __future__ import annotations

import json
import os
import re
import subprocess
from pathlib import Path
from unittest import mock

import pytest

from alignbook.press import npm


def test_the_lock_names_versions_and_hashes_and_no_address_to_fetch_from() -> None:
    lists = json.loads((npm.JAVASCRIPT / "package.json").read_text())
    lock = json.loads((npm.JAVASCRIPT / "package-lock.json").read_text())
    wanted = lists["dependencies"] | lists["devDependencies"]
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in wanted.values())
    entries = {name.removeprefix("node_modules/"): entry for name, entry in lock["packages"].items() if name}
    assert {name: entries[name]["version"] for name in wanted} == wanted
    for entry in entries.values():
        assert entry["integrity"].startswith("sha512-")
        assert "resolved" not in entry


def test_node_is_the_one_that_python_installed() -> None:
    version = subprocess.run([npm.node(), "--version"], capture_output=True, text=True, check=True).stdout
    assert int(version.strip("v").split(".")[0]) >= 22


def test_packages_are_installed_once(tmp_path: Path) -> None:
    with mock.patch("sys.prefix", str(tmp_path)):
        folder = npm.packages(tmp_path)
        assert (folder / "katex/dist/katex.min.js").is_file()
        assert not (folder / "axe-core").exists()
        with mock.patch.object(npm, "_install", side_effect=AssertionError("a second time")):
            assert npm.packages(tmp_path) == folder
    left = {path.name for path in (tmp_path / "share/alignbook").iterdir()}
    assert left - {"npm.lock"} == {folder.parent.name}


def test_where_python_cannot_be_written_to_the_build_folder_serves(tmp_path: Path) -> None:
    with (
        mock.patch.object(os, "access", return_value=False),
        mock.patch.object(npm, "_install", side_effect=lambda folder, *_: folder.mkdir()),
    ):
        assert npm.packages(tmp_path / "build").is_relative_to(tmp_path / "build")


def test_a_failure_says_what_npm_said_and_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "package.json").write_text('{"dependencies": {"katex": "0.1.0"}}')
    (tmp_path / "package-lock.json").write_text((npm.JAVASCRIPT / "package-lock.json").read_text())
    with (
        mock.patch("sys.prefix", str(tmp_path)),
        mock.patch.object(npm, "JAVASCRIPT", tmp_path),
        pytest.raises(npm.NpmError, match=r"npm could not install .*in sync"),
    ):
        npm.packages(tmp_path)
    assert {path.name for path in (tmp_path / "share/alignbook").iterdir()} <= {"npm.lock"}
