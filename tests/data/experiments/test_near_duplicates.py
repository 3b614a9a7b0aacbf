import pytest

from alignbook.data.experiments.near_duplicates import NearDuplicates, near_duplicates


@pytest.fixture(scope="module", params=[0, 1])
def result(request: pytest.FixtureRequest) -> NearDuplicates:
    return near_duplicates(request.param, "tiny")


def test_the_measured_catch_rate_lies_on_the_curve(result: NearDuplicates) -> None:
    for predicted, interval in zip(result.predicted, result.intervals, strict=True):
        assert predicted in interval
    assert result.caught[0] < 0.1 < 0.9 < result.caught[-1]


def test_the_estimate_errs_as_much_as_it_should(result: NearDuplicates) -> None:
    for measured, predicted in zip(result.estimate_error, result.predicted_error, strict=True):
        assert 0.75 < measured / predicted < 1.3


def test_few_pairs_are_compared_and_the_similar_ones_found(result: NearDuplicates) -> None:
    assert result.candidate_pairs < result.all_pairs / 1000
    assert result.similar_pairs > 0
    assert result.found_pairs >= 0.5 * result.similar_pairs
    assert result.rightly_reported_pairs >= 0.7 * result.reported_pairs


def test_an_unknown_size_is_refused() -> None:
    with pytest.raises(ValueError, match="size must be one of tiny, book, got 'huge'"):
        near_duplicates(0, "huge")
