"""Every demo in a real browser: by keyboard alone, by mouse, narrow, dark, without scripts, from a link, in print.

What is done here is the same for all demos: whatever control there is, is used. `demos.py` lists the demos.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal
from urllib.parse import quote, unquote

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, Playwright
from tests.browser.conftest import FLAGS
from tests.browser.demos import demo_book, places, twice_book
from tests.browser.reading import picture
from tests.browser.test_pages import CHECK, RULES

pytestmark = pytest.mark.browser

SCREENS = Path(__file__).parents[2] / "_build/screens"
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
TYPED = "<b onclick=alert(1)>soup</b> \u202e\U0001f600 '\"; the the"
CONTROLS = ".ab-live :is(button, select, input):not(.ab-tools *, [hidden])"
STATE = "box => box.querySelector('.ab-live').parentElement.state"
SHOWN = """box => [...box.querySelectorAll('.ab-live > :not(.ab-said, .ab-tools), .ab-live > * > .ab-pair')]
  .map((part) => part.innerText + [...part.querySelectorAll('[type=range], select')].map((one) => one.value))
  .join('|')"""

Scheme = Literal["light", "dark"]


@dataclass
class Watched:
    """A page with one demo to look at, and all that went wrong on it."""

    page: Page
    box: Locator
    problems: list[str] = field(default_factory=list)

    def note(self, problem: str, wrong: bool = True) -> None:
        """Remember what went wrong, if it did."""
        if wrong:
            self.problems.append(problem)

    @property
    def said(self) -> str:
        """The line that says what changed."""
        return self.box.locator("[role=status]").first.inner_text()

    @property
    def state(self) -> Any:
        """The demo's state."""
        return self.box.evaluate(STATE)

    @property
    def shown(self) -> str:
        """All that the demo shows, but for what it says of the last change."""
        return str(self.box.evaluate(SHOWN))

    def tool(self, label: str) -> Locator:
        """One of the buttons that every demo has."""
        return self.box.locator(".ab-tools").get_by_role("button", name=label, exact=True)


@pytest.fixture(scope="module")
def demo_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the site with the demos."""
    if folder := os.environ.get("ALIGNBOOK_SITE"):
        return Path(folder)
    book = demo_book(tmp_path_factory.mktemp("demos"))
    kept = {name: value for name, value in os.environ.items() if name == "ALIGNBOOK_HOME"}
    code, output = book.build(ALIGNBOOK_SIZE="tiny", **kept)
    assert code == 0, output
    return book.root / "_build/previews/tiny-0/html"


@pytest.fixture(scope="module")
def browser(playwright: Playwright, chromium: str) -> Iterator[Browser]:
    """One browser for all tests: there are many."""
    with playwright.chromium.launch(executable_path=chromium, args=FLAGS) as browser:
        yield browser


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


def opened(
    context: BrowserContext, site: Path, place: tuple[str, str], *, width: int = 1280, query: str = "", **media: Any
) -> Watched:
    """Open a demo's page, and listen to what goes wrong."""
    page = context.new_page()
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(**media)
    watched = Watched(page, page.locator(f"#demo-{place[1].replace('.', '-')}"))
    page.on("pageerror", lambda error: watched.note(f"error: {error}"))
    page.on("dialog", lambda dialog: watched.note(f"dialog: {dialog.message}"))
    page.on("console", lambda said: watched.note(said.text, said.type in ("error", "warning")))
    page.on("request", lambda asked: watched.note(f"asked: {asked.url}", not _is_of(site, asked.url)))
    page.goto((site / place[0]).resolve().as_uri() + query)
    page.wait_for_load_state("load")
    settle(watched)
    return watched


def _is_of(site: Path, url: str) -> bool:
    return url.startswith((site.resolve().as_uri(), "data:", "blob:"))


def controls(watched: Watched) -> Iterator[Locator]:
    """Every control that can be used, in order."""
    for at in range(watched.box.locator(CONTROLS).count()):
        control = watched.box.locator(CONTROLS).nth(at)
        if control.is_visible() and control.is_enabled() and control.get_attribute("aria-disabled") != "true":
            yield control


def use(watched: Watched, control: Locator, *, mouse: bool) -> None:
    """Use a control as its kind is used, and wait until the demo has answered."""
    kind = control.evaluate("control => control.type")
    if kind == "select-one":
        if mouse:
            control.select_option(index=1)
        else:
            control.press("ArrowDown")
    elif kind == "range":
        if mouse:
            control.click(position={"x": 40, "y": 8})
        else:
            control.press("ArrowRight")
    elif kind in ("text", "search", "textarea"):
        control.fill(TYPED)
        control.press("Enter")
    elif mouse:
        control.click()
    else:
        control.press("Enter")
    watched.page.wait_for_timeout(30)
    settle(watched)


def settle(watched: Watched) -> None:
    """Wait until nothing is on its way any more: a demo that computes for a while says that it is busy."""
    watched.page.wait_for_function(
        "box => !box.querySelector('[aria-busy=true]')", arg=watched.box.element_handle(), timeout=60_000
    )


def check_focus(watched: Watched, what: str) -> None:
    """The focus is where it was put: in the demo."""
    inside = watched.box.evaluate("box => box.contains(document.activeElement)")
    assert inside, f"{what}: the focus went to {watched.page.evaluate('document.activeElement.outerHTML.slice(0, 90)')}"


def use_all(watched: Watched, *, mouse: bool) -> int:
    """Use every control once: what changes is said, and the focus stays; returns how many changed something."""
    changed = 0
    for control in list(controls(watched)):
        if not control.is_visible() or control.get_attribute("aria-disabled") == "true" or not control.is_enabled():
            continue
        what = control.evaluate("control => control.outerHTML.slice(0, 120)")
        before, said = watched.state, watched.said
        use(watched, control, mouse=mouse)
        if not mouse:
            check_focus(watched, what)
        if watched.state != before:
            changed += 1
            assert watched.said != said, f"{what}: nothing was said"
            assert watched.said.strip(), f"{what}: nothing was said"
    return changed


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


def shoot(watched: Watched, name: str) -> None:
    """Take a picture for people to look at."""
    SCREENS.mkdir(parents=True, exist_ok=True)
    picture(watched.page, watched.box, SCREENS / f"{name}.png")


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
    found.first.wait_for()


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
