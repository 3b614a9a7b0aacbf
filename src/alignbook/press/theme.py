"""The look of the pages: the press's own stylesheet, and the faults of the theme and of MyST-NB mended.

No template of the theme is copied. ``templates/layout.html`` passes each block that the theme renders through
:func:`mended`, which replaces the few strings that :data:`MENDS` lists; a test fails when one no longer matches.
"""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlsplit

from jinja2 import pass_context
from jinja2.runtime import Context
from sphinx.application import Sphinx
from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.config import Config
from sphinx.jinja2glue import BuiltinTemplateLoader

from alignbook.press.icons import keep_used_icons

_HERE = Path(__file__).parent
NOT_FOUND = "404"
"""The page that a web server shows for an address that it does not have, at that address."""

_CHOOSE_THEME = """<script>
    try {
      const mode = localStorage.getItem("mode") || "auto";
      const dark = mode == "dark" || (mode == "auto" && matchMedia("(prefers-color-scheme: dark)").matches);
      Object.assign(document.documentElement.dataset, { mode, theme: dark ? "dark" : "light" });
    } catch { /* the browser keeps no settings: the light theme is the page's own */ }
  </script>"""


@dataclass(frozen=True)
class Mend:
    """Something that is replaced on every page.

    Parameters
    ----------
    why
        What was wrong.
    pattern, replacement
        A regular expression, and what it is replaced by.
    """

    why: str
    pattern: str
    replacement: str


MENDS = (
    Mend(
        "Font Awesome's script (538 kB compressed) draws the icons that its font, which the theme loads too, draws",
        r'\s*<!-- So that users can add custom icons -->\s*<script defer src="[^"]*fontawesome\.js[^"]*"></script>',
        "",
    ),
    Mend(
        "the mode is unknown until a deferred script has run, so a dark page starts light, or without any colours",
        r'<script data-cfasync="false">.*?</script>',
        _CHOOSE_THEME,
    ),
    Mend("the script that switches the mode knows no default", 'data-default-mode=""', 'data-default-mode="auto"'),
    Mend(
        "the search index of the whole book is loaded on every page, though only the search page uses it",
        r'\s*<script src="[^"]*(?:searchtools|language_data|searchindex)\.js[^"]*"></script>',
        "",
    ),
    Mend(
        "the name of the search button (“Search”) is not what stands on it (“Search Ctrl+K”)",
        r'(<button class="btn search-button-field [^>]*?) title="[^"]*" aria-label="[^"]*"',
        r"\1",
    ),
    Mend(
        "the sidebar with the logo and the search belongs to no landmark",
        r'<div id="pst-primary-sidebar"',
        '<div role="complementary" aria-label="Book" id="pst-primary-sidebar"',
    ),
    Mend(
        "an icon is read aloud as an unknown letter",
        r'<(i|span) class="((?:theme-switch )?fa[bs]? fa-|(?:theme-switch )?fa-(?:solid|brands|regular) )',
        r'<\1 aria-hidden="true" class="\2',
    ),
    Mend(
        "a heading for print makes two main headings of one",
        r'(<div id="jb-print-docs-body" class="onlyprint">\s*)<h1>(.*?)</h1>',
        r'\1<p class="print-title">\2</p>',
    ),
    Mend(
        "the notebook and the source open in a new tab instead of being saved",
        r'(<a href="[^"]*_sources/[^"]*") target="_blank"',
        r"\1 download",
    ),
    Mend(
        "docutils gives a work in the bibliography a role that is out of use, and that no list may hold",
        r' role="doc-biblioentry"',
        ' role="listitem"',
    ),
    Mend(
        "MyST-NB names every fold “Toggle hidden content”, which is not what stands on it",
        r'<summary aria-label="Toggle hidden content">',
        "<summary>",
    ),
)

_ONLY_SEARCH = next(mend for mend in MENDS if "searchtools" in mend.pattern)


@pass_context
def mended(context: Context, text: str) -> str:
    """A part of a page without the theme's faults."""
    for mend in MENDS:
        if not (mend is _ONLY_SEARCH and context.get("pagename") == "search"):
            text = re.sub(mend.pattern, mend.replacement, text, flags=re.S)
    if context.get("alignbook_base"):
        text = text.replace('href="#', f'href="{NOT_FOUND}.html#')  # a base would send it to the first page
    return text


def connect(app: Sphinx) -> None:
    """Register the press's look with Sphinx."""
    app.connect("config-inited", _give_folders)
    app.connect("builder-inited", _give_filter)
    app.connect("html-page-context", _offer_notebook, priority=400)  # before the theme makes its buttons
    app.connect("html-page-context", _choose_buttons, priority=600)  # after it
    app.connect("html-page-context", _give_base)
    app.connect("build-finished", _tidy_static)
    app.add_css_file("alignbook.css", priority=900)  # after the theme's own
    app.add_js_file("alignbook.js", loading_method="defer")


def _give_folders(_app: Sphinx, config: Config) -> None:
    config.templates_path = [str(_HERE / "templates"), *config.templates_path]
    config.html_static_path = [*config.html_static_path, str(_HERE / "static")]
    if config.html_logo:
        config.html_theme_options.setdefault("logo", {}).setdefault("text", config.html_title)


def _give_filter(app: Sphinx) -> None:
    if isinstance(app.builder, StandaloneHTMLBuilder):
        cast(BuiltinTemplateLoader, app.builder.templates).environment.filters["mended"] = mended


def _offer_notebook(app: Sphinx, page: str, _template: str, context: dict[str, Any], doctree: object) -> None:
    """Put the executed notebook beside the page's source, where the theme's download button looks for it."""
    notebook = Path(app.outdir).parent / "jupyter_execute" / f"{page}.ipynb"
    if doctree is not None and notebook.is_file():
        target = Path(app.outdir, "_sources", f"{page}.ipynb")
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(notebook, target)
        context["ipynb_source"] = f"{page}.ipynb"


def _choose_buttons(_app: Sphinx, _page: str, _template: str, context: dict[str, Any], _tree: object) -> None:
    """Leave out the button that calls the browser's print command ".pdf"."""
    for group in (button for button in context.get("header_buttons", []) if "buttons" in button):
        group["buttons"] = [one for one in group["buttons"] if one.get("label") != "download-pdf-button"]


def _give_base(app: Sphinx, page: str, _template: str, context: dict[str, Any], _tree: object) -> None:
    """Make the links of the not-found page work at any address, if the book's own address is known."""
    if page == NOT_FOUND and app.config.html_baseurl:
        path = urlsplit(app.config.html_baseurl).path.rstrip("/") + "/"
        context["alignbook_base"] = path
        context["metatags"] = f'<base href="{path}">{context.get("metatags", "")}'


def _tidy_static(app: Sphinx, error: Exception | None) -> None:
    """Remove what no page loads, and shrink the fonts of the icons to those that the book shows."""
    static = Path(app.outdir, "_static")
    if error is not None or not isinstance(app.builder, StandaloneHTMLBuilder):
        return
    for path in (
        *static.glob("scripts/fontawesome.js"),
        *static.glob("scripts/*.map"),
        *static.glob("*webpack-macros.html"),
    ):
        path.unlink()
    keep_used_icons(Path(app.outdir))
