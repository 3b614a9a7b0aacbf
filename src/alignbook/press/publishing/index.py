"""The index of all claims: what is claimed, on which ground, where, and whether other seeds agree."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.addnodes import pending_xref
from sphinx.environment import BuildEnvironment
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.docutils import SphinxDirective
from sphinx.util.nodes import make_refnode

from alignbook.press.publishing import recorded
from alignbook.press.publishing.domain import ClaimsIndexNode, published
from alignbook.press.publishing.recorded import RecordError
from alignbook.press.publishing.records import Record
from alignbook.press.publishing.rendering import CLAIMED, standing
from alignbook.publish.claims import evidence_text
from alignbook.stats.proportions import wilson


class ClaimsIndex(SphinxDirective):
    """The directive ``claims-index``: the list of all claims of the book."""

    def run(self) -> list[nodes.Node]:
        """A place for the list, which is known only when all pages have been read."""
        node = ClaimsIndexNode()
        self.set_source_info(node)
        return [node]


class FillClaimsIndex(SphinxPostTransform):
    """Puts the list of all claims where the directive stands."""

    default_priority = 8  # before references are resolved: the statements may have some

    def run(self, **_: Any) -> None:
        """Fill in the list, chapter by chapter."""
        for node in list(self.document.findall(ClaimsIndexNode)):
            docname = published(self.env).index or self.env.docname
            node.replace_self([part for chapter in _chapters(self.env) for part in self._chapter(docname, *chapter)])

    def _chapter(self, docname: str, chapter: str, claims: Sequence[Record]) -> Iterator[nodes.Node]:
        title = self.env.titles[chapter].astext()
        heading = nodes.rubric("", "", **{"heading-level": 2})
        builder = self.env._app.builder
        heading += make_refnode(builder, docname, chapter, None, nodes.inline("", title))
        yield heading
        tree = self.env.get_doctree(chapter)
        lines = {line[CLAIMED]: line for line in tree.findall(nodes.paragraph) if line.get(CLAIMED)}
        seeds: Mapping[str, Mapping[str, bool]] = {}
        with contextlib.suppress(RecordError):  # a malformed file has been reported
            seeds = read_seeds(Path(self.env.srcdir, "recorded"), chapter)
        earlier = _is_of_an_earlier_version(self.env, chapter)
        items = nodes.definition_list("", classes=["ab-claims"])
        for claim in claims:
            says, source = (_copied(lines.get(claim.name), part, docname) for part in ("ab-statement", "ab-source"))
            term = nodes.term("", "", says or nodes.Text(claim.data["statement"]), ids=[claim.anchor])
            place = make_refnode(
                builder, docname, chapter, claim.anchor if claim.name in lines else None, nodes.inline("", title)
            )
            ground = nodes.paragraph("", "", nodes.Text(_ground(claim, seeds.get(claim.name), earlier=earlier)))
            if claim.data["source"]:
                ground += [nodes.Text("; "), source or nodes.Text(claim.data["source"])]
            ground += [nodes.Text(" ("), place, nodes.Text(")")]
            items += nodes.definition_list_item("", term, nodes.definition("", ground))
        yield items


def _ground(claim: Record, seeds: Mapping[str, bool] | None, *, earlier: bool) -> str:
    """Status, evidence, and what other seeds say."""
    parts = [standing(claim.data)]
    if claim.data["evidence"] is not None:
        parts.append(f"evidence: {evidence_text(claim.data['evidence'])}")
    if claim.data["holds"] is not None:
        tried = _held(seeds) + (", in an earlier version of the chapter" if earlier else "") if seeds else ""
        parts.append(tried or "this build only")
    return "; ".join(parts)


def _held(seeds: Mapping[str, bool]) -> str:
    """In how many seeds a claim held, and how often it might hold in any."""
    held = sum(seeds.values())
    interval = wilson(held, len(seeds))
    return f"held in {held} of {len(seeds)} seeds (95% interval: {interval.low:.0%} to {interval.high:.0%})"


def _is_of_an_earlier_version(env: BuildEnvironment, docname: str) -> bool:
    """Whether the chapter's cells, code or dependencies have changed since other seeds were tried."""
    path = Path(env.srcdir, "recorded", recorded.SEEDS, f"{docname}.json")
    try:
        measured = recorded.read_json(path).get("key") if path.is_file() else None
    except RecordError:
        return False  # it has been reported
    return measured is not None and measured != env.metadata[docname].get("seedless")


def _copied(line: nodes.Element | None, part: str, docname: str) -> nodes.Element | None:
    """A part of a claim's line in its chapter, to stand on another page."""
    found = next((node for node in line.findall(nodes.inline) if part in node["classes"]), None) if line else None
    if found is None:
        return None
    copy = found.deepcopy()
    for reference in copy.findall(pending_xref):
        reference["refdoc"] = docname
    return copy


def _chapters(env: BuildEnvironment) -> Iterator[tuple[str, list[Record]]]:
    """The claims of each chapter, chapters in the order of the book."""
    records = published(env).records
    for docname in env.collect_relations():
        claims = [record for record in records if record.docname == docname and record.kind == "claim"]
        if claims:
            yield docname, claims


def read_seeds(folder: Path, docname: str) -> dict[str, dict[str, bool]]:
    """What other seeds say of a chapter's claims: claim to seed to whether it held; empty where none was tried.

    Raises
    ------
    RecordError
        If the file is malformed; says where.
    """
    path = folder / recorded.SEEDS / f"{docname}.json"
    if not path.is_file():
        return {}
    data = recorded.read_json(path).get("claims")
    if not isinstance(data, dict):
        raise RecordError(path, 1, '"claims" must say which held: {"claim": {"seed": true or false, ...}, ...}')
    for name, seeds in data.items():
        if not isinstance(seeds, dict) or not all(isinstance(held, bool) for held in seeds.values()):
            form = '{"seed": true or false, ...}'
            raise RecordError(path, recorded.line_of(path, name), f"{name!r} must be {form}, got {json.dumps(seeds)}")
    return data


def index_inputs(env: BuildEnvironment) -> str:
    """What decides the index besides the claims: the order and titles of the chapters, and other seeds.

    Raises
    ------
    RecordError
        If a file with the results of other seeds is malformed.
    """
    folder = Path(env.srcdir, "recorded")
    order = [(docname, env.titles[docname].astext()) for docname in env.collect_relations()]
    return repr(
        [(name, title, read_seeds(folder, name), _is_of_an_earlier_version(env, name)) for name, title in order]
    )
