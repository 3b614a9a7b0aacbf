"""What a cell published, as nodes of the page: for the web, for print, and for every other builder of Sphinx."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

from docutils import nodes
from myst_nb.core.render import MimeData, NbElementRenderer, create_figure_context
from sphinx.addnodes import pending_xref, tabular_col_spec

from alignbook.press.demos import DemoNode, LiveNode
from alignbook.press.publishing import files
from alignbook.press.publishing.records import anchor
from alignbook.publish.claims import evidence_text
from alignbook.publish.outputs import FILES, MARK, MIME

DOMAIN = "alignbook"
CLAIMED = "alignbook_claim"
"""The attribute by which the paragraph of a claim is found again."""

NOTEBOOK = "alignbook_notebook"
"""The attribute of a page, while it is read, with its executed notebook."""


class Renderer(NbElementRenderer):  # type: ignore[misc]  # MyST-NB has no types
    """MyST-NB's renderer, which also knows the outputs of :mod:`alignbook.publish`."""

    def render_mime_type(self, data: MimeData) -> list[nodes.Element]:
        """Nodes for one part of an output; none for the parts that stand in for ours elsewhere."""
        if MARK not in data.output_metadata:
            return cast(list[nodes.Element], super().render_mime_type(data))
        if data.mime_type != MIME:
            return []
        build = _BUILDERS.get(data.content["kind"])
        return build(self, data, data.content) if build else []

    def render_nb_finalise(self, metadata: dict[str, Any]) -> None:
        """Keep the notebook with its outputs until the page has been read; MyST-NB itself keeps the one without."""
        files.drop(self.renderer.nb_client.notebook)
        self.renderer.document[NOTEBOOK] = self.renderer.nb_client.notebook
        super().render_nb_finalise(metadata)


def _claim(renderer: NbElementRenderer, data: MimeData, claim: Mapping[str, Any]) -> list[nodes.Element]:
    """A line that says what is claimed, on which ground, and leads to the index of all claims."""
    entry = pending_xref("", refdomain=DOMAIN, reftype="entry", reftarget=claim["name"], refexplicit=True)
    entry["refdoc"] = renderer.renderer.sphinx_env.docname
    entry += nodes.inline("", "Claim")
    says = nodes.inline(
        "", "", *_parsed(renderer, claim["statement"], data.line, inline=True), classes=["ab-statement"]
    )
    line = nodes.paragraph("", "", entry, nodes.Text(f" ({standing(claim)}): "), says, nodes.Text("."))
    if claim["evidence"] is not None:
        line += nodes.Text(f" Evidence: {evidence_text(claim['evidence'])}.")
    if claim["source"]:
        source = _parsed(renderer, claim["source"], data.line, inline=True)
        line += [nodes.Text(" Source: "), nodes.inline("", "", *source, classes=["ab-source"]), nodes.Text(".")]
    line["classes"] = ["ab-claim"]
    line[CLAIMED] = claim["name"]
    target = nodes.target("", "", ids=[anchor("claim", claim["name"])])
    renderer.renderer.document.note_explicit_target(target)
    line.insert(0, target)
    return [line]


def standing(claim: Mapping[str, Any]) -> str:
    """Whether a claim was measured, and held."""
    return f"{claim['status']}, does not hold in this run" if claim["holds"] is False else str(claim["status"])


def _figure(renderer: NbElementRenderer, data: MimeData, figure: Mapping[str, Any]) -> list[nodes.Element]:
    """A numbered figure; MyST-NB's own choice by builder picks the SVG for the web and the PDF for print."""
    output = _output_of(renderer, data)
    picture = nodes.container(nb_element="mime_bundle")
    svg = nodes.raw("", output["image/svg+xml"], format="html")
    pdf = renderer.render_image(MimeData("application/pdf", output["application/pdf"], line=data.line))
    pdf[0]["alt"] = figure["alt"]
    for mime_type, node in (("image/svg+xml", svg), ("application/pdf", pdf[0]), ("text/plain", _described(figure))):
        picture += nodes.container("", node, mime_type=mime_type)
    holder = nodes.Element()
    options = {"caption": figure["caption"], "classes": "ab-figure-box", **_label(renderer, f"fig-{figure['name']}")}
    nest = renderer.renderer.current_node_context
    with nest(holder), create_figure_context(renderer.renderer, options, data.line):
        renderer.renderer.current_node.append(picture)
    return holder.children  # type: ignore[return-value]


