"""Numbers that are typed into prose, though a program could compute them.

A *result* is a decimal, a percentage, a number with a unit, a share (``17 of 20``) or a whole number of 100 and more.
No results are: years and dates, versions, names (``GPT-4``, ``BM25``), labels (``chapter 3``, ``seed 1234``), ordinals,
and counts below 10. What stands in a sentence with a citation, or is the text of a link, is reported from elsewhere.
What an exercise *gives* looks like a result and goes stale like one (the weights of a model that the chapter trains):
it takes a value role or a mark as any number does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from alignbook.press.lint.marks import read_marks, unused
from alignbook.press.lint.passages import CITATION, Passage
from alignbook.press.lint.prose import Prose

_NUMBER = r"(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?:\.\d+)?(?:[eE][-+−]?\d+)?|\.\d+"
_MEASURES = (
    r"[%‰]|percent(?:age)?|per cent|per mille|points?|×(?!\s?\d)|x|times|fold|"
    r"[mµμn]s|sec(?:ond)?s?|min(?:ute)?s?|hours?|h|days?|weeks?|months?|(?<!\d)s|"
    r"[kKMGT]?i?B|bytes?|(?<!-)bits?|nats?|[kKMT]|thousand|million|billion|trillion|"
    r"[kMGTP]?Hz|[kMGTPE]?FLOPS?|FLOPs|[kMG]?Wh?|°C|px|dollars?|euros?|pounds?|cents?"
)
_COUNTED = (
    r"words?|tokens?|sentences?|documents?|pages?|lines?|characters?|letters?|n-grams|pairs?|triples|"
    r"facts?|questions?|answers?|examples?|demonstrations?|prompts?|replies|responses?|comparisons?|labels?|votes?|"
    r"parameters?|weights|layers|heads|dimensions|neurons|models|steps?|updates?|epochs?|batches|rounds|runs|seeds|"
    r"samples?|draws?|trials?|merges|users?|raters?|people|requests?|attacks?|cases?|tasks?|probes?|errors?|mistakes?"
)
_SPACE = "[ \N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}\n]"
_SMALL = r"(?:a|an|and|are|as|at|but|by|for|in|is|of|on|or|so|than|that|the|then|to|was|were|which|with)\b"
_EXPRESSION = re.compile(
    rf"(?P<sign>(?<![\w)\]])[-−+])?(?P<currency>[$€£])?(?P<first>{_NUMBER})"
    rf"(?:(?P<between>{_SPACE}?[-–—]{_SPACE}?|{_SPACE}(?:to|of|out of){_SPACE}(?:the )?|/)(?P<second>{_NUMBER}))?"
)
_PERCENT = re.compile(rf"{_SPACE}?(?:[%‰]|per ?cent|percentage)")
_UNIT = re.compile(rf"(?:{_SPACE}|-)?(?:{_MEASURES})(?!\w)")
_COUNT = re.compile(rf"[\s-](?P<between>(?:(?!{_SMALL})[a-z][a-z-]*\s){{0,2}})(?:{_COUNTED})\b")
_PART_OF_NAME = re.compile(r"(?:[\w#@§^]|[A-Za-z][-./])\Z")
_LABEL = re.compile(
    r"\b(?:chapters?|sections?|figures?|figs?\.|tables?|equations?|eqs?\.|exercises?|questions?|parts?|steps?|pages?|pp?\.|"
    r"lines?|rounds?|stages?|layers?|heads?|seeds?|items?|cells?|footnotes?|appendix|issue|volume|vol\.|no\.|PEP|RFC|ISO|"
    r"HTTP|port|UTF|arXiv:?|doi:?|ISBN)\s?\Z",
    re.I,
)
_VERSION = re.compile(
    r"\b(?:(?i:versions?|releases?|chapters?|sections?|figures?|tables?|equations?)|"
    r"Python|NumPy|SciPy|Sphinx|MyST|Node|CUDA|PyTorch|WCAG|CC[ -]BY(?:-SA)?|Apache|GPL|"
    r"GPT|Llama|Claude|Gemini|Gemma|Mistral|Qwen|Phi|arXiv:?|doi:?)\s?\Z"
)
_DATE_OR_VERSION = re.compile(r"\d{4}-\d{2}-\d{2}|\d+(?:\.\d+){2,}|\d{1,2}:\d{2}(?!\d)")
_SENTENCE_END = re.compile(r"[.!?][\"'’”)\]]*(?=\s+[^a-z\s])")


@dataclass(frozen=True)
class Typed:
    """A number that was typed in: as it stands, and where; ``names`` are the forms by which a mark may name it."""

    text: str
    line: int
    names: tuple[str, ...]


def typed_in(prose: Prose) -> Iterator[tuple[int, str]]:
    """Every typed-in number of a page that no mark allows, and every mark that is wrong (line, message)."""
    marks, problems = read_marks(prose.comments)
    by_line: dict[int, list[str]] = {}
    for typed in (typed for passage in prose.passages if passage.counts for typed in typed_numbers(passage)):
        if not [mark for mark in marks if mark.allows(typed.names, typed.line)]:
            by_line.setdefault(typed.line, []).append(typed.text)
    mend = "quote a {value}, cite the source in the sentence, or put"
    for line, numbers in by_line.items():
        shown = ", ".join(dict.fromkeys(numbers))
        yield line, f"typed in: {shown}; {mend} '{prose.comment} allow-number: why' before the block"
    yield from problems
    yield from unused(marks)


def typed_numbers(passage: Passage) -> Iterator[Typed]:
    """The results among the numbers of a passage, in their order."""
    text, lines = passage.text("text")
    ends = [0, *(found.end() for found in _SENTENCE_END.finditer(text)), len(text)]
    skipped = [found.span() for found in _DATE_OR_VERSION.finditer(text)]
    if passage.heading and (number := re.match(r"\s*\d+(?:\.\d+)*\.?\s", text)):
        skipped.append(number.span())
    for found in _EXPRESSION.finditer(text):
        start, end = found.span()
        if any(start < stop and end > begin for begin, stop in skipped) or not _is_result(found, text):
            continue
        sentence = max(at for at in ends if at <= start), min(at for at in ends if at > start)
        if CITATION in text[slice(*sentence)]:
            continue
        unit = _UNIT.match(text, end)
        shown = " ".join(text[start : unit.end() if unit else end].split())
        yield Typed(shown, lines[start], tuple(dict.fromkeys((shown, found.group(), found["first"]))))


def _is_result(found: re.Match[str], text: str) -> bool:
    """Whether a number is a result, by its form and by what stands around it."""
    before, end = text[: found.start()], found.end()
    numbers = [number for number in (found["first"], found["second"]) if number]
    decimal = any(re.search(r"[.eE]", number) for number in numbers)
    if _PART_OF_NAME.search(before) or re.match(r"(?:st|nd|rd|th)\b", text[end:]):
        return False
    if found["currency"] or _PERCENT.match(text, end):
        return True
    if (_VERSION if decimal else _LABEL).search(before):
        return False
    if _UNIT.match(text, end) or decimal:
        return True
    if re.match(r"[A-Za-z_]", text[end:]):
        return False  # 3D, 1990s
    if re.search(r"of|/", found["between"] or ""):
        return True
    sizes = [int(number.replace(",", "")) for number in numbers if not _is_year(number)]
    counted = _COUNT.match(text, end)
    if counted and (max(sizes, default=0) >= 10 or not (sizes or counted["between"])):
        return True
    return any(size >= 100 for size in sizes)


def _is_year(number: str) -> bool:
    return re.fullmatch(r"1[5-9]\d\d|20\d\d", number) is not None
