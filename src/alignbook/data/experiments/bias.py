"""Experiment: what a filter drops is not spread evenly, and an association in the data passes every filter.

Two regions, two trades. Four in five on the coast are weavers, four in five in the hills are miners: the planted
association. People in the hills also write in a variety of the language, with words of their own. A language filter
that knows the standard drops more of their texts. So the hills, and with them the miners, become fewer, though nobody
meant it; and whoever is left shows the old association as before. Dropping as many documents at random, the control,
changes neither. Only a step that looks at the association itself, drawing documents by weights, takes it away.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from alignbook.data.documents import Document, Provenance
from alignbook.data.language_id import LanguageModel, train_language_model
from alignbook.data.pipeline import Pipeline, separate
from alignbook.data.sources import prose
from alignbook.data.steps import InLanguages
from alignbook.data.synthetic import OtherLanguage
from alignbook.stats.proportions import Interval, wilson

REGIONS, TRADES = ("coast", "hills"), ("weaver", "miner")
PLANTED = 0.8
"""The share of the people of a region who have the trade that goes with it."""
SHARES_OF_OWN_WORDS = {"coast": (0.0, 0.4), "hills": (0.3, 0.7)}
"""From how many to how many of its words a text of each region has from the hills' variety."""

COUNTS = {"tiny": 600, "book": 4_000}


@dataclass(frozen=True)
class Measured:
    """What a corpus says about the two regions.

    Parameters
    ----------
    documents : int
        How many there are.
    hills, miners : float
        The share of texts from the hills, and about miners.
    association : float
        The share of weavers on the coast less that in the hills: 0 for no association, 1 for a full one.
    hills_interval : Interval
        Wilson's, for the share of the hills.
    """

    documents: int
    hills: float
    miners: float
    association: float
    hills_interval: Interval


@dataclass(frozen=True)
class Bias:
    """The corpus before and after each way of choosing from it.

    Parameters
    ----------
    before, filtered, random, balanced : Measured
        All documents; those that the language filter keeps; as many at random; of the filtered ones, a draw that
        weighs each region and trade alike.
    dropped_coast, dropped_hills : float
        Which share of the texts of each region the filter drops.
    examples : tuple of str
        A text that is kept and one that is dropped, as they begin.
    """

    before: Measured
    filtered: Measured
    random: Measured
    balanced: Measured
    dropped_coast: float
    dropped_hills: float
    examples: tuple[str, str]


def bias(seed: int, size: str = "book") -> Bias:
    """Follow a planted association through a language filter.

    Parameters
    ----------
    seed : int
        Decides the texts, the people and the variety of the language.
    size : {"book", "tiny"}
        How many documents; see `COUNTS`.

    Raises
    ------
    ValueError
        If the size is unknown.

    References
    ----------
    Dodge et al. (2021), "Documenting Large Webtext Corpora: A Case Study on the Colossal Clean Crawled Corpus",
    section 5: C4's filter removed more of the text in African American English and in Hispanic-aligned English.
    """
    if size not in COUNTS:
        raise ValueError(f"size must be one of {', '.join(COUNTS)}, got {size!r}")
    rng = np.random.default_rng(seed)
    variety = OtherLanguage.draw(rng)
    people = _people(COUNTS[size], rng)
    documents = _documents(people, variety, rng)
    pipeline = Pipeline([InLanguages(_standard_against(variety), ("standard",))])
    kept, dropped = separate(pipeline.run(documents))
    chosen = np.array([int(document.name) for document in kept])
    control = rng.choice(len(people), len(kept), replace=False)
    gone = np.setdiff1d(np.arange(len(people)), chosen)
    return Bias(
        before=_measure(people),
        filtered=_measure(people[chosen]),
        random=_measure(people[control]),
        balanced=_measure(_balance(people[chosen], rng)),
        dropped_coast=float((people[gone, 0] == 0).sum() / (people[:, 0] == 0).sum()),
        dropped_hills=float((people[gone, 0] == 1).sum() / (people[:, 0] == 1).sum()),
        examples=(kept[0].text[:120], dropped[0].document.text[:120]),
    )


def _people(count: int, rng: np.random.Generator) -> NDArray[np.int64]:
    """Return a region and a trade for each person, shape (people, 2)."""
    regions = rng.integers(0, 2, count)
    typical = rng.random(count) < PLANTED
    return np.stack([regions, np.where(typical, regions, 1 - regions)], axis=1)


def _documents(people: NDArray[np.int64], variety: OtherLanguage, rng: np.random.Generator) -> list[Document]:
    """Write a text of each person: who they are, and a few sentences, in the language of their region."""
    paragraphs = [line for document in prose() for line in document.text.split("\n") if 200 <= len(line) <= 400]
    documents = []
    for number, (region, trade) in enumerate(people.tolist()):
        low, high = SHARES_OF_OWN_WORDS[REGIONS[region]]
        paragraph = paragraphs[int(rng.integers(0, len(paragraphs)))]
        text = f"I am a {TRADES[trade]} and live on the {REGIONS[region]}. {paragraph}"
        mixed = variety.mix_in(text, float(rng.uniform(low, high)), rng)
        documents.append(Document(str(number), mixed, Provenance("letters", planted=REGIONS[region])))
    return documents


def _standard_against(variety: OtherLanguage) -> LanguageModel:
    """Train a filter on texts of the standard, and on the same texts wholly in the variety."""
    standard = [document.text for document in prose()[::4]]
    return train_language_model({"standard": standard, "variety": [variety.translate(text) for text in standard]})


def _balance(people: NDArray[np.int64], rng: np.random.Generator) -> NDArray[np.int64]:
    """Draw as many people, each with a weight of 1 over how many share their region and trade."""
    group = people[:, 0] * 2 + people[:, 1]
    weights = 1 / np.bincount(group, minlength=4)[group]
    return people[rng.choice(len(people), len(people), p=weights / weights.sum())]


def _measure(people: NDArray[np.int64]) -> Measured:
    in_hills, is_miner = people[:, 0] == 1, people[:, 1] == 1
    hills = int(in_hills.sum())
    return Measured(
        documents=len(people),
        hills=hills / len(people),
        miners=float(is_miner.mean()),
        association=float((~is_miner[~in_hills]).mean() - (~is_miner[in_hills]).mean()),
        hills_interval=wilson(hills, len(people)),
    )
