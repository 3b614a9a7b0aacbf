"""Sphinx reads this file; everything that it says comes from _config.yml."""

from pathlib import Path

from alignbook.press import sphinx_config

globals().update(sphinx_config(Path(__file__).parents[1] / "_config.yml"))
