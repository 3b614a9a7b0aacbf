"""Questions on a page and in print: the directive ``{quiz} <chapter>``, and its nodes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.addnodes import pending_xref
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective
from sphinx.writers.html5 import HTML5Translator

from alignbook.press.quiz.bank import Bank, Choice, Question, QuizError, read_quiz

logger = logging.getLogger(__name__)

VERDICTS = {
    "established": {True: "Right.", False: "Not so."},
    "debated": {True: "Well reasoned.", False: "Falls short."},
}
"""What begins the feedback of a right and of a wrong choice. The page's scripts know the right ones by these words
(`press/reader/quiz/logic.mjs`), so that nothing else on a page gives them away."""


class QuizNode(nodes.General, nodes.Element):
    """The questions of a chapter."""


class QuestionNode(nodes.General, nodes.Element):
    """A question, its choices, and an :class:`AnswerNode`."""


class AnswerNode(nodes.General, nodes.Element):
    """What to say after a choice: folded away on a page, behind the questions in print."""


def load(directive: SphinxDirective, path: Path) -> Bank | None:
    """Read a file for a page, which is read again when the file changes; ``None`` if it has been reported."""
    directive.env.note_dependency(str(path))
    try:
        return read_quiz(path.read_text(encoding="utf-8"))
    except QuizError as error:
        for line, problem in error.problems:
            logger.error("%s", problem, location=f"{path}:{line}")
        return None


class Quiz(SphinxDirective):
    """Show the questions of a chapter: ``{quiz} pretraining``."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Read, check and typeset the file."""
        name = self.arguments[0]
        self.path = Path(self.env.srcdir, "quiz", f"{name}.yml")
        if not self.path.is_file():
            self.env.note_dependency(str(self.path))
            logger.error("no quiz %r: quiz/%s.yml does not exist", name, name, location=self.get_location())
            return []
        bank = load(self, self.path)
        if bank is None:
            return []
        quiz = QuizNode(ids=[f"quiz-{name}"], name=name)
        standard = self.env.domains.standard_domain
        standard.note_hyperlink_target(quiz["ids"][0], self.env.docname, quiz["ids"][0])
        for number in range(len(bank.questions)):
            quiz += self._question(bank, number, name)
        return [quiz]

    def _question(self, bank: Bank, at: int, quiz: str) -> QuestionNode:
        question = bank.questions[at]
        node = QuestionNode(ids=[f"quiz-{quiz}-{question.id}"], number=at + 1, status=question.status)
        node += self.parse_text_to_nodes(question.question)
        choices = [self._choice(bank, at, number) for number in range(len(question.choices))]
        node += _lettered(choices, "quiz-choices")
        answer = AnswerNode(number=at + 1)
        answer += _lettered([self._verdict(choice, question) for choice in question.choices], "quiz-feedback")
        explanation = self.parse_text_to_nodes(question.explanation)
        answer += nodes.container("", *explanation, self._status(question), classes=["quiz-explanation"])
        node += answer
        return node

    def _choice(self, bank: Bank, at: int, number: int) -> list[nodes.Node]:
        """The text of a choice: what can stand on a button."""
        parsed = self.parse_text_to_nodes(bank.questions[at].choices[number].text)
        linked = [part for node in parsed for part in node.findall(nodes.Element) if isinstance(part, _LINKS)]
        if linked or len(parsed) != 1 or not isinstance(parsed[0], nodes.paragraph):
            line = bank.line(at, "choices", number, "text")
            problem = "a choice becomes a button: its text must be one paragraph, without links"
            logger.error("%d.choices.%d.text: %s", at + 1, number + 1, problem, location=f"{self.path}:{line}")
        return parsed

    def _verdict(self, choice: Choice, question: Question) -> list[nodes.Node]:
        verdict = nodes.strong("", VERDICTS[question.status][choice.right], classes=["quiz-verdict"])
        parsed = self.parse_text_to_nodes(choice.feedback)
        if parsed and isinstance(parsed[0], nodes.paragraph):
            parsed[0].insert(0, [verdict, nodes.Text(" ")])
            return parsed
        return [nodes.paragraph("", "", verdict), *parsed]

    def _status(self, question: Question) -> nodes.paragraph:
        link = pending_xref(
            "", reftype="ref", refdomain="std", reftarget=question.link, refexplicit=False, refwarn=True
        )
        link["refdoc"] = self.env.docname
        link += nodes.inline("", question.link, classes=["xref", "std", "std-ref"])
        self.set_source_info(link)
        known = "is established" if question.status == "established" else "is debated: the reasoning counts"
        said = [nodes.Text(f"The answer {known}. Explained in "), link, nodes.Text(".")]
        return nodes.paragraph("", "", *said, classes=["quiz-status"])


_LINKS = (pending_xref, nodes.reference, nodes.footnote_reference, nodes.citation_reference)


def _lettered(items: list[list[nodes.Node]], name: str) -> nodes.enumerated_list:
    listed = nodes.enumerated_list(enumtype="upperalpha", prefix="", suffix=".", classes=[name])
    for item in items:
        listed += nodes.list_item("", *item)
    return listed


class AnswersAtTheEnd(SphinxPostTransform):
    """Where nothing can be folded away, a numbered list of questions and then one of answers.

    The PDF has them at the end of the book: :class:`alignbook.press.pdf.tree.AnswersLast` has moved them before.
    """

    default_priority = 400
    formats = ("text", "man", "texinfo")

    def run(self, **_: Any) -> None:
        """Rearrange every quiz of the document."""
        for quiz in list(self.document.findall(QuizNode)):
            answers = nodes.enumerated_list(enumtype="arabic")
            for answer in list(quiz.findall(AnswerNode)):
                answer.parent.remove(answer)
                answers += nodes.list_item("", *answer.children)
            quiz.replace_self([*print_quiz(quiz), nodes.rubric("", "Answers"), answers])


def print_quiz(quiz: QuizNode) -> list[nodes.Node]:
    """The questions of a quiz, from which the answers have been taken, as a numbered list."""
    questions = nodes.enumerated_list(enumtype="arabic", prefix="", suffix=".")
    for node in quiz.findall(QuestionNode):
        questions += nodes.list_item("", nodes.target(ids=node["ids"]), *node.children)
    return [nodes.target(ids=quiz["ids"]), questions]


def _open_quiz(writer: HTML5Translator, node: QuizNode) -> None:
    writer.body.append(writer.starttag(node, "div", CLASS="quiz", **{"data-quiz": node["name"]}))


def _open_question(writer: HTML5Translator, node: QuestionNode) -> None:
    writer.body.append(writer.starttag(node, "div", CLASS="quiz-question"))
    kind = ' <span class="quiz-kind">debated: the reasoning counts</span>' if node["status"] == "debated" else ""
    writer.body.append(f'<p class="quiz-number">Question {node["number"]}{kind}</p>\n')


def _open_answer(writer: HTML5Translator, node: AnswerNode) -> None:
    writer.body.append(f"<details><summary>Answer to question {node['number']}</summary>\n")


def _close(tag: str) -> Any:
    def close(writer: HTML5Translator, _node: nodes.Element) -> None:
        writer.body.append(f"</{tag}>\n")

    return close


def connect(app: Sphinx) -> None:
    """Register the directive with Sphinx."""
    app.add_node(QuizNode, html=(_open_quiz, _close("div")))
    app.add_node(QuestionNode, html=(_open_question, _close("div")))
    app.add_node(AnswerNode, html=(_open_answer, _close("details")))
    app.add_directive("quiz", Quiz)
    app.add_post_transform(AnswersAtTheEnd)
