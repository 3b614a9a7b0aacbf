"""Chromium, and the site that it looks at."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Playwright, sync_playwright
from tests.browser.reading import reading_site
from tests.built.conftest import full_site, site

from alignbook.press import npm

__all__ = ["full_site", "reading_site", "site"]

MEASURED = pytest.StashKey[list[str]]()

FLAGS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)


@pytest.fixture
def report(request: pytest.FixtureRequest) -> Callable[[str], None]:
    """Add a line to the table of what was measured, which is printed whether tests pass or fail."""
    return request.config.stash.setdefault(MEASURED, []).append


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print that table."""
    lines = terminalreporter.config.stash.get(MEASURED, [])
    if lines:
        terminalreporter.section("weights, without figures, and times")
    for line in lines:
        terminalreporter.write_line(line)


@pytest.fixture(scope="session")
def axe(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The script of axe-core."""
    modules = npm.packages(tmp_path_factory.mktemp("npm"), development=True)
    return (modules / "axe-core/axe.min.js").read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """What drives the browser."""
    with sync_playwright() as driver:
        yield driver


@pytest.fixture(scope="session")
def chromium(playwright: Playwright) -> str:
    """Path of the browser: the system's, or else the one that Playwright has installed."""
    path = shutil.which("chromium") or playwright.chromium.executable_path
    if not Path(path).is_file():
        pytest.fail(
            "Chromium is missing: apt-get update && apt-get install --no-install-recommends chromium (Debian, Ubuntu), "
            "or .nox/dev/bin/playwright install chromium"
        )
    return path


@pytest.fixture
def context(playwright: Playwright, chromium: str, tmp_path: Path) -> Iterator[BrowserContext]:
    """A browser that has never been used."""
    with playwright.chromium.launch_persistent_context(tmp_path, executable_path=chromium, args=FLAGS) as context:
        yield context


@pytest.fixture
def without_scripts(playwright: Playwright, chromium: str, tmp_path: Path) -> Iterator[BrowserContext]:
    """A browser that runs no scripts."""
    with playwright.chromium.launch_persistent_context(
        tmp_path, executable_path=chromium, args=FLAGS, java_script_enabled=False
    ) as context:
        yield context
