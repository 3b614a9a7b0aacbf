"""Demos: what a reader can poke, each with data that this build computed.

A demo has a folder of its own: ``demo.py`` makes the data and the static form, ``logic.mjs`` computes what happens when
it is poked (held to Python by tests), ``view.mjs`` and ``view.css`` show it. A chapter imports only the demos that it
shows.
"""
