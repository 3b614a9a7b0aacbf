"""Maths: KaTeX turns TeX into HTML with MathML inside, while the book is built; what it cannot read is a located error.

One Node process renders all formulas of a build. It reads requests from a pipe and ends when the pipe closes: it needs
no port, so builds never fight for one, and it cannot outlive its build, however that ends.
"""

from __future__ import annotations

import html
import json
import re
import shutil
import subprocess
import weakref
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from docutils import nodes
from docutils.utils import get_source_line
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.errors import SphinxError
from sphinx.util import logging
from sphinx.util.logging import get_node_location
from sphinx.util.math import get_node_equation_number, wrap_displaymath
from sphinx.writers.html5 import HTML5Translator

from alignbook.press import npm

logger = logging.getLogger(__name__)

FORMULA = '<span class="katex'
"""What every rendered formula starts with."""

_NUMBERED = re.compile(r"\\(begin|end)\{(equation|align|alignat|gather)\}")
_OTHER_FONTS = re.compile(r',url\([^)]+\) format\("(?:woff|truetype)"\)')


class TexError(Exception):
    """A formula that KaTeX does not take."""


class Katex:
    """A running KaTeX.

    Parameters
    ----------
    folder
        The npm package.
    macros
        TeX commands of the book, by name with its backslash; ``#1`` stands for the first argument.
    """

    def __init__(self, folder: Path, macros: Mapping[str, str]) -> None:
        command = [npm.node(), str(npm.JAVASCRIPT / "katex.cjs"), str(folder), json.dumps(dict(macros))]
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
        )
        self.close = weakref.finalize(self, _end, self.process)

    def render(self, tex: str, *, display: bool) -> str:
        """HTML of a formula.

        Raises
        ------
        TexError
            If KaTeX does not support it; says what and where in the formula.
        """
        if self.process.stdin is None or self.process.stdout is None:
            raise SphinxError("KaTeX was started without pipes")
        print(json.dumps({"tex": tex, "display": display}), file=self.process.stdin, flush=True)
        line = self.process.stdout.readline()
        if not line:
            raise SphinxError(f"KaTeX stopped while it rendered {tex!r}: exit code {self.process.wait()}")
        answer = json.loads(line)
        if "error" in answer:
            position = answer["position"]
            rest = "" if position is None else tex[position : position + 20].partition("\n")[0]
            problem = str(answer["error"]).removeprefix("LaTeX-incompatible input and strict mode is set to 'error': ")
            raise TexError(f"{problem}{rest and f' (at: {rest})'}")
        return str(answer["html"])


def _end(process: subprocess.Popen[str]) -> None:
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            pipe.close()
    process.wait()


class Maths:
    """The maths of one build.

    Parameters
    ----------
    app
        The Sphinx application.
    """

    def __init__(self, app: Sphinx) -> None:
        self.app = app
        self._katex: Katex | None = None
        self._styled = False

    def visit_inline(self, writer: HTML5Translator, node: nodes.math) -> None:
        """Write a formula within a line."""
        writer.body.append(writer.starttag(node, "span", "", CLASS="math notranslate nohighlight"))
        writer.body.append(self._html(node, node.astext(), display=False) + "</span>")
        raise nodes.SkipNode

    def visit_display(self, writer: HTML5Translator, node: nodes.math_block) -> None:
        """Write a formula on a line of its own, its number after it."""
        writer.body.append(writer.starttag(node, "div", "", CLASS="math notranslate nohighlight"))
        whole = bool(node.get("no-wrap", node.get("nowrap", False)))
        writer.body.append(self._html(node, displayed(node.astext(), whole=whole), display=True))
        if node.get("number"):
            writer.body.append(f'<span class="eqno">({get_node_equation_number(writer, node)})')
            writer.add_permalink_ref(node, "Link to this equation")
            writer.body.append("</span>")
        writer.body.append("</div>\n")
        raise nodes.SkipNode

    def style(self, app: Sphinx, page: str, _template: str, context: dict[str, Any], _tree: object) -> None:
        """``html-page-context``: give KaTeX's stylesheet to the pages that have maths, and to no other."""
        if FORMULA in context.get("body", "") or self._in_titles():
            if not self._styled:
                install_style(self._folder(), Path(app.outdir, "_static/katex"))
                self._styled = True
            app.add_css_file("katex/katex.min.css")
        if FORMULA in context.get("title", ""):  # the name of the tab: each formula as it was typed
            context["title"] = html.escape(app.env.titles[page].astext())

    def stop(self, *_: object) -> None:
        """``build-finished``: end the process, if it was ever needed."""
        if self._katex is not None:
            self._katex.close()
        self._katex, self._styled = None, False

    def _html(self, node: nodes.Element, tex: str, *, display: bool) -> str:
        try:
            if self._katex is None:
                self._katex = Katex(self._folder(), self.app.config.alignbook_macros)
            return self._katex.render(tex, display=display)
        except TexError as error:
            logger.error("maths that KaTeX does not support: %s", error, location=_location(node))
            return f"<code>{html.escape(node.astext())}</code>"

    def _folder(self) -> Path:
        try:
            return npm.packages(Path(self.app.outdir).parent) / "katex"
        except npm.NpmError as error:
            raise SphinxError(f"{error} (maths needs KaTeX: the first build needs the network)") from None

    def _in_titles(self) -> bool:
        """Whether navigation, which is on every page, shows a formula."""
        return any(True for toc in self.app.env.tocs.values() for _ in toc.findall(nodes.math))


