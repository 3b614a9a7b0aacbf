"""Quiz files are checked, each mistake with its line; the questions are on the page, with their answers folded away."""

from __future__ import annotations

import re

import pytest
from bs4 import BeautifulSoup
from tests.fixture_book import FixtureBook, errors

from alignbook.press.quiz import QuizError, read_quiz

GOOD = """- id: unit
  question: What does a bit *measure*?
  choices:
    - text: surprise
      right: true
      feedback: In powers of two.
    - text: length, say $x$
      feedback: That is a metre.
  explanation: See Shannon.
  link: here
  status: established
- id: second
  question: Does it understand?
  choices:
    - text: "yes"
      feedback: Some say so.
    - text: it is debated
      feedback: There is no agreement.
      right: true
  explanation: |
    One paragraph.

    Another.
  link: here
  status: debated
"""


def test_a_good_file_gives_its_questions() -> None:
    first, second = read_quiz(GOOD).questions
    assert (first.id, first.status, first.link) == ("unit", "established", "here")
    assert [(choice.text, choice.right) for choice in first.choices] == [("surprise", True), ("length, say $x$", False)]
    assert second.explanation == "One paragraph.\n\nAnother.\n"


@pytest.mark.parametrize(
    ("old", "new", "line", "problem"),
    [
        ("id: unit", "id: Unit!", 1, "1.id: String should match pattern '^[a-z][a-z0-9-]*$'"),
        ("id: second", "id: unit", 12, "there are two questions with the id 'unit'"),
        ("      right: true\n      feedback: In", "      feedback: In", 3, "1.choices: 0 of 2 choices are right"),
        ("      feedback: That is a metre.\n", "", 7, "1.choices.2.feedback: Field required"),
        ("feedback: That", "right: true\n      feedback: That", 3, "1.choices: 2 of 2 choices are right"),
        ("feedback: That is a metre.", "feedback: ''", 8, "1.choices.2.feedback: String should have at least 1 char"),
        ('text: "yes"', "text: yes", 15, "2.choices.1.text: Input should be a valid string"),
        ("status: debated", "status: unknown", 25, "2.status: Input should be 'established' or 'debated'"),
        ("link: here\n  status: est", "links: here\n  status: est", 10, "1.links: Extra inputs are not permitted"),
        ("explanation: See Shannon.", "explanation: [See", 10, "not YAML: "),
    ],
)
def test_a_mistake_is_told_with_its_line(old: str, new: str, line: int, problem: str) -> None:
    assert GOOD.count(old) == 1
    with pytest.raises(QuizError) as raised:
        read_quiz(GOOD.replace(old, new))
    assert any(at == line and said.startswith(problem) for at, said in raised.value.problems), raised.value.problems


@pytest.mark.parametrize("text", ["", "[]", "questions: 1", "- 1"])
def test_a_file_of_something_else_is_refused(text: str) -> None:
    with pytest.raises(QuizError) as raised:
        read_quiz(text)
    assert raised.value.problems[0][0] == 1


def test_questions_choices_and_folded_answers_are_on_the_page(book: FixtureBook) -> None:
    book.write("book/quiz/all.yml", GOOD)
    book.page("asks", "(here)=\n# Asks\n\n## Quiz\n\n```{quiz} all\n```\n")
    code, output = book.here()
    assert code == 0, output
    page = BeautifulSoup(book.shown("asks"), "html.parser")
    first, second = page.select(".quiz > .quiz-question")
    assert (first["id"], second["id"]) == ("quiz-all-unit", "quiz-all-second")
    assert [tag.get_text() for tag in first.select(".quiz-number + p")] == ["What does a bit measure?"]
    assert [tag.get_text().strip() for tag in second.select(":scope > ol > li")] == ["yes", "it is debated"]
    assert first.select(":scope > ol > li .katex math")
    answer = first.select_one("details:not([open])")
    assert answer is not None
    assert [tag.get_text().strip() for tag in answer.select("summary, ol > li, p:not(li p)")] == [
        "Answer to question 1",
        "Right. In powers of two.",
        "Not so. That is a metre.",
        "See Shannon.",
        "The answer is established. Explained in Asks.",
    ]
    assert [tag["href"] for tag in answer.select("a")] == ["#here"]
    assert "is debated: the reasoning counts" in second.get_text()


def test_nothing_on_the_page_but_the_folded_text_tells_the_answer(book: FixtureBook) -> None:
    book.write("book/quiz/all.yml", GOOD)
    book.page("asks", "(here)=\n# Asks\n\n```{quiz} all\n```\n")
    assert book.here()[0] == 0
    for question in BeautifulSoup(book.shown("asks"), "html.parser").select(".quiz-question"):
        marks = [
            [{**tag.attrs, "id": ""} for tag in item.find_all(True)]
            for item in question.select("ol.quiz-feedback > li")
        ]
        verdicts = [[mark for mark in found if mark.get("class") == ["quiz-verdict"]] for found in marks]
        assert verdicts[0] == verdicts[1] == [{"class": ["quiz-verdict"], "id": ""}]
        assert len({str(item.attrs) for item in question.select("ol > li")}) == 1
        assert not re.search(
            r'="[^"]*(right|correct|answer|true)[^"]*"', str(question).replace('aria-hidden="true"', ""), re.I
        )


