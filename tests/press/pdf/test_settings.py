"""What a copy says of itself, and what ``_config.yml`` decides."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from alignbook.press.config import parse
from alignbook.press.pdf.scripts import used_in
from alignbook.press.pdf.settings import OPTIONS, Edition, commit_of, elements
from alignbook.press.pdf.tables import CHARACTERS_OF_A_LINE, column_widths, least_width, lines_of

EDITION = Edition("1.0", "commit abc", 86400, "A & B", "https://example.org/a_b/")


def git(root: Path, *arguments: str) -> None:
    author = ("-c", "user.name=x", "-c", "user.email=x@example.org")
    when = {"GIT_COMMITTER_DATE": "2024-05-06T00:00:00Z", "PATH": "/usr/bin:/bin", "HOME": str(root)}
    subprocess.run(["git", "-C", str(root), *author, *arguments], check=True, capture_output=True, env=when)


def test_the_commit_and_its_date_are_the_copy_s(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")
    (tmp_path / "a").write_text("1")
    git(tmp_path, "add", "a")
    git(tmp_path, "commit", "-q", "-m", "first")
    name, epoch = commit_of(tmp_path, {})
    assert name.startswith("commit ")
    assert "changes" not in name
    assert Edition("1", name, epoch).date == "6 May 2024"
    assert commit_of(tmp_path, {"SOURCE_DATE_EPOCH": "12"}) == (name, 12)
    (tmp_path / "a").write_text("2")
    assert commit_of(tmp_path, {})[0] == f"{name} with changes"


def test_without_git_the_date_is_given_or_today_s(tmp_path: Path) -> None:
    assert commit_of(tmp_path, {"SOURCE_DATE_EPOCH": "12"}) == ("files that git does not know", 12)
    with pytest.raises(ValueError, match="SOURCE_DATE_EPOCH must be a whole number of seconds since 1970, got 'soon'"):
        commit_of(tmp_path, {"SOURCE_DATE_EPOCH": "soon"})


def test_the_keys_of_the_file_reach_latex() -> None:
    latex = parse("title: x\nlatex: {paper: b5, font_size: 11pt, text_font: termes, outer_margin: 30mm}").latex
    made = elements({name: getattr(latex, name) for name in OPTIONS}, EDITION)
    assert (made["papersize"], made["pointsize"]) == ("b5paper", "11pt")
    assert "texgyretermes" in made["fontpkg"]
    assert "inner=25mm,outer=30mm" in made["geometry"]
    assert r"\newcommand{\abCopyright}{A \& B}" in made["preamble"]
    assert r"\newcommand{\abSite}{https://example.org/a\_b/}" in made["preamble"]


def test_only_scripts_in_use_are_named() -> None:
    assert used_in("Plain text, – “quoted” – with é and ł.") == []
    assert used_in("שלום 你好 👍 α") == ["emoji", "cjk", "hebrew", "others"]


def test_columns_are_as_wide_as_their_texts_need() -> None:
    rows = [["key", "type", "meaning"], ["a.long_name", "text", "many words " * 20]]
    widths = column_widths(rows)
    assert sum(widths) in range(98, 103)
    assert widths[2] > widths[0] > widths[1]
    assert lines_of(rows, widths) > lines_of(rows[:1], widths) == 1
    assert least_width([["x" * 30] * 4]) > CHARACTERS_OF_A_LINE
