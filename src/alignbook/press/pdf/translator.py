"""From the tree of the book to LaTeX: Sphinx's writer, and what a printed book has besides."""

from __future__ import annotations

import hashlib
import json
import os
import re
from pathlib import Path
from typing import Any

from docutils import nodes
from docutils.nodes import Element
from docutils.utils import get_source_line
from sphinx.builders.latex import LaTeXBuilder
from sphinx.writers.latex import LaTeXTranslator

from alignbook.press.demos import DemoNode
from alignbook.press.pdf import positions, scripts
from alignbook.press.pdf.settings import url
from alignbook.press.publishing.rendering import CLAIMED

POSITIONS = "positions.json"
"""The file beside the LaTeX that says where its lines come from."""

_PICTURE = "[\u2600-\u27bf\u2b50\U0001f000-\U0001faff]"
_MODIFIED = f"{_PICTURE}(?:\ufe0f|[\U0001f3fb-\U0001f3ff])?"
EMOJI = re.compile(
    f"[\U0001f1e6-\U0001f1ff]{{2}}|[0-9#*]\ufe0f?\u20e3|{_MODIFIED}(?:\u200d{_MODIFIED})+|{_PICTURE}[\ufe0f\U0001f3fb-\U0001f3ff]"
)
"""Emoji of several characters, which only one font as a whole can join."""

_BLOCKS = (
    nodes.literal_block,
    nodes.title,
    nodes.table,
    nodes.figure,
    nodes.image,
    nodes.math_block,
    nodes.term,
    nodes.caption,
)
_LISTS = (("figure", "\\abFigures"), ("table", "\\abTables"), ("demo", "\\abDemos"), ("claim", "\\abClaims"))


