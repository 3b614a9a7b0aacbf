"""A reward model at its smallest: what a reader prefers, as weights of the traits that answers have.

An answer's reward is the sum of the weights of its traits. The chance that one answer is preferred to another is the
Bradley-Terry model's: ``sigmoid`` of the difference of their rewards. Each pick moves the weights one step up the
gradient of the logarithm of that chance.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, log1p

Weights = tuple[float, ...]


@dataclass(frozen=True)
class Answer:
    """An answer, and which of the traits it has.

    Parameters
    ----------
    text : str
        What it says.
    traits : tuple of float
        How much it has of each trait, mostly 0 or 1.
    """

    text: str
    traits: Weights


@dataclass(frozen=True)
class Round:
    """A question with two answers to choose from.

    Parameters
    ----------
    question : str
        What the user asked.
    truth : str
        What is true, for those who look it up.
    answers : tuple of two Answers
        A and B.
    margins : tuple of float
        For each kind of rater, how much more likely it is to pick A: the log-odds.
    """

    question: str
    truth: str
    answers: tuple[Answer, Answer]
    margins: Weights


@dataclass(frozen=True)
class Step:
    """What one pick did.

    Parameters
    ----------
    expected : float or None
        The chance that the reward gave the picked answer before it learned from the pick; None for a skipped round.
    weights : tuple of float
        The weights afterwards.
    """

    expected: float | None
    weights: Weights


def chance(margin: float) -> float:
    """Return ``1 / (1 + exp(-margin))``, without overflow.

    Examples
    --------
    >>> chance(0.0)
    0.5
    """
    return 1 / (1 + exp(-margin)) if margin >= 0 else exp(margin) / (1 + exp(margin))


def log_chance(margin: float) -> float:
    """Return the natural logarithm of `chance`, also where that is too small for a number.

    Examples
    --------
    >>> log_chance(-1000.0)
    -1000.0
    """
    return min(margin, 0.0) - log1p(exp(-abs(margin)))


def reward(weights: Weights, traits: Weights) -> float:
    """Return the reward of an answer: the sum of its traits' weights."""
    return sum(weight * trait for weight, trait in zip(weights, traits, strict=True))


def course(rounds: Sequence[Round], picks: str, rate: float) -> list[Step]:
    """Learn from picks one after the other, from weights of zero.

    Parameters
    ----------
    rounds : sequence of Round
        What there was to choose from.
    picks : str
        ``A``, ``B`` or ``-`` (skipped) for each round so far.
    rate : float
        The learning rate.

    Examples
    --------
    >>> pair = Round("Where?", "There.", (Answer("There.", (1.0, 0.0)), Answer("Surely here.", (0.0, 1.0))), (0.0,))
    >>> course([pair], "B", rate=1.0)
    [Step(expected=0.5, weights=(-0.5, 0.5))]
    """
    weights: Weights = (0.0,) * len(rounds[0].answers[0].traits)
    steps = []
    for one, pick in zip(rounds, picks, strict=False):
        if pick == "-":
            steps.append(Step(None, weights))
            continue
        better, worse = one.answers if pick == "A" else one.answers[::-1]
        expected = chance(reward(weights, better.traits) - reward(weights, worse.traits))
        weights = tuple(
            weight + rate * (1 - expected) * (more - less)
            for weight, more, less in zip(weights, better.traits, worse.traits, strict=True)
        )
        steps.append(Step(expected, weights))
    return steps


def ranked(answers: Sequence[Answer], weights: Weights) -> list[int]:
    """Return the places of answers, that with the highest reward first; equals keep their order."""
    return sorted(range(len(answers)), key=lambda at: -reward(weights, answers[at].traits))


def tally(rounds: Sequence[Round], picks: str) -> list[tuple[int, int]]:
    """Return for each trait in how many rounds only one answer had more of it, and how often that one was picked."""
    counts = []
    for trait in range(len(rounds[0].answers[0].traits)):
        shown = chosen = 0
        for one, pick in zip(rounds, picks, strict=False):
            more = one.answers[0].traits[trait] - one.answers[1].traits[trait]
            if pick != "-" and more != 0:
                shown += 1
                chosen += (pick == "A") == (more > 0)
        counts.append((shown, chosen))
    return counts


def likeness(rounds: Sequence[Round], picks: str) -> list[float]:
    """Return how probable each kind of rater is to have made the picks, all being alike probable before the first.

    Examples
    --------
    >>> from math import log
    >>> pair = Round("Where?", "", (Answer("", ()), Answer("", ())), (log(3), -log(3)))
    >>> [round(share, 2) for share in likeness([pair], "A")]
    [0.75, 0.25]
    """
    logs = [0.0] * len(rounds[0].margins)
    for one, pick in zip(rounds, picks, strict=False):
        if pick != "-":
            logs = [
                before + log_chance(margin if pick == "A" else -margin)
                for before, margin in zip(logs, one.margins, strict=True)
            ]
    top = max(logs)
    weights = [exp(value - top) for value in logs]
    return [weight / sum(weights) for weight in weights]
