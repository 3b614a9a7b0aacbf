"""What holds for every page of a built book: nothing comes from elsewhere, links lead somewhere, nobody is shut out."""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise
from urllib.parse import unquote, urlsplit

from tests.built.site import Site, in_css, is_elsewhere


def test_there_are_pages(site: Site) -> None:
    assert {"index.html", "search.html", "genindex.html"} <= site.pages.keys()
    assert not [name for name in site.pages if name.startswith("_static")], "a template was left among the pages"


def test_a_page_loads_nothing_from_elsewhere(site: Site) -> None:
    for name in site.pages:
        assert [address for address in site.loaded(name) if is_elsewhere(address)] == [], name


def test_a_stylesheet_loads_only_files_of_the_site(site: Site) -> None:
    sheets = list(site.styles())
    assert len(sheets) >= 5
    for sheet in sheets:
        addresses = list(in_css(sheet.read_text(encoding="utf-8")))
        assert [address for address in addresses if is_elsewhere(address)] == [], sheet
        assert [address for address in addresses if not (sheet.parent / urlsplit(address).path).is_file()] == [], sheet


def test_whatever_a_page_loads_is_there(site: Site) -> None:
    for name in site.pages:
        assert [address for address in site.loaded(name) if not site.file(name, address).is_file()] == [], name


def test_every_link_within_the_book_leads_to_a_place(site: Site) -> None:
    for name in site.pages:
        broken = []
        for address in site.links(name):
            if is_elsewhere(address):
                continue
            path, fragment = site.file(name, address), unquote(urlsplit(address).fragment)
            page = path.relative_to(site.folder).as_posix() if path.is_relative_to(site.folder) else ""
            if not path.is_file() or (fragment and fragment not in site.ids.get(page, [])):
                broken.append(address)
        assert [address for address in broken if address != "#"] == [], name


def test_content_needs_neither_modules_nor_requests(site: Site) -> None:
    for name, page in site.pages.items():
        assert page.select("script[type=module]") == [], name
        inline = " ".join(tag.get_text() for tag in page.select("script:not([src])"))
        assert not re.search(r"\bfetch\(|\bimport\(|XMLHttpRequest", inline), name


def test_every_picture_says_what_it_shows(site: Site) -> None:
    for name, page in site.pages.items():
        for tag in page.select("article img"):
            alt = str(tag.get("alt") or "")
            assert alt.strip(), (name, tag)
            assert not re.fullmatch(r"\S+\.(png|jpe?g|gif|svg|webp)", alt), (name, alt)
        for tag in page.select("img"):
            assert tag.has_attr("alt"), (name, tag)
        for tag in page.select("svg"):
            hidden = tag.find_parent(attrs={"aria-hidden": "true"}) or tag.get("aria-hidden") == "true"
            assert hidden or (tag.get("role") == "img" and str(tag.get("aria-label") or "").strip()), (name, tag)


def test_a_page_has_one_main_heading_a_language_and_a_title(site: Site) -> None:
    for name, page in site.pages.items():
        assert len(page.select("h1")) == 1, name
        assert page.select("html[lang=en]"), name
        assert len(page.select("main")) == 1, name
        assert page.title is not None, name
        assert page.title.get_text().strip(), name


def test_no_id_is_given_twice_on_a_page(site: Site) -> None:
    for name, ids in site.ids.items():
        assert [one for one, count in Counter(ids).items() if count > 1] == [], name


def test_headings_skip_no_level(site: Site) -> None:
    for name, page in site.pages.items():
        levels = [int(tag.name[1]) for tag in page.select("main article :is(h1, h2, h3, h4, h5, h6)")]
        assert [pair for pair in pairwise(levels) if pair[1] > pair[0] + 1] == [], name


def test_no_formula_is_left_as_it_was_typed_or_in_red(site: Site) -> None:
    for name, page in site.pages.items():
        for tag in page.select(".math"):
            assert tag.select_one("math annotation"), (name, tag)
        assert page.select(".katex-error") == [], name


def test_only_pages_with_maths_load_its_stylesheet(site: Site) -> None:
    for name, page in site.pages.items():
        assert bool(page.select("link[href*=katex]")) == bool(page.select(".katex")), name


def test_every_control_has_a_name(site: Site) -> None:
    for name, page in site.pages.items():
        for tag in page.select("button, summary, a[href]"):
            named = tag.get("aria-label") or tag.get("title") or tag.get_text().strip() or tag.select("img[alt]")
            assert named, (name, tag)


def test_a_page_weighs_little(site: Site) -> None:
    """The bar, 300 kB or 400 kB with maths, counts fonts; a browser, which alone knows what it loads, measures it."""
    for name in site.pages:
        if name != "search.html":
            assert site.weight(name) < 240_000, (name, site.weight(name))
