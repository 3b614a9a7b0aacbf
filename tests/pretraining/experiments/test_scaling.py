from itertools import pairwise

import numpy as np
import pytest

from alignbook.pretraining.experiments.scaling import CONFIGS, ScalingResult, fresh_text, scaling

SEEDS = (0, 1)


@pytest.fixture(scope="module")
def results() -> dict[int, ScalingResult]:
    return {seed: scaling(seed, "tiny") for seed in SEEDS}


@pytest.fixture(params=SEEDS)
def result(request: pytest.FixtureRequest, results: dict[int, ScalingResult]) -> ScalingResult:
    return results[request.param]


def test_more_text_always_helps(result: ScalingResult) -> None:
    for row in result.losses:
        assert all(later < earlier for earlier, later in pairwise(row))


def test_a_larger_model_learns_more_from_the_same_text(result: ScalingResult) -> None:
    assert result.losses[-1][-1] < result.losses[0][-1] - 0.2
    assert result.losses[-1][-1] < np.log(512) - 1  # far better than knowing nothing


def test_the_law_fitted_to_the_small_models_speaks_about_the_widest(result: ScalingResult) -> None:
    assert result.error < 0.12
    assert sum(result.inside) >= 2  # of three
    assert max(interval.high / interval.low for interval in result.intervals) < 2


def test_errors_by_hand(result: ScalingResult) -> None:
    last, before = result.losses[-1], result.losses[-2]
    misses = [abs(np.log(told) - np.log(measured)) for told, measured in zip(result.predicted, last, strict=True)]
    assert result.error == pytest.approx(sum(misses) / 3)
    changes = [abs(np.log(narrow) - np.log(measured)) for narrow, measured in zip(before, last, strict=True)]
    assert result.error_of_no_change == pytest.approx(sum(changes) / 3)


def test_the_law_describes_the_runs_that_it_was_fitted_to(result: ScalingResult) -> None:
    assert result.residual < 0.1
    n, d = np.array(result.parameters[:-1])[:, None], np.array(result.tokens)
    misses = np.log(result.law.loss(n, d) / np.array(result.losses[:-1]))
    assert result.residual == pytest.approx(np.sqrt((misses**2).mean()))


def test_what_is_said_of_the_widest_model_fits_together(result: ScalingResult) -> None:
    assert result.predicted == pytest.approx(result.law.loss(result.parameters[-1], result.tokens).tolist())
    assert [low.low < low.high for low in result.intervals] == [True] * len(result.tokens)
    for loss, interval, inside in zip(result.losses[-1], result.intervals, result.inside, strict=True):
        assert inside == (interval.low <= loss <= interval.high)


def test_parameters_are_counted_as_the_architecture_says(result: ScalingResult) -> None:
    config = CONFIGS["tiny"]
    assert result.parameters == tuple(
        (config.vocab_size + config.context) * width + config.layers * (12 * width**2 + 2 * width) + width
        for width in config.widths
    )


def test_text_is_read_once_and_is_not_what_is_predicted() -> None:
    config = CONFIGS["tiny"]
    stream, held_out = fresh_text(0, config)
    assert len(stream) == config.budgets[-1] + 1
    assert len(held_out) == config.held_out * config.context + 1
    longest = 4 * config.context
    told = {stream[at : at + longest].tobytes() for at in range(len(stream))}
    asked = [held_out[at : at + longest].tobytes() for at in range(0, len(held_out) - longest, longest)]
    assert not told & set(asked)


def test_the_same_seed_gives_the_same_text_and_another_seed_another() -> None:
    config = CONFIGS["tiny"]
    first, again, other = (fresh_text(seed, config)[0] for seed in (0, 0, 1))
    assert first.tobytes() == again.tobytes() != other.tobytes()


def test_an_unknown_size_is_refused() -> None:
    with pytest.raises(ValueError, match="size must be one of tiny, book, got 'huge'"):
        scaling(0, "huge")
