"""A file of questions: its schema, and how it is read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, field_validator

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

    All texts are MyST Markdown; that of a choice is one paragraph without links, since it becomes a button. ``link`` is
    a label of the book where the subject is explained; ``status`` says whether the answer is established or debated
    (then the reasoning counts, and the explanation says what is argued).
    """

    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]*$")]
    question: Text
    choices: Annotated[list[Choice], Field(min_length=2, max_length=9)]
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


@dataclass(frozen=True)
class Bank:
    """The questions of a file.

    Parameters
    ----------
    questions
        In their order.
    tree
        The file as YAML sees it.
    """

    questions: list[Question]
    tree: yaml.Node | None

    def line(self, *location: int | str) -> int:
        """Return the line of a part, such as ``(0, "choices", 1, "text")``."""
        return _line(self.tree, location)


class QuizError(Exception):
    """A quiz file that cannot be used: problems, each with its line."""

    def __init__(self, problems: list[tuple[int, str]]) -> None:
        super().__init__(problems)
        self.problems = problems


def read_quiz(text: str) -> Bank:
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
    return Bank(questions, tree)


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
