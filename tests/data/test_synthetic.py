"""Generators, planted noise, the byte model."""

import math
import string
from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alignbook.data.byte_model import ByteModel
from alignbook.data.documents import Document
from alignbook.data.personal_data import luhn_valid
from alignbook.data.planting import edit_words, made_up_card, plant
from alignbook.data.shingles import jaccard, shingle_set
from alignbook.data.sources import code, maths, prose
from alignbook.data.synthetic import OtherLanguage, WordChain, arithmetic, question_answers, word_ids


@given(st.integers(0, 1000), st.text(max_size=40))
def test_another_language_keeps_everything_but_the_letters(seed: int, text: str) -> None:
    language = OtherLanguage.draw(np.random.default_rng(seed))
    other = language.translate(text)
    assert len(other) == len(text)
    for before, after in zip(text, other, strict=True):
        if before in string.ascii_letters:
            assert before != after
            assert before.isupper() == after.isupper()
            assert (before.lower() in "aeiou") == (after.lower() in "aeiou")
        else:
            assert before == after


def test_words_of_another_language_are_mixed_in_at_the_share_asked_for() -> None:
    rng = np.random.default_rng(0)
    language = OtherLanguage.draw(rng)
    mixed = language.mix_in("tree " * 5000 + "tree", 0.3, rng).split()
    assert set(mixed) == {"tree", language.translate("tree")}
    assert abs(mixed.count("tree") / 5001 - 0.7) < 4 * (0.21 / 5001) ** 0.5
    with pytest.raises(ValueError, match="letters must be the 26 small letters in some order, got 'abc'"):
        OtherLanguage("abc")


def test_sums_are_right() -> None:
    for text in arithmetic(np.random.default_rng(0), 20):
        for line in text.splitlines():
            if " times " in line:
                left, _, word, _, result = line.split()
                numbers = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
                assert int(result) == int(left) * numbers.index(word)
            else:
                question, result = line.split(" = ")
                left, sign, right = question.split()
                assert int(result) == int(left) + int(right) * (1 if sign == "+" else -1) >= 0


def test_questions_hold_their_facts() -> None:
    facts = [(f"Ann {at}", "home town", f"Orle {at}") for at in range(50)]
    written = question_answers(facts, np.random.default_rng(0))
    assert len({text.split("Ann")[0] for text in written}) == 3
    for (subject, relation, value), text in zip(facts, written, strict=True):
        question, answer = text.split("\n")
        assert subject in question
        assert relation in question
        assert value in answer


def test_a_chain_writes_what_it_read_as_often_as_it_read_it() -> None:
    ids, vocabulary = word_ids([["a", "b"], ["a", "c"], ["a", "c"]])
    assert ids.tolist() == [1, 2, 0, 1, 3, 0, 1, 3, 0]
    assert vocabulary == ("</s>", "a", "b", "c")
    written = WordChain.train(ids, 4).write(30_000, 0, np.random.default_rng(0))
    pairs = Counter(zip(written[:300].tolist(), written[1:300].tolist(), strict=False))
    assert set(pairs) == {(0, 1), (1, 2), (1, 3), (2, 0), (3, 0)}
    share_of_c = (written == 3).sum() / (written == 1).sum()
    assert abs(share_of_c - 2 / 3) < 4 * (2 / 9 / 10_000) ** 0.5


def test_a_chain_refuses_what_it_has_not_read() -> None:
    with pytest.raises(ValueError, match="first must be a word of the text that was read, got 1"):
        WordChain.train(np.array([0, 2]), 3).write(4, 1, np.random.default_rng(0))
    with pytest.raises(ValueError, match="text must hold ids from 0 to 1"):
        WordChain.train(np.array([0, 2]), 2)
    with pytest.raises(ValueError, match="text must hold ids from 0 to 1, one or more"):
        WordChain.train(np.array([], dtype=np.int64), 2)


