"""The quiz in a real browser: by keyboard, by mouse, remembered, reviewed, printed, without scripts."""

from __future__ import annotations

from typing import Literal

import pytest
from playwright.sync_api import BrowserContext, Locator
from tests.browser.reading import HOSTILE, Watched, opened
from tests.browser.test_pages import CHECK, RULES
from tests.built.site import Site

pytestmark = pytest.mark.browser

SUM, COLOUR, MIND = "#quiz-chapter-sum", "#quiz-chapter-colour", "#quiz-chapter-mind"


def choice(watched: Watched, question: str, letter: str) -> Locator:
    """The button of a choice."""
    return watched.find(f"{question} .quiz-choice").nth("ABC".index(letter))


def feedback(watched: Watched, question: str) -> dict[str, str]:
    """The feedback that can be seen, by letter."""
    said = enumerate(watched.find(f"{question} .quiz-said").all())
    return {"ABC"[at]: " ".join(one.inner_text().split()) for at, one in said if one.is_visible()}


def score(watched: Watched) -> str:
    return watched.find(".quiz-score").first.inner_text()


def voice(watched: Watched) -> str:
    return " ".join((watched.find(".quiz-bar [role=status]").first.text_content() or "").split())


def button(watched: Watched, name: str) -> Locator:
    return watched.find(".quiz-bar").first.get_by_role("button", name=name, exact=True)


def test_a_question_is_answered_by_keyboard(context: BrowserContext, reading_site: Site) -> None:
    watched = opened(context, reading_site, "chapter")
    choice(watched, SUM, "A").focus()
    watched.page.keyboard.press("Tab")
    assert watched.focused == "B\nIt is 11."
    assert feedback(watched, SUM) == {}
    watched.page.keyboard.press("Enter")
    assert watched.focused == "B\nIt is 11.", "the focus stays"
    assert list(feedback(watched, SUM)) == ["B"]
    assert feedback(watched, SUM)["B"].startswith("Not so. That joins the digits,")
    assert watched.find(f"{SUM} .quiz-explanation").is_visible()
    assert voice(watched).startswith("B. Not so. That joins the digits, 1 and 1. The explanation stands below")
    assert voice(watched).endswith("1 of 3 answered: 0 right at once, 1 to review.")
    described = choice(watched, SUM, "B").get_attribute("aria-describedby")
    assert watched.find(f"#{described}").inner_text().startswith("Not so.")
    watched.page.keyboard.press("Tab")
    watched.page.keyboard.press("Space")
    assert list(feedback(watched, SUM)) == ["B", "C"]
    assert watched.problems == []


def test_every_choice_has_feedback_and_right_and_wrong_answers_the_explanation_and_a_link(
    context: BrowserContext, reading_site: Site
) -> None:
    for letter in "ABC":
        watched = opened(context, reading_site, "chapter")
        watched.page.evaluate("localStorage.clear()")
        watched.page.reload()
        choice(watched, SUM, letter).click()
        assert list(feedback(watched, SUM)) == [letter]
        explanation = watched.find(f"{SUM} .quiz-explanation")
        assert "Addition counts on." in explanation.inner_text()
        assert explanation.get_by_role("link").get_attribute("href") == "#here"
        watched.page.close()


def test_the_first_answer_counts_and_the_others_can_be_looked_at(context: BrowserContext, reading_site: Site) -> None:
    watched = opened(context, reading_site, "chapter")
    assert score(watched) == "0 of 3 answered."
    choice(watched, SUM, "B").click()
    choice(watched, SUM, "A").click()
    assert list(feedback(watched, SUM)) == ["A", "B"]
    assert score(watched) == "1 of 3 answered: 0 right at once, 1 to review."
    choice(watched, COLOUR, "B").click()
    assert score(watched) == "2 of 3 answered: 1 right at once, 1 to review."
    assert watched.find(".quiz-bar progress").first.evaluate("bar => bar.value / bar.max") == pytest.approx(2 / 3)
    choice(watched, MIND, "A").click()
    assert feedback(watched, MIND) == {"A": "Falls short. Say which test would show it."}
    choice(watched, MIND, "B").click()
    assert feedback(watched, MIND)["B"] == "Well reasoned. With reasons on both sides."


def test_before_an_answer_nothing_on_the_page_tells_it(context: BrowserContext, reading_site: Site) -> None:
    watched = opened(context, reading_site, "chapter")
    for question in (SUM, COLOUR, MIND):
        attributes = watched.find(f"{question} .quiz-choices > li").evaluate_all(
            """items => items.map((item) => [item, ...item.querySelectorAll("*")]
              .filter((one) => !one.closest(".quiz-said, .quiz-text"))
              .map((one) => one.outerHTML.match(/^<[^>]*>/)[0]).join())"""
        )
        assert len(set(attributes)) == 1, attributes
        assert feedback(watched, question) == {}
        assert not watched.find(f"{question} .quiz-explanation").is_visible()
    text = watched.find(".quiz").inner_text()
    assert not any(word in text for word in ("Right.", "Not so.", "Well reasoned.", "Addition counts on."))


