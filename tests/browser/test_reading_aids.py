"""Reading aids in a real browser: progress, tips of terms, shortcuts, copy buttons, search, print."""

from __future__ import annotations

import re
from typing import Literal

import pytest
from playwright.sync_api import BrowserContext, expect
from tests.browser.reading import Watched, opened
from tests.browser.test_pages import CHECK, RULES
from tests.built.site import Site

pytestmark = pytest.mark.browser

TIP = "#ab-tip"
LOSS = "article p a[href='glossary.html#term-loss']"


def address(watched: Watched) -> str:
    return watched.page.url.rsplit("/", 1)[1]


# ------------------------------------------------------------------- progress


def test_the_place_on_the_page_is_told(context: BrowserContext, reading_site: Site) -> None:
    watched = opened(context, reading_site, "chapter")
    place, bar = watched.find(".ab-place"), watched.find(".ab-progress")
    assert place.inner_text() == "Section 1 of 4"
    width = bar.evaluate("one => one.getBoundingClientRect().width")
    assert width == 0
    watched.page.evaluate("document.querySelector('#code').scrollIntoView()")
    watched.page.wait_for_function("document.querySelector('.ab-place').innerText == 'Section 3 of 4'")
    assert bar.evaluate("one => one.getBoundingClientRect().width") > 100
    watched.page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
    watched.page.wait_for_function("document.querySelector('.ab-place').innerText == 'Section 4 of 4'")
    right = bar.evaluate("one => one.getBoundingClientRect().right - one.parentElement.getBoundingClientRect().right")
    assert abs(right) < 2, "the bar is full at the end"


def test_a_short_page_needs_no_progress(context: BrowserContext, reading_site: Site) -> None:
    watched = opened(context, reading_site, "plain")
    assert watched.find(".ab-place, .ab-progress").count() == 0
    assert watched.problems == []


def test_narrow_pages_have_room_for_it(context: BrowserContext, reading_site: Site) -> None:
    watched = opened(context, reading_site, "chapter", width=320)
    assert watched.find(".ab-place").inner_text().split() == ["Section", "1", "of", "4"], "all of it is read aloud"
    assert watched.page.evaluate("document.documentElement.scrollWidth") <= 320


# ----------------------------------------------------------------------- tips


def come_to_the_term(watched: Watched) -> None:
    """Move the focus to the first term, with the keyboard."""
    watched.find(LOSS).first.focus()
    watched.page.keyboard.press("Shift+Tab")
    watched.page.keyboard.press("Tab")
    assert watched.focused == "loss"


def test_a_tip_comes_with_the_focus_and_goes_with_it(context: BrowserContext, reading_site: Site) -> None:
    watched = opened(context, reading_site, "chapter")
    assert watched.find(TIP).is_hidden()
    come_to_the_term(watched)
    assert watched.find(TIP).is_visible()
    assert watched.find(TIP).inner_text().split("\n")[0] == "loss"
    assert "What training makes small" in watched.find(TIP).inner_text()
    assert watched.page.evaluate("document.activeElement.getAttribute('aria-describedby')") == "ab-tip"
    watched.page.keyboard.press("Tab")
    watched.page.keyboard.press("Tab")
    assert "Nothing." in watched.find(TIP).inner_text()
    watched.page.keyboard.press("Tab")
    assert watched.find(TIP).is_hidden()
    assert watched.find("[aria-describedby=ab-tip]").count() == 0
    assert watched.problems == []


def test_escape_takes_a_tip_away_and_leaves_the_focus(context: BrowserContext, reading_site: Site) -> None:
    watched = opened(context, reading_site, "chapter")
    come_to_the_term(watched)
    watched.page.keyboard.press("Escape")
    assert watched.find(TIP).is_hidden()
    assert watched.focused == "loss"
    watched.page.keyboard.press("Shift+Tab")
    watched.page.keyboard.press("Tab")
    assert watched.find(TIP).is_visible(), "it comes again"


