"""A demo on its page: opened, listened to, and used by whatever controls it has."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, Playwright
from tests.browser.conftest import FLAGS
from tests.browser.demos import demo_book
from tests.browser.reading import SCREENS, picture

TYPED = "<b onclick=alert(1)>soup</b> \u202e\U0001f600 '\"; the the"
CONTROLS = ".ab-live :is(button, select, input):not(.ab-tools *, [hidden])"
STATE = "box => box.querySelector('.ab-live').parentElement.state"
SHOWN = """box => [...box.querySelectorAll('.ab-live > :not(.ab-said, .ab-tools), .ab-live > * > .ab-pair')]
  .map((part) => part.innerText + [...part.querySelectorAll('[type=range], select')].map((one) => one.value))
  .join('|')"""


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


def shoot(watched: Watched, name: str) -> None:
    """Take a picture for people to look at."""
    SCREENS.mkdir(parents=True, exist_ok=True)
    picture(watched.page, watched.box, SCREENS / f"{name}.png")
