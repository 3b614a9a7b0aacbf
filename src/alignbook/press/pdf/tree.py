"""The book as one tree, put in order for print: front matter, chapters, back matter, answers, index.

These are post-transforms of the LaTeX builder alone; they see all pages at once, as they are about to be written.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, cast

from docutils import nodes
from myst_nb.core.render import get_mime_priority
from sphinx import addnodes
from sphinx.builders.latex.nodes import thebibliography
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging

from alignbook.press.demos import DemoNode, static_form
from alignbook.press.quiz import QuestionNode, QuizNode, print_quiz

logger = logging.getLogger(__name__)

FRONT = "About this book"
ANSWERS = "Answers to the questions"
_PLAIN = "text/plain"


class PrintTransform(SphinxPostTransform):
    """A post-transform of the printed edition."""

    formats = ("latex",)


class Adopted(PrintTransform):
    """Tells the nodes of every page that they lie within it: Sphinx puts pages together without."""

    default_priority = 0

    def run(self, **_: Any) -> None:
        """Set the parents."""
        for file in self.document.findall(addnodes.start_of_file):
            file.children = [*file.children]
            for child in file.children:
                file.setup_child(child)


class RefuseLostOutputs(PrintTransform):
    """Reports outputs of which bare text would be printed though the web shows more, and demos that have no print."""

    default_priority = 3  # before MyST-NB chooses a form of each output

    def run(self, **_: Any) -> None:
        """Look at every output of the book."""
        priority = get_mime_priority("latex", self.config.nb_mime_priority_overrides)
        for bundle in self.document.findall(nodes.container):
            if bundle.get("nb_element") != "mime_bundle":
                continue
            forms = [child["mime_type"] for child in bundle.children if isinstance(child, nodes.Element)]
            chosen = next((form for form in priority if form in forms), None)
            if chosen == _PLAIN and len(forms) > 1:
                others = ", ".join(form for form in forms if form != _PLAIN)
                logger.error(
                    "this output has no form for print (only %s): publish it with figure() or table()",
                    others,
                    location=bundle,
                )
        for demo in self.document.findall(DemoNode):
            if static_form(demo) is None:
                logger.error(
                    "demo %r has no static form: give its record a figure or a table under 'static'",
                    demo["name"],
                    location=demo,
                )


class IndexTerms(PrintTransform):
    """Gives every mention of a term of the glossary an entry in the index."""

    default_priority = 1  # before references are resolved

    def run(self, **_: Any) -> None:
        """Put an index entry beside each reference to a term."""
        spelled = {term.astext().lower(): term.astext() for term in self._terms()}
        for reference in list(self.document.findall(addnodes.pending_xref)):
            if reference.get("reftype") != "term" or _within(reference, (nodes.title, nodes.caption, nodes.term)):
                continue
            name = spelled.get(reference["reftarget"].lower(), reference["reftarget"])
            entry = addnodes.index(entries=[("single", name.replace(";", ","), "", "", None)], inline=True)
            reference.parent.insert(reference.parent.index(reference), entry)

    def _terms(self) -> Iterator[nodes.term]:
        for glossary in self.document.findall(addnodes.glossary):
            yield from glossary.findall(nodes.term)


class AnswersLast(PrintTransform):
    """Moves the answers of all quizzes to a section at the end of the book, each linked with its question."""

    default_priority = 12  # after references are resolved

    def run(self, **_: Any) -> None:
        """Collect the answers."""
        root = self.env.config.root_doc
        answers = nodes.section("", nodes.title("", ANSWERS), ids=["answers"])
        for number, quiz in enumerate(self.document.findall(QuizNode)):
            page = _page_of(quiz, root)
            listed = nodes.section("", nodes.title("", self.env.titles[page].astext()), ids=[f"answers-{number}"])
            items = nodes.enumerated_list(enumtype="arabic", prefix="", suffix=".")
            for question in quiz.findall(QuestionNode):
                items += self._answer(question, root, page)
            listed += items
            answers += listed
        if len(answers) > 1:
            title_section(self.document).append(answers)
        for quiz in list(self.document.findall(QuizNode)):
            quiz.replace_self(print_quiz(quiz))

    def _answer(self, question: QuestionNode, root: str, page: str) -> nodes.list_item:
        """The answer to a question, which gets a link to it."""
        answer, name = cast(nodes.Element, question.children[-1]), question["ids"][0]
        question.remove(answer)
        for link in answer.findall(nodes.reference):
            if "refid" in link:  # to the page that the answer leaves
                link["refuri"] = f"%{page}#{link.attributes.pop('refid')}"
        to_answer = nodes.reference("", "", nodes.inline("", "Answer"), internal=True, refuri=f"%{root}#answer-{name}")
        to_question = nodes.reference("", "", nodes.inline("", "Question"), internal=True, refuri=f"%{page}#{name}")
        question += nodes.paragraph("", "", to_answer)
        target = nodes.target("", "", ids=[f"answer-{name}"])
        return nodes.list_item("", nodes.paragraph("", "", target, to_question), *answer.children)


class InOrder(PrintTransform):
    """Puts the first page's own text into a chapter of the front matter, and the pages behind it in order."""

    default_priority = 13

    def run(self, **_: Any) -> None:
        """Rearrange the tree."""
        root = title_section(self.document)
        files = [node for node in self.document.findall(addnodes.start_of_file) if not _within(node, (type(node),))]
        for file in files:
            file.parent.remove(file)
        for wrapper in [node for node in root.findall(nodes.compound) if "toctree-wrapper" in node["classes"]]:
            wrapper.parent.remove(wrapper)
        answers = [node for node in root.children if isinstance(node, nodes.section) and node["ids"] == ["answers"]]
        title, *front = (child for child in root.children if child not in answers)
        depth, numbered = self._numbered()
        chapters = [file for file in files if file["docname"] in numbered]
        rest = [file for file in files if file["docname"] not in numbered]
        preface = nodes.section("", nodes.title("", FRONT), *front, ids=root["ids"], names=root["names"])
        root["ids"], root["names"], root.children = [], [], []
        root += [title, _tex("\\abFront"), preface, _tex(f"\\abMain{{{depth - 1}}}"), *chapters]
        root += [_tex("\\abBack"), *rest, *answers]

    def _numbered(self) -> tuple[int, Sequence[str]]:
        """How deep sections are numbered, and the pages that are numbered chapters."""
        for toctree in self.env.get_doctree(self.env.config.root_doc).findall(addnodes.toctree):
            if toctree.get("numbered"):
                return int(toctree["numbered"]), list(toctree["includefiles"])
        return 0, []


