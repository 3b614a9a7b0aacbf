"""Pages that a reader works with, opened and listened to."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, ConsoleMessage, Locator, Page
from tests.built.site import Site
from tests.reading_book import reading_book

SCREENS = Path(__file__).parents[2] / "_build/screens"
HOSTILE = (
    "<img src=x onerror=alert(1)>",
    "~~~~:::",
    "9.9~quiz-chapter-sum:0:A",
    "x" * 50_000,
    "\u202e\u0000\ud7ff",
    '{"__proto__":{"a":1}}',
    "-1",
    "Infinity",
)
"""What no script of the book has kept on the device."""


@pytest.fixture(scope="session")
def reading_site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """The book, built."""
    book = reading_book(tmp_path_factory.mktemp("reading"))
    code, output = book.here("--record")
    assert code == 0, output
    return Site(book.html)


@dataclass
class Watched:
    """A page, and all that went wrong on it."""

    page: Page
    problems: list[str] = field(default_factory=list)

    def heard(self, said: ConsoleMessage) -> None:
        """Keep what the browser warns of."""
        if said.type in ("error", "warning"):
            self.problems.append(said.text)

    def asked(self, url: str, home: str) -> None:
        """Keep what the page asks for elsewhere."""
        if not url.startswith((home, "data:")):
            self.problems.append(url)

    def find(self, selector: str) -> Locator:
        """Find a part of the page."""
        return self.page.locator(selector)

    @property
    def focused(self) -> str:
        """The text or the name of what has the focus."""
        return str(
            self.page.evaluate("(one => one.matches('input') ? one.value : one.innerText)(document.activeElement)")
        )

    def shoot(self, name: str, selector: str) -> None:
        """Take a picture for people to look at."""
        SCREENS.mkdir(parents=True, exist_ok=True)
        picture(self.page, self.find(selector).first, SCREENS / f"{name}.png")


def picture(page: Page, box: Locator, path: Path) -> None:
    """Take a picture of a box, in a window as high as the box: Chromium may lay out a page anew to draw more of it."""
    size = page.viewport_size or {"width": 1280, "height": 900}
    page.add_style_tag(content=".bd-header-article, #pst-skip-link { display: none !important; }")
    height = (box.bounding_box() or {"height": 0.0})["height"]
    page.set_viewport_size({"width": size["width"], "height": max(size["height"], int(height) + 200)})
    box.screenshot(path=path)
    page.set_viewport_size(size)


def opened(
    context: BrowserContext, site: Site, name: str, *, width: int = 1280, tail: str = "", **media: Any
) -> Watched:
    """Open a page, and listen to what goes wrong on it."""
    watched = Watched(context.new_page())
    page, home = watched.page, site.folder.as_uri()
    page.set_default_timeout(120_000)  # a busy machine is no failure
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(**media)
    page.on("pageerror", lambda error: watched.problems.append(f"error: {error}"))
    page.on("dialog", lambda dialog: watched.problems.append(f"dialog: {dialog.message}"))
    page.on("console", watched.heard)
    page.on("request", lambda asked: watched.asked(asked.url, home))
    page.goto((site.folder / f"{name}.html").as_uri() + tail)
    page.wait_for_load_state("load")
    return watched
