"""Bets: a question before a result, which opens on a page when the reader has committed a guess.

The result is all that stands between ``{bet}`` and ``{bet-end}``, code cells included. A bet asks for a number, and is
compared with a ``{value}``, or for one of several answers, and the right one rests on a ``{claim}``: what the build
computes decides, never what somebody typed. The result is part of the page as it is; the scripts in `press/reader/bets`
fold it away. Without them, and in print, it is open.
"""

from __future__ import annotations

from typing import Any, ClassVar, cast

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.transforms import SphinxTransform
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective
from sphinx.util.typing import OptionSpec
from sphinx.writers.html5 import HTML5Translator

from alignbook import profile
from alignbook.press.publishing.domain import published

logger = logging.getLogger(__name__)

TITLE = "Bet before you look"


class BetNode(nodes.General, nodes.Element):
    """A bet: its question, and then a :class:`BetResultNode`; ``least``, ``most`` and ``unit`` where it is a number."""


class BetResultNode(nodes.General, nodes.Element):
    """What opens after the guess: how it comes out, and all that stands before the end of the bet."""


class BetEndNode(nodes.General, nodes.Element):
    """Where the result ends."""


class NumberNode(nodes.Inline, nodes.TextElement):
    """The number that decides a bet: ``value`` is its name."""


class BetError(Exception):
    """A bet that cannot be placed."""


class Bet(SphinxDirective):
    """Ask for a number (``:value:``, ``:from:``, ``:to:``) or for a choice (``:claim:``, ``:right:``)."""

    required_arguments = 1
    has_content = True
    option_spec: ClassVar[OptionSpec] = {
        "value": directives.unchanged_required,
        "from": float,
        "to": float,
        "unit": directives.unchanged_required,
        "claim": directives.unchanged_required,
        "right": directives.unchanged_required,
    }

    def run(self) -> list[nodes.Node]:
        """Parse the question, and how it comes out."""
        self.assert_has_content()
        node = BetNode(ids=[nodes.make_id(f"bet-{self.arguments[0]}")], name=self.arguments[0])
        self.set_source_info(node)
        parts = self.parse_content_to_nodes()
        outcome: list[nodes.Node]
        try:
            outcome = self._number(node) if "value" in self.options else self._choice(parts)
        except BetError as error:
            logger.error("bet %r: %s", node["name"], error, location=self.get_location())
            outcome = []
        node += [*parts, BetResultNode("", nodes.paragraph("", "", *outcome, classes=["bet-outcome"]))]
        return [node]

    def _number(self, node: BetNode) -> list[nodes.Node]:
        """Note the range of a number, and say what it is."""
        least, most = self.options.get("from"), self.options.get("to")
        if {"claim", "right"} & self.options.keys() or least is None or most is None or not least < most:
            raise BetError("a number needs :value:, the name of the result, and a range, :from: less than :to:")
        node["least"], node["most"], node["unit"] = least, most, self.options.get("unit", "")
        number = NumberNode("", "", *self._quoted("value"), value=self.options["value"])
        return [nodes.Text("It is "), number, nodes.Text(".")]

    def _choice(self, parts: list[nodes.Node]) -> list[nodes.Node]:
        """Make the list at the end of the question one of lettered choices, and say which it is."""
        items = parts[-1].children if isinstance(parts[-1], nodes.bullet_list) else []
        letters = [chr(ord("A") + at) for at in range(len(items))]
        right = self.options.get("right")
        if "claim" not in self.options or {"from", "to", "unit"} & self.options.keys():
            raise BetError("it needs a :value:, if it is about a number, or else the :claim: that decides it")
        if len(items) < 2 or right not in letters:
            raise BetError(f"its question must end with a list of choices, and :right: name one of them, got {right!r}")
        parts[-1] = nodes.enumerated_list(
            "", *items, enumtype="upperalpha", prefix="", suffix=".", classes=["bet-choices"]
        )
        letter = nodes.strong("", right, classes=["bet-letter"])
        return [nodes.Text("It is "), letter, nodes.Text(" ("), *self._quoted("claim"), nodes.Text(").")]

    def _quoted(self, role: str) -> list[nodes.Node]:
        quoted, messages = self.parse_inline(f"{{{role}}}`{self.options[role]}`", lineno=self.lineno - 1)
        return [*quoted, *messages]


class BetEnd(SphinxDirective):
    """The result of the bet above ends here."""

    def run(self) -> list[nodes.Node]:
        """Leave a mark."""
        node = BetEndNode()
        self.set_source_info(node)
        return [node]


