"""The stages of the assistant's life by name, for the command only.

A chapter imports the stages that it tells about; one that imported this module would depend on all of them. So a stage
is imported when it is asked for.
"""

from __future__ import annotations

from typing import Any

from alignbook.store.recipe import Recipe

STAGES = ("tokenizer", "base", "tuned", "reward", "aligned", "evaluated", "released")
"""All stages, in their order."""

TRAINED = ("tokenizer", "base", "tuned")
"""Those that this edition of the book has reached."""

SPEAKING = ("base", "tuned", "aligned")
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
    if stage not in STAGES:
        raise ValueError(f"stage must be one of {', '.join(STAGES)}, got {stage!r}")
    raise NotTrainedError(f"stage {stage!r} is not trained yet: this edition of the book ends at {TRAINED[-1]!r}")


def recipes(stage: str) -> list[tuple[str, Recipe[Any]]]:
    """Return the recipes of a stage and of all before it, with the stages' names.

    Raises
    ------
    ValueError
        As `recipe`.
    """
    last = recipe(stage)
    return [*((name, recipe(name)) for name in TRAINED[: TRAINED.index(stage)]), (stage, last)]
