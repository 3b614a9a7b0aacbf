import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alignbook.world.drawing import draw, fraction, pick, shuffled, stream


@given(st.integers(1, 12), st.integers(0, 40))
def test_nothing_comes_twice_before_everything_came_once(size: int, count: int) -> None:
    drawn = draw(range(size), count, np.random.default_rng(0))
    assert len(drawn) == count
    times = [drawn.count(one) for one in range(size)]
    assert max(times) - min(times) <= 1


def test_nothing_can_be_drawn_from_an_empty_pool() -> None:
    assert draw([], 0, np.random.default_rng(0)) == []
    with pytest.raises(ValueError, match="nothing to draw 2 from: the pool is empty"):
        draw([], 2, np.random.default_rng(0))
    with pytest.raises(ValueError, match="count must be 0 or more, got -1"):
        draw([1], -1, np.random.default_rng(0))


def test_streams_differ_by_label_and_by_seed() -> None:
    first = stream(0, "a").random()
    assert stream(0, "a").random() == first
    assert first not in (stream(0, "b").random(), stream(1, "a").random())


def test_fractions_are_spread_evenly_and_never_change() -> None:
    assert fraction("123456789") == 0xCBF43926 / 2**32  # the check value of this CRC in its usual catalogues
    values = [fraction(f"{number} + 1") for number in range(2000)]
    assert np.histogram(values, bins=4, range=(0, 1))[0] == pytest.approx([500] * 4, abs=80)


def test_shuffled_keeps_everything_and_pick_finds_every_option() -> None:
    rng = np.random.default_rng(0)
    assert sorted(shuffled("abc", rng)) == ["a", "b", "c"]
    assert {pick("abc", rng) for _ in range(50)} == {"a", "b", "c"}
