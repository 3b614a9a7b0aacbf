"""Bets in a real browser: nothing is seen before the guess, and how it compares after it."""

from __future__ import annotations

from typing import Literal

import pytest
from playwright.sync_api import BrowserContext, Locator
from tests.browser.reading import HOSTILE, Watched, opened
from tests.browser.test_pages import CHECK, RULES
from tests.built.site import Site

pytestmark = pytest.mark.browser

SHARE, WHICH, BITS = "#bet-share", "#bet-which", "#bet-bits"


def said(watched: Watched, bet: str) -> str:
    """What is said of a bet, on the page and aloud."""
    return watched.find(f"{bet} > [role=status]").inner_text().strip()


def is_open(watched: Watched, bet: str) -> bool:
    """Whether the result can be seen."""
    return bool(watched.find(f"{bet} > .bet-result > p").last.evaluate("one => one.checkVisibility()"))


def button(watched: Watched, bet: str, name: str) -> Locator:
    return watched.find(bet).get_by_role("button", name=name, exact=True)


def test_a_number_is_bet_by_keyboard(context: BrowserContext, reading_site: Site) -> None:
    watched = opened(context, reading_site, "chapter")
    assert not is_open(watched, SHARE)
    watched.find(f"{SHARE} input").focus()
    watched.page.keyboard.type("40")
    watched.page.keyboard.press("Enter")
    assert is_open(watched, SHARE)
    assert said(watched, SHARE) == "You bet 40%, and it is 62%: 22 points too low."
    assert watched.focused == "40", "the focus stays"
    marks = watched.find(f"{SHARE} .bet-mark").evaluate_all("all => all.map((one) => [one.innerText, one.offsetLeft])")
    assert [text for text, _ in marks] == ["you: 40%", "result: 62%"]
    assert marks[0][1] < marks[1][1]
    assert [is_open(watched, bet) for bet in (WHICH, BITS)] == [False, False], "each bet is its own"
    assert watched.problems == []


def test_a_choice_is_bet_by_keyboard(context: BrowserContext, reading_site: Site) -> None:
    watched = opened(context, reading_site, "chapter")
    watched.find(f"{WHICH} input").first.focus()
    watched.page.keyboard.press("Space")
    watched.page.keyboard.press("ArrowDown")
    watched.page.keyboard.press("Enter")
    assert is_open(watched, WHICH)
    assert said(watched, WHICH) == "You bet on B, and B it is."
    assert watched.find(f"{WHICH} .bet-outcome").inner_text() == "It is B (evidence: 0.25)."


def test_a_choice_is_bet_by_mouse_on_its_text(context: BrowserContext, reading_site: Site) -> None:
    watched = opened(context, reading_site, "chapter")
    watched.find(WHICH).get_by_text("The common ones.").click()
    button(watched, WHICH, "Place the bet").click()
    assert said(watched, WHICH) == "You bet on A, and it is B."


def test_what_is_no_bet_is_told_and_opens_nothing(context: BrowserContext, reading_site: Site) -> None:
    watched = opened(context, reading_site, "chapter")
    for text in ("", "much", "101", "-1", "1e1", "<b>5</b>", "9" * 400, "\u202e5"):
        watched.find(f"{SHARE} input").fill(text)
        button(watched, SHARE, "Place the bet").click()
        assert said(watched, SHARE) == "Your bet must be a number from 0 to 100."
        assert watched.focused == text
        assert not is_open(watched, SHARE)
    button(watched, WHICH, "Place the bet").click()
    assert said(watched, WHICH) == "Choose an answer first."
    assert watched.focused == "A"
    assert watched.problems == []


@pytest.mark.parametrize("text", ["-9", "\u22129", "-9.0", " -9 ", "-9,0"])
def test_numbers_are_read_as_people_write_them(context: BrowserContext, reading_site: Site, text: str) -> None:
    watched = opened(context, reading_site, "chapter")
    watched.find(f"{BITS} input").fill(text)
    button(watched, BITS, "Place the bet").click()
    assert said(watched, BITS) == "You bet \u22129, and it is 2.5: 11.5 bits too low."


def test_one_may_look_without_a_bet(context: BrowserContext, reading_site: Site) -> None:
    watched = opened(context, reading_site, "chapter")
    button(watched, SHARE, "Show the result without a bet").press("Enter")
    assert is_open(watched, SHARE)
    assert said(watched, SHARE) == "The result is open. You looked without a bet."
    assert watched.focused == "Close the result"
    assert "It is 62%." in watched.find(f"{SHARE} .bet-result").inner_text()
    assert watched.find(f"{SHARE} .bet-line").is_hidden()


def test_a_bet_is_remembered_and_can_be_taken_back(context: BrowserContext, reading_site: Site) -> None:
    watched = opened(context, reading_site, "chapter")
    watched.find(f"{SHARE} input").fill("62")
    button(watched, SHARE, "Place the bet").click()
    watched.find(f"{WHICH} input").nth(2).check()
    button(watched, WHICH, "Place the bet").click()
    watched.page.reload()
    assert said(watched, SHARE) == "You bet 62%, and 62% it is."
    assert said(watched, WHICH) == "You bet on C, and it is B."
    assert watched.find(f"{WHICH} input").nth(2).is_checked()
    assert not is_open(watched, BITS)
    button(watched, SHARE, "Take the bet back").press("Enter")
    assert not is_open(watched, SHARE)
    assert said(watched, SHARE) == "The result is closed again."
    assert watched.focused == "Place the bet"
    watched.page.reload()
    assert not is_open(watched, SHARE)
    assert said(watched, SHARE) == ""


