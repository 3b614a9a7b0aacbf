"""A machine without what the PDF needs is told exactly how to get it."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.fixture_book import FixtureBook

from alignbook.press.pdf import tools
from alignbook.press.pdf.__main__ import main

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize(
    ("release", "system", "name"),
    [
        ("ID=debian\n", "Linux", "debian"),
        ('ID=ubuntu\nID_LIKE="debian"\n', "Linux", "debian"),
        ("NAME=x\nID=fedora\n", "Linux", "fedora"),
        ('ID="rocky"\nID_LIKE="rhel centos fedora"\n', "Linux", "fedora"),
        ("ID=other\n", "Linux", "debian"),
        ("", "Darwin", "macos"),
    ],
)
def test_every_system_has_its_command(release: str, system: str, name: str) -> None:
    assert tools.install_command(release, system) == tools.INSTALL[name]


def test_the_readme_has_the_same_commands() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for command in tools.INSTALL.values():
        assert f"`{command}`" in readme


def test_without_tools_nothing_is_built_and_the_command_is_printed(
    book: FixtureBook, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", str(book.root))
    assert main(["--root", str(book.root)]) == 1
    said = capsys.readouterr().err
    assert "missing: lualatex, latexmk, xindy, kpsewhich, qpdf, pdffonts" in said
    assert said.endswith(f"\n    {tools.install_command()}\n")
    assert not (book.root / "_build").exists()


def test_the_needed_files_are_read_from_the_style() -> None:
    assert {"qrcode.sty", "tcolorbox.sty", "unicode-math.sty", "emptypage.sty"} <= set(tools.packages())
    fonts = tools.fonts("termes")
    assert {"texgyretermes-regular.otf", "texgyretermes-math.otf", "DejaVuSansMono.ttf"} <= set(fonts)
    assert {
        "NotoColorEmoji.ttf",
        "NotoSansCJK-Regular.ttc",
        "NotoSansHebrew-Regular.ttf",
        "DejaVuSerif-Bold.ttf",
    } <= set(fonts)
    assert not any("pagella" in name for name in fonts)
