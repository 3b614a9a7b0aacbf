"""Experiment: real documents and planted noise of known truth go down the funnel; every filter is graded.

For each step it is known how many documents of its noise there were, how many of them it dropped, and what else it
dropped. Real documents have no label, but for the two steps that drop copies the truth can be computed: a document
that was dropped as a copy is compared with all that were kept, word for word.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from alignbook.corpora.numpy_docs import numpy_docstrings
from alignbook.data.boilerplate import find_boilerplate
from alignbook.data.c4 import C4Rules
from alignbook.data.decontamination import Benchmark
from alignbook.data.documents import Document, Provenance, from_corpus
from alignbook.data.gopher import GopherRules
from alignbook.data.grading import SHINGLE, THRESHOLD, Stage, count_planted, grade
from alignbook.data.language_id import LanguageModel, train_language_model
from alignbook.data.pipeline import Pipeline, Step, separate
from alignbook.data.planting import FRAME, Corpus, plant
from alignbook.data.sources import prose
from alignbook.data.steps import (
    Decontaminated,
    Gopher,
    InLanguages,
    Repetition,
    WithoutCopies,
    WithoutNearCopies,
    c4,
    normalised,
    readable,
    redacted,
    without_boilerplate,
)
from alignbook.data.synthetic import OtherLanguage
from alignbook.profile import Profile

TARGETS = {
    "readable": "binary",
    "exact copies": "exact copy",
    "language": "other language",
    "Gopher quality": "spam",
    "C4 rules": "placeholder",
    "Gopher repetition": "repeated",
    "decontamination": "test item",
    "near copies": "near copy",
}
"""Which noise each step is there for."""

MANUAL_RULES = GopherRules(least_words=20, least_alphabetic=0.5, least_stop_words=1)
"""Gopher's rules, loosened for a technical manual, which is full of numbers and short entries."""


@dataclass(frozen=True)
class FunnelConfig:
    """How many documents one size of the experiment has.

    Parameters
    ----------
    documents : int
        Real ones.
    per_kind : int
        Planted ones of each of the ten kinds.
    """

    documents: int
    per_kind: int


CONFIGS = {"tiny": FunnelConfig(documents=400, per_kind=15), "book": FunnelConfig(documents=2_000, per_kind=60)}


@dataclass(frozen=True)
class FunnelResult:
    """The funnel and its grades.

    Parameters
    ----------
    stages : tuple of Stage
        The steps in their order.
    documents, kept, dropped : int
        All documents; the last two add up to the first.
    noise_kept : mapping of str to int
        Planted documents that should have been dropped and were kept, by kind.
    frames_left : int
        Kept documents in which a line of a site's frame still stands.
    frames_planted : int
        How many had it.
    secrets_planted, secrets_left : mapping of str to int
        Made-up personal data in documents that were kept in the end, and how many of them can still be read there.
    marks, right_marks : int
        Pieces of text that were blotted out in kept documents, and how many of them were planted.
    real_kept, real_kept_by_web_rules : int
        Real documents kept by the funnel, and by the same funnel with Gopher's own bounds, made for web pages.
    reasons : tuple of (str, int)
        The most frequent reasons for dropping.
    """

    stages: tuple[Stage, ...]
    documents: int
    kept: int
    dropped: int
    noise_kept: Mapping[str, int]
    frames_left: int
    frames_planted: int
    secrets_planted: Mapping[str, int]
    secrets_left: Mapping[str, int]
    marks: int
    right_marks: int
    real_kept: int
    real_kept_by_web_rules: int
    reasons: tuple[tuple[str, int], ...]


