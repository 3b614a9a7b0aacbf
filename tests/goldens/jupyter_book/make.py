"""Ask Jupyter Book 1 what Sphinx options it makes of each sample, and write the answers down as goldens.

Jupyter Book 1 needs an old Sphinx, so it lives in an environment of its own, never in the project's. From
this folder::

    python3.11 -m venv /tmp/jupyter-book-1
    /tmp/jupyter-book-1/bin/pip install jupyter-book==1.0.4.post1
    /tmp/jupyter-book-1/bin/python make.py

Every ``samples/NAME.yml`` gives one ``NAME.json``: ``options`` is what ``jupyter-book config sphinx`` writes
into its ``conf.py``; ``latex_documents`` is what a build adds once Sphinx has started; ``made_with`` names
the versions. ``keys.json`` lists the keys that Jupyter Book 1 documents, in its schema and its default file.
"""

import ast
import importlib
import json
import subprocess
import sys
import tempfile
from importlib.metadata import version
from io import StringIO
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
PACKAGES = ("jupyter-book", "sphinx", "myst-nb", "myst-parser", "sphinx-book-theme", "sphinxcontrib-bibtex")


def options_of(book: Path) -> dict[str, Any]:
    """The assignments in the ``conf.py`` that ``jupyter-book config sphinx`` writes for a book."""
    command = Path(sys.executable).parent / "jupyter-book"
    subprocess.run([command, "config", "sphinx", book], check=True, stdout=subprocess.DEVNULL)
    tree = ast.parse((book / "conf.py").read_text(encoding="utf-8"))
    return {
        node.targets[0].id: ast.literal_eval(node.value)
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
    }


def latex_documents_of(book: Path) -> list[tuple[Any, ...]]:
    """``latex_documents`` once Sphinx has started, as Jupyter Book's ``build_sphinx`` sets it."""
    read = importlib.import_module("jupyter_book.config").get_final_config
    override = importlib.import_module("jupyter_book.pdf").update_latex_documents
    sphinx = importlib.import_module("sphinx.application").Sphinx
    options, meta = read(
        user_yaml=book / "_config.yml",
        sourcedir=book,
        cli_config={"external_toc_path": "_toc.yml", "latex_individualpages": False},
    )
    out = book / "_build"
    app = sphinx(book, None, out, out, "latex", confoverrides=options, status=None, warning=StringIO())
    documents: list[tuple[Any, ...]] = override(app.config.latex_documents, meta["latex_doc_overrides"])
    return documents


def golden_of(sample: Path) -> dict[str, Any]:
    """One sample as a book in a folder of its own, and what Jupyter Book 1 makes of it."""
    with tempfile.TemporaryDirectory() as folder:
        book = Path(folder).resolve()
        (book / "_config.yml").write_bytes(sample.read_bytes())
        (book / "_toc.yml").write_text("format: jb-book\nroot: index\n", encoding="utf-8")
        (book / "index.md").write_text("# A book\n", encoding="utf-8")
        for name in ("references.bib", "more.bib"):
            (book / name).touch()
        golden = {
            "made_with": {package: version(package) for package in PACKAGES},
            "options": options_of(book),
            "latex_documents": latex_documents_of(book),
        }
        text = json.dumps(golden)
        relative: dict[str, Any] = json.loads(text.replace(str(book), "<book>"))
        return relative


def documented_keys() -> list[str]:
    """The dotted names of the keys in Jupyter Book's schema and default configuration."""
    config = importlib.import_module("jupyter_book.config")
    schema = json.loads(config.PATH_JSON_SCHEMA.read_text(encoding="utf-8"))
    defaults = importlib.import_module("yaml").safe_load(config.PATH_YAML_DEFAULT.read_text(encoding="utf-8"))

    def in_schema(node: dict[str, Any], prefix: str = "") -> set[str]:
        below = node.get("properties", {})
        return {prefix}.union(*(in_schema(child, f"{prefix}.{name}") for name, child in below.items()))

    def in_defaults(node: Any, prefix: str = "") -> set[str]:
        below = node if isinstance(node, dict) else {}
        return {prefix}.union(*(in_defaults(child, f"{prefix}.{name}") for name, child in below.items()))

    return sorted(name[1:] for name in in_schema(schema) | in_defaults(defaults) if name)


def write(name: str, golden: Any) -> None:
    """Write one golden beside this script."""
    text = json.dumps(golden, indent=2, sort_keys=True, ensure_ascii=False)
    (HERE / f"{name}.json").write_text(text + "\n", encoding="utf-8")
    print(f"{name}.json")


if __name__ == "__main__":
    write("keys", documented_keys())
    for sample in sorted((HERE / "samples").glob("*.yml")):
        write(sample.stem, golden_of(sample))