def test_a_tip_comes_with_the_pointer_can_be_gone_over_and_stays(context: BrowserContext, reading_site: Site) -> None:
    watched = opened(context, reading_site, "chapter")
    watched.find(LOSS).first.hover()
    watched.find(TIP).wait_for(state="visible")
    watched.find(TIP).hover()
    watched.page.wait_for_timeout(800)
    assert watched.find(TIP).is_visible()
    watched.page.mouse.move(2, 600)
    watched.find(TIP).wait_for(state="hidden")
    watched.find(LOSS).first.hover()
    watched.find(TIP).wait_for(state="visible")
    watched.page.keyboard.press("Escape")
    assert watched.find(TIP).is_hidden()


def test_a_link_that_is_passed_by_shows_nothing(context: BrowserContext, reading_site: Site) -> None:
    watched = opened(context, reading_site, "chapter")
    watched.find(LOSS).first.hover()
    watched.page.mouse.move(2, 600)
    watched.page.wait_for_timeout(600)
    assert watched.find(TIP).is_hidden()


def test_a_term_leads_to_the_glossary_still(context: BrowserContext, reading_site: Site) -> None:
    watched = opened(context, reading_site, "chapter")
    watched.find(LOSS).first.click()
    expect(watched.page).to_have_url(re.compile("/glossary[.]html#term-loss$"))


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 1280), ("light", 320), ("dark", 320)])
def test_axe_finds_nothing_in_what_opens(
    context: BrowserContext, reading_site: Site, axe: str, scheme: Literal["light", "dark"], width: int
) -> None:
    watched = opened(context, reading_site, "chapter", width=width, color_scheme=scheme, reduced_motion="reduce")
    watched.page.evaluate(axe)
    come_to_the_term(watched)
    assert watched.find(TIP).is_visible()
    box = watched.find(TIP).bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= width
    assert watched.page.evaluate(CHECK, RULES) == []
    watched.page.keyboard.press("?")
    assert watched.find("dialog.ab-shortcuts").is_visible()
    assert watched.page.evaluate(CHECK, RULES) == []
    watched.shoot(f"shortcuts-{scheme}-{width}", "dialog.ab-shortcuts")
    assert watched.problems == []


# ------------------------------------------------------------------ shortcuts


def test_shortcuts_take_the_reader_around(context: BrowserContext, reading_site: Site) -> None:
    watched = opened(context, reading_site, "chapter", reduced_motion="reduce")
    headings = ("Numbers", "Choices", "Code", "Questions")
    for heading in headings:
        watched.page.keyboard.press("j")
        assert watched.focused.startswith(heading)
    watched.page.keyboard.press("j")
    assert watched.focused.startswith("Questions"), "there is no next one"
    for heading in reversed(headings[:-1]):
        watched.page.keyboard.press("k")
        assert watched.focused.startswith(heading)
    watched.page.keyboard.press("q")
    assert watched.page.evaluate("document.activeElement.id") == "quiz-chapter-sum"
    watched.page.keyboard.press("n")
    watched.page.wait_for_url("**/plain.html")
    watched.page.keyboard.press("p")
    watched.page.wait_for_url("**/chapter.html")
    watched.page.keyboard.press("/")
    watched.find("#pst-search-dialog input").wait_for()
    assert watched.find("#pst-search-dialog input").evaluate("one => one === document.activeElement")
    assert watched.find("#pst-search-dialog input").input_value() == ""
    assert watched.problems == []


def test_what_is_typed_is_no_shortcut(context: BrowserContext, reading_site: Site) -> None:
    watched = opened(context, reading_site, "chapter")
    watched.find("#bet-share input").focus()
    watched.page.keyboard.type("?jnq")
    assert watched.find("#bet-share input").input_value() == "?jnq"
    assert address(watched) == "chapter.html"
    assert not watched.find("dialog.ab-shortcuts").is_visible()
    watched.find("article a").first.focus()
    for key in ("Control+j", "Alt+n", "Meta+n"):
        watched.page.keyboard.press(key)
    assert address(watched) == "chapter.html"


