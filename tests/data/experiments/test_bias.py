import pytest

from alignbook.data.experiments.bias import PLANTED, Bias, bias


@pytest.fixture(scope="module", params=[0, 1])
def result(request: pytest.FixtureRequest) -> Bias:
    return bias(request.param, "tiny")


def test_the_planted_association_is_there(result: Bias) -> None:
    assert result.before.association == pytest.approx(2 * PLANTED - 1, abs=0.1)
    assert 0.4 < result.before.hills < 0.6


def test_the_filter_drops_one_region_more_and_its_trade_with_it(result: Bias) -> None:
    assert result.dropped_hills > 5 * result.dropped_coast
    assert result.filtered.hills_interval.high < result.before.hills_interval.low
    assert result.filtered.miners < result.before.miners - 0.05


def test_the_association_passes_the_filter(result: Bias) -> None:
    assert result.filtered.association > 0.45


def test_dropping_as_many_at_random_changes_nothing_of_it(result: Bias) -> None:
    assert result.random.documents == result.filtered.documents < result.before.documents
    assert abs(result.random.hills - result.before.hills) < 0.06
    assert result.random.association > 0.45


def test_weights_take_the_association_away(result: Bias) -> None:
    assert abs(result.balanced.association) < 0.2
    assert abs(result.balanced.hills - 0.5) < 0.1


def test_an_unknown_size_is_refused() -> None:
    with pytest.raises(ValueError, match="size must be one of tiny, book, got 'huge'"):
        bias(0, "huge")
