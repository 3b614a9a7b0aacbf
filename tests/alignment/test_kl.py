from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alignbook.alignment.best_of_n import best, best_of_n_distribution, expected_best
from alignbook.alignment.kl import k1, k2, k3, k3_loss, kl_best_of_n, kl_best_of_n_with_ties, kl_categorical

DISTRIBUTION = st.lists(st.floats(0.05, 1), min_size=2, max_size=6).map(lambda masses: np.array(masses) / sum(masses))


@pytest.mark.parametrize(
    ("mean", "truth", "published"),
    # Schulman's note: bias and standard deviation of k1, k2 and k3, each over the true divergence from N(0, 1)
    [(0.1, 0.005, ((0, 20), (0.002, 1.42), (0, 1.42))), (1.0, 0.5, ((0, 2), (0.25, 1.73), (0, 1.7)))],
)
def test_bias_and_noise_of_the_estimators_are_as_published(
    mean: float, truth: float, published: tuple[tuple[float, float], ...]
) -> None:
    nodes, masses = np.polynomial.hermite_e.hermegauss(60)  # exact means over N(mean, 1), no sampling
    masses = masses / masses.sum()
    samples = nodes + mean
    logratios = mean * samples - mean**2 / 2
    for estimator, (bias, deviation) in zip((k1, k2, k3), published, strict=True):
        estimates = estimator(logratios)
        average = masses @ estimates
        assert (average - truth) / truth == pytest.approx(bias, abs=0.0006)
        assert (masses @ (estimates - average) ** 2) ** 0.5 / truth == pytest.approx(deviation, abs=0.006)


@given(DISTRIBUTION)
def test_k1_and_k3_are_right_on_average_and_k3_is_never_negative(policy: np.ndarray) -> None:
    reference = np.roll(policy, 1)
    logratios = np.log(policy / reference)
    exact = kl_categorical(policy, reference)
    assert policy @ k1(logratios) == pytest.approx(exact, abs=1e-12)
    assert policy @ k3(logratios) == pytest.approx(exact, abs=1e-12)
    assert (k3(logratios) >= 0).all()


def test_divergence_by_hand() -> None:
    assert kl_categorical([0.5, 0.5], [0.25, 0.75]) == pytest.approx(0.5 * np.log(2) + 0.5 * np.log(2 / 3))
    assert kl_categorical([0.5, 0.5], [1.0, 0.0]) == np.inf
    with pytest.raises(ValueError, match=r"reference must be probabilities, >= 0 with the sum 1, got the sum 0\.9"):
        kl_categorical([0.5, 0.5], [0.4, 0.5])


@given(st.floats(-3, 0), st.floats(-3, 0))
def test_the_slope_of_k3_is_its_derivative(logprob: float, reference: float) -> None:
    step = 1e-6
    above, below = (float(k3_loss(logprob + move, reference).values) for move in (step, -step))
    assert k3_loss(logprob, reference).slopes == pytest.approx((above - below) / (2 * step), abs=1e-6)


# --- Best of n ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("n", [1, 2, 4, 16])
def test_without_ties_the_divergence_is_that_of_a_simulation(n: int) -> None:
    # 2,000 replies, equally probable, no two with one reward; the winner's rank decides
    rng, replies = np.random.default_rng(n), 2000
    winners = rng.integers(replies, size=(200_000, n)).max(axis=1)
    exact = best_of_n_distribution(np.full(replies, 1 / replies), np.arange(replies), n)
    simulated = np.log(exact[winners] * replies).mean()  # k1
    assert simulated == pytest.approx(float(kl_best_of_n(n)), abs=0.01)
    assert kl_best_of_n(n) == pytest.approx(np.log(n) - (n - 1) / n)


@pytest.mark.parametrize("n", [2, 5])
def test_with_ties_the_divergence_is_that_of_a_simulation(n: int) -> None:
    reference, rewards = np.array([0.1, 0.2, 0.3, 0.25, 0.15]), np.array([2, 0, 1, 1, 2])
    rng = np.random.default_rng(n)
    drawn = rng.choice(5, size=(200_000, n), p=reference)
    lot = rewards[drawn] + rng.random(drawn.shape) / 2  # a tie is decided by lot
    winners = np.take_along_axis(drawn, lot.argmax(axis=1)[:, None], axis=1).ravel()
    simulated = np.bincount(winners, minlength=5) / len(winners)
    np.testing.assert_allclose(best_of_n_distribution(reference, rewards, n), simulated, atol=0.005)
    exact = kl_best_of_n_with_ties([0.2, 0.55, 0.25], n)
    assert exact == pytest.approx(float(kl_categorical(simulated, reference)), abs=0.01)
    assert exact < kl_best_of_n(n) - 0.03


@given(DISTRIBUTION, st.integers(1, 40))
def test_ties_only_lower_the_divergence_and_more_draws_raise_it(masses: np.ndarray, n: int) -> None:
    found = kl_best_of_n_with_ties(masses, n)
    assert -1e-12 <= found <= kl_best_of_n(n) + 1e-12
    assert found <= kl_best_of_n_with_ties(masses, n + 1) + 1e-12
    policy = best_of_n_distribution(masses, np.arange(len(masses)), n)
    assert found == pytest.approx(float(kl_categorical(policy, masses)), abs=1e-9)


def test_as_replies_become_many_the_bound_is_reached() -> None:
    assert kl_best_of_n_with_ties(np.full(20_000, 1 / 20_000), 16) == pytest.approx(float(kl_best_of_n(16)), abs=0.001)


@given(st.lists(st.integers(0, 3), min_size=4, max_size=6), st.integers(1, 4))
def test_the_expected_best_is_the_mean_over_all_choices_of_n(proxy: list[int], n: int) -> None:
    gold = np.arange(len(proxy)) ** 2.0

    def chosen(among: tuple[int, ...]) -> float:
        tied = [at for at in among if proxy[at] == max(proxy[other] for other in among)]
        return float(np.mean([gold[at] for at in tied]))

    expected = np.mean([chosen(among) for among in combinations(range(len(proxy)), n)])
    assert expected_best([proxy], [gold], n)[0] == pytest.approx(expected)


def test_the_best_and_what_is_refused() -> None:
    assert best([[1, 3, 3], [2, 0, 1]]).tolist() == [1, 0]
    with pytest.raises(ValueError, match=r"reward \(0, 1\) must be finite, got nan"):
        best([[1, np.nan]])
    with pytest.raises(ValueError, match="n must be from 1 to the number of samples, 2, got 3"):
        expected_best([[1, 2]], [[1, 2]], 3)
    with pytest.raises(ValueError, match=r"one shape \(prompts, samples\)"):
        expected_best([[1, 2]], [[1]], 1)
    with pytest.raises(ValueError, match="n must be >= 1, got 0"):
        kl_best_of_n(0)
    with pytest.raises(ValueError, match="n must be >= 1, got 0"):
        best_of_n_distribution([1.0], [1.0], 0)
    with pytest.raises(ValueError, match="reference and rewards must have one shape"):
        best_of_n_distribution([1.0], [1.0, 2.0], 2)
