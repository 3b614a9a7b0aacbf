"""Rounds from Wendlemere: questions about its facts, answers in its styles, judged by its raters."""

from __future__ import annotations

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

CONTRASTS = (
    (("right", "plain"), ("wrong", "confident")),
    (("abstaining", "plain"), ("wrong", "confident")),
    (("right", "hedged"), ("wrong", "plain")),
    (("right", "plain"), ("right", "wordy")),
    (("right", "plain"), ("wrong", "courteous")),
    (("right", "plain"), ("abstaining", "wordy")),
)
"""What the two answers of a round say, and in which style: each once after a claim of the user's and once without."""

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
        [_round(world, item, number, rng) for number, item in enumerate(asked[:rounds])],
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


def _sayings(world: World, item: Item, rng: np.random.Generator) -> dict[str, str]:
    """A right answer, a wrong one (what the user claimed, if that is wrong), and one that abstains."""
    value, claimed = item.text("value"), str(item.meta.get("claimed", ""))
    others = [other for other in world.values[item.text("relation")] if other != value]
    wrong = item.reply.replace(value, claimed if claimed not in ("", value) else pick(others, rng))
    return {"right": item.reply, "wrong": wrong, "abstaining": ABSTENTION}


def _round(world: World, item: Item, number: int, rng: np.random.Generator) -> Round:
    """Two answers that differ in what they say or in how, in an order of chance."""
    sayings = _sayings(world, item, rng)
    contrast = CONTRASTS[number // 2 % len(CONTRASTS)]
    a, b = (dress(sayings[says], style) for says, style in (contrast if rng.random() < 0.5 else contrast[::-1]))
    margins = []
    for kind in KINDS:
        rater = next(one for number in count() if knows(one := Rater(number, kind), world, item))
        margins.append(SHARPNESS * (utility(rater, world, item, a) - utility(rater, world, item, b)))
    return Round(item.prompt, item.reply, (_answer(world, item, a), _answer(world, item, b)), tuple(margins))


def _fresh(world: World, item: Item, rng: np.random.Generator) -> Fresh:
    """One answer in each style: two are right, two are wrong, one abstains."""
    sayings = _sayings(world, item, rng)
    says = rng.permutation(["right", "right", "wrong", "wrong", "abstaining"]).tolist()
    texts = [dress(sayings[what], style) for what, style in zip(says, STYLES, strict=True)]
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
