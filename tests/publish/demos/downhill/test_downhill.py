"""A model gets less wrong: four counts give the walks that all the letters give, in Python and in the page."""

from __future__ import annotations

import random
from math import log

import numpy as np
import pytest
from tests.publish.demos.replay import CLOSE, Trace, logic_of, replay

from alignbook.pretraining.experiments.neuron import one_neuron
from alignbook.pretraining.neuron import Neuron
from alignbook.publish.demos.downhill.demo import RATES, SPAN, downhill
from alignbook.publish.demos.downhill.walking import Kinds, contours, kinds, stand, walk

LETTERS = np.array([[1.0], [1.0], [-1.0], [-1.0], [-1.0]]), np.array([0.0, 1.0, 1.0, 1.0, 0.0])


def drawn(rng: random.Random) -> Kinds:
    """Kinds of prediction of chance, some of which never occur."""
    shares = [rng.choice([0.0, rng.random()]) for _ in range(4)]
    shares[rng.randrange(4)] += 0.1
    corners = [(x, right) for x in (-1.0, 1.0) for right in (0.0, 1.0)]
    return tuple((*corner, share / sum(shares)) for corner, share in zip(corners, shares, strict=True))


def traces(seed: int, cases: int) -> list[Trace]:
    """Walks of chance, also with rates that lead far away; chaos would make any two programs differ, so few steps."""
    rng, made = random.Random(seed), list[Trace]()
    for case in range(cases):
        found = drawn(rng)
        w, b = (rng.choice([0.0, rng.uniform(-4, 4), rng.uniform(-900, 900)]) for _ in range(2))
        rate, steps = rng.choice(RATES), 0 if case == 0 else rng.randint(0, 6)
        way = walk(found, w, b, rate, steps)
        best = rng.choice([way[-1].bits, rng.random()])
        side = [rng.random(), rng.random()]
        low, high = SPAN
        point = [round(10 * (low + side[0] * (high - low))), round(10 * (high - side[1] * (high - low)))]
        made += [
            Trace("walk", [found, w, b, rate, steps], way),
            Trace("verdict", [way, best, 0.001, SPAN], verdict([point.bits for point in way], way[-1], best)),
            Trace("pointAt", [*side, SPAN], point),
            Trace("onMap", [way[-1], SPAN], low <= way[-1].w <= high and low <= way[-1].b <= high),
        ]
    return made


def verdict(bits: list[float], last: object, best: float) -> str:
    """How a walk stands, said anew."""
    if bits[-1] <= best + 0.001:
        return "arrived"
    if not all(SPAN[0] <= value <= SPAN[1] for value in (last.w, last.b)):  # type: ignore[attr-defined]
        return "off the map"
    return "uphill" if len(bits) > 1 and bits[-1] > bits[-2] else "on its way"


def test_the_page_computes_what_python_computes() -> None:
    assert replay(logic_of("downhill"), traces(0, 220)) < 1e-12


@pytest.mark.parametrize("rate", RATES)
def test_a_long_walk_of_the_page_is_the_neurons(rate: float) -> None:
    x, y = LETTERS
    neuron, found, expected = Neuron((0.5,), -1.0), kinds(x, y), list[float]()
    for _ in range(41):
        expected.append(neuron.loss(x, y) / log(2))
        neuron = neuron.step(x, y, rate)
    way = walk(found, 0.5, -1.0, rate, 40)
    steps = 40 if rate <= 5 else 6  # where it does not arrive, rounding errors grow from step to step
    assert [point.bits for point in way[:steps]] == pytest.approx(expected[:steps], abs=1e-9)
    assert replay(logic_of("downhill"), [Trace("walk", [found, 0.5, -1.0, rate, steps], way[: steps + 1])]) <= CLOSE


def test_the_gradient_is_the_slope_of_the_loss() -> None:
    found = kinds(*LETTERS)
    here, step = stand(found, 0.3, -0.7), 1e-6
    for name, (dw, db) in {"dw": (step, 0), "db": (0, step)}.items():
        up, down = stand(found, 0.3 + dw, -0.7 + db), stand(found, 0.3 - dw, -0.7 - db)
        assert getattr(here, name) == pytest.approx((up.bits - down.bits) * log(2) / (2 * step), abs=1e-8)


def test_contours_are_lines_of_equal_loss() -> None:
    found = kinds(*LETTERS)
    lines = contours(found, SPAN, (1.0, 1.5))
    assert {line[0] for line in lines} == {1.0, 1.5}
    for level, *flat in lines:
        for w, b in zip(flat[::2], flat[1::2], strict=True):
            assert stand(found, w, b).bits == pytest.approx(level, abs=0.02)


def test_the_demo_walks_as_the_experiment_does() -> None:
    result = one_neuron(0, "tiny")
    made = downhill(result)
    assert made.largest_gap < 1e-9
    best = made.demo.data["best"]
    assert stand(kinds(*LETTERS), 0.0, 0.0).bits == pytest.approx(1.0)
    assert stand(made.demo.data["kinds"], best["w"], best["b"]).bits == pytest.approx(best["bits"])
