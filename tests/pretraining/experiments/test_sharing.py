import numpy as np
import pytest

from alignbook.pretraining.counts import NgramCounts, NgramModel
from alignbook.pretraining.experiments.sharing import (
    SharingResult,
    mixed_table_surprise_bits,
    sharing,
    table_surprise_bits,
)
from alignbook.pretraining.letters import vowel_windows
from alignbook.pretraining.smoothing import AddK
from alignbook.pretraining.vocabulary import Vocabulary

SEEDS = (0, 1)


@pytest.fixture(scope="module")
def results() -> dict[int, SharingResult]:
    return {seed: sharing(seed, "tiny") for seed in SEEDS}


@pytest.fixture(params=SEEDS)
def result(request: pytest.FixtureRequest, results: dict[int, SharingResult]) -> SharingResult:
    return results[request.param]


def test_with_little_text_the_neuron_is_ahead_of_both_tables(result: SharingResult) -> None:
    at = result.letters_read.index(500)
    assert result.neuron[at] < result.mixed_table[at] - 0.01 < result.table[at] - 0.03


def test_the_tables_catch_up(result: SharingResult) -> None:
    for table in (result.table, result.mixed_table):
        gaps = np.subtract(table, result.neuron)
        assert gaps[-1] < gaps[2] / 2
    assert result.neuron[-2] - result.neuron[-1] < 0.01  # while the neuron has learned all it can


def test_all_learn_from_more_text(result: SharingResult) -> None:
    for curve in (result.neuron, result.table, result.mixed_table):
        assert curve[-1] < curve[0] - 0.03
        assert curve[-1] < 0.85
    assert result.rows_seen == tuple(sorted(result.rows_seen))
    assert result.rows_seen[0] < 0.8 < 0.98 < result.rows_seen[-1]


def test_the_numbers_that_a_reader_needs(results: dict[int, SharingResult]) -> None:
    result = results[0]
    assert result.letters_read == (125, 250, 500, 1000, 2000, 4000)
    assert (result.neuron_numbers, result.table_numbers, result.mixed_table_numbers) == (9, 256, 511)
    assert results[0] != results[1]


def test_a_table_by_hand() -> None:
    # Read: vowel after vowel once, and consonant after vowel twice; nothing after consonants.
    x, y = np.array([[1.0], [1.0], [1.0]]), np.array([1.0, 0.0, 0.0])
    held_out = np.array([[1.0], [-1.0]]), np.array([1.0, 1.0])
    assert table_surprise_bits(x, y, *held_out) == pytest.approx(-(np.log2(2 / 5) + np.log2(1 / 2)) / 2)
    after_vowel = (1 / 2 + 1 * 1 / 3 + 2 * 1 / 3) / 4
    after_consonant = (1 / 2 + 1 * 1 / 3) / 2
    expected = -(np.log2(after_vowel) + np.log2(after_consonant)) / 2
    assert mixed_table_surprise_bits(x, y, *held_out) == pytest.approx(expected)


def test_the_table_is_the_count_model_of_the_chapter() -> None:
    row, reach = "arraysareoftenmadeoutoflists", 3
    x, y = vowel_windows(row, reach)
    counts = NgramCounts(Vocabulary(("c", "v")), order=reach + 1)
    kinds = ["v" if letter in "aeiou" else "c" for letter in row]
    for at in range(reach, len(kinds)):
        context = tuple(kinds[at - reach : at])
        counts._followers[context][kinds[at]] += 1
        counts._totals[context] += 1
    model = NgramModel(counts, AddK(1.0))
    odds = [model.probability(kind, kinds[at - reach : at]) for at in range(reach, len(kinds)) for kind in "cv"]
    shares = np.array(odds).reshape(-1, 2)
    shares /= shares.sum(axis=1, keepdims=True)  # without <unk> and </s>, which it also knows
    right = shares[np.arange(len(y)), y.astype(int)]
    assert table_surprise_bits(x, y, x, y) == pytest.approx(-np.log2(right).mean())


def test_an_unknown_size_is_refused() -> None:
    with pytest.raises(ValueError, match="size must be one of tiny, book, got 'huge'"):
        sharing(0, "huge")