def test_what_others_left_on_the_device_is_ignored(context: BrowserContext, reading_site: Site) -> None:
    watched = opened(context, reading_site, "chapter")
    slots = {}
    for bet, name in ((SHARE, "share"), (WHICH, "which")):
        button(watched, bet, "Show the result without a bet").click()
        slots[bet] = watched.page.evaluate(f"Object.keys(localStorage).find((one) => one.endsWith('{name}'))")
    for text in HOSTILE:
        for bet, slot in slots.items():
            watched.page.evaluate("pair => localStorage.setItem(...pair)", [slot, text])
            watched.page.reload()
            assert not is_open(watched, bet), (bet, text)
            assert said(watched, bet) == "", (bet, text)
    assert watched.problems == []


def test_the_result_cannot_be_reached_before_the_bet(context: BrowserContext, reading_site: Site) -> None:
    watched = opened(context, reading_site, "chapter")
    watched.find(f"{SHARE} input").focus()
    for _ in range(3):
        watched.page.keyboard.press("Tab")
    assert watched.page.evaluate("document.activeElement.closest('.bet').id") == WHICH[1:]
    assert "hidden result" not in watched.find("article").inner_text()


@pytest.mark.parametrize("tail", ["#answer", "#tab-recalled", "#claim-rare-first"])
def test_a_link_into_a_result_opens_it(context: BrowserContext, reading_site: Site, tail: str) -> None:
    watched = opened(context, reading_site, "chapter", tail=tail)
    watched.page.wait_for_timeout(200)
    assert is_open(watched, SHARE)
    assert said(watched, SHARE) == "You looked without a bet."
    assert watched.find(tail).first.evaluate("one => Math.abs(one.getBoundingClientRect().top) < innerHeight")


def test_a_link_on_the_page_into_a_result_opens_it(context: BrowserContext, reading_site: Site) -> None:
    watched = opened(context, reading_site, "chapter")
    watched.find("article a.reference[href='#tab-recalled']").click()
    watched.find(f"{SHARE} table").wait_for()
    assert is_open(watched, SHARE)


@pytest.mark.parametrize("tail", ["#%E0%A4%A", "#<b>", "#nowhere", "#"])
def test_an_address_that_leads_nowhere_does_no_harm(context: BrowserContext, reading_site: Site, tail: str) -> None:
    watched = opened(context, reading_site, "chapter", tail=tail)
    assert not is_open(watched, SHARE)
    assert watched.find(f"{SHARE} form").is_visible()
    assert watched.problems == []


def test_without_scripts_the_result_is_open(without_scripts: BrowserContext, reading_site: Site) -> None:
    watched = opened(without_scripts, reading_site, "chapter")
    for bet in (SHARE, WHICH, BITS):
        assert watched.find(f"{bet} .bet-result").is_visible()
        assert watched.find(f"{bet} .bet-outcome").is_visible()
    assert watched.find("form.ab-live").count() == 0


def test_in_print_the_result_is_open(context: BrowserContext, reading_site: Site) -> None:
    watched = opened(context, reading_site, "chapter")
    watched.find(f"{WHICH} input").nth(2).check()
    button(watched, WHICH, "Place the bet").click()
    watched.page.emulate_media(media="print")
    for bet in (SHARE, WHICH, BITS):
        assert (watched.find(f"{bet} .bet-outcome").bounding_box() or {"height": 0})["height"] > 5
        assert not watched.find(f"{bet} form .ab-row").last.is_visible()
    assert watched.find(f"{WHICH} .bet-choices").is_visible()


def bet_all(watched: Watched) -> int:
    """Bet something everywhere on a page; returns how many bets there are."""
    bets = watched.find(".bet").all()
    for bet in bets:
        if bet.get_attribute("data-from") is None:
            bet.get_by_role("radio").first.check()
        else:
            bet.get_by_role("textbox").first.fill(bet.get_attribute("data-from") or "")
        bet.get_by_role("button", name="Place the bet").click()
    return len(bets)


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 1280), ("light", 320), ("dark", 320)])
def test_axe_finds_nothing_before_and_after_a_bet(
    context: BrowserContext, site: Site, reading_site: Site, axe: str, scheme: Literal["light", "dark"], width: int
) -> None:
    names = [(site, name.removesuffix(".html")) for name, page in site.pages.items() if page.select(".bet")]
    for book, name in [(reading_site, "chapter"), *names]:
        watched = opened(context, book, name, width=width, color_scheme=scheme, reduced_motion="reduce")
        watched.page.evaluate(axe)
        assert watched.page.evaluate(CHECK, RULES) == [], name
        watched.shoot(f"bet-{name}-{scheme}-{width}-before", ".bet")
        assert bet_all(watched), name
        assert watched.page.evaluate(CHECK, RULES) == [], name
        assert watched.page.evaluate("document.documentElement.scrollWidth") <= width, name
        watched.shoot(f"bet-{name}-{scheme}-{width}-after", ".bet")
        assert watched.problems == [], name
        watched.page.close()


def test_forced_colours_leave_everything_visible(context: BrowserContext, reading_site: Site, axe: str) -> None:
    watched = opened(context, reading_site, "chapter", forced_colors="active")
    bet_all(watched)
    watched.page.evaluate(axe)
    assert watched.page.evaluate(CHECK, RULES) == []
    colours = watched.find(SHARE).evaluate(
        """box => [...box.querySelectorAll(".bet-mark")].map((one) => getComputedStyle(one, "::before").backgroundColor)
          .concat(getComputedStyle(document.body).backgroundColor)"""
    )
    assert colours[0] != colours[-1]
    assert colours[1] != colours[-1]
    watched.shoot("bet-chapter-forced-colours", ".bet")
