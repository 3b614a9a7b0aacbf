"""Pages for the tests of the lint."""

from __future__ import annotations

from alignbook.press.lint.cells import add_published_texts, calls
from alignbook.press.lint.numbers import typed_in
from alignbook.press.lint.prose import Prose, myst_parser, read_prose

PARSER = myst_parser(
    {"myst_enable_extensions": ["amsmath", "attrs_inline", "attrs_block", "colon_fence", "deflist", "dollarmath"]}
)


def read(text: str) -> Prose:
    """What a page says, with what its cells publish."""
    prose = read_prose(text, PARSER)
    add_published_texts(prose, calls(prose.cells), PARSER)
    return prose


def numbers(text: str) -> list[str]:
    """The typed-in numbers of a page: ``line: number, number``; the mends are left out."""
    return [f"{line}: {message.removeprefix('typed in: ').partition(';')[0]}" for line, message in typed_in(read(text))]