def witten_bell(text: bytes, place: int, training: bytes, longest: int) -> float:
    """The probability of a byte, by slicing and counting: slow and plain."""
    probability = 1 / 256
    for size in range(longest + 1):
        context = text[place - size : place]
        after = [training[at] for at in range(longest, len(training)) if training[at - size : at] == context]
        if after:
            kinds = len(set(after))
            probability = (after.count(text[place]) + kinds * probability) / (len(after) + kinds)
    return probability


@given(st.text(alphabet="abé", min_size=1, max_size=12), st.text(alphabet="abc", max_size=8), st.integers(0, 3))
def test_the_byte_model_is_that_of_witten_and_bell(training: str, text: str, longest: int) -> None:
    bits = ByteModel.train([training], longest).bits([text])
    read, asked = (b"\0" * longest + one.encode() + b"\0" for one in (training, text))
    expected = [-math.log2(witten_bell(asked, place, read, longest)) for place in range(longest, len(asked))]
    np.testing.assert_allclose(bits, expected)


def test_the_byte_model_learns() -> None:
    texts = [document.text for document in prose()[:60]]
    held_out = [document.text for document in prose()[400:410]]
    short, long = (ByteModel.train(texts[:count]).bits_per_byte(held_out) for count in (6, 60))
    assert long < short - 0.3 < 5
    assert ByteModel.train(texts, 0).bits_per_byte(held_out) > long + 1
    with pytest.raises(ValueError, match="texts must hold some text to learn from, got none"):
        ByteModel.train([""])
    with pytest.raises(ValueError, match="longest_context must be 0 bytes or more, got -1"):
        ByteModel.train(["a"], -1)


def test_real_sources_are_what_they_say() -> None:
    assert len({document.text for document in prose()}) == len(prose()) > 800
    assert sum('"""' in document.text for document in code()) < 0.05 * len(code())
    assert sum("def " in document.text for document in code()) > 0.8 * len(code())
    sums = maths(np.random.default_rng(0), 10_000)
    assert 0.5 < sum(len(document.text) for document in sums) / 10_000 < 1.5


def test_edits_change_as_much_as_asked_for() -> None:
    text = " ".join(f"w{chr(97 + at % 26)}{chr(97 + at // 26)}" for at in range(300))
    edited = edit_words(text, 0.02, np.random.default_rng(0))
    changed = sum(before != after for before, after in zip(text.split(), edited.split(), strict=True))
    assert changed == 6
    assert 0.7 < jaccard(shingle_set(text, 5), shingle_set(edited, 5)) < 0.85
    assert edit_words("1 2 3", 0.5, np.random.default_rng(0)) == "1 2 3"


def test_planted_noise_keeps_its_truth() -> None:
    documents = [Document(f"d{at}", f"Story {at}. " + "The keeper walked along the shore. " * 12) for at in range(40)]
    corpus = plant(documents, 5, np.random.default_rng(0))
    kinds = Counter(document.provenance.planted for document in corpus.documents)
    assert kinds.pop("") == 40 - 20  # the others live on in framed, personal, test and translated ones
    assert set(kinds.values()) == {5}
    assert len(kinds) == 10
    texts = {document.name: document.text for document in corpus.documents}
    order = list(texts)
    assert len(order) == len(corpus.documents)
    for copy, origin in corpus.origins.items():
        assert order.index(origin) < order.index(copy)
        assert copy.endswith("near copy") != (texts[copy] == texts[origin])
    for name, secrets in corpus.secrets.items():
        assert all(secret in texts[name] for _, secret in secrets)
    assert all(any(item in text for text in texts.values()) for item in corpus.benchmark)
    assert plant(documents, 5, np.random.default_rng(0)) == corpus
    assert luhn_valid(made_up_card(np.random.default_rng(1)).replace(" ", ""))
    with pytest.raises(ValueError, match="documents of 60 words or more must be at least 60, got 40"):
        plant(documents, 10, np.random.default_rng(0))
