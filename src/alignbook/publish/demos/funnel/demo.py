"""*A document walks the funnel*, ready for a page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

import numpy as np

from alignbook.data.experiments.walks import Walk
from alignbook.publish.demos.demo import Demo
from alignbook.publish.demos.funnel.passing import passage
from alignbook.publish.tables import table_output

ASKS = {
    "readable": "Is it text?",
    "normalise": "Equal-looking signs are made equal.",
    "exact copies": "Was the same text here before?",
    "boilerplate": "Lines that the site puts on all of its pages are cut out.",
    "language": "Is it English?",
    "Gopher quality": "Enough words, of sensible length, some of them “the” and “of”?",
    "C4 rules": "Whole sentences, and no placeholder text?",
    "Gopher repetition": "Does it repeat itself?",
    "decontamination": "Does it quote a question of a test?",
    "near copies": "Was nearly the same text here before?",
    "personal data": "Addresses, numbers and keys are blotted out.",
}
"""What each step of the funnel does, in a few words."""


def document_funnel(walks: Sequence[Walk], seed: int, *, name: str = "walk-the-funnel") -> Demo:
    """Make the demo.

    Parameters
    ----------
    walks : sequence of Walk
        The documents' ways, from `alignbook.data.experiments.walks.walks`.
    seed : int
        Decides their order, so that it gives nothing away.
    name : str
        Of the demo on its page.

    Raises
    ------
    ValueError
        If there is no walk, or a step of one is not described in `ASKS`.
    """
    if not walks:
        raise ValueError("walks must hold one document at least, got none")
    unknown = [stop.step for walk in walks for stop in walk.stops if stop.step not in ASKS]
    if unknown:
        raise ValueError(f"step {unknown[0]!r} is not described: say in ASKS what it does")
    steps = list(ASKS)
    order = np.random.default_rng([seed, 5]).permutation(len(walks))
    passages = [passage(walks[place], steps, f"Document {at}") for at, place in enumerate(order.tolist(), 1)]
    static = table_output(
        {
            "document": [one.planted or "a real page" for one in walks],
            "changed by": [", ".join(steps[change.at] for change in passage(one, steps, "").changes) for one in walks],
            "dropped by": [one.dropped_by for one in walks],
            "reason": [one.stops[-1].reason for one in walks],
        },
        name=name,
        caption="The documents of the demo: what each was, which steps changed it, and what became of it. Notice that "
        "every drop names its rule and its number, so that one can disagree with it.",
    )
    return Demo(
        name=name,
        element="ab-funnel",
        title="A document walks the funnel",
        says="Read a document, bet which step will stop it, and let it walk. Some are real pages, others were planted "
        "as noise. What a step cuts out is struck through, what it puts in is underlined.",
        tries=(
            "Bet on all of them. How many would you have judged as the funnel does?",
            "Find a real page that is dropped by a rule of quality. Would you have dropped it?",
            "Find the advertisement that comes out at the end. Which step could have stopped it, and what else would "
            "that step have stopped?",
        ),
        data={
            "steps": [{"name": step, "asks": asks} for step, asks in ASKS.items()],
            "documents": [asdict(one) for one in passages],
        },
        static=static,
    )