def test_answers_are_remembered_and_the_list_of_quizzes_says_so(context: BrowserContext, reading_site: Site) -> None:
    watched = opened(context, reading_site, "chapter")
    choice(watched, SUM, "B").click()
    choice(watched, COLOUR, "A").click()
    watched.page.reload()
    assert score(watched) == "2 of 3 answered: 1 right at once, 1 to review."
    assert list(feedback(watched, SUM)) == ["B"]
    assert feedback(watched, MIND) == {}
    watched.page.goto((reading_site.folder / "quiz.html").as_uri())
    assert watched.find(".quiz-list li").all_inner_texts() == [
        "Chapter: 3 questions \u2013 2 answered, 1 right at once"
    ]
    assert watched.problems == []


def test_two_quizzes_on_a_page_do_not_disturb_each_other(context: BrowserContext, reading_site: Site) -> None:
    watched = opened(context, reading_site, "quiz")
    watched.find("#quiz-other-only .quiz-choice").first.click()
    assert watched.find(".quiz-score").all_inner_texts() == ["1 of 1 answered: 1 right at once.", "0 of 1 answered."]
    watched.page.reload()
    assert watched.find(".quiz-score").all_inner_texts() == ["1 of 1 answered: 1 right at once.", "0 of 1 answered."]


def test_mistakes_are_reviewed(context: BrowserContext, reading_site: Site) -> None:
    watched = opened(context, reading_site, "chapter")
    assert button(watched, "Review my mistakes").get_attribute("aria-disabled") == "true"
    button(watched, "Review my mistakes").click(force=True)
    assert watched.find(".quiz-question:visible").count() == 3, "there is nothing to review"
    choice(watched, SUM, "B").click()
    choice(watched, COLOUR, "A").click()
    choice(watched, MIND, "A").click()
    button(watched, "Review my mistakes").press("Enter")
    assert [one.get_attribute("id") for one in watched.find(".quiz-question:visible").all()] == [SUM[1:], MIND[1:]]
    assert watched.page.evaluate("document.activeElement.id") == SUM[1:]
    assert voice(watched) == "2 questions to answer again."
    assert feedback(watched, SUM) == {}, "it is asked afresh"
    choice(watched, SUM, "C").click()
    choice(watched, MIND, "B").click()
    assert score(watched) == "3 of 3 answered: 1 right at once, 1 right later, 1 to review."
    assert watched.find(f"{MIND} .quiz-outcome").inner_text() == "right later"
    button(watched, "Show all questions").click()
    assert watched.find(".quiz-question:visible").count() == 3
    button(watched, "Review my mistakes").click()
    choice(watched, SUM, "A").click()
    button(watched, "Show all questions").press("Enter")
    assert watched.focused == "Review my mistakes"
    assert score(watched) == "3 of 3 answered: 1 right at once, 2 right later."
    assert button(watched, "Review my mistakes").get_attribute("aria-disabled") == "true"
    watched.page.reload()
    assert score(watched) == "3 of 3 answered: 1 right at once, 2 right later."
    assert watched.problems == []


def test_one_can_start_over_and_think_better_of_it(context: BrowserContext, reading_site: Site) -> None:
    watched = opened(context, reading_site, "chapter")
    choice(watched, SUM, "B").click()
    button(watched, "Start over").press("Enter")
    assert score(watched) == "0 of 3 answered."
    assert feedback(watched, SUM) == {}
    assert watched.page.evaluate("localStorage.length") == watched.page.evaluate(
        "Object.keys(localStorage).filter((name) => !name.includes('quiz')).length"
    )
    assert watched.focused == "Bring my answers back"
    watched.page.keyboard.press("Enter")
    assert score(watched) == "1 of 3 answered: 0 right at once, 1 to review."
    assert list(feedback(watched, SUM)) == ["B"]
    button(watched, "Start over").click()
    choice(watched, SUM, "A").click()
    assert button(watched, "Start over").is_visible(), "what was given up is gone with a new answer"
    assert score(watched) == "1 of 3 answered: 1 right at once."


