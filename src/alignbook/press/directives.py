"""Directives of the press."""

from __future__ import annotations

from docutils import nodes
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

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
