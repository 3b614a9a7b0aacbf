from itertools import pairwise

import numpy as np
import pytest

from alignbook.data.experiments.synthetic_loop import SyntheticLoop, surprise_bits, synthetic_loop


@pytest.fixture(scope="module", params=[0, 1])
def result(request: pytest.FixtureRequest) -> SyntheticLoop:
    return synthetic_loop(request.param, "tiny")


def test_on_its_own_text_alone_the_model_forgets_words_for_good(result: SyntheticLoop) -> None:
    own = result.words_left[0]
    assert own[0] == 1
    assert all(later <= earlier for earlier, later in pairwise(own))
    assert own[-1] < 0.5


def test_the_rare_go_first(result: SyntheticLoop) -> None:
    for words, rare in zip(result.words_left[0][1:], result.rare_words_left[0][1:], strict=True):
        assert rare < words


def test_real_text_is_predicted_worse_and_worse(result: SyntheticLoop) -> None:
    assert result.held_out_bits[0][-1] > result.held_out_bits[0][0] + 0.5
    assert result.held_out_bits[0][-1] > result.held_out_bits[0][3]


def test_real_text_in_the_mixture_stops_it(result: SyntheticLoop) -> None:
    own, third, kept = result.held_out_bits
    assert third[-1] < own[-1] - 0.2
    assert kept[-1] < kept[0] + 0.25
    assert result.rare_words_left[1][-1] > result.rare_words_left[0][-1] + 0.1
    assert set(result.words_left[2]) == {1.0}


def test_surprise_by_hand() -> None:
    # Read: 0 1 0 1, as a circle. After 0 always 1; half of the words are 1. Of 0 1 the 1 is predicted.
    bits = surprise_bits(np.array([0, 1, 0, 1]), np.array([0, 1]), 4)
    assert bits == pytest.approx(-np.log2(0.05 / 4 + 0.35 / 2 + 0.6))
    # 2 was never read: the word before says nothing, and how often 1 occurs stands in for it
    bits = surprise_bits(np.array([0, 1, 0, 1]), np.array([2, 1]), 4)
    assert bits == pytest.approx(-np.log2(0.05 / 4 + 0.95 / 2))


def test_the_same_seed_gives_the_same_result() -> None:
    assert synthetic_loop(3, "tiny") == synthetic_loop(3, "tiny") != synthetic_loop(4, "tiny")


def test_an_unknown_size_is_refused() -> None:
    with pytest.raises(ValueError, match="size must be one of tiny, book, got 'huge'"):
        synthetic_loop(0, "huge")