def test_what_others_left_on_the_device_is_ignored(context: BrowserContext, reading_site: Site) -> None:
    watched = opened(context, reading_site, "chapter")
    choice(watched, SUM, "B").click()
    slot = watched.page.evaluate("Object.keys(localStorage).find((name) => name.endsWith('quiz:chapter'))")
    for text in HOSTILE:
        watched.page.evaluate("pair => localStorage.setItem(...pair)", [slot, text])
        watched.page.reload()
        assert score(watched) == "0 of 3 answered.", text
        watched.page.goto((reading_site.folder / "quiz.html").as_uri())
        assert watched.find(".quiz-list li").all_inner_texts() == ["Chapter: 3 questions"], text
        watched.page.go_back()
    assert watched.problems == []


def test_a_browser_that_keeps_nothing_is_good_enough(context: BrowserContext, reading_site: Site) -> None:
    context.add_init_script("Object.defineProperty(window, 'localStorage', { get() { throw new Error('no'); } })")
    watched = opened(context, reading_site, "chapter")
    choice(watched, SUM, "A").click()
    assert score(watched) == "1 of 3 answered: 1 right at once."


def test_without_scripts_questions_stand_there_and_answers_unfold(
    without_scripts: BrowserContext, reading_site: Site
) -> None:
    watched = opened(without_scripts, reading_site, "chapter")
    assert watched.find(f"{SUM} .quiz-choices").is_visible()
    assert not watched.find(f"{SUM} .quiz-explanation").is_visible()
    watched.find(f"{SUM} summary").click()
    assert watched.find(f"{SUM} .quiz-explanation").is_visible()
    assert watched.find(".quiz-bar").count() == 0


def test_print_shows_every_answer(context: BrowserContext, reading_site: Site) -> None:
    check_print(opened(context, reading_site, "chapter", media="print"))


def test_print_shows_every_answer_without_scripts(without_scripts: BrowserContext, reading_site: Site) -> None:
    check_print(opened(without_scripts, reading_site, "chapter", media="print"))


def check_print(watched: Watched) -> None:
    for part in (".quiz-question", ".quiz-explanation", ".quiz-verdict", ".quiz-choices > li", ".quiz-status"):
        found = watched.find(part).all()
        assert found
        assert all(one.is_visible() for one in found), part
        assert all((one.bounding_box() or {"height": 0})["height"] > 5 for one in found), part
    assert not any(one.is_visible() for one in watched.find(".quiz-bar").all())


def test_print_shows_what_a_review_has_put_aside(context: BrowserContext, reading_site: Site) -> None:
    watched = opened(context, reading_site, "chapter")
    choice(watched, SUM, "B").click()
    button(watched, "Review my mistakes").click()
    assert not watched.find(COLOUR).is_visible()
    watched.page.emulate_media(media="print")
    assert watched.find(COLOUR).is_visible()


def answer_all(watched: Watched) -> int:
    """Answer every question of a page with its first choice; returns how many there are."""
    questions = watched.find(".quiz-question").all()
    for question in questions:
        question.locator(".quiz-choice").first.click()
        assert question.locator(".quiz-explanation").is_visible()
    return len(questions)


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 1280), ("light", 320), ("dark", 320)])
def test_axe_finds_nothing_before_and_after_an_answer(
    context: BrowserContext, site: Site, reading_site: Site, axe: str, scheme: Literal["light", "dark"], width: int
) -> None:
    names = [(reading_site, "chapter"), (reading_site, "quiz")]
    names += [(site, name.removesuffix(".html")) for name, page in site.pages.items() if page.select(".quiz")]
    for book, name in names:
        watched = opened(context, book, name, width=width, color_scheme=scheme, reduced_motion="reduce")
        watched.page.evaluate(axe)
        assert watched.page.evaluate(CHECK, RULES) == [], name
        assert answer_all(watched), name
        assert watched.page.evaluate(CHECK, RULES) == [], name
        assert watched.page.evaluate("document.documentElement.scrollWidth") <= width, name
        if book is reading_site:
            watched.shoot(f"quiz-{name}-{scheme}-{width}", ".quiz")
        assert watched.problems == [], name
        watched.page.close()


def test_forced_colours_leave_everything_visible(context: BrowserContext, reading_site: Site, axe: str) -> None:
    watched = opened(context, reading_site, "chapter", forced_colors="active")
    answer_all(watched)
    watched.page.evaluate(axe)
    assert watched.page.evaluate(CHECK, RULES) == []
    for part in (".quiz-question", ".quiz-choice", ".quiz-said"):
        style = watched.find(f"{part}:visible").first.evaluate("box => getComputedStyle(box).borderInlineStartStyle")
        assert style != "none", part
    watched.shoot("quiz-chapter-forced-colours", ".quiz")


def test_controls_are_large_enough_for_fingers(context: BrowserContext, reading_site: Site) -> None:
    watched = opened(context, reading_site, "chapter", width=320)
    sizes = watched.find(".quiz button").evaluate_all("all => all.map((one) => one.getBoundingClientRect().height)")
    assert min(sizes) >= 24
