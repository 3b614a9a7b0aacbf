"""The prose of quiz questions (``book/quiz/<chapter>.yml``), with marks as YAML comments: ``# allow-number: why``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import yaml
from markdown_it import MarkdownIt

from alignbook.press.lint.prose import Comment, Prose

_TEXTS = frozenset({"question", "text", "feedback", "explanation"})


def read_quiz_prose(text: str, parser: MarkdownIt) -> Prose:
    """Read the texts of a quiz file; nothing where it is not YAML, which the build tells.

    Parameters
    ----------
    text
        Content of the file.
    parser
        MyST's, from `alignbook.press.lint.prose.myst_parser`.
    """
    prose, lines = Prose(comment="#"), text.split("\n")
    try:
        tree = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError:
        return prose
    parts = list(_parts(tree)) if tree else []
    for key, node in parts:
        if key in _TEXTS and isinstance(node, yaml.ScalarNode):
            prose.told(node.value, lines[node.start_mark.line : _end(node)], node.start_mark.line + 1, parser)
    spans = [range(node.start_mark.line, _end(node)) for _, node in parts]
    inside = {line for (_, node), span in zip(parts, spans, strict=True) if _is_block(node) for line in span[1:]}
    for number, line in enumerate(lines):
        if line.lstrip().startswith("#") and number not in inside:
            prose.comments.append(Comment(line.lstrip(" #").strip(), number + 1, _covered(number, lines, spans)))
    return prose


def _parts(node: yaml.Node) -> Iterator[tuple[str, yaml.Node]]:
    """Every value of a mapping, with its key, and every item of a list, however deep."""
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield str(key.value), value
            yield from _parts(value)
    elif isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield "", item
            yield from _parts(item)


def _covered(comment: int, lines: Sequence[str], spans: Sequence[range]) -> range:
    """The lines, from 1, of the item or the value that begins after a comment."""
    following = range(comment + 1, len(lines))
    start = next((n for n in following if lines[n].strip() and not lines[n].lstrip().startswith("#")), -1)
    stop = max((span.stop for span in spans if span.start == start), default=start)
    return range(start + 1, stop + 1)


def _is_block(node: yaml.Node) -> bool:
    return isinstance(node, yaml.ScalarNode) and node.style in ("|", ">")


def _end(node: yaml.Node) -> int:
    """The line, from 0, after the last one of a node: YAML's own mark stands where the next thing begins."""
    if isinstance(node, yaml.MappingNode):
        return max((_end(value) for _, value in node.value), default=node.end_mark.line + 1)
    if isinstance(node, yaml.SequenceNode):
        return max((_end(item) for item in node.value), default=node.end_mark.line + 1)
    return max(node.start_mark.line + 1, node.end_mark.line + (0 if _is_block(node) else 1))
