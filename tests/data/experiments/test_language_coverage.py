from itertools import pairwise

import pytest

from alignbook.data.experiments.language_coverage import LanguageCoverage, language_coverage


@pytest.fixture(scope="module", params=[0, 1])
def result(request: pytest.FixtureRequest) -> LanguageCoverage:
    return language_coverage(request.param, "tiny")


def test_a_rare_language_costs_more_tokens_and_is_predicted_worse(result: LanguageCoverage) -> None:
    assert result.second_tokens_per_word[0] > 1.5 * result.tokens_per_word[0]
    assert result.second_bits_per_byte[0] > 1.5 * result.bits_per_byte[0]


def test_the_gap_closes_as_its_share_grows(result: LanguageCoverage) -> None:
    for first, second in (
        (result.tokens_per_word, result.second_tokens_per_word),
        (result.bits_per_byte, result.second_bits_per_byte),
    ):
        ratios = [rare / common for rare, common in zip(second, first, strict=True)]
        assert all(later < earlier for earlier, later in pairwise(ratios))
        assert ratios[-1] < 1.2


def test_the_same_sentence_is_more_tokens(result: LanguageCoverage) -> None:
    assert len("".join(result.example)) == len("".join(result.second_example))
    assert len(result.second_example) > len(result.example)


def test_an_unknown_size_is_refused() -> None:
    with pytest.raises(ValueError, match="size must be one of tiny, book, got 'huge'"):
        language_coverage(0, "huge")
