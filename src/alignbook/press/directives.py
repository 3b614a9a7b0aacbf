"""Directives of the press."""

from __future__ import annotations

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective
from sphinx.writers.html5 import HTML5Translator
from sphinx.writers.latex import LaTeXTranslator

from alignbook.press import config

logger = logging.getLogger(__name__)


class StrayCodeCell(SphinxDirective):
    """A ``code-cell`` that would never run: MyST-NB turned every one that runs into a notebook cell before."""

    optional_arguments = 1
    final_argument_whitespace = True
    has_content = True

    def run(self) -> list[nodes.Node]:
        """Report the cell, with what to do about it."""
        if self.env.docname in getattr(self.env, "alignbook_pages", {}):
            problem = "this code cell is nested in another block and would never run: move it to the top level"
        else:
            problem = "this code cell would never run: add 'file_format: mystnb' to the front matter of its page"
        logger.error(problem, location=self.get_location())
        return []


class solution(nodes.General, nodes.Element):  # noqa: N801 (docutils names nodes in lower case)
    """The solution of an exercise: closed until the reader opens it, open in print."""


class Solution(SphinxDirective):
    """``solution``: prose that answers the exercise above it."""

    has_content = True

    def run(self) -> list[nodes.Node]:
        """Parse the content into a :class:`solution`."""
        self.assert_has_content()
        node = solution("", *self.parse_content_to_nodes())
        self.set_source_info(node)
        return [node]


class ConfigurationKeys(SphinxDirective):
    """``configuration-keys``: the reference of ``_config.yml``, written from its schema."""

    def run(self) -> list[nodes.Node]:
        """Render the tables of keys."""
        return self.parse_text_to_nodes(config.reference())


def _open_html(self: HTML5Translator, _node: solution) -> None:
    self.body.append('<details class="solution"><summary>Solution</summary>\n')


def _close_html(self: HTML5Translator, _node: solution) -> None:
    self.body.append("</details>\n")


def _open_latex(self: LaTeXTranslator, _node: solution) -> None:
    self.body.append("\n\\begin{quote}\\textbf{Solution.} ")


def _close_latex(self: LaTeXTranslator, _node: solution) -> None:
    self.body.append("\\end{quote}\n")


def connect(app: Sphinx) -> None:
    """Register the directives with Sphinx."""
    app.add_node(solution, html=(_open_html, _close_html), latex=(_open_latex, _close_latex))
    app.add_directive("solution", Solution)
    app.add_directive("configuration-keys", ConfigurationKeys)
    app.add_directive("code-cell", StrayCodeCell, override=True)