def _label(renderer: NbElementRenderer, label: str) -> dict[str, str]:
    """The option that gives something a label; none where the page has the label already, which is reported later."""
    return {} if label in renderer.renderer.document.nameids else {"name": label}


def _described(figure: Mapping[str, Any]) -> nodes.Element:
    return nodes.paragraph("", figure["alt"])


def _output_of(renderer: NbElementRenderer, data: MimeData) -> Mapping[str, Any]:
    """All parts of the output that a part belongs to."""
    outputs = renderer.renderer.nb_client.code_cell_outputs(data.cell_index)[1]
    parts = (output.get("data", {}) for output in outputs)
    return next(found for found in parts if found.get(MIME) is data.content)


def _table(renderer: NbElementRenderer, data: MimeData, content: Mapping[str, Any]) -> list[nodes.Element]:
    """A numbered table."""
    columns: Sequence[Mapping[str, Any]] = content["columns"]
    group = nodes.tgroup("", *(nodes.colspec(colwidth=1) for _ in columns), cols=len(columns))
    head = nodes.row("", *(_entry(column["heading"], column) for column in columns))
    rows = zip(*(column["cells"] for column in columns), strict=True)
    body = [nodes.row("", *(_entry(*cell) for cell in zip(row, columns, strict=True))) for row in rows]
    group += [nodes.thead("", head), nodes.tbody("", *body)]
    title = nodes.title("", "", *_parsed(renderer, content["caption"], data.line, inline=True))
    title.source, title.line = renderer.source, data.line
    table = nodes.table("", title, group, classes=["ab-table"])
    table.source, table.line = renderer.source, data.line
    for label in _label(renderer, f"tab-{content['name']}").values():
        table["names"].append(label)
        renderer.renderer.document.note_explicit_target(table, table)
    spec = tabular_col_spec(spec="".join("R" if column["numeric"] else "L" for column in columns))
    return [spec, table]


def _demo(renderer: NbElementRenderer, data: MimeData, demo: Mapping[str, Any]) -> list[nodes.Element]:
    """A demo: its live part for the web, and a figure or table (:mod:`alignbook.press.demos` says how it is given)."""
    own_id = anchor("demo", demo["name"])
    docname = renderer.renderer.sphinx_env.docname
    node = DemoNode(ids=[own_id], name=demo["name"], title=demo["title"], docname=docname)
    node.source, node.line = renderer.source, data.line
    live = LiveNode(title_id=f"{own_id}-title")
    title = nodes.inline("", demo["title"], ids=[live["title_id"]], classes=["ab-demo-title"])
    status = nodes.inline("", demo.get("status", ""), classes=["ab-demo-status"])
    live += nodes.paragraph("", "", title, nodes.Text(" "), status, classes=["ab-demo-head"])
    if demo.get("says"):
        live += nodes.paragraph("", "", *_parsed(renderer, demo["says"], data.line, inline=True))
    output = _output_of(renderer, data)
    files.keep(renderer, output.get(FILES, {}))
    live += nodes.raw("", output.get("text/html", ""), format="html")
    if demo.get("tries"):
        tries = [_parsed(renderer, text, data.line, inline=True) for text in demo["tries"]]
        items = nodes.bullet_list("", *(nodes.list_item("", nodes.paragraph("", "", *text)) for text in tries))
        live += nodes.container("", nodes.paragraph("", "What to try"), items, classes=["ab-demo-tries"])
    static = demo.get("static", {})
    build = {"figure": _figure, "table": _table}.get(static.get("kind", ""))
    parts = build(renderer, data, static) if build else []
    for part in parts:
        part["classes"].append("ab-demo-static")
    node += [live, *parts]
    return [node]


def _entry(text: str, column: Mapping[str, Any]) -> nodes.entry:
    return nodes.entry("", nodes.paragraph("", text), classes=["ab-number"] if column["numeric"] else [])


def _parsed(renderer: NbElementRenderer, text: str, line: int | None, *, inline: bool) -> list[nodes.Node]:
    """MyST as nodes, read as the rest of the page is."""
    holder = nodes.Element()
    with renderer.renderer.current_node_context(holder):
        renderer.renderer.nested_render_text(text, line or 0, inline=inline)
    return holder.children


_BUILDERS = {"claim": _claim, "demo": _demo, "figure": _figure, "table": _table}
