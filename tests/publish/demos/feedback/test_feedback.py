"""You are the human feedback: what picks teach, in Python and in the page alike."""

from __future__ import annotations

import random
from itertools import pairwise
from math import exp, log

import pytest
from tests.publish.demos.replay import Trace, logic_of, replay

from alignbook.publish.demos.feedback.demo import Fresh, human_feedback
from alignbook.publish.demos.feedback.learning import (
    Answer,
    Round,
    chance,
    course,
    likeness,
    log_chance,
    ranked,
    reward,
    tally,
)


def drawn(rng: random.Random, traits: int, kinds: int) -> Round:
    """A round of chance."""

    def answer() -> Answer:
        return Answer("text", tuple(rng.choice([0.0, 1.0, rng.random()]) for _ in range(traits)))

    margins = tuple(rng.choice([0.0, rng.gauss(0, 3), rng.gauss(0, 300)]) for _ in range(kinds))
    return Round("question", "truth", (answer(), answer()), margins)


def traces(seed: int, cases: int) -> list[Trace]:
    """Calls of chance, the extremes among them."""
    rng = random.Random(seed)
    margins = (0.0, 1e-300, -1e-300, 40.0, -40.0, 800.0, -800.0)
    made = [Trace("chance", [margin], chance(margin)) for margin in margins]
    made += [Trace("logChance", [margin], log_chance(margin)) for margin in margins]
    for case in range(cases):
        rounds = [drawn(rng, traits := rng.randint(1, 7), kinds := rng.randint(1, 6))]
        rounds += [drawn(rng, traits, kinds) for _ in range(rng.randint(0, 15))]
        picks = "".join(rng.choice("ABAB-") for _ in range(rng.randint(0, len(rounds))))
        picks = {0: "", 1: "-", 2: "A" * len(rounds)}.get(case, picks)
        rate = rng.choice([0.1, 1.0, 4.0, 40.0])
        steps = course(rounds, picks, rate)
        weights = steps[-1].weights if steps else tuple(rng.gauss(0, 1) for _ in range(traits))
        answers = [answer for one in rounds for answer in one.answers]
        made += [
            Trace("course", [rounds, picks, rate], steps),
            Trace("tally", [rounds, picks], tally(rounds, picks)),
            Trace("likeness", [rounds, picks], likeness(rounds, picks)),
            Trace("ranked", [answers, weights], ranked(answers, weights)),
            Trace("reward", [weights, answers[0].traits], reward(weights, answers[0].traits)),
        ]
    return made


def test_the_page_computes_what_python_computes() -> None:
    assert replay(logic_of("feedback"), traces(0, 220)) < 1e-12


PAIR = Round("Where?", "There.", (Answer("There.", (1.0, 0.0)), Answer("Surely here.", (0.0, 1.0))), (log(3), -log(3)))


def test_a_pick_moves_the_weights_up_the_gradient_of_its_own_likelihood() -> None:
    def log_likelihood(weights: tuple[float, ...]) -> float:
        return log(chance(reward(weights, (0.3, 1.0)) - reward(weights, (1.0, 0.2))))

    pair = Round("", "", (Answer("", (1.0, 0.2)), Answer("", (0.3, 1.0))), ())
    (first, second) = course([pair, pair], "BB", rate=0.5)
    for at in range(2):
        up, down = list(first.weights), list(first.weights)
        up[at] += 1e-6
        down[at] -= 1e-6
        slope = (log_likelihood(tuple(up)) - log_likelihood(tuple(down))) / 2e-6
        assert second.weights[at] - first.weights[at] == pytest.approx(0.5 * slope, abs=1e-9)


def test_a_pick_that_was_expected_teaches_less() -> None:
    steps = course([PAIR] * 5, "AAAAA", rate=1.0)
    expected = [step.expected or 0.0 for step in steps]
    assert expected[0] == 0.5
    assert expected == sorted(expected)
    moves = [after.weights[0] - before.weights[0] for before, after in pairwise(steps)]
    assert moves == sorted(moves, reverse=True)


def test_a_skipped_round_teaches_nothing() -> None:
    assert course([PAIR, PAIR], "-A", 1.0)[0].weights == (0.0, 0.0)
    assert course([PAIR, PAIR], "-A", 1.0)[1].weights == course([PAIR], "A", 1.0)[0].weights
    assert tally([PAIR], "-") == [(0, 0), (0, 0)]


def test_equal_rewards_keep_their_order() -> None:
    assert ranked([Answer("a", (0.0,)), Answer("b", (1.0,)), Answer("c", (0.0,))], (2.0,)) == [1, 0, 2]


def test_raters_are_told_apart_by_bayes_rule() -> None:
    assert likeness([PAIR, PAIR], "AA") == pytest.approx([0.9, 0.1])
    assert likeness([PAIR, PAIR], "AB") == pytest.approx([0.5, 0.5])
    assert likeness([PAIR], "") == [0.5, 0.5]


def test_rates_of_rewards_are_those_of_the_bradley_terry_model() -> None:
    for a, b in ((0.0, 1.0), (2.0, -1.0)):
        assert chance(a - b) == pytest.approx(exp(a) / (exp(a) + exp(b)))


def test_the_demo_says_what_comes_of_each_rater() -> None:
    fresh = Fresh("When?", (Answer("Surely now.", (0.0, 1.0)), Answer("Then.", (1.0, 0.0))))
    made = human_feedback([PAIR, PAIR], [fresh], ("is right", "sounds sure"), ("truthful", "confident"))
    assert [(one.kind, one.picks, one.right) for one in made.outcomes] == [
        ("truthful", "AA", 1.0),
        ("confident", "BB", 0.0),
    ]


def test_rounds_that_do_not_fit_are_named() -> None:
    fresh = Fresh("When?", (Answer("Then.", (1.0, 0.0)),))
    with pytest.raises(ValueError, match=r"round 0: answers must have 3 traits, got 2"):
        human_feedback([PAIR], [fresh], ("a", "b", "c"), ("d", "e"))
    with pytest.raises(ValueError, match=r"round 0: margins must be one for each of 1 kinds"):
        human_feedback([PAIR], [fresh], ("a", "b"), ("d",))
    with pytest.raises(ValueError, match=r"rounds and fresh must hold one question each at least, got 1 and 0"):
        human_feedback([PAIR], [], ("a", "b"), ("d", "e"))
