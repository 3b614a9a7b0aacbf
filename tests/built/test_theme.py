"""The theme's faults are mended, and each mend still has something to mend."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont
from tests.built.full_book import full_book
from tests.built.site import Site

from alignbook.press import theme


@pytest.fixture(scope="module")
def unmended(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The text of a chapter and of the bibliography as the theme makes them."""
    book = full_book(tmp_path_factory.mktemp("unmended"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(theme, "MENDS", ())
        code, output = book.here()
    assert code == 0, output
    return book.shown("everything") + book.shown("bibliography")


@pytest.mark.parametrize("mend", theme.MENDS, ids=lambda mend: mend.why[:40])
def test_what_is_mended_is_still_there_to_mend(unmended: str, full_site: Site, mend: theme.Mend) -> None:
    assert re.search(mend.pattern, unmended, re.S), f"the theme has changed; is this mended? {mend.why}"
    for page in ("everything.html", "bibliography.html"):
        assert not re.search(mend.pattern, (full_site.folder / page).read_text(encoding="utf-8"), re.S)


def test_the_search_button_is_named_by_what_stands_on_it(full_site: Site) -> None:
    buttons = full_site.pages["everything.html"].select("button.search-button-field")
    assert [re.sub(r"\s+", "", tag.get_text()) for tag in buttons] == ["SearchCtrl+K"]
    assert not buttons[0].has_attr("aria-label")


def test_only_the_search_page_loads_the_index(full_site: Site) -> None:
    loading = [name for name, page in full_site.pages.items() if page.select('script[src$="searchindex.js"]')]
    assert loading == ["search.html"]


def test_the_icon_script_is_gone_and_the_icons_are_there(full_site: Site) -> None:
    static = full_site.folder / "_static"
    assert [path.name for path in static.rglob("fontawesome.js*")] == ["fontawesome.js.LICENSE.txt"]
    with TTFont(static / "vendor/fontawesome/webfonts/fa-solid-900.woff2") as font:
        letters = set(font.getBestCmap())
    shown = {0xF0C9, 0xF002, 0xF019, 0xF03A, 0xF042}  # menu, search, download, list, colour mode
    assert shown <= letters
    assert len(letters) < 60


def test_a_page_offers_its_source_and_its_notebook_to_save(full_site: Site) -> None:
    def offered(page: str) -> list[str]:
        return [str(tag["href"]) for tag in full_site.pages[page].select("a[download]")]

    assert offered("everything.html") == ["_sources/everything.ipynb", "_sources/everything.md"]
    assert offered("plain.html") == ["_sources/plain.md"]
    assert not full_site.pages["everything.html"].select(".btn-download-pdf-button")
    assert '"6 * 7"' in (full_site.folder / "_sources/everything.ipynb").read_text(encoding="utf-8")


def test_a_page_can_be_edited_where_the_repository_is(full_site: Site) -> None:
    links = list(full_site.links("everything.html"))
    assert "https://github.com/nobody/book/edit/main/book/everything.md" in links


def test_the_page_for_a_wrong_address_works_at_any_address(full_site: Site) -> None:
    page = full_site.pages["404.html"]
    assert [tag["href"] for tag in page.select("base")] == ["/some/book/"]
    before = str(page.head).partition("<base")[0]
    assert "href=" not in before, "the base comes before every address"
    assert page.select('a[href="404.html#main-content"]')
    assert not page.select('a[href^="#"]')
    assert [name for name, other in full_site.pages.items() if other.select("base")] == ["404.html"]


def test_the_mode_is_chosen_before_the_page_is_drawn(full_site: Site) -> None:
    page = full_site.pages["plain.html"]
    assert not page.select("html[data-theme]"), "without scripts, no attribute: the theme's light colours"
    assert page.select('body[data-default-mode="auto"]')
    first = page.select("head script, head link[rel=stylesheet]")[0]
    assert "prefers-color-scheme: dark" in first.get_text()


def test_logo_favicon_and_title(full_site: Site) -> None:
    page = full_site.pages["plain.html"]
    assert page.select('link[rel=icon][href="_static/mark.svg"]')
    assert page.select('.navbar-brand img[src="_static/mark.svg"][alt=""]')
    assert page.select(".logo__title")[0].get_text() == "A full book"


def test_previous_and_next_follow_the_order_of_the_book(full_site: Site) -> None:
    area = full_site.pages["plain.html"].select_one(".prev-next-area")
    assert area is not None
    assert [tag["href"] for tag in area.select("a")] == ["everything.html", "glossary.html"]


def test_a_work_and_a_term_link_to_the_back_matter(full_site: Site) -> None:
    links = list(full_site.links("everything.html"))
    assert "glossary.html#term-loss" in links
    assert any(link.startswith("bibliography.html#") for link in links)
    assert "Bell System Technical Journal" in full_site.pages["bibliography.html"].get_text()


def test_a_folded_answer_and_a_solution_need_no_script(full_site: Site) -> None:
    page = full_site.pages["everything.html"]
    assert [tag.get_text() for tag in page.select("article details > summary")][-2:] == [
        "Solution",
        "Answer to question 1",
    ]
    assert "mystnb" not in str(page.select("article script"))


def test_the_folder_of_the_site_holds_no_path_of_this_machine(full_site: Site) -> None:
    here = str(Path(theme.__file__).parent)
    for path in full_site.folder.rglob("*"):
        if path.suffix in {".html", ".css", ".js"}:
            text = path.read_text(encoding="utf-8")
            assert here not in text, path
            assert str(full_site.folder) not in text, path
