"""The code of *AI Training and Alignment, an executable book*: every step from raw text to release, in NumPy.

A chapter ``book/<stage>.md`` finds its code in ``alignbook.<stage>`` and its tests in ``tests/<stage>/``.
This file imports nothing, so that ``import alignbook`` is cheap and a page depends only on what it names.
"""

__version__ = "0.1.0"
