import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from alignbook.pretraining.experiments import neuron as experiment
from alignbook.pretraining.experiments.neuron import (
    GOOD_RATE,
    LEARNING_RATES,
    Descent,
    NeuronResult,
    count,
    loss_surface,
    one_neuron,
)
from alignbook.pretraining.letters import vowel_windows
from alignbook.pretraining.neuron import Neuron

SEEDS = (0, 1)
CRAWLING, _, GOOD, BOUNCING, WILD = range(5)


@pytest.fixture(scope="module")
def results() -> dict[int, NeuronResult]:
    return {seed: one_neuron(seed, "tiny") for seed in SEEDS}


@pytest.fixture(params=SEEDS)
def result(request: pytest.FixtureRequest, results: dict[int, NeuronResult]) -> NeuronResult:
    return results[request.param]


def test_every_descent_starts_as_a_coin(result: NeuronResult) -> None:
    for descent in (*result.descents, *result.border, result.shuffled):
        assert (descent.weights[0], descent.biases[0], descent.surprise_bits[0]) == (0.0, 0.0, 1.0)


def test_descending_finds_what_counting_finds(result: NeuronResult) -> None:
    best, end = result.counted.best, result.descents[GOOD].end
    assert end.weights == pytest.approx(best.weights, abs=1e-9)
    assert end.bias == pytest.approx(best.bias, abs=1e-9)
    assert end.probability([[1.0], [-1.0]]) == pytest.approx(
        [result.counted.after_vowel, result.counted.after_consonant], abs=1e-9
    )
    assert result.held_out_bits == pytest.approx(result.held_out_counted_bits, abs=1e-9)


def test_the_last_letter_is_worth_something_on_new_text_too(result: NeuronResult) -> None:
    assert result.counted.best_bits < result.counted.base_rate_bits - 0.1 < 0.9
    assert result.held_out_bits < result.held_out_base_rate_bits - 0.1


def test_a_larger_learning_rate_arrives_sooner_until_it_never_does(result: NeuronResult) -> None:
    crawling, slow, good, bouncing, wild = (descent.arrived for descent in result.descents)
    assert crawling is bouncing is wild is None
    assert good is not None
    assert slow is not None
    assert good < 10 < slow
    assert result.descents[CRAWLING].surprise_bits == tuple(
        sorted(result.descents[CRAWLING].surprise_bits, reverse=True)
    )


def test_too_large_a_learning_rate_ends_worse_than_it_began(result: NeuronResult) -> None:
    bouncing, wild = (result.descents[at].surprise_bits for at in (BOUNCING, WILD))
    assert min(bouncing[1:4]) < 0.95  # at first it looks well
    assert max(bouncing[-10:]) > 1.2
    assert max(wild[-10:]) > 4


def test_the_border_lies_where_the_curvature_says(result: NeuronResult) -> None:
    below, above = result.border
    assert GOOD_RATE < below.learning_rate < result.largest_stable_rate < above.learning_rate < 10
    assert above.learning_rate / below.learning_rate < 1.11
    assert below.arrived is not None
    assert above.arrived is None


def test_from_shuffled_letters_there_is_nothing_to_learn_but_the_base_rate(result: NeuronResult) -> None:
    assert result.shuffled.surprise_bits[-1] == pytest.approx(result.shuffled_base_rate_bits, abs=0.002)
    assert result.shuffled_base_rate_bits == pytest.approx(result.counted.base_rate_bits, abs=1e-3)
    assert abs(result.shuffled.weights[-1]) < 0.1 < 0.8 < abs(result.descents[GOOD].weights[-1])


def test_the_surface_has_its_lowest_point_at_the_counted_neuron(result: NeuronResult) -> None:
    surface = np.array(result.surface_bits)
    bias_at, weight_at = np.unravel_index(surface.argmin(), surface.shape)
    assert result.grid[weight_at] == pytest.approx(result.counted.best.weights[0], abs=0.1)
    assert result.grid[bias_at] == pytest.approx(result.counted.best.bias, abs=0.1)
    assert result.counted.best_bits <= surface.min() < result.counted.best_bits + 0.001


def test_the_surface_is_the_loss_of_the_neuron() -> None:
    x, y = vowel_windows("idearraysaremadeofnumbers")
    surface = loss_surface(x, y, weights=(-1.0, 0.5, 2.0), biases=(0.0, -3.0))
    expected = [[Neuron((weight,), bias).surprise_bits(x, y) for weight in (-1.0, 0.5, 2.0)] for bias in (0.0, -3.0)]
    np.testing.assert_allclose(surface, expected, rtol=1e-12)


def test_counting_by_hand() -> None:
    x, y = vowel_windows("bananasteal")  # after consonants: v v v c v; after vowels: c c c v c
    counted = count(x, y)
    assert (counted.vowels, counted.after_vowel, counted.after_consonant) == (0.5, 0.2, 0.8)
    assert counted.best.probability([[1.0], [-1.0]]) == pytest.approx([0.2, 0.8])
    assert counted.best_bits == pytest.approx(-(0.8 * math.log2(0.8) + 0.2 * math.log2(0.2)))
    assert counted.base_rate_bits == pytest.approx(1.0)


def test_what_never_happens_has_no_log_odds() -> None:
    with pytest.raises(ValueError, match="each kind must follow each kind at least once, got"):
        count(*vowel_windows("banana"))


@pytest.mark.parametrize(
    ("bits", "arrived"), [((1.0, 0.5), 1), ((0.5, 0.5), 0), ((1.0, 0.5, 0.7, 0.5), 3), ((1.0, 0.5, 0.7), None)]
)
def test_arriving_means_to_stay(monkeypatch: pytest.MonkeyPatch, bits: Sequence[float], arrived: int | None) -> None:
    following = iter(bits)
    monkeypatch.setattr(Neuron, "surprise_bits", lambda *_: next(following))
    config = replace(experiment.CONFIGS["tiny"], steps=len(bits) - 1)
    descent = experiment._descend(np.ones((1, 1)), np.ones(1), 0.1, config, best_bits=0.4995)
    assert (descent.arrived, descent.surprise_bits) == (arrived, tuple(bits))


def test_the_numbers_that_a_figure_needs_belong_together(results: dict[int, NeuronResult]) -> None:
    result = results[0]
    assert tuple(descent.learning_rate for descent in result.descents) == LEARNING_RATES
    assert len(result.surface_bits) == len(result.surface_bits[0]) == len(result.grid) == 61
    assert len(result.text) == 4_000
    steps: list[Descent] = [*result.descents, *result.border]
    assert {len(part) for d in steps for part in (d.weights, d.biases, d.surprise_bits)} == {61}


def test_the_same_seed_gives_the_same_result_and_another_seed_another(results: dict[int, NeuronResult]) -> None:
    assert one_neuron(0, "tiny") == results[0]
    assert results[0].counted != results[1].counted


def test_an_unknown_size_is_refused() -> None:
    with pytest.raises(ValueError, match="size must be one of tiny, book, got 'huge'"):
        one_neuron(0, "huge")
