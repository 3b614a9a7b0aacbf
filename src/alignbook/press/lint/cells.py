"""Code cells as the lint sees them: which functions they call, and what they publish as prose.

Nothing is executed. Names are followed through the imports of all cells of the page, so ``plt.subplots()`` is known as
``matplotlib.pyplot.subplots``.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from markdown_it import MarkdownIt

from alignbook.press.lint.passages import OTHER
from alignbook.press.lint.prose import Directive, Prose

_MAGIC = re.compile(r"^(\s*)[%!].*$", re.M)
_TEXTS = {"figure": ("caption", "alt"), "table": ("caption",), "claim": ("statement", "source")}
"""The arguments of what `alignbook.publish` offers that readers see as prose."""


@dataclass(frozen=True)
class Call:
    """A call in a cell.

    Parameters
    ----------
    name
        What is called, with its module where the page imports it.
    node
        The call itself.
    cell
        The cell where it stands.
    within
        Name of the function around it (``lambda`` for one without a name); empty where it is made when the cell runs.
    """

    name: str
    node: ast.Call
    cell: Directive
    within: str

    @property
    def line(self) -> int:
        """Line of the file where it begins."""
        return self.cell.body_line + self.node.lineno - 1

    def argument(self, name: str) -> ast.expr | None:
        """The value of a keyword argument; ``None`` where it is not given."""
        return next((keyword.value for keyword in self.node.keywords if keyword.arg == name), None)

    @property
    def published(self) -> str:
        """Which function of `alignbook.publish` it is; empty for any other."""
        package, _, name = self.name.rpartition(".")
        return name if package.startswith("alignbook.publish") else ""


def calls(cells: Iterable[Directive]) -> list[Call]:
    """All calls in the code cells of one page, in their order."""
    trees = [(cell, _parsed("\n".join(cell.body))) for cell in cells]
    names = {name: full for _, tree in trees for name, full in _imports(tree)}
    return [call for cell, tree in trees for call in _calls(tree, cell, names, "")]


def add_published_texts(prose: Prose, found: Iterable[Call], parser: MarkdownIt) -> None:
    """Add to a page's prose the captions, alternative texts and statements that its cells publish."""
    for call in found:
        wanted = _TEXTS.get(call.published, ())
        values = {keyword.arg: keyword.value for keyword in call.node.keywords}
        if call.published == "claim" and len(call.node.args) > 1:
            values["statement"] = call.node.args[1]
        for name in wanted:
            node = values.get(name)
            text = literal(node) if node else None
            if node is not None and text:
                source = call.cell.body[node.lineno - 1 : node.end_lineno]
                line = call.cell.body_line + node.lineno - 1
                prose.told(text, source, line, parser, counts=name in ("caption", "alt"))


def literal(node: ast.expr) -> str | None:
    """The text of a string, with a stand-in for each computed part; ``None`` for what is no string."""
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else None
    if isinstance(node, ast.JoinedStr):
        return "".join(literal(part) or OTHER for part in node.values)
    return None


def _parsed(source: str) -> ast.Module:
    """A cell's syntax tree, without lines that only IPython understands; empty if it is no Python (the build tells)."""
    try:
        return ast.parse(_MAGIC.sub(r"\1pass", source))
    except SyntaxError:
        return ast.Module([], [])


def _imports(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """The names that a cell imports, and what they stand for."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                if alias.asname:
                    yield alias.asname, alias.name
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                yield alias.asname or alias.name, f"{node.module}.{alias.name}"


def _calls(node: ast.AST, cell: Directive, names: Mapping[str, str], within: str) -> Iterator[Call]:
    """The calls in a part of a cell's syntax tree."""
    if isinstance(node, ast.Call):
        yield Call(_dotted(node.func, names), node, cell, within)
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        within = within or node.name
    elif isinstance(node, ast.Lambda):
        within = within or "lambda"
    for child in ast.iter_child_nodes(node):
        yield from _calls(child, cell, names, within)


def _dotted(node: ast.expr, names: Mapping[str, str]) -> str:
    """The full name of what is called; empty where it has none."""
    if isinstance(node, ast.Name):
        return names.get(node.id, node.id)
    if isinstance(node, ast.Attribute):
        return f"{_dotted(node.value, names)}.{node.attr}"
    return ""
