"""The fonts of the icons hold the icons that the book shows, and few others."""

from __future__ import annotations

from pathlib import Path

import pydata_sphinx_theme
from fontTools.ttLib import TTFont

from alignbook.press.icons import keep_used_icons, used_icons

STYLES = (
    '.fa-bars,.fa-navicon{--fa:"\\f0c9"}.fa-ghost{--fa:"\\f6e2"}'
    'html{--pst-icon-bell:"\uf0f3"}.x:after{content:"\\f35d"}'
)


def test_icons_are_found_by_name_and_in_styles() -> None:
    assert used_icons(STYLES, ['<i class="fa-solid fa-navicon">']) == {0xF0C9, 0xF0F3, 0xF35D}
    assert used_icons(STYLES, ["fa-ghostly fab-bars", "x = 'fa-ghost'"]) == {0xF6E2, 0xF0F3, 0xF35D}
    assert used_icons("", ["fa-bars"]) == set()


def test_a_font_is_shrunk_once_and_keeps_what_is_shown(tmp_path: Path) -> None:
    theme = Path(pydata_sphinx_theme.__file__).parent / "theme/pydata_sphinx_theme/static/vendor/fontawesome/webfonts"
    fonts = tmp_path / "_static/vendor/fontawesome/webfonts"
    fonts.mkdir(parents=True)
    font = fonts / "fa-solid-900.woff2"
    font.write_bytes((theme / font.name).read_bytes())
    (tmp_path / "_static/styles").mkdir()
    (tmp_path / "_static/styles/theme.css").write_text(STYLES)
    (tmp_path / "index.html").write_text('<i class="fa-solid fa-bars">')
    keep_used_icons(tmp_path)
    with TTFont(font) as shrunk:
        assert set(shrunk.getBestCmap()) == {0xF0C9, 0xF0F3, 0xF35D}
    first = font.read_bytes()
    assert len(first) < 3_000
    keep_used_icons(tmp_path)
    assert font.read_bytes() == first
