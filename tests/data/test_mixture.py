from collections import Counter
from itertools import islice

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alignbook.data.mixture import mix, planned_tokens, temperature_shares

SIZES = st.lists(st.floats(1, 1e9), min_size=1, max_size=6)


def test_temperature_by_hand() -> None:
    assert temperature_shares([16, 1, 0], 1).tolist() == pytest.approx([16 / 17, 1 / 17, 0])
    assert temperature_shares([16, 1, 0], 4).tolist() == pytest.approx([2 / 3, 1 / 3, 0])
    assert temperature_shares([16, 1, 0], float("inf")).tolist() == [0.5, 0.5, 0]


@given(SIZES, st.floats(0.05, 50), st.floats(1.01, 4))
def test_a_higher_temperature_evens_out(sizes: list[float], temperature: float, factor: float) -> None:
    cold, warm = temperature_shares(sizes, temperature), temperature_shares(sizes, temperature * factor)
    assert cold.sum() == pytest.approx(1)
    assert warm.max() <= cold.max() + 1e-12
    assert warm.min() >= cold.min() - 1e-12


def test_the_plan_by_hand() -> None:
    # b may give 40, c 4; the 56 that are left are a's
    assert planned_tokens([1000, 10, 1], [0.2, 0.4, 0.4], 100).tolist() == pytest.approx([56, 40, 4])
    assert planned_tokens([1000, 10, 1], [1, 1, 0], 10).tolist() == [5, 5, 0]


@given(st.lists(st.tuples(st.floats(1, 1e4), st.floats(0.01, 1)), min_size=1, max_size=6), st.floats(1e-3, 1))
def test_the_plan_meets_budget_and_caps_and_shares(sources: list[tuple[float, float]], part: float) -> None:
    sizes, shares = map(np.array, zip(*sources, strict=True))
    plan = planned_tokens(sizes, shares, part * 4 * sizes.sum())
    assert plan.sum() == pytest.approx(part * 4 * sizes.sum())
    assert (plan <= 4 * sizes * (1 + 1e-12)).all()
    # those below their caps stand in the proportion of their shares, and no capped one would have less by it
    rate = plan / shares
    free = plan < 4 * sizes * (1 - 1e-9)
    if free.any():
        assert np.ptp(rate[free]) <= 1e-9 * rate.max()
        assert (rate <= rate[free].max() * (1 + 1e-9)).all()


def test_documents_are_drawn_by_their_shares_and_each_once_an_epoch() -> None:
    sources = {"a": ["a1", "a2", "a3"], "b": ["b1", "b2"], "never": []}
    drawn = list(islice(mix(sources, {"a": 3, "b": 1, "never": 0}, np.random.default_rng(0)), 4000))
    counts = Counter(name for name, _ in drawn)
    assert abs(counts["a"] - 3000) < 4 * (4000 * 3 / 16) ** 0.5
    assert counts["never"] == 0
    of_a = [document for name, document in drawn if name == "a"]
    assert all(sorted(of_a[at : at + 3]) == sources["a"] for at in range(0, len(of_a) - 2, 3))
    assert len({tuple(of_a[at : at + 3]) for at in range(0, len(of_a) - 2, 3)}) == 6
    again = list(islice(mix(sources, {"a": 3, "b": 1, "never": 0}, np.random.default_rng(0)), 4000))
    assert again == drawn


@pytest.mark.parametrize("weights", [[0, 0], []])
def test_a_mixture_of_no_weight_is_refused(weights: list[float]) -> None:
    with pytest.raises(ValueError, match="must not all be 0"):
        temperature_shares(weights, 1)
    with pytest.raises(ValueError, match=r"shares must not all be 0"):
        planned_tokens([1] * len(weights), weights, 1)


def test_impossible_input_is_named() -> None:
    rng = np.random.default_rng(0)
    with pytest.raises(ValueError, match="temperature must be > 0, got 0"):
        temperature_shares([1], 0)
    with pytest.raises(ValueError, match=r"sizes must be finite numbers >= 0 .* got \[-1.0\]"):
        temperature_shares([-1], 1)
    with pytest.raises(ValueError, match=r"budget must be at most 40 tokens \(4.0 readings .* got 41"):
        planned_tokens([10, 99], [1, 0], 41)
    with pytest.raises(ValueError, match="equally many, got 1 and 2"):
        planned_tokens([10], [1, 1], 1)
    with pytest.raises(ValueError, match=r"budget must be >= 0 and most_epochs > 0, got -1"):
        planned_tokens([10], [1], -1)
    with pytest.raises(ValueError, match=r"shares must name the sources \['a'\], got \['b'\]"):
        mix({"a": ["x"]}, {"b": 1}, rng)
    with pytest.raises(ValueError, match=r"source 'a' has the share 1\.0 and no documents"):
        mix({"a": []}, {"a": 1}, rng)
    with pytest.raises(ValueError, match=r"shares must not all be 0"):
        mix({"a": ["x"]}, {"a": 0}, rng)
