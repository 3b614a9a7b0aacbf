from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alignbook.pretraining.counts import NgramCounts, NgramModel
from alignbook.pretraining.ngram_arrays import mixed_surprise_bits, order_shares
from alignbook.pretraining.smoothing import Interpolated
from alignbook.pretraining.vocabulary import UNKNOWN, Vocabulary

WORDS = ("a", "b", "c")  # the ids 0, 1, 2; <unk> is 3
sentence = st.lists(st.integers(0, 3), max_size=6)
text = st.lists(sentence, min_size=1, max_size=6)


def test_shares_by_hand() -> None:
    # Read: a b a </s>. Asked: b c </s>.
    shares = order_shares([[0, 1, 0]], [[1, 2]], vocabulary_size=3, order=2)
    expected = [[1 / 4, 0.0], [0.0, 0.0], [1 / 4, np.nan]]  # nothing followed c; b began no sentence
    np.testing.assert_allclose(shares, expected)


def test_surprise_by_hand() -> None:
    shares = np.array([[0.25, 0.5], [0.25, np.nan]])
    surprise = mixed_surprise_bits(shares, vocabulary_size=3, smoothing=Interpolated((0.2, 0.3, 0.5)))
    expected = [0.2 / 4 + 0.3 * 0.25 + 0.5 * 0.5, (0.2 / 4 + 0.3 * 0.25) / 0.5]
    assert surprise == pytest.approx(-np.log2(expected))


@given(training=text, asked=text, order=st.integers(1, 4))
def test_it_is_the_count_model(training: Sequence[list[int]], asked: Sequence[list[int]], order: int) -> None:
    smoothing = Interpolated(tuple(np.arange(1, order + 2) / sum(range(1, order + 2))))
    counts = NgramCounts(Vocabulary(WORDS), order)
    names = (*WORDS, UNKNOWN)
    counts.update([names[id_] for id_ in ids] for ids in training)
    model = NgramModel(counts, smoothing)
    expected = np.concatenate([model.surprise_bits([names[id_] for id_ in ids]) for ids in asked])
    surprise = mixed_surprise_bits(order_shares(training, asked, 4, order), 4, smoothing)
    np.testing.assert_allclose(surprise, expected, rtol=1e-12)


@pytest.mark.parametrize(("order", "vocabulary_size"), [(0, 4), (-1, 4), (8, 256)])
def test_an_order_without_numbers_is_refused(order: int, vocabulary_size: int) -> None:
    with pytest.raises(ValueError, match=rf"order must be >= 1 with .* below 2 \*\* 63, got {order}"):
        order_shares([[0]], [[0]], vocabulary_size, order)


def test_weights_that_do_not_fit_are_refused() -> None:
    with pytest.raises(ValueError, match="order 2 needs 3 weights, the first uniform, got"):
        mixed_surprise_bits(np.zeros((1, 2)), 4, Interpolated((0.5, 0.5)))
