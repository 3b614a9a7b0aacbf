import hashlib
import os
import re
import subprocess
import sys
from collections import Counter
from itertools import product

import numpy as np
import pytest

from alignbook.world.building import build_world
from alignbook.world.catalogue import FAMILIES
from alignbook.world.corpus import corpus
from alignbook.world.document import Document
from alignbook.world.region import World

DIGEST = """
import hashlib
from alignbook.world.building import build_world
from alignbook.world.corpus import corpus
world = build_world(3, "tiny")
print(hashlib.sha256(repr((world, corpus(world, 5))).encode()).hexdigest())
"""


@pytest.fixture(scope="module")
def documents(book: World) -> list[Document]:
    return corpus(book, 0)


def _exposures(world: World, documents: list[Document]) -> Counter[tuple[str, str]]:
    counts: Counter[tuple[str, str]] = Counter()
    for document in documents:
        if document.kind == "facts":
            for sentence in document.text.removesuffix(".").split(". "):
                claim = world.parse(sentence + ".")
                assert claim is not None
                assert not claim.held_out
                counts[claim.subject, claim.relation] += 1
    return counts


def test_each_fact_is_stated_exactly_as_often_as_its_tier_says(tiny: World) -> None:
    counts = _exposures(tiny, corpus(tiny, 0))
    assert counts == {(fact.subject, fact.relation): fact.exposures for fact in tiny.facts}


def test_at_book_size_the_numbers_of_facts_say_the_same(book: World, documents: list[Document]) -> None:
    counts = Counter(at for document in documents if document.kind == "facts" for at in document.facts)
    assert counts == {at: fact.exposures for at, fact in enumerate(book.facts)}


def test_the_numbers_of_facts_are_those_of_the_sentences(book: World, documents: list[Document]) -> None:
    for document in [one for one in documents if one.kind == "facts"][:200]:
        claims = [book.parse(sentence + ".") for sentence in document.text.removesuffix(".").split(". ")]
        assert [(claim.subject, claim.value) for claim in claims if claim] == [
            (book.facts[at].subject, book.facts[at].value) for at in document.facts
        ]


def test_only_facts_of_the_train_split_are_asked_about(book: World, documents: list[Document]) -> None:
    asking = [one for one in documents if one.kind in ("questions", "questionnaire")]
    assert len(asking) > 500
    assert {book.facts[at].split for document in asking for at in document.facts} == {"train"}


def test_answers_in_documents_are_right(book: World, documents: list[Document]) -> None:
    for document in documents:
        if document.kind == "questions":
            for at, line in zip(document.facts, document.text.split("\n"), strict=True):
                fact = book.facts[at]
                assert line in [f"Q: {fact.question(number)} A: {fact.answer}" for number in range(4)]


def test_answered_questions_have_the_share_asked_for_and_change_nothing_else(tiny: World) -> None:
    without = corpus(tiny, 0, question_answer_share=0)
    some = corpus(tiny, 0, question_answer_share=0.01)
    assert [one for one in some if one.kind != "questions"] == without
    assert len(some) - len(without) == pytest.approx(0.01 * len(some), abs=1)


@pytest.mark.parametrize("share", [-0.1, 1.0])
def test_a_share_that_is_none_is_refused(tiny: World, share: float) -> None:
    with pytest.raises(ValueError, match="question_answer_share must be from 0 to below 1"):
        corpus(tiny, 0, question_answer_share=share)


def test_another_process_with_another_hash_seed_writes_the_same_bytes() -> None:
    world = build_world(3, "tiny")
    here = hashlib.sha256(repr((world, corpus(world, 5))).encode()).hexdigest()
    environment = {**os.environ, "PYTHONHASHSEED": "271"}
    there = subprocess.run(
        [sys.executable, "-c", DIGEST], env=environment, capture_output=True, text=True, check=True
    ).stdout.strip()
    assert there == here
    assert corpus(world, 6) != corpus(world, 5)


def test_no_training_text_has_what_is_held_out(book: World, documents: list[Document]) -> None:
    lines = [line for one in documents for line in one.text.split("\n")]
    names = {name for line in lines for name in re.findall(r"[A-Z][a-z]+ [A-Z][a-z]+", line)}
    assert not names & set(book.unseen)
    assert names >= set(book.people)
    solved = {match[1] for line in lines if (match := re.match(r"(.*)(?: =| leaves| shows a|, write) ", line))}
    asking = r"(?:On the clock, what is|Which shape\?|What does|Which program turns) (.*?)(?:\?| leave\?)?"
    for family, split in product(("arithmetic", "pictures", "stack_language"), ("train", "held-out")):
        found = 0
        for item in FAMILIES[family].items(book, split, 300, np.random.default_rng(0)):
            match = re.fullmatch(asking, item.prompt)
            assert match
            found += match[1] in solved or f"To turn {match[1]}" in solved
        assert (found > 50) if split == "train" else (found == 0), (family, split)
    assert all(one.kind not in ("contamination", "canaries", "updates", "noise") for one in documents)
    assert not any(one.planted for one in documents)


def test_held_out_questions_are_never_asked(book: World, documents: list[Document]) -> None:
    lines = {line.removeprefix("Q: ").split("?")[0] + "?" for one in documents for line in one.text.split("\n")}
    for split in ("held-out", "held-out-templates", "anchor"):
        asked = {item.prompt for item in FAMILIES["recall"].items(book, split, 2000, np.random.default_rng(0))}
        assert not asked & lines
    assert {item.prompt for item in FAMILIES["recall"].items(book, "train", 2000, np.random.default_rng(0))} & lines


def test_the_corpus_has_the_size_that_its_world_is_made_for(book: World, documents: list[Document]) -> None:
    tokens = sum(len(one.text) for one in documents) / 3.5
    assert 2.0e6 < tokens < 4.0e6
    facts = sum(len(one.text) for one in documents if one.kind == "facts") / 3.5
    assert 0.65 < facts / tokens < 0.9
    assert len({one.text for one in documents}) == len(documents)  # no copies by chance: they are planted elsewhere
    assert max(len(one.text) for one in documents) < 450
    assert all(one.text.isascii() for one in documents)


def test_the_tiny_corpus_is_tiny(tiny: World) -> None:
    assert 100_000 < sum(len(one.text) for one in corpus(tiny, 0)) / 3.5 < 250_000


def test_tales_state_no_fact(book: World, documents: list[Document]) -> None:
    for one in documents:
        if one.kind == "tales":
            assert not any(book.parse(sentence + ".") for sentence in one.text.removesuffix(".").split(". "))
