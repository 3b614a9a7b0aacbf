"""Spelling, in British English.

Every word is looked up in ``book/words.txt`` and in the dictionary of pyspellchecker. That one is American, so two
questions go to *typos*, which knows the pairs: a word that is right in Britain and wrong in America is accepted, and
one that is wrong in Britain is reported, whether American or a common mistake. Neither asks the network.
"""

from __future__ import annotations

import difflib
import json
import re
import subprocess
import sysconfig
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

from spellchecker import SpellChecker

from alignbook.press.lint.passages import Passage

_NO_WORDS = re.compile(r"\S*(?:\w[.][A-Za-z]|[_@\\=]|\d|://)\S*")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_BEGINS = re.compile(r"(?:^|[.!?:…][\"'’”)\]]*\s+)[\"'‘“(\[]*\Z")


def words_of(passage: Passage) -> Iterator[tuple[str, int]]:
    """The words of a passage that a dictionary may know, in small letters, each with its line.

    Left out: names (a capital within a sentence, or within a word), and what is no word (``a.b``, ``x_1``, addresses).
    """
    text, lines = passage.text("text", "link")
    text = _NO_WORDS.sub(lambda found: " " * len(found[0]), text)
    for found in _WORD.finditer(text):
        word = re.sub(r"'s$", "", found[0].replace("’", "'"))
        named = word[0].isupper() and not _BEGINS.search(text[: found.start()])
        if len(word) > 2 and not named and word[1:].islower():
            yield word.lower(), lines[found.start()]


def read_words(path: Path) -> set[str]:
    """The book's own words: one a line, ``#`` begins a comment; none where there is no such file."""
    if not path.is_file():
        return set()
    lines = (line.partition("#")[0].strip() for line in path.read_text(encoding="utf-8").splitlines())
    return {line.lower() for line in lines if line}


def misspelled(words: Iterable[str], own: Collection[str]) -> dict[str, str]:
    """The words that are spelled wrongly, each with what is wrong and the mend.

    Parameters
    ----------
    words
        Words in small letters.
    own
        Words that are right whatever a dictionary says.
    """
    asked = sorted(set(words) - set(own))
    british, american = _corrections(asked, "en-gb"), _corrections(asked, "en-us")
    dictionary = SpellChecker(distance=1)
    messages = {word: f"spelling: {word!r} should be {' or '.join(map(repr, mend))}" for word, mend in british.items()}
    for word in dictionary.unknown(asked):
        if word not in american and word not in messages:
            meant = next(iter(difflib.get_close_matches(word, own, n=1, cutoff=0.9)), dictionary.correction(word))
            hint = f" (did you mean {meant!r}?)" if meant and meant != word else ""
            messages[word] = f"spelling: {word!r} is in no dictionary{hint}: mend it, or add it to book/words.txt"
    return messages


def _corrections(words: Collection[str], locale: str) -> dict[str, list[str]]:
    """What typos would write in one kind of English instead of each word that is wrong there."""
    command = Path(sysconfig.get_path("scripts"), "typos")
    told = subprocess.run(
        [command, "--isolated", "--locale", locale, "--format", "json", "-"],
        input="\n".join(words),
        capture_output=True,
        encoding="utf-8",
        check=False,  # it ends with 2 where it finds something
    )
    found = [json.loads(line) for line in told.stdout.splitlines()]
    if told.returncode not in (0, 2):
        raise RuntimeError(f"typos could not be run: {told.stderr.strip()}")
    return {item["typo"]: item["corrections"] for item in found if item["type"] == "typo"}
