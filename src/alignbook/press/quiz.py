"""Quiz questions: ``book/quiz/<chapter>.yml``, shown by the directive ``{quiz} <chapter>``.

Every question is checked against the schema below; a mistake is an error with the line of the YAML file. Pages show the
answers folded away, without scripts; in print they follow the questions.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from docutils import nodes
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, field_validator
from sphinx.addnodes import pending_xref
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective
from sphinx.writers.html5 import HTML5Translator

logger = logging.getLogger(__name__)

Text = Annotated[str, Field(min_length=1)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Choice(_Strict):
    """One answer that a reader may choose: its text, whether it is right, and what to say to who chose it."""

    text: Text
    feedback: Text
    right: bool = False


class Question(_Strict):
    """One question.

    All texts are MyST Markdown. ``link`` is a label of the book where the subject is explained; ``status`` says whether
    the answer is established or debated (then the reasoning counts, and the explanation says what is argued).
    """

    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]*$")]
    question: Text
    choices: Annotated[list[Choice], Field(min_length=2)]
    explanation: Text
    link: Text
    status: Literal["established", "debated"]

    @field_validator("choices")
    @classmethod
    def _right_and_wrong(cls, choices: list[Choice]) -> list[Choice]:
        right = sum(choice.right for choice in choices)
        if not 0 < right < len(choices):
            raise ValueError(f"{right} of {len(choices)} choices are right: there must be right and wrong ones")
        return choices


_FILE: TypeAdapter[list[Question]] = TypeAdapter(Annotated[list[Question], Field(min_length=1)])


class QuizError(Exception):
    """A quiz file that cannot be used: problems, each with its line."""

    def __init__(self, problems: list[tuple[int, str]]) -> None:
        super().__init__(problems)
        self.problems = problems


def read_quiz(text: str) -> list[Question]:
    """Questions of a quiz file.

    Parameters
    ----------
    text
        Its content.

    Raises
    ------
    QuizError
        If it is not YAML or not what the schema says.
    """
    try:
        tree = yaml.compose(text, Loader=yaml.SafeLoader)
        questions = _FILE.validate_python(yaml.safe_load(text))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or str(error)
        raise QuizError([(mark.line + 1 if mark else 1, f"not YAML: {problem}")]) from None
    except ValidationError as error:
        raise QuizError(
            [(_line(tree, item["loc"]), _problem(item["loc"], item["msg"])) for item in error.errors()]
        ) from None
    seen: set[str] = set()
    for number, question in enumerate(questions):
        if question.id in seen:
            raise QuizError([(_line(tree, (number, "id")), f"there are two questions with the id {question.id!r}")])
        seen.add(question.id)
    return questions


def _problem(location: tuple[int | str, ...], message: str) -> str:
    where = ".".join(str(part + 1) if isinstance(part, int) else part for part in location)
    return f"{where}: {message.removeprefix('Value error, ')}" if where else message


def _line(node: yaml.Node | None, location: tuple[int | str, ...]) -> int:
    """Line of the innermost thing of a location that is in the file."""
    line = 1
    for part in location:
        if isinstance(node, yaml.SequenceNode) and isinstance(part, int):
            node = node.value[part]
            line = node.start_mark.line + 1
        elif isinstance(node, yaml.MappingNode):
            found = next((pair for pair in node.value if pair[0].value == part), None)
            if found is None:
                break
            key, node = found
            line = key.start_mark.line + 1
    return line


class QuizNode(nodes.General, nodes.Element):
    """The questions of a chapter."""


class QuestionNode(nodes.General, nodes.Element):
    """A question, its choices, and an :class:`AnswerNode`."""


class AnswerNode(nodes.General, nodes.Element):
    """What to say after a choice: folded away on a page, behind the questions in print."""


class Quiz(SphinxDirective):
    """Show the questions of a chapter: ``{quiz} pretraining``."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Read, check and typeset the file."""
        name = self.arguments[0]
        path = Path(self.env.srcdir, "quiz", f"{name}.yml")
        self.env.note_dependency(str(path))
        if not path.is_file():
            logger.error("no quiz %r: quiz/%s.yml does not exist", name, name, location=self.get_location())
            return []
        try:
            questions = read_quiz(path.read_text(encoding="utf-8"))
        except QuizError as error:
            for line, problem in error.problems:
                logger.error("%s", problem, location=f"{path}:{line}")
            return []
        quiz = QuizNode()
        for number, question in enumerate(questions, 1):
            quiz += self._question(question, number, name)
        return [quiz]

    def _question(self, question: Question, number: int, quiz: str) -> QuestionNode:
        node = QuestionNode(ids=[f"quiz-{quiz}-{question.id}"], number=number)
        node += self.parse_text_to_nodes(question.question)
        node += _lettered([self.parse_text_to_nodes(choice.text) for choice in question.choices])
        answer = AnswerNode(number=number)
        answer += _lettered([self._verdict(choice) for choice in question.choices])
        answer += self.parse_text_to_nodes(question.explanation)
        link = pending_xref(
            "", reftype="ref", refdomain="std", reftarget=question.link, refexplicit=False, refwarn=True
        )
        link["refdoc"] = self.env.docname
        link += nodes.inline("", question.link, classes=["xref", "std", "std-ref"])
        self.set_source_info(link)
        known = "is established" if question.status == "established" else "is debated: the reasoning counts"
        answer += nodes.paragraph(
            "", f"The answer {known}. Explained in ", link, nodes.Text("."), classes=["quiz-status"]
        )
        node += answer
        return node

    def _verdict(self, choice: Choice) -> list[nodes.Node]:
        parsed = self.parse_text_to_nodes(choice.feedback)
        if parsed and isinstance(parsed[0], nodes.paragraph):
            parsed[0].insert(0, [nodes.strong("", "Right." if choice.right else "Not so."), nodes.Text(" ")])
        return parsed


def _lettered(items: list[list[nodes.Node]]) -> nodes.enumerated_list:
    listed = nodes.enumerated_list(enumtype="upperalpha", prefix="", suffix=".")
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
    return [questions]


def _open_quiz(writer: HTML5Translator, _node: QuizNode) -> None:
    writer.body.append('<div class="quiz">\n')


def _open_question(writer: HTML5Translator, node: QuestionNode) -> None:
    writer.body.append(writer.starttag(node, "div", CLASS="quiz-question"))
    writer.body.append(f'<p class="quiz-number">Question {node["number"]}</p>\n')


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
