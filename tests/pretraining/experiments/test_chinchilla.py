import pytest

from alignbook.pretraining.experiments.chinchilla import BESIROGLU, HOFFMANN, ChinchillaResult, Recovery, chinchilla

SEEDS = (0, 1)


@pytest.fixture(scope="module")
def results() -> dict[int, ChinchillaResult]:
    return {seed: chinchilla(seed, "tiny") for seed in SEEDS}


@pytest.fixture(params=SEEDS)
def result(request: pytest.FixtureRequest, results: dict[int, ChinchillaResult]) -> ChinchillaResult:
    return results[request.param]


def test_both_published_laws_are_found_again(result: ChinchillaResult) -> None:
    for recovery in (result.hoffmann, result.besiroglu):
        fitted, true = recovery.fitted, recovery.true
        assert fitted.e == pytest.approx(true.e, abs=0.08)
        assert (fitted.alpha, fitted.beta) == pytest.approx((true.alpha, true.beta), abs=0.04)
    assert (result.hoffmann.true, result.besiroglu.true) == (HOFFMANN, BESIROGLU)


def test_the_fitter_tells_the_two_versions_apart(result: ChinchillaResult) -> None:
    assert HOFFMANN.beta not in result.besiroglu.beta
    assert BESIROGLU.beta not in result.hoffmann.beta


def test_models_and_texts_that_grow_in_step_say_less(result: ChinchillaResult) -> None:
    def reach(recovery: Recovery) -> float:
        return recovery.alpha.high - recovery.alpha.low + recovery.beta.high - recovery.beta.low

    assert reach(result.in_step) > 1.5 * reach(result.hoffmann)


def test_an_interval_holds_its_fit(result: ChinchillaResult) -> None:
    assert result.hoffmann.fitted.alpha in result.hoffmann.alpha
    assert result.hoffmann.fitted.e in result.hoffmann.e


def test_the_same_seed_gives_the_same_result_and_another_seed_another(results: dict[int, ChinchillaResult]) -> None:
    assert chinchilla(0, "tiny") == results[0]
    assert results[0].hoffmann.fitted != results[1].hoffmann.fitted


def test_an_unknown_size_is_refused() -> None:
    with pytest.raises(ValueError, match="size must be one of tiny, book, got 'huge'"):
        chinchilla(0, "huge")
