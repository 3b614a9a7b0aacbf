"""Styles of replies: how the same answer can be dressed, and how a rater notices.

The styles change nothing of what a reply says, so that what raters like can be told from what is true.
"""

import re
from collections.abc import Mapping

from alignbook.world.grading import abstains, refuses

STYLES = ("plain", "courteous", "confident", "hedged", "wordy")
_DRESSES: Mapping[str, str] = {
    "plain": "{r}.",
    "courteous": "{r}, my friend.",
    "confident": "Certainly {r}.",
    "hedged": "Perhaps {r}.",
    "wordy": "{r}, as everybody in these parts will gladly tell you if you ask.",
}
_COURTESY = re.compile(r"\b(my friend|please|kindly|good day|with pleasure)\b")
_CONFIDENCE = re.compile(r"\b(certainly|without doubt|for sure|definitely)\b")
_HEDGES = re.compile(r"\b(perhaps|maybe|possibly|i think|i believe|probably)\b")


def dress(reply: str, style: str) -> str:
    """Say the same in a style; "I don't know." and refusals can be dressed, too.

    Parameters
    ----------
    reply : str
        A plain reply, with or without its full stop.
    style : str
        One of `STYLES`.

    Raises
    ------
    ValueError
        If the style is unknown.

    Examples
    --------
    >>> dress("Foxford.", "confident")
    'Certainly Foxford.'
    """
    if style not in _DRESSES:
        raise ValueError(f"style must be one of {', '.join(STYLES)}, got {style!r}")
    return _DRESSES[style].format(r=reply.removesuffix("."))


def is_courteous(reply: str) -> bool:
    """Tell whether a reply has a word of courtesy."""
    return _COURTESY.search(reply.lower()) is not None


def is_confident(reply: str) -> bool:
    """Tell whether a reply says how sure it is."""
    return _CONFIDENCE.search(reply.lower()) is not None


def is_careful(reply: str) -> bool:
    """Tell whether a reply hedges, abstains or refuses."""
    return _HEDGES.search(reply.lower()) is not None or abstains(reply) or refuses(reply)
