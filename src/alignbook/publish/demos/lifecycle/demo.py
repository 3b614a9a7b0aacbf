"""*The lifecycle map*, ready for the first page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

from alignbook.publish.demos.demo import Demo
from alignbook.publish.tables import table_output

NOT_REACHED = "This edition has not taken it through this stage yet."


@dataclass(frozen=True)
class Station:
    """A stage of the lifecycle.

    Parameters
    ----------
    stage : str
        Its name.
    into, out : str
        What goes in, and what comes out.
    wrong : str
        What can go wrong.
    page : str
        The page that tells about it; empty where there is none yet.
    """

    stage: str
    into: str
    out: str
    wrong: str
    page: str = ""


STATIONS = (
    Station(
        "Collect and filter data",
        "Whatever text there is: web pages, books, code.",
        "Text that is worth reading, and a record of what was left out, and why.",
        "Copies are learned by heart, private data stays in, and a filter for good language drops somebody's language.",
        "data",
    ),
    Station(
        "Pretrain",
        "The filtered text, cut into tokens.",
        "A base model: it continues any text, token by token.",
        "It takes up what the text says, true or not, and says both equally well.",
        "pretraining",
    ),
    Station(
        "Fine-tune",
        "The base model, and demonstrations of good replies.",
        "A tuned model: it answers instead of going on.",
        "It learns how an answer sounds, also where it knows none.",
        "finetuning",
    ),
    Station(
        "Align with feedback",
        "The tuned model, and people's choices between two of its replies.",
        "An assistant that replies as people prefer.",
        "People prefer to be agreed with, and to be told things firmly; so that is what it learns to do.",
        "alignment",
    ),
    Station(
        "Evaluate and red-team",
        "The assistant, tests that it has not seen, and people who try to break it.",
        "Numbers with their errors, and a decision: release it, or go back.",
        "The tests were in its training text, or are too easy, or ask for something else than its users do.",
    ),
    Station(
        "Deploy with safeguards",
        "The assistant, and rules, filters and limits around it.",
        "A product, and a trace of how it is used: from there, the next version begins at the first stage.",
        "The layers fail together, and what is learned from use is learned from those who wish to teach it harm.",
    ),
)
"""The stages in their order; after the last, the way leads back to the first."""


def lifecycle_map(numbers: Mapping[str, str], pages: Sequence[str] = (), *, name: str = "lifecycle") -> Demo:
    """Make the demo.

    Parameters
    ----------
    numbers : mapping of str to str
        For each stage that our assistant has passed through, by name, one number that this build has computed there, in
        a sentence.
    pages : sequence of str
        The chapters that there are; a station whose page is not among them has no link.
    name : str
        Of the demo on its page.

    Raises
    ------
    ValueError
        If a stage is unknown.
    """
    known = [station.stage for station in STATIONS]
    for stage in numbers:
        if stage not in known:
            raise ValueError(f"stage must be one of {', '.join(known)}, got {stage!r}")
    told = [numbers.get(stage, NOT_REACHED) for stage in known]
    static = table_output(
        {
            "stage": [f"{station.stage}. In: {station.into} Out: {station.out}" for station in STATIONS],
            "what can go wrong": [station.wrong for station in STATIONS],
            "our assistant": told,
        },
        name=name,
        caption="The six stages. Notice that each has a fault of its own, and that the last leads back to the first.",
    )
    stations = [
        {**asdict(station), "page": station.page if station.page in pages else "", "number": number}
        for station, number in zip(STATIONS, told, strict=True)
    ]
    return Demo(
        name=name,
        element="ab-lifecycle",
        title="The lifecycle of an assistant",
        says="Choose a stage: what goes in, what comes out, what can go wrong, and one number from our own assistant.",
        tries=(
            "Go round once with the arrow keys. Which stage needs people most?",
            "Choose a fault of an assistant that you know. At which of the stages could it have come in?",
        ),
        data={"stations": stations},
        static=static,
    )
