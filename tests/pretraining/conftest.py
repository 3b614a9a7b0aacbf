"""Hypothesis gives an example 200 ms by default, and on a shared machine any example may be paused for longer."""

from hypothesis import settings

settings.register_profile("without deadline", deadline=None)
settings.load_profile("without deadline")