class GatherResults(SphinxTransform):
    """Moves what stands between a bet and its end into the bet."""

    default_priority = 400

    def apply(self, **_: Any) -> None:
        """Look at every bet of the page."""
        seen: set[str] = set()
        for bet in list(self.document.findall(BetNode)):
            if bet["name"] in seen:
                logger.error("there are two bets with the name %r on this page", bet["name"], location=bet)
            seen.add(bet["name"])
            self._gather(bet)
        for end in list(self.document.findall(BetEndNode)):
            logger.error("this ends no bet: {bet} begins one, in the same section", location=end)
            end.parent.remove(end)

    def _gather(self, bet: BetNode) -> None:
        section = bet.parent
        following = section.children[section.index(bet) + 1 :]
        ends = (at for at, node in enumerate(following) if isinstance(node, BetEndNode | BetNode | nodes.section))
        stop = next(ends, None)
        if stop is None or not isinstance(following[stop], BetEndNode):
            problem = "bet %r has no end: put {bet-end} behind its result, in the same section"
            logger.error(problem, bet["name"], location=bet)
            return
        for node in following[: stop + 1]:
            section.remove(node)
        cast(BetResultNode, bet.children[-1]).extend(following[:stop])


class PlainBets(SphinxPostTransform):
    """Where nothing can be folded away, the question and then the result."""

    default_priority = 2  # before MyST-NB chooses a form of each output

    def run(self, **_: Any) -> None:
        """Replace every bet."""
        if self.app.builder.format == "html":
            return
        for bet in list(self.document.findall(BetNode)):
            for number in list(bet.findall(NumberNode)):
                _complete(self.env, bet, number)
                number.replace_self(number.children)
            title = nodes.paragraph("", "", nodes.strong("", f"{TITLE}."))
            target = nodes.target("", "", ids=bet["ids"])
            bet.replace_self([target, title, *bet.children[:-1], *cast(BetResultNode, bet.children[-1]).children])


def _open_bet(writer: HTML5Translator, node: BetNode) -> None:
    known: dict[str, Any] = {"data-bet": node["name"]}
    for number in node.findall(NumberNode):
        unit = _settle(writer, node, number)
        known |= {"data-from": f"{node['least']:g}", "data-to": f"{node['most']:g}", "data-unit": unit}
    writer.body.append(writer.starttag(node, "div", CLASS="bet", **known))
    writer.body.append(f'<p class="bet-title">{TITLE}</p>\n')


def _complete(env: BuildEnvironment, bet: BetNode, number: NumberNode) -> str | None:
    """Put the sign for per cent behind a number that is shown without it; returns the number as the build shows it."""
    record = published(env).find(number["value"])
    if record is None or record.kind != "value":
        return None  # reported where the value is quoted
    text = str(record.data["text"])
    if bet["unit"] == "%" and not text.endswith("%"):
        number += nodes.Text("%")
    return text


def _settle(writer: HTML5Translator, bet: BetNode, number: NumberNode) -> str:
    """Note what a number is, as it is shown; returns its unit."""
    text = _complete(writer.builder.env, bet, number)
    if text is None:
        return str(bet["unit"])
    number["number"] = result = float(text.removesuffix("%").replace(",", ""))
    if profile.claims_enforced() and not bet["least"] <= result <= bet["most"]:
        problem = "bet %r: the result, %g, does not lie between %g and %g"
        logger.error(problem, bet["name"], result, bet["least"], bet["most"], location=bet)
    return "%" if text.endswith("%") else str(bet["unit"])


def _open_result(writer: HTML5Translator, _node: BetResultNode) -> None:
    writer.body.append('<div class="bet-result">\n')


def _open_number(writer: HTML5Translator, node: NumberNode) -> None:
    known: dict[str, Any] = {"value": repr(node["number"])} if "number" in node else {}
    writer.body.append(writer.starttag(node, "data", "", CLASS="bet-number", **known))


def _close(tag: str) -> Any:
    def close(writer: HTML5Translator, _node: nodes.Element) -> None:
        writer.body.append(f"</{tag}>")

    return close


def connect(app: Sphinx) -> None:
    """Register bets with Sphinx."""
    app.add_node(BetNode, html=(_open_bet, _close("div")))
    app.add_node(BetResultNode, html=(_open_result, _close("div")))
    app.add_node(NumberNode, html=(_open_number, _close("data")))
    app.add_node(BetEndNode)
    app.add_directive("bet", Bet)
    app.add_directive("bet-end", BetEnd)
    app.add_transform(GatherResults)
    app.add_post_transform(PlainBets)
