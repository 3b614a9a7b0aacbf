"""Demos as nodes of a page: a live part for the web, and a static one for print and for readers without scripts.

A cell returns a demo as a :class:`alignbook.publish.demos.demo.Demo`. Its record says what it is and holds, under
``static``, the record of a figure or of a table, exactly as :func:`alignbook.publish.figure` and
:func:`alignbook.publish.table` write them::

    {"kind": "demo", "name": "feedback", "title": "You are the feedback", "says": "Pick the better one.",
     "tries": ["Prefer the longer one."], "status": "measured here", "static": {"kind": "table", ...}}

The other parts of the output are the live form (``text/html``) and, where the static form is a figure, its pictures
(``image/svg+xml`` and ``application/pdf``). The PDF shows the static form, numbered and captioned like any other figure
or table, lists the demo under its title, and puts a QR code that leads to the live one beside it.
"""

from __future__ import annotations

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.writers.html5 import HTML5Translator


class DemoNode(nodes.General, nodes.Element):
    """A demo: ``name``, ``title``, ``docname``; a :class:`LiveNode`, and the nodes of its static form."""


class LiveNode(nodes.General, nodes.Element):
    """The part of a demo that only a browser shows; ``title_id`` leads to its title."""


def static_form(demo: DemoNode) -> nodes.Element | None:
    """The figure or table that stands for a demo where it cannot run; ``None`` where there is none."""
    for child in demo.children:
        if isinstance(child, LiveNode) or not isinstance(child, nodes.Element):
            continue
        found = next((node for node in child.findall() if isinstance(node, nodes.figure | nodes.table)), None)
        if found is not None:
            return found
    return None


def _open_demo(writer: HTML5Translator, node: DemoNode) -> None:
    writer.body.append(writer.starttag(node, "div", CLASS="ab-demo"))


def _close(writer: HTML5Translator, _node: nodes.Element) -> None:
    writer.body.append("</div>\n")


def _open_live(writer: HTML5Translator, node: LiveNode) -> None:
    titled = {"role": "group", "aria-labelledby": node["title_id"]}
    writer.body.append(writer.starttag(node, "div", CLASS="ab-demo-live", **titled))


def connect(app: Sphinx) -> None:
    """Register the nodes with Sphinx."""
    app.add_node(DemoNode, html=(_open_demo, _close))
    app.add_node(LiveNode, html=(_open_live, _close))
