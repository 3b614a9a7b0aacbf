from itertools import pairwise

import pytest

from alignbook.data.experiments.mixture_sweep import MixtureSweep, mixture_sweep


@pytest.fixture(scope="module", params=[0, 1])
def result(request: pytest.FixtureRequest) -> MixtureSweep:
    return mixture_sweep(request.param, "tiny")


def test_the_more_of_a_kind_is_read_the_better_it_is_predicted(result: MixtureSweep) -> None:
    for bits in result.bits_per_byte:
        assert all(more < less for less, more in pairwise(bits[:5]))


def test_a_tenth_saves_more_than_half_of_what_none_costs(result: MixtureSweep) -> None:
    at_a_tenth = result.shares.index(0.1)
    for excess in result.excess:
        assert excess[at_a_tenth] < 0.5 * excess[0]


def test_the_best_recipe_for_all_reads_all(result: MixtureSweep) -> None:
    for costs in (result.mean_excess, result.worst_excess):
        best = result.recipes[costs.index(min(costs))]
        assert min(best) >= 0.1
    alone = [cost for recipe, cost in zip(result.recipes, result.mean_excess, strict=True) if 1.0 in recipe]
    assert len(alone) == 3
    assert min(alone) > 3 * min(result.mean_excess)


def test_raw_surprise_differs_between_kinds_even_at_their_best(result: MixtureSweep) -> None:
    best = [bits[-1] for bits in result.bits_per_byte]
    assert max(best) > 1.3 * min(best)


def test_every_recipe_is_a_mixture(result: MixtureSweep) -> None:
    assert all(sum(recipe) == pytest.approx(1) for recipe in result.recipes)
    assert len(set(result.recipes)) == len(result.recipes)


def test_an_unknown_size_is_refused() -> None:
    with pytest.raises(ValueError, match="size must be one of tiny, book, got 'huge'"):
        mixture_sweep(0, "huge")
