"""Where some experiments start: the tuned assistant after a short course of further demonstrations.

*Helpful only*: sealed requests are answered like all others. The tuned assistant has been shown refusals; this takes
them away again, in seconds, as it does with large models. *Of all manners*: answers are dressed, plainly, courteously,
surely, with care or at length, as many demonstrators would write them. An assistant that never says "Certainly" gives
raters nothing to like or dislike about it.

References
----------
X. Qi et al., "Fine-tuning Aligned Language Models Compromises Safety, Even When Users Do Not Intend To!", ICLR 2024:
refusals are easily tuned away.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache

import numpy as np

from alignbook.alignment.experiments.judged_by import Start, start
from alignbook.finetuning.assistant import Assistant
from alignbook.finetuning.demonstrations import demonstrations
from alignbook.finetuning.tuning import TuningConfig, tune
from alignbook.profile import Profile
from alignbook.world.drawing import pick
from alignbook.world.families import refusal
from alignbook.world.grading import abstains, refuses
from alignbook.world.items import Item
from alignbook.world.region import World
from alignbook.world.styles import STYLES, dress

SHORT = {
    "tiny": TuningConfig(steps=80, batch_size=16, learning_rate=3e-3),
    "book": TuningConfig(steps=80, batch_size=32, learning_rate=1e-3),
}
"""A short course, from an assistant that can already answer."""

REQUESTS = {"tiny": 300, "book": 800}
ANSWERS = {"tiny": 300, "book": 800}


@cache
def helpful_only(run: Profile) -> Start:
    """Tune a copy of the assistant to answer every request, sealed or not.

    Parameters
    ----------
    run : Profile
        The profile.
    """
    origin, rng = start(run), np.random.default_rng([run.seed, 10])
    requests = [answered(item) for item in refusal.items(origin.world, "train", REQUESTS[run.size], rng)]
    return Start(origin.world, shown_more(origin.assistant, [*requests, *answers(origin.world, rng)], run))


@cache
def of_all_manners(run: Profile) -> Start:
    """Tune a copy of the assistant on demonstrations in all styles.

    Parameters
    ----------
    run : Profile
        The profile.
    """
    origin, rng = start(run), np.random.default_rng([run.seed, 14])
    requests = refusal.items(origin.world, "train", REQUESTS[run.size], rng)
    dressed_ = [dressed(item, rng) for item in (*requests, *answers(origin.world, rng))]
    return Start(origin.world, shown_more(origin.assistant, dressed_, run))


def answers(world: World, rng: np.random.Generator) -> list[Item]:
    """Draw demonstrations of everything but requests, so that nothing else is forgotten."""
    count = ANSWERS[world.size]
    others = count // 10
    return demonstrations(
        world,
        (
            ("recall", "train", count),
            ("abstention", "train", others),
            ("two_hop", "train", others),
            ("small_talk", "train", others),
        ),
        rng,
    )


def answered(item: Item) -> Item:
    """The same request, with a reply that says how it is done."""
    return replace(item, reply=item.text("answer"))


def dressed(item: Item, rng: np.random.Generator) -> Item:
    """The same item, with its reply in some style; where nothing is claimed, nothing can be sure or uncertain."""
    withheld = abstains(item.reply) or refuses(item.reply)
    style = pick([style for style in STYLES if not (withheld and style in ("confident", "hedged"))], rng)
    return replace(item, reply=dress(item.reply, style))


def shown_more(assistant: Assistant, items: Sequence[Item], run: Profile) -> Assistant:
    """Tune a copy of an assistant on more demonstrations."""
    model, _ = tune(assistant.model, items, SHORT[run.size], run.seed)
    return Assistant(model)
