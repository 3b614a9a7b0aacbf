import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alignbook.data import minhash
from alignbook.data.minhash import (
    EMPTY,
    Permutations,
    estimate_jaccard,
    set_signatures,
    text_signatures,
)
from alignbook.data.shingles import HashedRuns

GOLDEN = json.loads((Path(__file__).parents[1] / "goldens/data_minhash/datasketch.json").read_text(encoding="utf-8"))


def runs(sets: list[list[int]]) -> HashedRuns:
    """Give sets of 32-bit numbers the form that shingles have: the numbers are the upper halves."""
    hashes = np.array([number << 32 for one in sets for number in one], dtype=np.uint64)
    return HashedRuns(hashes, np.cumsum([0, *map(len, sets)]).astype(np.int64))


def murmur_mix(number: int) -> int:
    """The finaliser of MurmurHash3 for 32 bits, which datasketch applies first: written out, from its definition."""
    number ^= number >> 16
    number = number * 0x85EBCA6B % 2**32
    number ^= number >> 13
    number = number * 0xC2B2AE35 % 2**32
    return number ^ number >> 16


def golden_signatures() -> minhash.Signatures:
    permutations = Permutations(np.array(GOLDEN["multipliers"], np.uint32), np.array(GOLDEN["offsets"], np.uint32))
    return set_signatures(runs([[murmur_mix(number) for number in one] for one in GOLDEN["sets"]]), permutations)


def test_by_hand() -> None:
    permutations = Permutations(np.array([1, 3], np.uint32), np.array([10, 0], np.uint32))
    # {2, 5}: 12 and 15, then 6 and 15; {}: nothing; {2**32 - 4}: 6 after wrapping around, then 2**32 - 12
    signatures = set_signatures(runs([[2, 5], [], [2**32 - 4]]), permutations)
    assert signatures.tolist() == [[12, 6], [EMPTY, EMPTY], [6, 2**32 - 12]]


def test_equals_datasketch() -> None:
    np.testing.assert_array_equal(golden_signatures(), GOLDEN["signatures"])


def test_estimates_equal_datasketch() -> None:
    signatures = golden_signatures()
    np.testing.assert_array_equal(estimate_jaccard(signatures, signatures[0]), GOLDEN["similarities"])


def test_parts_give_the_same_as_the_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    expected = golden_signatures()
    monkeypatch.setattr(minhash, "HASHES_AT_ONCE", 7)
    np.testing.assert_array_equal(golden_signatures(), expected)


@given(st.lists(st.lists(st.integers(0, 2**32 - 1), max_size=8), min_size=1, max_size=5), st.integers(0, 9))
def test_the_signature_of_a_union_is_the_least_of_both(sets: list[list[int]], seed: int) -> None:
    permutations = Permutations.draw(8, np.random.default_rng(seed))
    parts = set_signatures(runs(sets), permutations)
    whole = set_signatures(runs([[number for one in sets for number in one]]), permutations)
    np.testing.assert_array_equal(parts.min(axis=0), whole[0])


@pytest.mark.parametrize("similarity", [0.2, 0.5, 0.9])
def test_the_estimate_is_unbiased_and_as_exact_as_independent_trials(similarity: float) -> None:
    rng = np.random.default_rng(1)
    size = 400
    shared = round(2 * size * similarity / (1 + similarity))
    exact = shared / (2 * size - shared)
    errors = []
    for _ in range(300):
        numbers = rng.integers(0, 2**32, 2 * size - shared).tolist()
        pair = set_signatures(runs([numbers[:size], numbers[-size:]]), Permutations.draw(64, rng))
        errors.append(float(estimate_jaccard(pair[0], pair[1])) - exact)
    expected = (exact * (1 - exact) / 64) ** 0.5
    assert abs(np.mean(errors)) < 4 * expected / 300**0.5
    assert 0.85 < np.std(errors) / expected < 1.15


def test_texts_that_differ_in_punctuation_alone_have_one_signature() -> None:
    permutations = Permutations.draw(16, np.random.default_rng(0))
    first, second, other = text_signatures(["A rose, is a rose", "a rose is  a ROSE!", "no"], 3, permutations)
    assert first.tolist() == second.tolist()
    assert estimate_jaccard(first, other) == 0


def test_empty_sets_are_similar_to_nothing() -> None:
    signatures = text_signatures(["", "!?"], 3, Permutations.draw(4, np.random.default_rng(0)))
    assert (signatures == EMPTY).all()
    assert estimate_jaccard(signatures[0], signatures[1]) == 0


def test_impossible_input_is_named() -> None:
    with pytest.raises(ValueError, match="count must be 1 or more permutations, got 0"):
        Permutations.draw(0, np.random.default_rng(0))
    with pytest.raises(ValueError, match="multipliers must be odd"):
        Permutations(np.array([2], np.uint32), np.array([0], np.uint32))
    with pytest.raises(ValueError, match=r"equally many, and one or more, got the shapes \(1,\) and \(2,\)"):
        Permutations(np.array([1], np.uint32), np.array([0, 0], np.uint32))
    with pytest.raises(ValueError, match="equally many permutations, got 2 and 3"):
        estimate_jaccard(np.zeros((1, 2), np.uint32), np.zeros((1, 3), np.uint32))
