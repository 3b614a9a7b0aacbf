"""Where the book's claims and values are kept, and how the roles that quote them are resolved.

A domain of Sphinx keeps what each page published in the environment and forgets it when the page is read again. What a
page shows of other pages, by these roles or by MyST-NB's ``glue``, has a fingerprint: when that changes, the page is
written again, though nothing in it changed.
"""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar, cast

from docutils import nodes
from docutils.nodes import Element
from myst_nb.ext.glue.crossref import read_glue_cache
from myst_nb.ext.glue.utils import PendingGlueReference
from sphinx.addnodes import pending_xref
from sphinx.builders import Builder
from sphinx.domains import Domain
from sphinx.environment import BuildEnvironment
from sphinx.roles import XRefRole
from sphinx.util import logging
from sphinx.util.nodes import make_refnode

from alignbook.press.publishing.records import Record, read_records
from alignbook.press.publishing.rendering import DOMAIN, NOTEBOOK
from alignbook.provenance import fingerprint
from alignbook.publish.claims import evidence_text

logger = logging.getLogger(__name__)

ROLE = re.compile(r"\{(value|claim)\}(?:`([^`]*)`)?")
"""A role as written, where it is not read as one."""

_QUOTED = ("value", "claim")


class Quote(XRefRole):
    """The roles ``{value}`` and ``{claim}``."""

    innernodeclass = nodes.inline

    def create_xref_node(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """A reference that :class:`Published` resolves."""
        self.refdomain = DOMAIN
        return super().create_xref_node()


class ClaimsIndexNode(nodes.General, nodes.Element):
    """Stands where the list of all claims will be."""


class Published(Domain):
    """Everything that the book's pages published."""

    name = DOMAIN
    label = "alignbook"
    initial_data: ClassVar[dict[str, Any]] = {"records": {}, "quotes": {}, "shown": {}}

    # ----------------------------------------------------------------- reading

    def clear_doc(self, docname: str) -> None:
        """Forget a page, which was removed or is about to be read again."""
        for kept in self.data.values():
            if isinstance(kept, dict):
                kept.pop(docname, None)

    def process_doc(self, env: BuildEnvironment, docname: str, document: nodes.document) -> None:
        """Keep what a page published, and what it quotes."""
        if NOTEBOOK in document:
            self.data["records"][docname] = list(read_records(docname, Path(env.doc2path(docname)), document[NOTEBOOK]))
        quotes: set[tuple[str, ...]] = {(node["reftype"], node["reftarget"]) for node in _references(document)}
        quotes |= {("value", name) for _, _, name in in_maths(document)}
        quotes |= {("glue", node.refdoc, node.key) for node in document.findall(PendingGlueReference)}
        quotes |= {("index",) for _ in document.findall(ClaimsIndexNode)}
        self.data["quotes"][docname] = sorted(quotes)
        _refuse_places(document)

    # ------------------------------------------------------------------ asking

    @property
    def records(self) -> list[Record]:
        """Everything that is published, page by page."""
        return [record for _, found in sorted(self.data["records"].items()) for record in found]

    def find(self, name: str) -> Record | None:
        """The claim or value of a name."""
        return next((record for record in self.records if record.name == name and record.kind in _QUOTED), None)

    @property
    def index(self) -> str | None:
        """The page with the index of all claims."""
        return next((page for page, quotes in sorted(self.data["quotes"].items()) if ("index",) in quotes), None)

    def changed_quotes(self, index: str) -> list[str]:
        """Pages that quote what is no longer as it was when they were last written.

        Parameters
        ----------
        index
            What decides the index of claims besides the claims.
        """
        changed = []
        for docname, quotes in self.data["quotes"].items():
            now = fingerprint({repr(quote): self._quoted(quote, index) for quote in quotes})
            if self.data["shown"].get(docname, now) != now:
                changed.append(docname)
            self.data["shown"][docname] = now
        return changed

    def _quoted(self, quote: tuple[str, ...], index: str) -> str:
        """What a page quotes, in a form that can be compared."""
        if quote[0] == "glue":
            return json.dumps(read_glue_cache(cast(Any, self.env).mystnb_config.output_folder, quote[1]).get(quote[2]))
        if quote[0] == "index":
            return index + repr([record for record in self.records if record.kind == "claim"])
        record = self.find(quote[1])
        return f"{record and record.data} {record and record.docname} {self.index}"

    # --------------------------------------------------------------- resolving

    def resolve_xref(  # type: ignore[override]  # a value is text: it leads nowhere
        self,
        env: BuildEnvironment,  # noqa: ARG002 (Sphinx names them)
        fromdocname: str,
        builder: Builder,
        typ: str,
        target: str,
        node: pending_xref,
        contnode: Element,
    ) -> Element | None:
        """The text of a value, or a link to a claim; an unknown name is an error."""
        record = self.find(target)
        if typ == "entry" and (record is None or self.index is None):
            return contnode
        if record is None or (typ != "entry" and record.kind != typ):
            self.report_unknown(typ, target, node)
            return nodes.inline("", target, classes=["ab-unknown"])
        if typ == "value":
            return nodes.inline("", "", *_as_prose(record.data["text"]), classes=["ab-value"])
        text = contnode if node["refexplicit"] else nodes.inline("", _shown(record))
        return make_refnode(builder, fromdocname, self.index or record.docname, record.anchor, text)

    def report_unknown(self, kind: str, name: str, location: nodes.Node) -> None:
        """Say that nothing has a name, with what to do about it."""
        if cast(Any, self.env).mystnb_config.execution_mode == "off":
            return  # nothing has a value in a book that is not executed
        record = self.find(name)
        if record is not None:
            mend = f"it is a {record.kind}: write {{{record.kind}}}`{name}`"
        else:
            known = [record.name for record in self.records if record.kind == kind]
            close = difflib.get_close_matches(name, known, 1)
            mend = f"did you mean {close[0]!r}?" if close else f"a code cell publishes it with {kind}({name!r}, …)"
        logger.error("no %s is named %r: %s", kind, name, mend, location=location)


def _as_prose(number: str) -> list[nodes.Node]:
    """A formatted number as it is printed: with a minus that is read as one, and powers of ten written out."""
    mantissa, _, exponent = number.lower().replace("-", "\N{MINUS SIGN}").partition("e")
    if not exponent:
        return [nodes.Text(mantissa)]
    sign, digits = exponent[0].strip("+"), exponent[1:].lstrip("0") or "0"
    return [nodes.Text(f"{mantissa} \N{MULTIPLICATION SIGN} 10"), nodes.superscript("", f"{sign}{digits}")]


def _shown(record: Record) -> str:
    """What stands in prose for a claim."""
    evidence = record.data["evidence"]
    return str(record.data["status"]) if evidence is None else f"evidence: {evidence_text(evidence)}"


def _references(document: nodes.document) -> Iterator[pending_xref]:
    return (node for node in document.findall(pending_xref) if node.get("refdomain") == DOMAIN)


def _refuse_places(document: nodes.document) -> None:
    """Report the places where a role would not be replaced, or be copied from before it is."""
    for node in _references(document):
        if isinstance(node.parent, nodes.title) and isinstance(node.parent.parent, nodes.section):
            logger.error(
                "{%s}`%s` cannot stand in a heading, which menus copy: quote it in the text",
                *(node["reftype"], node["reftarget"]),
                location=node.parent,
            )
    for element in document.findall(nodes.Element):
        raw = isinstance(element, nodes.raw)
        found = ROLE.search(element.astext() if raw else element.get("alt", ""))
        if found:
            where = "HTML" if raw else "a text alternative"
            logger.error("%s cannot stand in %s: quote it in the text", found[0], where, location=element)


def in_maths(document: nodes.document) -> Iterator[tuple[nodes.Element, str, str]]:
    """The roles in formulas: the formula, the role as written, and the name."""
    for node in document.findall(nodes.Element):
        if isinstance(node, (nodes.math, nodes.math_block)):
            for found in ROLE.finditer(node.astext()):
                yield node, found[0], found[2] or ""


def published(env: BuildEnvironment) -> Published:
    """The domain of a book."""
    return cast(Published, env.domains[DOMAIN])