def test_shortcuts_are_listed_and_can_be_turned_off_for_good(context: BrowserContext, reading_site: Site) -> None:
    watched = opened(context, reading_site, "chapter")
    opener = watched.page.get_by_role("button", name="Keyboard shortcuts")
    opener.press("Enter")
    dialog = watched.page.get_by_role("dialog", name="Keyboard shortcuts")
    assert dialog.is_visible()
    assert dialog.locator("kbd").all_inner_texts() == ["j", "k", "n", "p", "q", "/", "?"]
    dialog.get_by_role("checkbox").uncheck()
    watched.page.keyboard.press("Escape")
    assert not dialog.is_visible()
    assert watched.page.evaluate("document.activeElement.getAttribute('aria-label')") == "Keyboard shortcuts"
    watched.page.keyboard.press("j")
    assert not watched.focused.startswith("Numbers")
    watched.page.goto((reading_site.folder / "plain.html").as_uri())
    watched.page.keyboard.press("?")
    assert not dialog.is_visible()
    opener.click()
    dialog.get_by_role("checkbox").check()
    dialog.get_by_role("button", name="Close").click()
    watched.page.keyboard.press("?")
    assert dialog.is_visible()
    assert watched.problems == []


# ----------------------------------------------------------------------- copy


def test_code_is_copied(context: BrowserContext, reading_site: Site) -> None:
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    watched = opened(context, reading_site, "chapter")
    copy = watched.find("#code .ab-copy")
    assert copy.text_content() == "Copy code 2"
    copy.press("Enter")
    watched.find(
        "#code .ab-copy",
    ).get_by_text("Copied").wait_for()
    assert watched.page.evaluate("navigator.clipboard.readText()") == "first = 1\nsecond = 2"
    assert (
        watched.find(
            "[role=status]",
        )
        .get_by_text("The code is in the clipboard.")
        .count()
        == 1
    )
    assert watched.focused.startswith("Copied"), "the focus stays"
    copy.get_by_text("Copy", exact=True).wait_for()


def test_where_there_is_no_clipboard_the_code_is_selected(context: BrowserContext, reading_site: Site) -> None:
    context.add_init_script("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    watched = opened(context, reading_site, "chapter")
    watched.find("#code .ab-copy").click()
    watched.find("#code .ab-copy").get_by_text("Selected").wait_for()
    assert watched.page.evaluate("getSelection().toString()").strip() == "first = 1\nsecond = 2"
    assert watched.problems == []


def test_outputs_have_no_copy_button(context: BrowserContext, reading_site: Site) -> None:
    watched = opened(context, reading_site, "chapter")
    assert watched.find(".cell_output").count() > 0
    assert watched.find(".cell_output .ab-copy").count() == 0


# ---------------------------------------------------------------- the search


@pytest.mark.parametrize(
    "words", ["joins the digits", "counts on", "reasons on both sides", "the seldom ones", "facts is recalled"]
)
def test_the_search_finds_what_stands_in_quizzes_and_bets(
    context: BrowserContext, reading_site: Site, words: str
) -> None:
    watched = opened(context, reading_site, "search", tail=f"?q={words.replace(' ', '+')}")
    expect(watched.find('#search-results li a[href^="chapter.html"]').first).to_be_visible(timeout=30_000)


# -------------------------------------------------------------------- all pages


def test_the_aids_do_no_harm_on_any_page(context: BrowserContext, site: Site) -> None:
    for name, page in site.pages.items():
        if page.select("base"):
            continue
        watched = opened(context, site, name.removesuffix(".html"))
        assert watched.find(".ab-shortcuts-button").count() == 1, name
        codes = watched.find("article .cell_input pre, article .highlight pre").count()
        outputs = watched.find("article .cell_output .highlight pre").count()
        assert watched.find(".ab-copy").count() == codes - outputs, name
        assert watched.problems == [], name
        watched.page.close()


def test_nothing_of_the_aids_is_printed(context: BrowserContext, reading_site: Site) -> None:
    watched = opened(context, reading_site, "chapter", media="print")
    for part in (".ab-place", ".ab-progress", ".ab-copy", ".ab-shortcuts-button", TIP):
        assert not any(one.is_visible() for one in watched.find(part).all()), part


def test_without_scripts_nothing_waits_for_them(without_scripts: BrowserContext, reading_site: Site) -> None:
    watched = opened(without_scripts, reading_site, "chapter")
    assert watched.find(".ab-copy, .ab-place, .ab-shortcuts-button").count() == 0
    assert watched.find("script.ab-terms").count() == 1
    assert "What training makes" not in watched.find("article").inner_text()
