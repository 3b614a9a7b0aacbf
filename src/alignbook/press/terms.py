"""The glossary's definitions on every page that mentions a term: the page's scripts show them as tips.

A page carries the definitions of the terms that it links to, and is written again when one of them changes.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar, cast

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.domains import Domain
from sphinx.environment import BuildEnvironment

from alignbook.provenance import fingerprint
from alignbook.publish.demos.demo import script_json


class Mentions(Domain):
    """Which terms each page mentions, and what stood there of them when it was last written."""

    name = "alignbook-terms"
    label = "terms of the glossary"
    initial_data: ClassVar[dict[str, Any]] = {"mentions": {}, "shown": {}}

    def clear_doc(self, docname: str) -> None:
        """Forget a page, which was removed or is about to be read again."""
        for kept in ("mentions", "shown"):
            self.data[kept].pop(docname, None)

    def process_doc(self, env: BuildEnvironment, docname: str, document: nodes.document) -> None:  # noqa: ARG002
        """Keep which terms a page mentions."""
        links = (link for link in document.findall(addnodes.pending_xref) if link.get("reftype") == "term")
        self.data["mentions"][docname] = sorted({_plain(link["reftarget"]) for link in links})

    def changed(self) -> list[str]:
        """Pages that mention a term whose definition is no longer as it was when they were last written."""
        texts = {_plain(term.astext()): definition.astext() for _, term, definition in definitions(self.env)}
        changed = []
        for docname, mentioned in self.data["mentions"].items():
            now = fingerprint({term: texts.get(term, "") for term in mentioned})
            if self.data["shown"].get(docname, now) != now:
                changed.append(docname)
            self.data["shown"][docname] = now
        return changed


def definitions(env: BuildEnvironment) -> Iterator[tuple[str, nodes.term, nodes.definition]]:
    """Yield every entry of the book's glossaries: the page, the term, and what it means."""
    entries = env.domains.standard_domain.objects.items()
    for docname in sorted({docname for (kind, _), (docname, _) in entries if kind == "term"}):
        for glossary in env.get_doctree(docname).findall(addnodes.glossary):
            for item in glossary.findall(nodes.definition_list_item):
                definition = cast(nodes.definition, item.children[-1])
                yield from ((docname, term, definition) for term in item.findall(nodes.term))


def _plain(term: str) -> str:
    """A term as Sphinx compares it."""
    return " ".join(term.lower().split())


def _give_tips(app: Sphinx, page: str, _template: str, context: dict[str, Any], tree: nodes.document | None) -> None:
    """``html-page-context``: put the definitions of a page's terms behind its text."""
    if tree is None:
        return
    builder = cast(StandaloneHTMLBuilder, app.builder)
    linked = {str(link.get("refuri") or f"#{link.get('refid')}") for link in tree.findall(nodes.reference)}
    tips = {}
    for docname, term, definition in definitions(app.env):
        for name in term["ids"]:
            address = f"#{name}" if docname == page else f"{builder.get_relative_uri(page, docname)}#{name}"
            if address in linked:
                tips[address] = [term.astext(), builder.render_partial(_without_links(definition))["fragment"]]
    if tips:
        context["body"] += f'<script type="application/json" class="ab-terms">{script_json(tips)}</script>\n'


def _without_links(definition: nodes.definition) -> nodes.Element:
    """What a definition says, with nothing in it to go to: a tip is gone before one gets there."""
    text = nodes.container("", *definition.deepcopy().children)
    for link in list(text.findall(lambda node: isinstance(node, addnodes.pending_xref | nodes.reference))):
        link.parent.replace(link, link.children)
    return text


def connect(app: Sphinx) -> None:
    """Register the tips with Sphinx."""
    app.add_domain(Mentions)
    app.connect("env-updated", lambda _app, env: cast(Mentions, env.domains["alignbook-terms"]).changed())
    app.connect("html-page-context", _give_tips)
