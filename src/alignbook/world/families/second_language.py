"""Wendish, the old language of Wendlemere: the same grammar, other words; names are the same.

Splits: ``train`` and ``held-out`` ask in Wendish about facts of these splits, and want the value in Wendish;
``translate`` and ``translate-held-out`` give a statement of such facts to be put into Wendish.
"""

import re
from collections.abc import Mapping
from functools import cache
from itertools import product

import numpy as np

from alignbook.world import words
from alignbook.world.document import Document
from alignbook.world.drawing import draw, shuffled, stream
from alignbook.world.families.recall import describe
from alignbook.world.grading import grade_exact, grade_value
from alignbook.world.items import Grade, Item, check_split, user
from alignbook.world.region import Fact, World
from alignbook.world.relations import RELATIONS, TRAIN_QUESTIONS, TRAIN_STATEMENTS

NAME = "second_language"
SPLITS = ("train", "held-out", "translate", "translate-held-out")
_ONSETS = ("b", "d", "f", "g", "h", "k", "m", "n", "r", "s", "t", "v", "z")
_ENDS = ("ak", "ek", "im", "ol", "un", "osh", "ei", "ou", "ar")
_STATEMENTS = 4  # in one document


@cache
def dictionary() -> Mapping[str, str]:
    """Return for each English word of the world, names left out, the word in Wendish."""
    lists = (
        *(template for relation in RELATIONS.values() for template in (*relation.statements, *relation.questions)),
        *words.TRADES,
        *words.DISHES,
        *words.PETS,
        *words.CRAFTS,
        *words.MATERIALS,
        *words.THING_QUALITIES,
        *words.THING_KINDS,
        "the",
    )
    text = " ".join(lists).replace("{s}", "").replace("{v}", "")
    # The first word of a template is capital and no name, so all is taken in lower case.
    english = sorted(set(re.findall(r"[a-z]+", text.lower())))
    syllables = [onset + end for onset, end in product(_ONSETS, _ENDS)]
    rng = stream(0, "Wendish")
    short = shuffled(syllables, rng)
    long = [one + other for one, other in zip(shuffled(syllables * 4, rng), shuffled(syllables * 4, rng), strict=True)]
    new = [word for word in dict.fromkeys(short + long) if word not in english]
    return dict(zip(english, new[: len(english)], strict=True))


def translate(text: str) -> str:
    """Put a text into Wendish, word by word; names and unknown words stay.

    A capital word within the text is a name. A word that begins a sentence is one if the dictionary lacks it.
    """
    meaning = dictionary()

    def replace(match: re.Match[str]) -> str:
        word = match[0]
        begins = not text[: match.start()].rstrip() or text[: match.start()].rstrip()[-1] in ".?!"
        if word[0].isupper() and not begins:
            return word
        new = meaning.get(word.lower(), word)
        return new[0].upper() + new[1:] if word[0].isupper() else new

    return re.sub(r"[A-Za-z]+", replace, text)


def items(world: World, split: str, count: int, rng: np.random.Generator) -> list[Item]:
    """Draw questions in Wendish, or statements to be translated.

    Raises
    ------
    ValueError
        If the split is unknown.
    """
    check_split(NAME, split, SPLITS)
    facts = world.select("held-out" if split.endswith("held-out") else "train")
    ask = _translation if split.startswith("translate") else _question
    pool = [(fact, template) for fact in facts for template in range(min(TRAIN_STATEMENTS, TRAIN_QUESTIONS))]
    return [ask(fact, template, split) for fact, template in draw(pool, count, rng)]


def _question(fact: Fact, template: int, split: str) -> Item:
    meta = describe(fact) | {"form": "question", "value": translate_value(fact.value)}
    return Item(NAME, split, user(translate(fact.question(template))), f"{meta['value']}.", meta)


def _translation(fact: Fact, template: int, split: str) -> Item:
    statement = fact.statement(template)
    meta = describe(fact) | {"form": "translation", "value": translate(statement)}
    return Item(NAME, split, user(f"Say in Wendish: {statement}"), translate(statement), meta)


def translate_value(value: str) -> str:
    """Put a value into Wendish as it stands within a sentence, where capital words are names."""
    return translate(f"x {value}")[2:]


def grade(world: World, item: Item, reply: str) -> Grade:
    """Grade a reply: the value in Wendish, or the translation word for word."""
    if item.meta["form"] == "translation":
        return grade_exact(reply, item.text("value"))
    values = [translate_value(value) for value in world.values[item.text("relation")]]
    return grade_value(reply, item.text("value"), values)


def documents(world: World, rng: np.random.Generator, count: int) -> list[Document]:
    """Write documents of four statements in Wendish, without regard to how often the facts are told in English."""
    pool = [(at, template) for at in range(len(world.facts)) for template in range(TRAIN_STATEMENTS)]
    drawn = draw(pool, count * _STATEMENTS, rng)
    groups = [drawn[at : at + _STATEMENTS] for at in range(0, len(drawn), _STATEMENTS)]
    return [
        Document(
            " ".join(translate(world.facts[at].statement(template)) for at, template in group),
            NAME,
            tuple(at for at, _ in group),
        )
        for group in groups
    ]
