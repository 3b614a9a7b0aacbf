"""Every page of the built book in a real browser, opened from the disk."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Literal
from urllib.parse import unquote, urlsplit

import pytest
from playwright.sync_api import BrowserContext, Page
from tests.built.site import Site

pytestmark = pytest.mark.browser

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
CHECK = """async (tags) => {
  for (const fold of document.querySelectorAll("details")) fold.open = true;
  const found = await axe.run(document, { preload: false, runOnly: tags });
  return found.violations.flatMap((rule) => rule.nodes.map((node) => `${rule.id}: ${node.html.slice(0, 160)}`));
}"""


def from_disk(site: Site) -> list[str]:
    """The pages that can be opened from the disk: all but one that is made for a wrong address on a server."""
    return [name for name, page in site.pages.items() if not page.select("base")]


def opened(context: BrowserContext, site: Site, name: str, width: int = 1280) -> Page:
    """A page, loaded and drawn."""
    page = context.new_page()
    page.set_viewport_size({"width": width, "height": 900})
    page.goto((site.folder / name).as_uri())
    return page


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 1280), ("light", 320), ("dark", 320)])
def test_axe_finds_nothing(
    context: BrowserContext, site: Site, axe: str, scheme: Literal["light", "dark"], width: int
) -> None:
    found = {}
    for name in from_disk(site):
        page = context.new_page()
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        page.set_viewport_size({"width": width, "height": 900})
        page.goto((site.folder / name).as_uri())
        assert page.locator("html").get_attribute("data-theme") == scheme
        page.evaluate(axe)
        if problems := page.evaluate(CHECK, RULES):
            found[name] = problems
        page.close()
    assert found == {}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_what_opens(
    context: BrowserContext, site: Site, axe: str, scheme: Literal["light", "dark"]
) -> None:
    def check(width: int, opener: str, opens: str) -> None:
        page = context.new_page()
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        page.set_viewport_size({"width": width, "height": 900})
        page.goto((site.folder / "glossary.html").as_uri())
        page.locator(opener).locator("visible=true").first.click()
        page.locator(opens).locator("visible=true").first.wait_for()
        page.evaluate(axe)
        assert page.evaluate(CHECK, RULES) == [], opens
        page.close()

    check(1280, ".search-button__button", "#pst-search-dialog input")
    check(1280, ".theme-switch-button", ".theme-change-button")
    check(1280, ".dropdown-download-buttons > button", "a[download]")
    check(320, ".primary-toggle", "#pst-primary-sidebar-modal nav")


def test_axe_would_find_something(context: BrowserContext, site: Site, axe: str) -> None:
    page = opened(context, site, "index.html")
    page.evaluate(axe)
    page.evaluate("document.querySelector('article').insertAdjacentHTML('beforeend', '<img src=\"x.png\">')")
    assert [problem.partition(":")[0] for problem in page.evaluate(CHECK, RULES)] == ["image-alt"]


def test_a_narrow_page_does_not_scroll_sideways(context: BrowserContext, site: Site) -> None:
    wide = {}
    for name in from_disk(site):
        page = opened(context, site, name, width=320)
        width = page.evaluate("Math.max(document.documentElement.scrollWidth, document.body.scrollWidth)")
        if width > 320:
            wide[name] = width
        page.close()
    assert wide == {}


def test_what_is_wide_can_be_scrolled_with_the_keyboard(context: BrowserContext, site: Site) -> None:
    for name in from_disk(site):
        page = opened(context, site, name, width=320)
        page.wait_for_load_state("load")
        page.wait_for_timeout(50)
        unreachable = page.evaluate(
            """[...document.querySelectorAll("article *")].filter((box) =>
                 ["auto", "scroll"].includes(getComputedStyle(box).overflowX)
                 && box.scrollWidth > box.clientWidth + 1 && box.checkVisibility()
                 && box.tabIndex < 0 && !box.querySelector("a, button, input, [tabindex]")
               ).map((box) => box.outerHTML.slice(0, 120))"""
        )
        assert unreachable == [], name
        page.close()


def test_without_scripts_everything_is_shown(without_scripts: BrowserContext, site: Site) -> None:
    for name in from_disk(site):
        page = opened(without_scripts, site, name)
        assert page.locator("main h1").is_visible(), name
        for selector in (
            "article p:not(:empty)",
            "article .katex-html",
            "article table",
            "article svg",
            "article img",
            "pre",
        ):
            for element in page.locator(selector).all():
                folded = element.evaluate(  # or the live part of a demo, which tests/browser/test_demos.py looks at
                    "box => Boolean(box.closest('details:not([open]), [aria-hidden] svg, .ab-demo-live'))"
                )
                assert folded or element.is_visible(), (name, element.evaluate("box => box.outerHTML.slice(0, 200)"))
        for formula in page.locator("article .katex-html .mathnormal").all():
            assert formula.evaluate("box => document.fonts.check(`16px ${getComputedStyle(box).fontFamily}`)"), name
        for fold in page.locator("article details").all():
            was_open = fold.get_attribute("open") is not None
            fold.locator("summary").first.click()
            assert (fold.get_attribute("open") is not None) != was_open, name
        page.close()


def requests(context: BrowserContext, address: str) -> tuple[list[str], list[str]]:
    """All that a page asks for, and what of it failed."""
    page, asked, failed = context.new_page(), list[str](), list[str]()
    page.on("request", lambda request: asked.append(request.url))
    page.on("requestfailed", lambda request: failed.append(request.url))
    page.goto(address, wait_until="networkidle")
    page.close()
    return asked, failed


def test_a_page_asks_for_files_of_the_site_only_and_weighs_little(context: BrowserContext, site: Site) -> None:
    weights = {}
    for name in from_disk(site):
        asked, failed = requests(context, (site.folder / name).as_uri())
        assert failed == [], name
        files = {Path(unquote(urlsplit(url).path)) for url in asked if not url.startswith("data:")}
        assert [path for path in files if not path.is_relative_to(site.folder)] == [], name
        counted = [path for path in files if path.suffix in {".html", ".css", ".js", ".woff2"}]
        weights[name] = sum(len(gzip.compress(path.read_bytes())) for path in counted)
    assert {name: weight for name, weight in weights.items() if weight > 300_000 and name != "search.html"} == {}


def test_the_search_works_from_the_disk(context: BrowserContext, site: Site) -> None:
    page = opened(context, site, "index.html")
    page.keyboard.press("Control+k")
    field = page.locator("#pst-search-dialog input[name=q]")
    field.fill("glossary")
    field.press("Enter")
    page.wait_for_url("**/search.html?q=glossary*")
    page.locator("#search-results li a", has_text="Glossary").first.click()
    page.wait_for_url("**/glossary.html**")
    assert page.locator("main h1").inner_text().startswith("Glossary")


def test_the_mode_can_be_chosen_and_is_kept(context: BrowserContext, site: Site) -> None:
    page = opened(context, site, "index.html")
    page.emulate_media(color_scheme="light")
    page.locator(".theme-switch-button").first.click()
    page.locator('.theme-change-button[data-mode="dark"]').first.click()
    assert page.locator("html").get_attribute("data-theme") == "dark"
    page.goto((site.folder / "glossary.html").as_uri())
    assert page.locator("html").get_attribute("data-theme") == "dark"
    paper = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert paper == "rgb(18, 18, 18)"


def test_in_print_folds_are_open(context: BrowserContext, site: Site) -> None:
    page = context.new_page()
    page.emulate_media(media="print")
    for name in from_disk(site):
        page.goto((site.folder / name).as_uri())
        for fold in page.locator("article details.solution, article .quiz details").all():
            hidden = fold.evaluate(
                "box => [...box.children].some((inner) => inner.getBoundingClientRect().height == 0)"
            )
            assert not hidden, name
