"""Every demo in a real browser: by keyboard alone, by mouse, narrow, dark, without scripts, from a link, in print.

What is done here is the same for all demos: whatever control there is, is used. `demos.py` lists the demos.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Literal
from urllib.parse import quote, unquote

import pytest
from playwright.sync_api import Browser, BrowserContext, expect
from tests.browser.demos import places, twice_book
from tests.browser.test_pages import CHECK, RULES
from tests.browser.using import Watched, browser, check_focus, demo_site, opened, settle, shoot, use_all

__all__ = ["browser", "demo_site"]

pytestmark = pytest.mark.browser

HOSTILE = (
    "<img src=x onerror=alert(1)>",
    "~~~~~~~~~~",
    "9999999999~A~1",
    "x" * 5000,
    "\u202e\u0000\ud7ff٣",
    '{"__proto__":{"a":1}}',
    "%E0%A4%A",
    "' \" </script><script>alert(1)</script>",
)
Scheme = Literal["light", "dark"]


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A profile of that browser that has never been used."""
    with browser.new_context() as context:
        yield context


@pytest.fixture
def without_scripts(browser: Browser) -> Iterator[BrowserContext]:
    """The same, running no scripts."""
    with browser.new_context(java_script_enabled=False) as context:
        yield context


@pytest.fixture(params=places(), ids=lambda place: place[1])
def place(request: pytest.FixtureRequest) -> tuple[str, str]:
    """Page and name of a demo."""
    found: tuple[str, str] = request.param
    return found


@pytest.mark.parametrize("mouse", [False, True], ids=["keyboard", "mouse"])
def test_every_control_works_says_what_it_did_and_keeps_the_focus(
    context: BrowserContext, demo_site: Path, place: tuple[str, str], mouse: bool
) -> None:
    watched = opened(context, demo_site, place)
    first = watched.shown
    assert use_all(watched, mouse=mouse) > 0
    assert watched.shown != first
    assert watched.box.locator("[onclick]").count() == 0, "markup that is typed stays text"
    assert watched.problems == []


def test_tab_goes_through_all_controls_and_out_again(
    context: BrowserContext, demo_site: Path, place: tuple[str, str]
) -> None:
    watched = opened(context, demo_site, place)
    wanted = watched.box.evaluate(
        """box => [...box.querySelectorAll('.ab-live :is(button, input, select, textarea, a[href], [tabindex="0"])')]
          .filter((one) => one.checkVisibility() && one.tabIndex >= 0 && !one.disabled).length"""
    )
    watched.box.evaluate("box => { box.tabIndex = -1; box.focus(); }")
    for _ in range(wanted):
        watched.page.keyboard.press("Tab")
        check_focus(watched, "Tab")
        ring = watched.page.evaluate(
            "(style => style.outlineStyle + style.boxShadow)(getComputedStyle(document.activeElement))"
        )
        assert ring != "nonenone", "the focus can be seen"
    for _ in range(8):  # links in what to try, if any
        watched.page.keyboard.press("Tab")
        if not watched.box.evaluate("box => box.contains(document.activeElement)"):
            return
    pytest.fail("the focus does not leave the demo")


def test_undo_and_start_over(context: BrowserContext, demo_site: Path, place: tuple[str, str]) -> None:
    watched = opened(context, demo_site, place)
    begin, shown = watched.state, watched.shown
    assert watched.tool("Undo").get_attribute("aria-disabled") == "true"
    use_all(watched, mouse=True)
    assert watched.state != begin
    last = watched.state
    watched.tool("Start over").click()
    assert (watched.state, watched.shown) == (begin, shown)
    watched.tool("Undo").click()
    assert watched.state == last
    for _ in range(200):
        if watched.tool("Undo").get_attribute("aria-disabled") == "true":
            break
        watched.tool("Undo").press("Enter")
        check_focus(watched, "Undo")
    assert (watched.state, watched.shown) == (begin, shown)
    assert watched.problems == []


