"""The printed edition: from the same pages and the same executed outputs as the web edition.

Sphinx's LaTeX builder writes, LuaLaTeX typesets; ``python -m alignbook.press.pdf`` (``nox -s pdf``) does both, and then
checks what came out. Here is what Sphinx is told of it.
"""

from __future__ import annotations

from pathlib import Path

from sphinx.application import Sphinx
from sphinx.builders.latex import LaTeXBuilder

import alignbook
from alignbook import profile
from alignbook.press.pdf import settings, tree
from alignbook.press.pdf.tables import FitTables
from alignbook.press.pdf.translator import BookTranslator


def connect(app: Sphinx) -> None:
    """Register the printed edition with Sphinx."""
    app.add_config_value("alignbook_print", {}, "", dict)
    for transform in (*tree.TRANSFORMS, FitTables):
        app.add_post_transform(transform)
    app.connect("builder-inited", _set)


def _set(app: Sphinx) -> None:
    """Give the LaTeX builder the book's translator and settings; what ``sphinx.config.latex_elements`` says comes last.

    Only here: the theme extends the translators that are registered before, and HTML's only where there are none.
    """
    if not isinstance(app.builder, LaTeXBuilder):
        return
    app.set_translator("latex", BookTranslator)
    if not app.config.alignbook_print:
        return
    ours = settings.elements(app.config.alignbook_print, edition(app))
    own = app.config.latex_elements
    preamble = f"{ours['preamble']}\n{own.get('preamble', '')}"
    own.update({**ours, **own, "preamble": preamble})  # the theme of the document reads it there
    app.builder.context.update(own)
    app.builder.init_multilingual()
    app.config.latex_additional_files = [
        *app.config.latex_additional_files,
        *(str(path) for path in sorted(settings.TEX.iterdir()) if path.suffix in {".lua", ".sty"}),
    ]


def edition(app: Sphinx) -> settings.Edition:
    """What this copy of the book says of itself."""
    commit, epoch = settings.commit_of(Path(app.config.alignbook_root))
    run = profile.current()
    own = run == profile.Profile()
    return settings.Edition(
        version=app.config.release or alignbook.__version__,
        commit=commit,
        epoch=epoch,
        copyright=app.config.copyright,
        site=app.config.html_baseurl,
        preview="" if own else f"Preview at size {run.size}, seed {run.seed}: these are not the book's numbers.",
    )
