"""All quizzes of the book, with the number of their questions: ``{quiz-list}``; scripts add the reader's score."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.docutils import SphinxDirective
from sphinx.util.nodes import make_refnode
from sphinx.writers.html5 import HTML5Translator

from alignbook.press.quiz.pages import load


class QuizList(SphinxDirective):
    """List the quizzes of all other pages, in the order of the book."""

    def run(self) -> list[nodes.Node]:
        """Count their questions; which pages they stand on is known when all have been read."""
        self.env.note_reread()  # a file may be added
        banks = {path.stem: load(self, path) for path in sorted(Path(self.env.srcdir, "quiz").glob("*.yml"))}
        counts = {name: len(bank.questions) for name, bank in banks.items() if bank}
        return [QuizListNode(counts=counts, docname=self.env.docname)]


class QuizListNode(nodes.General, nodes.Element):
    """Stands on page ``docname`` where the list will be; ``counts`` has the number of questions by name."""


class QuizItemNode(nodes.Inline, nodes.TextElement):
    """One quiz of the list: ``name``, ``count``."""


class ListQuizzes(SphinxPostTransform):
    """Fills the list."""

    default_priority = 5  # before links are resolved

    def run(self, **_: Any) -> None:
        """Link every quiz with its page."""
        for listed in list(self.document.findall(QuizListNode)):
            here = listed["docname"]
            items = [self._item(here, *found) for found in self._in_order(here, listed["counts"])]
            listed.replace_self(nodes.bullet_list("", *items, classes=["quiz-list"]) if items else [])

    def _in_order(self, here: str, counts: dict[str, int]) -> list[tuple[str, str, int]]:
        """Page, name and number of questions of every quiz that stands on another page."""
        labels = self.env.domains.standard_domain.anonlabels
        found = [(labels[f"quiz-{name}"][0], name, count) for name, count in counts.items() if f"quiz-{name}" in labels]
        toctree = self.env.toctree_includes.get(self.env.config.root_doc, [])
        order = {docname: at for at, docname in enumerate(toctree)}
        return sorted((one for one in found if one[0] != here), key=lambda one: (order.get(one[0], len(order)), one))

    def _item(self, here: str, docname: str, name: str, count: int) -> nodes.list_item:
        text = nodes.Text(self.env.titles[docname].astext())
        link = make_refnode(self.app.builder, here, docname, f"quiz-{name}", text)
        said = nodes.Text(f": {count} question{'s' if count > 1 else ''}")
        return nodes.list_item("", nodes.paragraph("", "", QuizItemNode("", "", link, said, name=name, count=count)))


def _open_item(writer: HTML5Translator, node: QuizItemNode) -> None:
    known = {"data-quiz-listed": node["name"], "data-questions": str(node["count"])}
    writer.body.append(writer.starttag(node, "span", "", **known))


def _close_item(writer: HTML5Translator, _node: QuizItemNode) -> None:
    writer.body.append("</span>")


class PlainItems(SphinxPostTransform):
    """Leaves the texts of the items where nothing is added to them."""

    default_priority = 900

    def run(self, **_: Any) -> None:
        """Replace the items by what they hold."""
        if self.app.builder.format != "html":
            for item in list(self.document.findall(QuizItemNode)):
                item.replace_self(item.children)


def connect(app: Sphinx) -> None:
    """Register the directive with Sphinx."""
    app.add_node(QuizListNode)
    app.add_node(QuizItemNode, html=(_open_item, _close_item))
    app.add_directive("quiz-list", QuizList)
    app.add_post_transform(ListQuizzes)
    app.add_post_transform(PlainItems)