def test_a_link_brings_the_state_along_and_the_browser_remembers_it(
    context: BrowserContext, demo_site: Path, place: tuple[str, str]
) -> None:
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    watched = opened(context, demo_site, place)
    use_all(watched, mouse=True)
    state, shown = watched.state, watched.shown
    watched.tool("Copy link").click()
    watched.page.wait_for_function("box => /link to this state/.test(box.innerText)", arg=watched.box.element_handle())
    link = watched.box.locator(".ab-link").input_value() or watched.page.evaluate("navigator.clipboard.readText()")
    watched.page.reload()
    settle(watched)
    assert (watched.state, watched.shown) == (state, shown), "remembered"
    watched.page.evaluate("localStorage.clear()")
    watched.page.goto("about:blank")
    watched.page.goto(link)
    settle(watched)
    assert (watched.state, watched.shown) == (state, shown), link
    assert watched.box.evaluate("box => box.getBoundingClientRect().top < innerHeight"), "the link leads to the demo"
    assert watched.problems == []


def test_hostile_states_are_ignored(context: BrowserContext, demo_site: Path, place: tuple[str, str]) -> None:
    watched = opened(context, demo_site, place)
    begin, shown = watched.state, watched.shown
    for text in HOSTILE:
        watched.page.goto((demo_site / place[0]).resolve().as_uri() + f"?{place[1]}={quote(text, safe='%')}")
        assert (watched.state, watched.shown) == (begin, shown), text
        slot = f"alignbook:${{location.pathname}}:{place[1].replace('.', '-')}"
        watched.page.evaluate(f"text => localStorage.setItem(`{slot}`, text)", text)
        watched.page.goto((demo_site / place[0]).resolve().as_uri())
        assert (watched.state, watched.shown) == (begin, shown), text
    assert watched.problems == []


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 1280), ("light", 320), ("dark", 320)])
def test_axe_finds_nothing_before_and_after_interaction(
    context: BrowserContext, demo_site: Path, place: tuple[str, str], axe: str, scheme: Scheme, width: int
) -> None:
    watched = opened(context, demo_site, place, width=width, color_scheme=scheme, reduced_motion="reduce")
    watched.page.evaluate(axe)
    assert watched.page.evaluate(CHECK, RULES) == []
    shoot(watched, f"{place[1]}-{scheme}-{width}-begin")
    use_all(watched, mouse=True)
    assert watched.page.evaluate(CHECK, RULES) == []
    watched.tool("Printed form").click()
    watched.page.evaluate("() => new Promise((done) => requestAnimationFrame(() => setTimeout(done)))")  # it is drawn
    assert watched.page.evaluate(CHECK, RULES) == []
    watched.tool("Printed form").click()
    shoot(watched, f"{place[1]}-{scheme}-{width}-used")
    overflow = watched.page.evaluate("Math.max(document.documentElement.scrollWidth, document.body.scrollWidth)")
    assert overflow <= width, "nothing stands out of the page"
    cut = watched.box.evaluate(
        """box => [...box.querySelectorAll('.ab-live *')].filter((one) => one.checkVisibility()
          && !one.closest('svg, .ab-text, [aria-hidden]') && one.getBoundingClientRect().right > innerWidth + 1)
          .map((one) => one.outerHTML.slice(0, 90))"""
    )
    assert cut == []
    assert watched.problems == []


def test_controls_are_large_enough_for_fingers(
    context: BrowserContext, demo_site: Path, place: tuple[str, str]
) -> None:
    watched = opened(context, demo_site, place, width=320)
    sizes = watched.box.evaluate(
        """box => [...box.querySelectorAll('.ab-live :is(button, select, input)')]
          .filter((one) => one.checkVisibility())
          .map((one) => [one.outerHTML.slice(0, 80), one.getBoundingClientRect()])
          .filter(([_, { width, height }]) => width < 24 || height < 24).map(([html]) => html)"""
    )
    assert sizes == []