class BookTranslator(LaTeXTranslator):
    """Sphinx's writer, with places, claims, demos, notes in the margin, and text alternatives."""

    def __init__(self, document: nodes.document, builder: LaTeXBuilder, theme: Any) -> None:
        super().__init__(document, builder, theme)
        self.kinds: set[str] = set()
        """What there is to be listed after the contents."""

    # ------------------------------------------------------------------ places

    def dispatch_visit(self, node: nodes.Node) -> None:
        """Mark where a block comes from."""
        if isinstance(node, _BLOCKS):
            self.body.append(_mark(node))
        super().dispatch_visit(node)
        if isinstance(node, nodes.paragraph):  # Sphinx looks at the first pieces of a cell: none before them
            self.body.append(_mark(node))

    def astext(self) -> str:
        """The whole file; where its lines come from is written beside it."""
        chosen = "".join(command for kind, command in _LISTS if kind in self.kinds)
        self.elements["tableofcontents"] = f"\\abContents{{{chosen}}}"
        self._add_scripts()
        text, places = positions.taken_out(super().astext())
        table = [[position.line, position.place] for position in places]
        Path(self.builder.outdir, POSITIONS).write_text(json.dumps(table), encoding="utf-8")
        digest = hashlib.sha256(text.encode()).hexdigest()[:32]
        trailer = f'\\directlua{{pdf.settrailerid("[<{digest}> <{digest}>]")}}'
        return text.replace("\\begin{document}", f"{trailer}\\begin{{document}}", 1)

    def _add_scripts(self) -> None:
        """Name the scripts of the book, for their fonts alone are loaded: each costs a second of every run."""
        found = scripts.used_in(positions.without_marks("".join(self.body)))
        languages = [f"\\babelprovide[import,onchar=ids]{{{name}}}" for name in scripts.languages(found)]
        fonts = f"\\newcommand{{\\abScripts}}{{{','.join(found)}}}\n{self.elements['fontpkg']}"
        self.elements["multilingual"] = "\n".join([str(self.elements["multilingual"]), *languages])
        self.elements["fontpkg"] = fonts

    # ------------------------------------------------------------------ claims

    def visit_paragraph(self, node: Element) -> None:
        """Begin a paragraph; a claim stands in a box and in the list of claims."""
        if node.get(CLAIMED):
            self.kinds.add("claim")
            self.body.append("\n\\begin{abClaim}")
        super().visit_paragraph(node)
        if node.get(CLAIMED):
            says = next(part for part in node.findall(nodes.inline) if "ab-statement" in part["classes"])
            self.body.append(f"\\abClaimEntry{{{self._short(says)}}}")

    def depart_paragraph(self, node: Element) -> None:
        """End a paragraph."""
        super().depart_paragraph(node)
        if node.get(CLAIMED):
            self.body.append("\\end{abClaim}\n")

    def _short(self, node: Element) -> str:
        """A text as it can stand in a list: its formulas, but no links."""
        leaves = node.findall(lambda leaf: isinstance(leaf, nodes.Text | nodes.math))
        return "".join(
            f"\\({leaf.astext()}\\)" if isinstance(leaf, nodes.math) else self.encode(leaf.astext())
            for leaf in leaves
            if not isinstance(leaf.parent, nodes.math)
        )

    # ------------------------------------------------------------------- demos

    def visit_DemoNode(self, node: DemoNode) -> None:  # noqa: N802 (docutils' names)
        """Begin a demo: an entry in the list of demos, and the way to the live one."""
        self.kinds.add("demo")
        base = self.config.html_baseurl
        live = f"{base.rstrip('/')}/{node['docname']}.html#{node['ids'][0]}" if base else ""
        self.body.append(f"\n{_mark(node)}\\abDemo{{{self.encode(node['title'])}}}{{{url(live)}}}")
        self.body.append("".join(self.hypertarget(name, anchor=False) for name in node["ids"]) + "\n")

    def depart_DemoNode(self, _node: DemoNode) -> None:  # noqa: N802
        """End a demo."""

    def visit_LiveNode(self, _node: Element) -> None:  # noqa: N802
        """Leave out what only a browser can show; its static form follows."""
        raise nodes.SkipNode

    # ------------------------------------------------------- figures and notes

    def visit_figure(self, node: Element) -> None:
        """Begin a figure."""
        self.kinds.add("figure")
        super().visit_figure(node)

    def visit_table(self, node: Element) -> None:
        """Begin a table; only one with a caption is listed."""
        if any(isinstance(child, nodes.title) for child in node.children):
            self.kinds.add("table")
        super().visit_table(node)

    def visit_image(self, node: Element) -> None:
        """Write a picture with its text alternative."""
        start = len(self.body)
        super().visit_image(node)
        alt = " ".join(node.get("alt", "").split())
        for index in range(start, len(self.body)):
            if alt and "\\sphinxincludegraphics" in self.body[index]:
                self.body[index] = re.sub(
                    r"\\sphinxincludegraphics(?:\[(.*?)\])?",
                    lambda found: f"\\sphinxincludegraphics[{found[1] + ',' if found[1] else ''}alt={{{_alt(alt)}}}]",
                    self.body[index],
                    count=1,
                )

    def visit_sidebar(self, node: Element) -> None:
        """Begin a note in the margin, or another box at the side."""
        if "margin" not in node["classes"]:
            super().visit_sidebar(node)
            return
        self.in_minipage += 1
        self.body.append("%\n\\abNote{")
        self.context.append("}%\n")

    def visit_title(self, node: Element) -> None:
        """Begin a title; a note in the margin may have none."""
        if isinstance(node.parent, nodes.sidebar) and not node.astext():
            raise nodes.SkipNode
        super().visit_title(node)

    # ------------------------------------------------------------------- index

    def visit_index(self, node: Element) -> None:
        """Write index entries; a hyphen as it is, or the same word gives two entries where TeX has read it before."""
        start = len(self.body)
        try:
            super().visit_index(node)
        finally:
            self.body[start:] = [part.replace("\\sphinxhyphen{}", "-") for part in self.body[start:]]

    # -------------------------------------------------------------------- text

    def visit_Text(self, node: nodes.Text) -> None:  # noqa: N802
        """Write text; an emoji of several characters in the one font that can join them."""
        start = len(self.body)
        super().visit_Text(node)
        if self.literal_whitespace or self.in_parsed_literal:
            return
        for index in range(start, len(self.body)):
            self.body[index] = EMOJI.sub(r"{\\abEmoji{}\g<0>}", self.body[index])


def _mark(node: Element) -> str:
    """A mark with the file and line of a node; nothing where they are not known."""
    source, line = get_source_line(node)
    if source is None or line is None:
        return ""
    path = str(source).partition(":docstring of")[0]
    shown = os.path.relpath(path) if Path(path).is_absolute() else path
    return positions.mark(f"{shown if not shown.startswith('..') else path}:{line}")


def _alt(text: str) -> str:
    """A text alternative as the value of a key: nothing in it is read as TeX.

    With this book's packages loaded, a comma ends the value even in braces, and the picture is lost (in bare LaTeX it
    does not; which package it is was not found). So it becomes a semicolon; nothing reads the value on this route.
    """
    return re.sub(r"[\\{}#%~^_&$\[\]]", "", text).replace(",", ";")
