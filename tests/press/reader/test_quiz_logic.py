"""The logic of quizzes, held to a twin in Python, and to what it must never do."""

from __future__ import annotations

import random
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.publish.demos.replay import Trace, replay

import alignbook.press
from alignbook.press.quiz.pages import VERDICTS

LOGIC = Path(alignbook.press.__path__[0], "reader/quiz/logic.mjs")
MOST_TRIES = 20


@dataclass(frozen=True)
class Asked:
    """A question as the page knows it."""

    id: str
    mark: str
    letters: str
    right: str


def mark_of(texts: list[str]) -> str:
    """FNV-1a of the texts' characters, to the base 36."""
    found = 0x811C9DC5
    for character in "\n".join(texts):
        found = ((found ^ ord(character)) * 0x01000193) % 2**32
    digits = ""
    while True:
        found, digit = divmod(found, 36)
        digits = "0123456789abcdefghijklmnopqrstuvwxyz"[digit] + digits
        if not found:
            return digits


def standing(answers: list[str], questions: list[Asked]) -> dict[str, Any]:
    given = [(tried, question) for tried, question in zip(answers, questions, strict=True) if tried]
    mistakes = [at for at, one in enumerate(questions) if answers[at] and answers[at][-1] not in one.right]
    first = sum(tried[0] in question.right for tried, question in given)
    later = len(given) - first - len(mistakes)
    return {"asked": len(questions), "given": len(given), "first": first, "later": later, "mistakes": mistakes}


def write(answers: list[str], questions: list[Asked]) -> str:
    now = standing(answers, questions)
    parts = [f"{one.id}:{one.mark}:{tried}" for one, tried in zip(questions, answers, strict=True) if tried]
    return "~".join([f"{now['given']}.{now['first']}", *parts]) if parts else ""


def answered(answers: list[str], at: int, letter: str, questions: list[Asked], again: bool) -> list[str]:
    tried = answers[at]
    if tried and not (again and tried[-1] not in questions[at].right):
        return answers
    kept = tried if len(tried) < MOST_TRIES else tried[:-1]
    return [*answers[:at], kept + letter, *answers[at + 1 :]]


def drawn(rng: random.Random) -> tuple[list[Asked], list[str]]:
    """Questions and answers of chance; nothing answered right is tried again."""
    questions, answers = [], []
    for number in range(rng.randint(1, 8)):
        letters = "ABCDEFGHI"[: rng.randint(2, 9)]
        right = "".join(sorted(rng.sample(letters, rng.randint(1, len(letters) - 1))))
        questions.append(Asked(f"q-{number}", mark_of([str(rng.random())]), letters, right))
        wrong = [letter for letter in letters if letter not in right]
        tries = "".join(rng.choices(wrong, k=rng.choice([0, 0, 1, 2, MOST_TRIES - 1])))
        answers.append(tries + rng.choice(["", rng.choice(right)]))
    return questions, answers


def traces(seed: int, cases: int) -> list[Trace]:
    rng = random.Random(seed)
    made = []
    for _ in range(cases):
        questions, answers = drawn(rng)
        at = rng.randrange(len(questions))
        letter = rng.choice(questions[at].letters)
        again = rng.random() < 0.5
        texts = ["".join(chr(rng.choice([65, 228, 8722, 128512])) for _ in range(rng.randint(0, 9))) for _ in range(3)]
        text = write(answers, questions)
        made += [
            Trace("markOf", [texts], mark_of(texts)),
            Trace("standing", [answers, questions], standing(answers, questions)),
            Trace("answered", [answers, at, letter, questions, again], answered(answers, at, letter, questions, again)),
            Trace("write", [answers, questions], text),
            Trace("read", [text, questions], answers),
            Trace("summary", [text, len(questions)], None if not text else summary(answers, questions)),
        ]
    return made


def summary(answers: list[str], questions: list[Asked]) -> dict[str, int]:
    now = standing(answers, questions)
    return {name: now[name] for name in ("asked", "given", "first")}


def test_the_page_counts_as_python_does() -> None:
    made = traces(0, 220)
    assert len(made) > 1000
    assert replay(LOGIC, made) == 0


ONE = Asked("sum", "1a", "ABC", "B")
TWO = Asked("colour", "2b", "AB", "AB")


def test_what_no_quiz_has_written_is_no_answer() -> None:
    hostile = [
        *("", "~", ":", "~:::", "<script>alert(1)</script>", "null", "{}", "1.1", "1.1~sum:1a", "1.1~sum:1a:", "\0"),
        *(
            "1.1~sum:1a:D",
            "1.1~sum:1a:b",
            "1.1~sum:old:B",
            "1.1~other:1a:B",
            "1.1~__proto__:1a:B",
            "1.1~sum:1a:B" + "A" * 99,
        ),
        "1.1~sum:1a:B" + "~" * 30_000,
    ]
    assert replay(LOGIC, [Trace("read", [text, [ONE, TWO]], ["", ""]) for text in hostile]) == 0
    assert replay(LOGIC, [Trace("read", ["1.1~junk~sum:1a:B~", [ONE, TWO]], ["B", ""])]) == 0


def test_what_no_quiz_has_written_is_no_progress() -> None:
    hostile = ["", "1", "1.1", "9.1~", "1.2~", "0.0~", "-1.0~", "1.1.1~", "1e1.1~", " 1.1~", "<b>.1~", "1.x~"]
    assert replay(LOGIC, [Trace("summary", [text, 3], None) for text in hostile]) == 0


def test_the_first_answer_counts_until_a_review() -> None:
    made = [
        Trace("answered", [["", ""], 0, "A", [ONE, TWO], False], ["A", ""]),
        Trace("answered", [["A", ""], 0, "B", [ONE, TWO], False], ["A", ""]),
        Trace("answered", [["A", ""], 0, "B", [ONE, TWO], True], ["AB", ""]),
        Trace("answered", [["AB", ""], 0, "C", [ONE, TWO], True], ["AB", ""]),
    ]
    assert replay(LOGIC, made) == 0


def test_the_words_by_which_the_page_knows_a_right_choice_are_those_that_are_written() -> None:
    verdicts = [(text, right) for words in VERDICTS.values() for right, text in words.items()]
    assert len(verdicts) == 4
    assert replay(LOGIC, [Trace("isRight", [f" {text}\n"], right) for text, right in verdicts]) == 0
