"""Quiz questions: ``book/quiz/<chapter>.yml``, shown by ``{quiz} <chapter>``, all listed by ``{quiz-list}``.

Every question is checked against a schema; a mistake is an error with the line of the YAML file. Pages hold questions
with their answers folded away; the scripts in `press/reader/quiz` turn that into a form. In print the answers follow
the questions.
"""

from __future__ import annotations

from sphinx.application import Sphinx

from alignbook.press.quiz import overview, pages
from alignbook.press.quiz.bank import Bank, QuizError, read_quiz
from alignbook.press.quiz.pages import QuestionNode, QuizNode, print_quiz


def connect(app: Sphinx) -> None:
    """Register quizzes with Sphinx."""
    pages.connect(app)
    overview.connect(app)


__all__ = ["Bank", "QuestionNode", "QuizError", "QuizNode", "connect", "print_quiz", "read_quiz"]
