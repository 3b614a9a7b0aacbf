"""Files that a demo's script loads when it needs them, such as a model: out of the cell's output into the site.

They lie in ``_static/loaded``, each once, however many pages use it. A file's name must tell its content: it
holds a digest.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

from myst_nb.core.render import NbElementRenderer
from sphinx.application import Sphinx
from sphinx.builders.html import StandaloneHTMLBuilder

from alignbook.publish.outputs import FILES

FOLDER = "loaded"


def keep(renderer: NbElementRenderer, files: Mapping[str, str]) -> None:
    """Write the files of a page beside the pictures of its outputs, while the page is read."""
    for name, text in files.items():
        renderer.write_file([FOLDER, name], text.encode(), overwrite=True)


def bring(app: Sphinx, error: Exception | None) -> None:
    """``build-finished``: copy the files that demos name into the site, and remove those of demos that are gone."""
    if error is not None or not isinstance(app.builder, StandaloneHTMLBuilder):
        return
    records = cast(Any, app.env.domains["alignbook"]).records
    names = {name for record in records for name in record.data.get("files", ())}
    source, target = Path(app.outdir).parent / "jupyter_execute" / FOLDER, Path(app.outdir, "_static", FOLDER)
    for path in target.glob("*"):
        if path.name not in names:
            path.unlink()
    for name in sorted(names):
        target.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source / name, target / name)


def drop(notebook: Mapping[str, Any]) -> None:
    """Remove the files from a notebook that was rendered: they lie in the site, and readers download the notebook."""
    for cell in notebook["cells"]:
        for output in cell.get("outputs", []):
            output.get("data", {}).pop(FILES, None)
