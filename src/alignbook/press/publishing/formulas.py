"""Values in formulas, where roles are not read."""

from __future__ import annotations

from typing import Any

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging

from alignbook.press.publishing.domain import in_maths, published

logger = logging.getLogger(__name__)

_UNSAFE = {"%": r"\%", ",": "{,}", "_": r"\_"}


class ValuesInMaths(SphinxPostTransform):
    """Puts values into formulas, where roles are not read."""

    default_priority = 9

    def run(self, **_: Any) -> None:
        """Replace each ``{value}`` by its number as TeX; report what cannot stand in a formula."""
        domain = published(self.env)
        for node, role, name in list(in_maths(self.document)):
            record, tex = domain.find(name), "{?}"
            if role.startswith("{claim}") or not name:
                logger.error("%s cannot stand in a formula: only {value}`name` can", role, location=node)
            elif record is None or record.kind != "value":
                domain.report_unknown("value", name, node)
            else:
                tex = as_tex(record.data["text"])
            whole = nodes.Text(node.astext().replace(role, tex))
            node.children = []
            node += whole


def as_tex(number: str) -> str:
    r"""A formatted number as TeX.

    Examples
    --------
    >>> print(as_tex("12,345"), as_tex("95%"), as_tex("1.2e-05"))
    12{,}345 95\% 1.2 \times 10^{-5}
    """
    mantissa, _, exponent = number.lower().partition("e")
    tex = "".join(_UNSAFE.get(character, character) for character in mantissa)
    return rf"{tex} \times 10^{{{int(exponent)}}}" if exponent else tex