class HoldBibliography(PrintTransform):
    """Marks where the bibliography stands, before Sphinx collects it at the very end."""

    default_priority = 740

    def run(self, **_: Any) -> None:
        """Put a mark before the first entry."""
        first = next(self.document.findall(nodes.citation), None)
        if first is not None:
            first.parent.insert(first.parent.index(first), _Here())


class PlaceBibliography(PrintTransform):
    """Puts the collected bibliography back on its page."""

    default_priority = 760

    def run(self, **_: Any) -> None:
        """Replace the mark."""
        works = next(self.document.findall(thebibliography), None)
        here = next(self.document.findall(_Here), None)
        if works is not None and here is not None:
            works.parent.remove(works)
            here.replace_self(works)


class _Here(nodes.Invisible, nodes.Element):
    """Where the bibliography stands."""


def title_section(document: nodes.document) -> nodes.section:
    """The section of the first page, which holds the whole book."""
    return next(node for node in document.children if isinstance(node, nodes.section))


def _tex(code: str) -> nodes.raw:
    return nodes.raw("", code, format="latex")


def _within(node: nodes.Node, kinds: tuple[type, ...]) -> bool:
    """Whether a node lies within one of a kind."""
    parent = node.parent
    while parent is not None and not isinstance(parent, kinds):
        parent = parent.parent
    return parent is not None


def _page_of(node: nodes.Node, root: str) -> str:
    """The page that a node of the whole tree comes from."""
    parent = node.parent
    while parent is not None and not isinstance(parent, addnodes.start_of_file):
        parent = parent.parent
    return root if parent is None else str(parent["docname"])


TRANSFORMS = (
    Adopted,
    IndexTerms,
    RefuseLostOutputs,
    AnswersLast,
    InOrder,
    HoldBibliography,
    PlaceBibliography,
)