def test_a_debated_question_says_that_reasoning_counts_before_and_after(book: FixtureBook) -> None:
    book.write("book/quiz/all.yml", GOOD)
    book.page("asks", "(here)=\n# Asks\n\n```{quiz} all\n```\n")
    assert book.here()[0] == 0
    first, second = BeautifulSoup(book.shown("asks"), "html.parser").select(".quiz-question")
    assert [tag.get_text() for tag in first.select(".quiz-verdict")] == ["Right.", "Not so."]
    assert [tag.get_text() for tag in second.select(".quiz-verdict")] == ["Falls short.", "Well reasoned."]
    assert first.select(".quiz-number")[0].get_text() == "Question 1"
    assert second.select(".quiz-number")[0].get_text() == "Question 2 debated: the reasoning counts"


@pytest.mark.parametrize("text", ["a [link](https://example.org)", "{ref}`here`", r"one\n\ntwo", "- a list"])
def test_a_choice_that_no_button_can_hold_is_told_with_its_line(book: FixtureBook, text: str) -> None:
    book.write("book/quiz/all.yml", GOOD.replace("length, say $x$", f'"{text}"'))
    book.page("asks", "(here)=\n# Asks\n\n```{quiz} all\n```\n")
    code, output = book.here()
    assert code == 1
    assert "book/quiz/all.yml:7: ERROR: 1.choices.2.text: a choice becomes a button: its text must be one" in output


def test_quizzes_are_listed_in_the_order_of_the_book(book: FixtureBook) -> None:
    for name in ("a", "b", "c", "nowhere"):
        book.write(f"book/quiz/{name}.yml", GOOD)
    book.page("second", "(here)=\n# Second *page*\n\n```{quiz} b\n```\n")
    book.page("first", "# First page\n\n```{quiz} a\n```\n")
    book.page("all", "# All\n\n```{quiz-list}\n```\n\n```{quiz} c\n```\n")
    code, output = book.here()
    assert code == 0, output
    page = BeautifulSoup(book.shown("all"), "html.parser")
    assert [
        (tag.get_text(), tag["data-quiz-listed"], tag["data-questions"]) for tag in page.select(".quiz-list span")
    ] == [
        ("Second page: 2 questions", "b", "2"),
        ("First page: 2 questions", "a", "2"),
    ]
    assert [tag["href"] for tag in page.select(".quiz-list a")] == ["second.html#quiz-b", "first.html#quiz-a"]
    assert BeautifulSoup(book.shown("second"), "html.parser").select("div.quiz#quiz-b")


def test_the_list_knows_a_quiz_that_was_added_and_a_title_that_was_changed(book: FixtureBook) -> None:
    book.write("book/quiz/a.yml", GOOD)
    book.page("asks", "(here)=\n# Asks\n\n```{quiz} a\n```\n")
    book.page("all", "# All\n\n```{quiz-list}\n```\n")
    assert book.here()[0] == 0
    book.write("book/quiz/b.yml", GOOD)
    book.page("more", "# More\n\n```{quiz} b\n```\n")
    book.page("asks", "(here)=\n# Asks again\n\n```{quiz} a\n```\n")
    assert book.here()[0] == 0
    page = BeautifulSoup(book.shown("all"), "html.parser")
    assert [tag.get_text() for tag in page.select(".quiz-list a")] == ["Asks again", "More"]


def test_bad_quizzes_are_located_in_every_build_until_mended(book: FixtureBook) -> None:
    book.write("book/quiz/bad.yml", GOOD.replace("status: debated", "status: maybe"))
    book.write("book/quiz/lost.yml", GOOD.replace("link: here", "link: nowhere"))
    book.page("bad", "# Bad\n\n```{quiz} bad\n```\n")
    book.page("lost", "# Lost\n\nWords.\n\n```{quiz} lost\n```\n")
    book.page("missing", "# Missing\n\n```{quiz} missing\n```\n")
    for _ in range(2):
        code, output = book.here()
        assert code == 1
        assert errors(output).splitlines()[:2] == [
            "book/quiz/bad.yml:25: ERROR: 2.status: Input should be 'established' or 'debated'",
            "book/missing.md:3: ERROR: no quiz 'missing': quiz/missing.yml does not exist",
        ]
        assert "book/lost.md:5: WARNING: undefined label: 'nowhere'" in output
    book.write("book/quiz/bad.yml", GOOD)
    book.write("book/quiz/lost.yml", GOOD)
    book.write("book/quiz/missing.yml", GOOD)
    book.page("plain", "(here)=\n# Plain\n")
    code, output = book.here()
    assert code == 0, output
    assert "quiz-missing-second" in book.shown("missing")


def test_a_changed_quiz_changes_its_page(book: FixtureBook) -> None:
    book.write("book/quiz/all.yml", GOOD)
    book.page("asks", "(here)=\n# Asks\n\n```{quiz} all\n```\n")
    assert book.here()[0] == 0
    book.write("book/quiz/all.yml", GOOD.replace("See Shannon.", "See Hartley."))
    assert book.here()[0] == 0
    assert "See Hartley." in book.text("asks")
