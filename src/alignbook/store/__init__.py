"""The store of artefacts: what a stage made, kept by what made it, so that nothing is trained twice or served stale.

A stage describes its artefact as a :class:`Recipe`; :func:`fetch` loads it, or makes it.
"""

from alignbook.store.fetching import fetch, home
from alignbook.store.files import StoreError
from alignbook.store.progress import Display, Progress, State
from alignbook.store.recipe import Recipe

__all__ = ["Display", "Progress", "Recipe", "State", "StoreError", "fetch", "home"]
