"""From a `Config` to Sphinx's options.

Most keys name their option in the schema and pass through. What is written out here is the rest: options with
several keys or none behind them.
"""

import os
from collections.abc import Mapping
from copy import deepcopy
from pathlib import Path
from typing import Any

from alignbook.press.config.schema import Config, keys, option_of
from alignbook.press.config.workers import jobs

FIXED: dict[str, Any] = {
    "html_math_renderer": "katex",  # alignbook.press.maths: at build time, and no script from another host
    "html_theme": "sphinx_book_theme",
    "nb_execution_raise_on_error": True,
    "nb_execution_show_tb": True,
    "nb_ipywidgets_js": {},  # MyST-NB's default loads scripts from two other hosts
    "source_suffix": {".md": "myst-nb"},
}
"""Options that the book cannot do without; ``sphinx.config`` may not set them."""

DEFAULTS: dict[str, Any] = {
    "html_sourcelink_suffix": "",
    "html_theme_options": {
        "back_to_top_button": False,  # it lies on the text, and is hard to read
        "navbar_persistent": [],  # a second search field, in a bar of its own
        "search_bar_text": "Search this book...",
        "use_fullscreen_button": False,  # the browser has one
    },
    "latex_domain_indices": False,
    "latex_show_pagerefs": True,
    "latex_show_urls": "footnote",
    "latex_table_style": ["booktabs", "nocolorrows"],
    "latex_use_xindy": True,
    "nb_merge_streams": True,
    "nb_render_markdown_format": "myst",  # "commonmark" shows the tables of an output as rows of pipes
    "numfig": True,
    "pygments_style": "sphinx",
}
"""Options that ``sphinx.config`` may set otherwise."""

EXTENSIONS = ("myst_nb", "sphinx_book_theme", "alignbook.press")
# MyST-NB registers .ipynb as a source whatever source_suffix says; a notebook would bypass the press.
NEVER_PAGES = ("**.ipynb", "**.ipynb_checkpoints", ".DS_Store", ".nox", ".venv", "Thumbs.db", "_build")

_KEYS_BEHIND = {
    "alignbook_jobs": "execute.jobs",
    "alignbook_packages": "execute.packages",
    "bibtex_bibfiles": "bibtex_bibfiles",
    "exclude_patterns": "exclude_patterns",
    "extensions": "sphinx.extra_extensions",
    "latex_documents": "latex.latex_documents",
    "nb_execution_cache_path": "execute.cache",
    "project": "title",
}
_TEX = {
    **{character: f"\\{character}" for character in "#$%&_{}"},
    "\\": r"\textbackslash{}",
    "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}",
}


def sphinx_options(config: Config, root: Path, environ: Mapping[str, str] = os.environ) -> dict[str, Any]:
    """All options that Sphinx gets.

    Parameters
    ----------
    config
        The book's configuration.
    root
        The folder of ``_config.yml``, against which the path of the execution cache is read.
    environ
        The environment, for ``ALIGNBOOK_JOBS``.

    Returns
    -------
    dict
        Sphinx's names and values, as ``conf.py`` would assign them; safe to change.

    Raises
    ------
    ConfigError
        If ``ALIGNBOOK_JOBS`` is not a number of chapters.
    """
    root = root.absolute()
    options = deepcopy(FIXED | DEFAULTS) | {
        "alignbook_print": {},
        "alignbook_jobs": jobs(config, environ),
        "alignbook_packages": list(config.execute.packages),
        "alignbook_root": str(root),
        "exclude_patterns": sorted({*NEVER_PAGES, *config.exclude_patterns}),
        "extensions": _extensions(config),
        "latex_documents": [_latex_document(config)],
        "nb_execution_cache_path": str(root / (config.execute.cache or "_build/.jupyter_cache")),
        "project": config.title,
    }
    if config.bibtex_bibfiles:
        options["bibtex_bibfiles"] = list(config.bibtex_bibfiles)
    for key, field in keys():
        if option := option_of(field):
            _set(options, option, _value(config, key))
    _merge(options, deepcopy(config.sphinx.config))
    return options


def key_behind(option: str) -> str | None:
    """The key of ``_config.yml`` that sets a Sphinx option, if one does."""
    passed_on = {option_of(field): key for key, field in keys()}
    return _KEYS_BEHIND.get(option) or passed_on.get(option)


def _value(config: Config, key: str) -> Any:
    value: Any = config
    for name in key.split("."):
        value = getattr(value, name)
    return list(value) if isinstance(value, tuple) else deepcopy(value)


def _set(options: dict[str, Any], option: str, value: Any) -> None:
    *outer, name = option.split(".")
    for part in outer:
        options = options[part]
    options[name] = value


def _extensions(config: Config) -> list[str]:
    bibtex = ("sphinxcontrib.bibtex",) if config.bibtex_bibfiles else ()
    return list(dict.fromkeys((*EXTENSIONS, *config.sphinx.extra_extensions, *bibtex)))


def _latex_document(config: Config) -> tuple[str, str, str, str, str]:
    """The first page, the file, its title and author as LaTeX, and the kind of document."""
    document = config.latex.latex_documents
    return ("index", document.targetname, document.title or _tex(config.title), _tex(config.author), "manual")


def _tex(text: str) -> str:
    """Plain text as LaTeX."""
    return "".join(_TEX.get(character, character) for character in text)


def _merge(into: dict[str, Any], new: Mapping[str, Any]) -> None:
    """Set the values of `new`, going into a mapping where both sides have one."""
    for name, value in new.items():
        if isinstance(value, dict) and isinstance(into.get(name), dict):
            _merge(into[name], value)
        else:
            into[name] = value
