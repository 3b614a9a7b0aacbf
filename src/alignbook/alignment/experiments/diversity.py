"""Experiment: how many different things an assistant says, before and after alignment.

The tuned assistant and the two aligned ones reply many times to the same prompts. Counted are the different replies to
each, how uncertain the assistant is of what it will say, and what share of all replies withholds an answer: that suits
every prompt and tells nothing. The control is the tuned assistant itself, at a lower temperature.

References
----------
R. Kirk et al., "Understanding the Effects of RLHF on LLM Generalisation and Diversity", ICLR 2024.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from alignbook.alignment.measuring import panel
from alignbook.alignment.stage import ALIGNED_DPO, ALIGNED_RLHF
from alignbook.finetuning.assistant import Assistant
from alignbook.finetuning.stage import TUNED
from alignbook.profile import Profile
from alignbook.store import fetch
from alignbook.world.building import build_world
from alignbook.world.grading import abstains, refuses
from alignbook.world.items import Item

DRAWN = 8
ASKED = {"tiny": 15, "book": 40}
"""Prompts in each group of the panel."""

COOLER = 0.7
"""The temperature of the control."""


@dataclass(frozen=True)
class Diversity:
    """How varied replies are.

    Parameters
    ----------
    distinct : float
        How many different replies there are among `DRAWN` to a prompt; the mean.
    alike : float
        The chance that two replies to a prompt are the same.
    withheld : float
        The share of replies that abstain or refuse.
    by_group : mapping of str to float
        `distinct` for each group of the panel.
    """

    distinct: float
    alike: float
    withheld: float
    by_group: dict[str, float]


def diversity(seed: int, size: str = "book") -> dict[str, Diversity]:
    """Count the different replies of four assistants.

    Parameters
    ----------
    seed : int
        The profile's.
    size : {"book", "tiny"}
        The profile's.

    Returns
    -------
    mapping of str to Diversity
        Of ``"tuned"``, ``"RLHF"``, ``"DPO"``, and ``"tuned, cooler"``.
    """
    run = Profile(seed, size)
    asked = panel(build_world(seed, size), ASKED[size])
    tuned = fetch(TUNED, run).assistant
    assistants = {"tuned": tuned, "RLHF": fetch(ALIGNED_RLHF, run).assistant, "DPO": fetch(ALIGNED_DPO, run).assistant}
    found = {name: _varied(assistant, asked, seed) for name, assistant in assistants.items()}
    return {**found, "tuned, cooler": _varied(tuned, asked, seed, COOLER)}


def _varied(
    assistant: Assistant, asked: Mapping[str, Sequence[Item]], seed: int, temperature: float = 1.0
) -> Diversity:
    drawn = {
        group: np.reshape(
            assistant.reply([item.turns for item in items for _ in range(DRAWN)], temperature=temperature, seed=seed),
            (-1, DRAWN),
        )
        for group, items in asked.items()
    }
    every = [list(row) for rows in drawn.values() for row in rows]
    by_group = {group: float(np.mean([len(set(row)) for row in rows])) for group, rows in drawn.items()}
    return Diversity(
        float(np.mean([len(set(row)) for row in every])),
        float(np.mean([alike(row) for row in every])),
        float(np.mean([abstains(reply) or refuses(reply) for row in every for reply in row])),
        by_group,
    )


def alike(replies: Sequence[str]) -> float:
    """Return the chance that two different draws of these are the same text.

    Examples
    --------
    >>> alike(["a", "a", "b"])
    0.3333333333333333
    """
    counts = np.array([replies.count(reply) for reply in dict.fromkeys(replies)])
    return float((counts * (counts - 1)).sum() / (len(replies) * (len(replies) - 1)))