def test_forced_colours_leave_everything_visible(
    context: BrowserContext, demo_site: Path, place: tuple[str, str], axe: str
) -> None:
    watched = opened(context, demo_site, place, forced_colors="active")
    use_all(watched, mouse=True)
    watched.page.evaluate(axe)
    assert watched.page.evaluate(CHECK, RULES) == []
    invisible = watched.box.evaluate(
        """box => {
          const colour = (one) => getComputedStyle(one).backgroundColor;
          const bars = [...box.querySelectorAll('.ab-bar')].filter((bar) => bar.checkVisibility());
          return bars.filter((bar) => colour(bar) === colour(document.body)).length;
        }"""
    )
    assert invisible == 0
    shoot(watched, f"{place[1]}-forced-colours")


def test_with_reduced_motion_nothing_moves(context: BrowserContext, demo_site: Path, place: tuple[str, str]) -> None:
    watched = opened(context, demo_site, place, reduced_motion="reduce")
    use_all(watched, mouse=True)
    moving = watched.box.evaluate(
        """box => [...box.querySelectorAll('.ab-live *')]
          .filter((one) => parseFloat(getComputedStyle(one).transitionDuration) > 0
            || getComputedStyle(one).animationName !== 'none')
          .map((one) => one.outerHTML.slice(0, 90))"""
    )
    assert moving == []


def test_without_scripts_the_printed_form_stands_there(
    without_scripts: BrowserContext, demo_site: Path, place: tuple[str, str]
) -> None:
    page = without_scripts.new_page()
    page.goto((demo_site / place[0]).resolve().as_uri())
    box = page.locator(f"#demo-{place[1].replace('.', '-')}")
    assert box.locator(".ab-demo-static").first.is_visible()
    assert box.locator(":is(svg, td)").first.is_visible()
    assert box.locator(".ab-demo-title").is_visible()
    assert not box.locator(".ab-demo-tries").is_visible(), "what cannot be tried is not proposed"
    assert box.locator(".ab-live").count() == 0


def test_in_print_the_printed_form_stands_there(
    context: BrowserContext, demo_site: Path, place: tuple[str, str]
) -> None:
    watched = opened(context, demo_site, place, media="print")
    assert watched.box.locator(".ab-demo-static").first.is_visible()
    assert not watched.box.locator(".ab-live").is_visible()


def test_the_search_finds_what_a_demo_says(context: BrowserContext, demo_site: Path, place: tuple[str, str]) -> None:
    watched = opened(context, demo_site, place)
    title = watched.box.locator(".ab-demo-title").inner_text()
    watched.page.goto((demo_site / "search.html").resolve().as_uri() + f"?q={quote(title)}")
    found = watched.page.locator(f'#search-results li a[href^="{place[0]}"]')
    expect(found.first).to_be_visible(timeout=30_000)


def test_links_lead_to_pages(context: BrowserContext, demo_site: Path, place: tuple[str, str]) -> None:
    watched = opened(context, demo_site, place)
    use_all(watched, mouse=True)
    links = watched.box.evaluate("box => [...box.querySelectorAll('.ab-live a[href]')].map((link) => link.pathname)")
    assert [link for link in links if not Path(unquote(link)).is_file()] == []


def test_two_demos_of_a_kind_do_not_disturb_each_other(context: BrowserContext, tmp_path: Path) -> None:
    book = twice_book(tmp_path)
    code, output = book.build(ALIGNBOOK_SIZE="tiny")
    assert code == 0, output
    once = opened(context, book.root / "_build/previews/tiny-0/html", ("twice.html", "once"))
    again = Watched(once.page, once.page.locator("#demo-again"))
    begin = again.shown
    use_all(once, mouse=True)
    assert again.shown == begin
    assert once.shown != begin
    use_all(again, mouse=False)
    once.tool("Start over").click()
    assert once.shown == begin
    assert again.shown != begin
    once.page.reload()
    assert again.shown != begin
    assert once.problems == []
