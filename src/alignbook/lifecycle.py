"""The stages of the assistant's life by name, for the command only.

A chapter imports the stages that it tells about; one that imported this module would depend on all of them. So a stage
is imported when it is asked for.
"""

from __future__ import annotations

from typing import Any

from alignbook.store.recipe import Recipe

STAGES = (
    "tokenizer",
    "base",
    "tuned",
    "comparisons",
    "reward",
    "aligned",
    "aligned-dpo",
    "evaluated",
    "released",
)
"""All stages, in their order; the assistant of the book is aligned by RLHF, and DPO is the other way from tuned."""

TRAINED = STAGES[:7]
"""Those that this edition of the book has reached."""

SPEAKING = ("base", "tuned", "aligned", "aligned-dpo")
"""Those that one can talk to."""


class NotTrainedError(ValueError):
    """A stage of the lifecycle that the book has not reached yet."""


def recipe(stage: str) -> Recipe[Any]:
    """Return what makes a stage's artefact.

    Raises
    ------
    NotTrainedError
        If the book has not reached the stage.
    ValueError
        If there is no such stage.
    """
    match stage:
        case "tokenizer":
            from alignbook.pretraining.stage import TOKENIZER

            return TOKENIZER
        case "base":
            from alignbook.pretraining.stage import BASE

            return BASE
        case "tuned":
            from alignbook.finetuning.stage import TUNED

            return TUNED
        case "comparisons" | "reward" | "aligned" | "aligned-dpo":
            from alignbook.alignment.stage import RECIPES

            return next(each for each in RECIPES if each.name == stage)
    if stage not in STAGES:
        raise ValueError(f"stage must be one of {', '.join(STAGES)}, got {stage!r}")
    raise NotTrainedError(f"stage {stage!r} is not trained yet: this edition of the book ends at {TRAINED[-1]!r}")


def recipes(stage: str | None = None) -> list[tuple[str, Recipe[Any]]]:
    """Return the recipes that a stage needs, and its own, with the stages' names; of all stages where none is named.

    Raises
    ------
    ValueError
        As `recipe`.
    """
    found: dict[str, Recipe[Any]] = {}

    def need(each: Recipe[Any]) -> None:
        for upstream in each.inputs:
            need(upstream)
        found.setdefault(each.name, each)

    for name in TRAINED if stage is None else (stage,):
        need(recipe(name))
    return list(found.items())
