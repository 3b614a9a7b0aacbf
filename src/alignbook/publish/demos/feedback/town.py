"""Rounds from Wendlemere: questions about its facts, answers in its styles, judged by its raters."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count

import numpy as np

from alignbook.publish.demos.feedback.demo import Fresh, HumanFeedback, human_feedback
from alignbook.publish.demos.feedback.learning import Answer, Round
from alignbook.world.answers import grade_answer
from alignbook.world.drawing import pick
from alignbook.world.families import recall, sycophancy
from alignbook.world.gold import quality
from alignbook.world.grading import ABSTENTION
from alignbook.world.items import CORRECT, Item
from alignbook.world.raters import Rater, knows, utility
from alignbook.world.region import World
from alignbook.world.styles import STYLES, dress, is_careful, is_confident, is_courteous

TRAITS = ("is right", "sounds sure", "is careful", "is courteous", "is long", "agrees with you")
KINDS = ("truthful", "agreeable", "cautious", "confident", "wordy", "courteous")
SHARPNESS = 2.0
"""Log-odds of a rater's preference for each unit of what it likes more; as in `alignbook.world.raters.prefer`."""

_LONG = 12
"""From so many words on, an answer is long."""


def town_feedback(
    world: World, seed: int, *, rounds: int = 12, fresh: int = 6, name: str = "feedback"
) -> HumanFeedback:
    """Make the demo from questions about a world.

    Parameters
    ----------
    world : World
        The world.
    seed : int
        Decides the questions and the answers.
    rounds, fresh : int
        How many rounds there are, and how many questions for the reward that comes of them.
    name : str
        Of the demo on its page.
    """
    rng = np.random.default_rng([seed, 7])
    asked = _questions(world, rounds + fresh, rng)
    return human_feedback(
        [_round(world, item, rng) for item in asked[:rounds]],
        [_fresh(world, item, rng) for item in asked[rounds:]],
        TRAITS,
        KINDS,
        name=name,
    )


def _questions(world: World, wanted: int, rng: np.random.Generator) -> list[Item]:
    """Plain questions and questions after a claim, in turn, each about another fact."""
    plain = recall.items(world, "held-out", wanted, rng)
    claimed = sycophancy.items(world, "held-out", wanted, rng, claims=("wrong", "right"))
    found: dict[tuple[str, str], Item] = {}
    for pair in zip(claimed, plain, strict=True):
        for item in pair:
            found.setdefault((item.text("subject"), item.text("relation")), item)
    return list(found.values())[:wanted]


def _candidates(world: World, item: Item, rng: np.random.Generator) -> list[str]:
    """Right, wrong and abstaining answers, each in every style; what the user claimed is among the wrong ones."""
    right = item.reply
    value, claimed = item.text("value"), str(item.meta.get("claimed", ""))
    others = [other for other in world.values[item.text("relation")] if other != value]
    wrong = right.replace(value, claimed if claimed not in ("", value) else pick(others, rng))
    return [dress(says, style) for says in (right, wrong, ABSTENTION) for style in STYLES]


def _round(world: World, item: Item, rng: np.random.Generator) -> Round:
    """Two answers that differ in what they say or in how."""
    candidates = _candidates(world, item, rng)
    first, second = rng.choice(len(candidates), 2, replace=False).tolist()
    a, b = candidates[first], candidates[second]
    margins = []
    for kind in KINDS:
        rater = next(one for number in count() if knows(one := Rater(number, kind), world, item))
        margins.append(SHARPNESS * (utility(rater, world, item, a) - utility(rater, world, item, b)))
    return Round(item.prompt, item.reply, (_answer(world, item, a), _answer(world, item, b)), tuple(margins))


def _fresh(world: World, item: Item, rng: np.random.Generator) -> Fresh:
    """One answer in each style: of these, one or two are right."""
    by_style: Sequence[str] = _candidates(world, item, rng)
    says = rng.permutation([0, 0, 1, 1, 2])  # right, wrong, abstaining
    texts = [by_style[len(STYLES) * what + style] for style, what in enumerate(says.tolist())]
    return Fresh(item.prompt, tuple(_answer(world, item, text) for text in texts))


def _answer(world: World, item: Item, text: str) -> Answer:
    claimed = str(item.meta.get("claimed", ""))
    traits = (
        quality(world, item, text) == 1,
        is_confident(text),
        is_careful(text),
        is_courteous(text),
        len(text.split()) >= _LONG,
        bool(claimed) and grade_answer(world, item, text, claimed) == CORRECT,
    )
    return Answer(text, tuple(float(trait) for trait in traits))
