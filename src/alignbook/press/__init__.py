"""The press: the Sphinx extension that turns chapters into a never-stale book.

``book/conf.py`` calls :func:`sphinx_config`; Sphinx calls :func:`setup`; ``python -m alignbook.press`` is the command.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sphinx.application import Sphinx


def sphinx_config(path: Path) -> dict[str, Any]:
    """Sphinx's configuration values, from the book's ``_config.yml``.

    Raises
    ------
    sphinx.errors.ConfigError
        If the file cannot be read or has a key or value that is not supported.
    """
    from sphinx.errors import ConfigError

    from alignbook.press import config

    try:
        return config.sphinx_options(config.load(path), path.parent)
    except config.ConfigError as error:
        raise ConfigError(str(error)) from None


def setup(app: Sphinx) -> dict[str, Any]:
    """Connect the press to Sphinx."""
    from alignbook.press.extension import connect

    return connect(app)
