"""The steps of a data pipeline, each from the algorithm in the file named for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from alignbook.data.boilerplate import Boilerplate
from alignbook.data.c4 import C4Rules
from alignbook.data.decontamination import Benchmark
from alignbook.data.documents import Document
from alignbook.data.encoding import broken_share, repair
from alignbook.data.exact import SeenTexts
from alignbook.data.gopher import GopherRules
from alignbook.data.language_id import LanguageModel, language_problems
from alignbook.data.lsh import Bands, LSHIndex, choose_bands
from alignbook.data.minhash import Permutations, Signatures, estimate_jaccard, text_signatures
from alignbook.data.normalise import normalise
from alignbook.data.personal_data import redact
from alignbook.data.pipeline import Dropped, EachDocument
from alignbook.data.repetition import RepetitionRules
from alignbook.data.tokens import word_table

MOST_BROKEN = 0.05
LONGEST_DOCUMENT = 20_000_000


def readable(most_broken: float = MOST_BROKEN, longest: int = LONGEST_DOCUMENT) -> EachDocument:
    """Drop what is no text (binary, empty or too long), and repair a few characters of another encoding."""

    def problem(text: str) -> str | None:
        if len(text) > longest:
            return f"{len(text)} characters, more than {longest}"
        share = broken_share(text)
        return f"{share:.0%} of the characters are broken: no text" if share > most_broken else None

    def rewrite(text: str) -> str:
        return repair(text) if 0 < broken_share(text) <= most_broken else text

    def problem_or_empty(text: str) -> str | None:
        return "empty" if not text or text.isspace() else problem(text)

    return EachDocument("readable", rewrite, problem_or_empty)


def normalised() -> EachDocument:
    """Give equal-looking texts one spelling; see `alignbook.data.normalise`."""
    return EachDocument("normalise", normalise, _empty)


def without_boilerplate(boilerplate: Boilerplate) -> EachDocument:
    """Take out the lines that many documents share; drop what has nothing else."""
    return EachDocument("boilerplate", boilerplate.strip, _empty)


def c4(rules: C4Rules) -> EachDocument:
    """Keep the lines that are sentences, and the documents that have enough; see `alignbook.data.c4`."""
    return EachDocument("C4 rules", rules.clean, rules.problem)


def redacted() -> EachDocument:
    """Blot out personal data and keys; drops nothing."""
    return EachDocument("personal data", lambda text: redact(text)[0])


@dataclass(frozen=True)
class WithoutCopies:
    """Drop documents that say what an earlier one said, word for word."""

    name: str = "exact copies"
    seen: SeenTexts = field(default_factory=SeenTexts)

    def __call__(self, documents: Sequence[Document]) -> list[Document | Dropped]:
        """Keep the first of each text."""
        return [self._one(document) for document in documents]

    def _one(self, document: Document) -> Document | Dropped:
        first = self.seen.first(document.text)
        return document if first is None else Dropped(document, self.name, f"the text of document {first}")


@dataclass(frozen=True)
class Gopher:
    """Drop documents that break Gopher's rules of quality."""

    rules: GopherRules = field(default_factory=GopherRules)
    name: str = "Gopher quality"

    def __call__(self, documents: Sequence[Document]) -> list[Document | Dropped]:
        """Count the words of all documents at once."""
        texts = [document.text for document in documents]
        return _fates(documents, self.rules.problems(texts, word_table(texts)), self.name)


@dataclass(frozen=True)
class Repetition:
    """Drop documents that break Gopher's rules of repetition."""

    rules: RepetitionRules = field(default_factory=RepetitionRules)
    name: str = "Gopher repetition"

    def __call__(self, documents: Sequence[Document]) -> list[Document | Dropped]:
        """Count the runs of words of all documents at once."""
        texts = [document.text for document in documents]
        return _fates(documents, self.rules.problems(texts, word_table(texts)), self.name)


@dataclass(frozen=True)
class InLanguages:
    """Drop documents in other languages than the wanted ones."""

    model: LanguageModel
    wanted: tuple[str, ...]
    name: str = "language"

    def __call__(self, documents: Sequence[Document]) -> list[Document | Dropped]:
        """Score all documents at once."""
        texts = [document.text for document in documents]
        return _fates(documents, language_problems(texts, self.model, self.wanted), self.name)


@dataclass(frozen=True)
class Decontaminated:
    """Drop documents that share a run of words with a test item."""

    benchmark: Benchmark
    name: str = "decontamination"

    def __call__(self, documents: Sequence[Document]) -> list[Document | Dropped]:
        """Look up all runs at once."""
        shared = self.benchmark.shared_runs([document.text for document in documents])
        size = self.benchmark.size
        reasons = [f"{count} runs of {size} words stand in a test item" if count else None for count in shared]
        return _fates(documents, reasons, self.name)


class WithoutNearCopies:
    """Drop documents that are nearly an earlier one: MinHash finds the candidates, and the whole signature decides.

    Of each kept document the signature is kept, 4 bytes for each permutation, and its bands.

    Parameters
    ----------
    threshold : float
        From which estimated Jaccard similarity on a document is dropped.
    size : int
        Words in a shingle.
    permutations : int
        How long the signatures are.
    seed : int
        Decides the permutations.
    """

    def __init__(self, threshold: float = 0.7, size: int = 5, permutations: int = 128, seed: int = 0) -> None:
        self.name = "near copies"
        self.threshold = threshold
        self.bands: Bands = choose_bands(threshold, permutations)
        self._size = size
        self._permutations = Permutations.draw(permutations, np.random.default_rng(seed))
        self._index = LSHIndex(self.bands)
        self._kept: list[Signatures] = []

    def __call__(self, documents: Sequence[Document]) -> list[Document | Dropped]:
        """Compute the signatures of all documents at once, then look for each among the kept ones."""
        signatures = text_signatures([document.text for document in documents], self._size, self._permutations)
        keys = self._index.band_keys(signatures)
        reasons = [self._reason(signature, key) for signature, key in zip(signatures, keys, strict=True)]
        return _fates(documents, reasons, self.name)

    def _reason(self, signature: Signatures, keys: list[int]) -> str | None:
        candidates = self._index.members(keys)
        if candidates:
            estimates = estimate_jaccard(np.stack([self._kept[other] for other in candidates]), signature)
            best = int(estimates.argmax())
            if estimates[best] >= self.threshold:
                return f"similarity about {estimates[best]:.2f} to kept document {candidates[best]}"
        self._index.insert(keys)
        self._kept.append(signature)
        return None


def _empty(text: str) -> str | None:
    return None if text else "nothing is left"


def _fates(documents: Sequence[Document], reasons: Sequence[str | None], step: str) -> list[Document | Dropped]:
    return [
        Dropped(document, step, reason) if reason else document
        for document, reason in zip(documents, reasons, strict=True)
    ]
