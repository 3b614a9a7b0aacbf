import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alignbook.data.shingles import hash_shingles, hash_words, jaccard, shingle_set

TEXTS = st.text(alphabet="ab C.é-\n", max_size=30)


def test_shingles_by_hand() -> None:
    assert shingle_set("The cat sat.", 2) == {("the", "cat"), ("cat", "sat")}
    assert shingle_set("One word!", 5) == {("one", "word")}
    assert shingle_set("...", 2) == frozenset()
    # 2 of {the cat, cat sat, sat on} and {the cat, cat sat, sat up} are common, of 4
    assert jaccard(shingle_set("the cat sat on", 2), shingle_set("The cat; sat up", 2)) == 0.5
    assert jaccard(frozenset(), frozenset()) == 0


@given(st.lists(TEXTS, min_size=1, max_size=6), st.integers(1, 4))
def test_hashes_stand_for_the_same_sets_as_words(texts: list[str], size: int) -> None:
    runs = hash_shingles(hash_words(texts), size)
    sets = [shingle_set(text, size) for text in texts]
    hashed = [frozenset(runs.of(at).tolist()) for at in range(len(texts))]
    assert [len(one) for one in hashed] == [len(one) for one in sets]
    for at, one in enumerate(sets):
        assert len(hashed[0] & hashed[at]) == len(sets[0] & one)


@given(st.lists(TEXTS, min_size=1, max_size=6))
def test_a_text_has_the_same_hashes_in_any_company(texts: list[str]) -> None:
    together = hash_words(texts)
    assert len(together) == len(texts)
    for at, text in enumerate(texts):
        np.testing.assert_array_equal(together.of(at), hash_words([text]).of(0))


def test_the_order_of_words_counts() -> None:
    runs = hash_shingles(hash_words(["one two three", "three two one", "one two three"]), 3)
    assert runs.of(0).tolist() == runs.of(2).tolist() != runs.of(1).tolist()


def test_a_text_longer_than_the_kept_powers_is_hashed_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "word after word " * 20
    expected = hash_words([text]).hashes
    monkeypatch.setattr("alignbook.data.shingles.KEPT_POWERS", 10)
    np.testing.assert_array_equal(hash_words([text]).hashes, expected)


def test_a_very_long_word_is_one_word() -> None:
    assert len(hash_words(["x" * 2_000_000, "y"]).hashes) == 2


def test_impossible_sizes_are_named() -> None:
    with pytest.raises(ValueError, match="size must be 1 word or more, got 0"):
        shingle_set("a", 0)
    with pytest.raises(ValueError, match="size must be 1 word or more, got -1"):
        hash_shingles(hash_words(["a"]), -1)
