"""What a page says, read from MyST's own tokens: prose line by line, and everything in it that the lint looks at.

The tokens decide what is code, maths, a role or a comment, exactly as in the build; directives are read through, so an
admonition in a list in a solution is linted like any paragraph.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from docutils.parsers.rst.directives.misc import TestDirective
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from myst_parser.config.main import MdParserConfig
from myst_parser.parsers.directives import parse_directive_text
from myst_parser.parsers.mdit import create_md_parser

from alignbook.press.lint.passages import Passage, Piece, pieces_of, relocated
from alignbook.press.lint.raw_html import Tag, read_html

NO_PROSE = frozenset(
    {
        "bibliography",
        "claims-index",
        "code",
        "code-block",
        "configuration-keys",
        "contents",
        "doctest",
        "embed",
        "eval-rst",
        "glue",
        "graphviz",
        "highlight",
        "include",
        "index",
        "literalinclude",
        "math",
        "mermaid",
        "parsed-literal",
        "quiz",
        "raw",
        "raw-cell",
        "sourcecode",
        "tableofcontents",
        "testcode",
        "testoutput",
        "toctree",
    }
)
"""Directives whose content is no prose; that of every other one is read."""

NO_TITLE = frozenset(
    {"bet", "class", "container", "default-role", "div", "figure", "figure-md", "grid", "image", "only", "role"}
)
"""Directives whose argument is no prose: a file, a class, a name. That of every other one is a title."""


@dataclass(frozen=True)
class Role:
    """A role: ``{name}`content```."""

    name: str
    content: str
    line: int


@dataclass(frozen=True)
class Image:
    """An image, in Markdown, as a directive or in HTML; its alternative text, ``None`` where there is none."""

    alt: str | None
    line: int


@dataclass(frozen=True)
class Comment:
    """A MyST comment (``% text``) and the lines of the block that follows it."""

    text: str
    line: int
    covers: range


@dataclass(frozen=True)
class Directive:
    """A directive as it is written; ``line`` is that of its fence, ``body_line`` that of its content."""

    name: str
    argument: str
    options: Mapping[str, Any]
    body: tuple[str, ...]
    line: int
    body_line: int


@dataclass
class Prose:
    """Everything that one page says, in its order; ``comment`` is what begins a comment in its file."""

    comment: str = "%"
    passages: list[Passage] = field(default_factory=list)
    roles: list[Role] = field(default_factory=list)
    images: list[Image] = field(default_factory=list)
    tags: list[Tag] = field(default_factory=list)
    comments: list[Comment] = field(default_factory=list)
    cells: list[Directive] = field(default_factory=list)
    glossaries: list[Directive] = field(default_factory=list)
    includes: list[Directive] = field(default_factory=list)

    def told(self, text: str, source: Sequence[str], line: int, parser: MarkdownIt, *, counts: bool = True) -> None:
        """Add what an option or a string of a cell says in MyST.

        Parameters
        ----------
        text
            What it says.
        source, line
            The lines of the file where it stands, and the number of the first.
        parser
            MyST's.
        counts
            Whether numbers in it would be results.
        """
        inner = Prose()
        _Reader(inner, parser, {}).blocks(text, line)
        moved = (relocated(passage, source, line) for passage in inner.passages)
        self.passages += [dataclasses.replace(passage, counts=counts) for passage in moved]
        self.roles += [dataclasses.replace(role, line=line) for role in inner.roles]


def myst_parser(options: Mapping[str, Any]) -> MarkdownIt:
    """MyST's parser, set up as in the build.

    Parameters
    ----------
    options
        Sphinx's options, as `alignbook.press.config.sphinx_options` makes them from ``_config.yml``.
    """
    names = {option.name for option in dataclasses.fields(MdParserConfig)}
    settings = {name.removeprefix("myst_"): value for name, value in options.items() if name.startswith("myst_")}
    config = MdParserConfig(**{name: value for name, value in settings.items() if name in names})
    return create_md_parser(config, RendererHTML)


def read_prose(text: str, parser: MarkdownIt) -> Prose:
    """Read a page.

    Parameters
    ----------
    text
        Text of the page, front matter included.
    parser
        MyST's, from `myst_parser`.
    """
    prose = Prose()
    _Reader(prose, parser, {}).blocks(text, 1)
    return prose


class _Reader:
    """Goes through the tokens of a page and of every directive in it."""

    def __init__(self, prose: Prose, parser: MarkdownIt, links: dict[str, Any]) -> None:
        self.prose, self.parser, self.links = prose, parser, links

    def blocks(self, text: str, line: int) -> None:
        """Read Markdown that begins on a line of the file."""
        tokens = self.parser.parse(text + "\n", self.links)
        heading = False
        for index, token in enumerate(tokens):
            start = line + (token.map or [0])[0]
            if token.type.startswith("heading_"):
                heading = token.nesting == 1
            elif token.type == "inline":
                self.prose.passages.append(Passage(tuple(pieces_of(token, start, self.inline)), heading))
            elif token.type in ("fence", "colon_fence"):
                self.fence(token, start)
            elif token.type == "html_block":
                self.html(token.content, start)
            elif token.type == "myst_line_comment":
                covers = _next_block(tokens[index + 1 :], token.level)
                self.comment(token, start, range(line + covers.start, line + covers.stop))

    def inline(self, token: Token, line: int) -> None:
        """Note a role, an image or a piece of HTML within a paragraph."""
        if token.type == "myst_role":
            self.prose.roles.append(Role(token.meta["name"], token.content, line))
        elif token.type == "image":
            self.image(token.content, line)
        elif token.type == "html_inline":
            self.html(token.content, line)

    def image(self, alt: str | None, line: int) -> None:
        """Note an image, whose alternative text is prose too."""
        self.prose.images.append(Image(alt, line))
        self.prose.passages.append(Passage((Piece(alt or "", line),)))

    def comment(self, token: Token, line: int, covers: range) -> None:
        """Note the comments of a run of comment lines, each with the lines that follow it in its text."""
        for number, text in enumerate(token.content.split("\n")):
            self.prose.comments.append(Comment(text.strip(), line + number, covers))

    def fence(self, token: Token, line: int) -> None:
        """Read a directive; a plain code block says nothing."""
        name, _, argument = token.info.strip().partition(" ")
        if not (name.startswith("{") and name.endswith("}")):
            if token.type == "colon_fence":  # a div
                self.blocks(token.content, line + 1)
            return
        # A cell's options are YAML. The options of a directive are not quite: "alt: a chart: two lines" is allowed.
        # TestDirective is the one that MyST lets have any option.
        content = f"\n{token.content}" if token.content.startswith(":::") else token.content
        is_cell = name == "{code-cell}"
        parsed = parse_directive_text(TestDirective, "", content, validate_options=not is_cell)
        shift = len(token.content) - len(content)  # -1 where a line was put before the content
        body_line = line + 1 + parsed.body_offset + shift
        directive = Directive(name[1:-1], argument.strip(), parsed.options, tuple(parsed.body), line, body_line)
        if is_cell:
            self.prose.cells.append(directive)
        else:
            self.directive(directive)
        self.options(directive, token.content.split("\n")[: body_line - line - 1])

    def directive(self, directive: Directive) -> None:
        """Read what a directive says: its title and its content."""
        if directive.name in ("figure", "image"):
            self.prose.images.append(Image(directive.options.get("alt"), directive.line))
        elif directive.name == "include":
            self.prose.includes.append(directive)
        elif directive.name == "glossary":
            self.prose.glossaries.append(directive)
            self.blocks("\n".join(line.strip() for line in directive.body), directive.body_line)
            return
        if directive.name.partition(":")[0] in NO_PROSE:
            return
        if directive.name not in NO_TITLE:
            self.blocks(directive.argument, directive.line)
        self.blocks("\n".join(directive.body), directive.body_line)

    def options(self, directive: Directive, head: Sequence[str]) -> None:
        """Read the captions and alternative texts among a directive's options, or a cell's."""
        for name, text in _texts(directive.options):
            key = next((i for i, line in enumerate(head) if line.lstrip(" :").startswith(f"{name}:")), 0)
            self.prose.told(text, head[key:], directive.line + 1 + key, self.parser)

    def html(self, source: str, line: int) -> None:
        """Read raw HTML: its tags, and its text as a passage."""
        tags, passage = read_html(source, line)
        self.prose.tags += tags
        for tag in tags:
            if tag.name == "img":
                self.image(tag.attributes.get("alt"), tag.line)
        self.prose.passages.append(passage)


def _next_block(tokens: Iterable[Token], level: int) -> range:
    """The lines, from 0 at the text's beginning, of the next block on a level; none where its parent ends before."""
    for token in tokens:
        if token.level < level or token.nesting == -1:
            break
        if token.type not in ("myst_line_comment", "myst_target") and token.map:
            return range(*token.map)
    return range(0)


def _texts(options: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
    """The captions and alternative texts in options, however deep."""
    for name, value in options.items():
        if isinstance(value, Mapping):
            yield from _texts(value)
        elif name in ("caption", "alt", "code_prompt_show", "code_prompt_hide") and isinstance(value, str):
            yield name, value