def funnel(seed: int, size: str = "book") -> FunnelResult:
    """Plant noise among NumPy's docstrings, run the pipeline, and grade every step.

    Parameters
    ----------
    seed : int
        Decides the noise and the order.
    size : {"book", "tiny"}
        How many documents; see `CONFIGS`.

    Raises
    ------
    ValueError
        If the size is unknown.
    """
    corpus = planted_corpus(seed, size)
    pipeline = Pipeline(steps_for(corpus, seed))
    kept, dropped = separate(pipeline.run(corpus.documents))
    table = pipeline.funnel()
    by_web_rules, _ = separate(Pipeline(steps_for(corpus, seed, GopherRules())).run(corpus.documents))
    planted_secrets, left_secrets, marks = _secrets(corpus, kept)
    reasons = sum((tally.reasons for tally in table.tallies), start=Counter[str]())
    return FunnelResult(
        stages=grade(table, corpus.documents, kept, dropped, TARGETS),
        documents=table.read,
        kept=table.kept,
        dropped=table.dropped,
        noise_kept={kind: count_planted(kept, kind) for kind in TARGETS.values()},
        frames_left=sum(any(line in one.text for line in FRAME) for one in kept if one.provenance.planted == "framed"),
        frames_planted=count_planted(corpus.documents, "framed"),
        secrets_planted=planted_secrets,
        secrets_left=left_secrets,
        marks=marks,
        right_marks=sum(planted_secrets.values()) - sum(left_secrets.values()),
        real_kept=count_planted(kept, ""),
        real_kept_by_web_rules=count_planted(by_web_rules, ""),
        reasons=tuple(reasons.most_common(8)),
    )


def planted_corpus(seed: int, size: str = "book") -> Corpus:
    """Return the corpus of this experiment, real documents and noise in one order."""
    config = CONFIGS[Profile(seed, size).size]
    real = list(from_corpus(numpy_docstrings(), Provenance("NumPy docstrings", licence="BSD-3-Clause")))
    chosen = np.linspace(0, len(real) - 1, min(config.documents, len(real))).astype(np.int64)
    return plant([real[at] for at in chosen.tolist()], config.per_kind, np.random.default_rng(seed))


def steps_for(corpus: Corpus, seed: int, rules: GopherRules = MANUAL_RULES) -> list[Step]:
    """Return the steps of the funnel, in their order; they have memory, so make them anew for every run."""
    return [
        readable(),
        normalised(),
        WithoutCopies(),
        without_boilerplate(find_boilerplate(_sites(corpus), least=5, share=0.5)),
        InLanguages(_languages(), ("English",)),
        Gopher(rules),
        c4(C4Rules(terminal_punctuation=False, curly_brackets=False, least_words_a_line=0, least_sentences=1)),
        Repetition(),
        Decontaminated(Benchmark.of(corpus.benchmark)),
        WithoutNearCopies(THRESHOLD, SHINGLE, seed=seed),
        redacted(),
    ]


def _sites(corpus: Corpus) -> list[Document]:
    """Return the pages of the one site: boilerplate is looked for site by site, as a crawler knows them."""
    return [document for document in corpus.documents if document.name.endswith("framed")]


def _languages() -> LanguageModel:
    """Train on prose, and on the same prose in languages that are not those of the corpus."""
    english = [document.text for document in prose()[::4]]
    others = [OtherLanguage.draw(np.random.default_rng(900 + at)) for at in range(8)]
    foreign = [language.translate(text) for language in others for text in english[:: len(others)]]
    return train_language_model({"English": english, "other": foreign})


def _secrets(corpus: Corpus, kept: Sequence[Document]) -> tuple[dict[str, int], dict[str, int], int]:
    """Return by kind the planted secrets in kept documents and those still to be read; and all marks."""
    planted: dict[str, int] = {}
    left: dict[str, int] = {}
    marks = 0
    for document in kept:
        marks += sum(document.text.count(f"[{kind}]") for kind in ("EMAIL", "PHONE", "CARD", "KEY"))
        for kind, secret in corpus.secrets.get(document.name, ()):
            planted[kind] = planted.get(kind, 0) + 1
            left[kind] = left.get(kind, 0) + (secret in document.text)
    return planted, left, marks
