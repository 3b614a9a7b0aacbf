"""The book's ``_config.yml``: its keys, how it is read, and what Sphinx makes of it.

========================  =====================================================================
``schema``                every key, with its type, default, description and Sphinx option
``refused``               the keys of Jupyter Book 1 that this book refuses, and why
``reading``               from the file to a `Config`
``problems``              every mistake in the file as one clear line
``mapping``               from a `Config` to Sphinx's options
``workers``               how many chapters run at once
``describing``            the reference of all keys, written from the schema
========================  =====================================================================

Nothing here imports Sphinx, so a command may read the configuration at little cost.
"""

from alignbook.press.config.describing import reference
from alignbook.press.config.mapping import sphinx_options
from alignbook.press.config.problems import ConfigError
from alignbook.press.config.reading import load, parse
from alignbook.press.config.schema import Config
from alignbook.press.config.workers import jobs

__all__ = ["Config", "ConfigError", "jobs", "load", "parse", "reference", "sphinx_options"]