def displayed(tex: str, *, whole: bool) -> str:
    """A display formula as KaTeX gets it: wrapped as in the PDF, but never numbered, since Sphinx writes the numbers.

    Parameters
    ----------
    tex
        The formula; blank lines separate equations.
    whole
        Whether it brings its own environment.
    """
    if whole:
        return _NUMBERED.sub(r"\\\1{\2*}", tex)
    plain = not re.search(r"&|\\\\|\n\n", tex)  # its environment would change nothing, and confuse messages
    return tex if plain else wrap_displaymath(tex, None, numbering=False)


def preamble(macros: Mapping[str, str]) -> str:
    """The macros for LaTeX, from the same dictionary that KaTeX gets."""
    lines = []
    for name, body in macros.items():
        arguments = max((int(number) for number in re.findall(r"#(\d)", body)), default=0)
        count = f"[{arguments}]" if arguments else ""
        lines.append(rf"\providecommand{{{name}}}{{}}\renewcommand{{{name}}}{count}{{{body}}}")
    return "\n".join(lines)


def install_style(katex: Path, target: Path) -> None:
    """Copy KaTeX's stylesheet and licence, and of its fonts the one format that every browser reads."""
    dist = katex / "dist"
    target.joinpath("fonts").mkdir(parents=True, exist_ok=True)
    shutil.copyfile(katex / "LICENSE", target / "LICENSE.txt")
    for font in sorted(dist.glob("fonts/*.woff2")):
        shutil.copyfile(font, target / "fonts" / font.name)
    style = (dist / "katex.min.css").read_text(encoding="utf-8")
    target.joinpath("katex.min.css").write_text(_OTHER_FONTS.sub("", style), encoding="utf-8")


def _location(node: nodes.Element) -> str:
    """File and line of a formula: in a paragraph of several lines, the one that it starts in."""
    source, line = get_source_line(node)
    if source is None or line is None or not Path(source).is_file():
        return get_node_location(node) or ""
    start = node.astext().strip().splitlines()[:1]
    lines = Path(source).read_text(encoding="utf-8").splitlines()
    found = (n for n, text in enumerate(lines, 1) if n >= line and any(first in text for first in start))
    return f"{source}:{next(found, line)}"


def _give_macros_to_latex(_app: Sphinx, config: Config) -> None:
    config.latex_elements = {
        **config.latex_elements,
        "preamble": f"{preamble(config.alignbook_macros)}\n{config.latex_elements.get('preamble', '')}",
    }


def connect(app: Sphinx) -> None:
    """Register the renderer, which ``html_math_renderer = "katex"`` chooses."""
    maths = Maths(app)
    app.add_config_value("alignbook_macros", {}, "env", dict)
    app.add_html_math_renderer("katex", (maths.visit_inline, None), (maths.visit_display, None))
    app.connect("config-inited", _give_macros_to_latex)
    app.connect("html-page-context", maths.style)
    app.connect("build-finished", maths.stop)
