import re

import numpy as np

from alignbook.world.families.second_language import dictionary, documents, items, translate, translate_value
from alignbook.world.region import World


def test_every_word_has_its_own_translation_and_none_is_english() -> None:
    meaning = dictionary()
    assert len(set(meaning.values())) == len(meaning)
    assert not set(meaning.values()) & set(meaning)


def test_names_stay_and_all_else_changes(book: World) -> None:
    texts = (*book.people, *book.towns, *(value for values in book.values.values() for value in values))
    names = set(re.findall(r"[A-Z][a-z]+", " ".join(texts)))
    for fact in book.facts:
        english = re.findall(r"[A-Za-z]+", fact.statement(0))
        wendish = re.findall(r"[A-Za-z]+", translate(fact.statement(0)))
        assert len(english) == len(wendish)
        for place, (word, new) in enumerate(zip(english, wendish, strict=True)):
            assert (word == new) == (word in names), (fact, place)


def test_the_translation_can_be_undone(book: World) -> None:
    back = {new: old for old, new in dictionary().items()}
    for fact in book.facts[::7]:
        for template in range(6):
            words = translate(fact.statement(template)).removesuffix(".").split(" ")
            english = [back.get(word.strip(",").lower(), word.strip(",")) for word in words]
            assert " ".join(english).lower() == fact.statement(template).removesuffix(".").replace(",", "").lower()


def test_a_translated_value_is_the_end_of_the_translated_statement(book: World) -> None:
    for fact in book.facts:
        assert translate(fact.statement(1)).endswith(f" {translate_value(fact.value)}.")


def test_documents_state_facts_in_wendish(tiny: World) -> None:
    for document in documents(tiny, np.random.default_rng(0), 20):
        assert len(document.facts) == 4
        said = document.text.removesuffix(".").split(". ")
        for number, sentence in zip(document.facts, said, strict=True):
            assert f"{sentence}." in [translate(tiny.facts[number].statement(template)) for template in range(4)]


def test_splits_are_those_of_the_facts(tiny: World) -> None:
    for split, of_facts in (("train", "train"), ("translate-held-out", "held-out")):
        for item in items(tiny, split, 50, np.random.default_rng(0)):
            fact = tiny.fact(item.text("subject"), item.text("relation"))
            assert fact is not None
            assert fact.split == of_facts
