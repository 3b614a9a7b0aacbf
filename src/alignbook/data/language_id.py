"""Which language is this text? Runs of three bytes tell, after a few words of reading."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_ONLY_LETTERS = bytes(byte if byte >= 128 or chr(byte).isalpha() else 32 for byte in range(256))
BUCKETS = 2**15
"""Three bytes are hashed to so many numbers, which they share about evenly."""


@dataclass(frozen=True)
class LanguageModel:
    """How likely each run of three bytes is in each language.

    Parameters
    ----------
    languages : tuple of str
        Their names.
    logprobs : array of float32, shape (buckets, languages)
        Natural logarithms of the probability of a run.
    """

    languages: tuple[str, ...]
    logprobs: NDArray[np.float32]

    def scores(self, texts: Sequence[str], longest: int = 1000) -> NDArray[np.float64]:
        """Return the probability of each language, given that it is one of them and all equally likely beforehand.

        Neighbouring runs overlap, so they are no independent witnesses; each counts a third. A text without a letter
        leaves all languages equally likely.

        Parameters
        ----------
        texts : sequence of str
            The documents.
        longest : int
            How many characters of each are read, from its beginning.

        Returns
        -------
        array of float, shape (texts, languages)
            The probabilities.
        """
        runs, offsets = _runs([text[:longest] for text in texts])
        totals = np.zeros((len(self.languages), len(runs) + 1))
        for total, logprobs in zip(totals, self.logprobs.T, strict=True):
            np.cumsum(logprobs[runs], dtype=np.float64, out=total[1:])
        logits = (totals[:, offsets[1:]] - totals[:, offsets[:-1]]).T / 3  # (texts, languages)
        weights = np.exp(logits - logits.max(axis=1, keepdims=True))
        return np.asarray(weights / weights.sum(axis=1, keepdims=True), dtype=np.float64)

    def identify(self, text: str) -> str:
        """Return the most likely language; of equals, the first."""
        return self.languages[int(self.scores([text])[0].argmax())]


def train_language_model(texts: Mapping[str, Iterable[str]], *, pseudocount: float = 0.5) -> LanguageModel:
    """Count the runs of three bytes in texts of known languages.

    Parameters
    ----------
    texts : mapping of str to iterable of str
        For each language, texts in it.
    pseudocount : float
        Added to each count: what was never seen is unlikely, not impossible.

    Raises
    ------
    ValueError
        If there are fewer than two languages, a language has no text, or the pseudocount is not positive.

    References
    ----------
    Cavnar and Trenkle (1994), "N-Gram-Based Text Categorization", compare ranks of character n-grams; Dunning (1994),
    "Statistical Identification of Language", compares probabilities of runs of bytes, as here.

    Examples
    --------
    >>> model = train_language_model({"en": ["the cat and the hat"], "de": ["die Katze und der Hut"]})
    >>> model.identify("the hat"), model.identify("der Hut")
    ('en', 'de')
    """
    if len(texts) < 2:
        raise ValueError(f"texts must be in two languages or more, got {len(texts)}")
    if pseudocount <= 0:
        raise ValueError(f"pseudocount must be > 0, got {pseudocount}")
    columns = []
    for language, sample in texts.items():
        counts = np.bincount(_runs(list(sample))[0], minlength=BUCKETS)
        if not counts.any():
            raise ValueError(f"each language needs text to learn from, got none for {language!r}")
        columns.append(np.log((counts + pseudocount) / (counts.sum() + pseudocount * BUCKETS)))
    return LanguageModel(tuple(texts), np.stack(columns, axis=1).astype(np.float32))


def language_problems(
    texts: Sequence[str], model: LanguageModel, wanted: Sequence[str], least: float = 0.5
) -> list[str | None]:
    """Return for each text why it is in none of the wanted languages, or None if it is in one.

    Parameters
    ----------
    texts : sequence of str
        The documents.
    model : LanguageModel
        Knows the wanted languages, and those that the corpus may also hold.
    wanted : sequence of str
        The languages to keep.
    least : float
        The probability that they must have together.

    Raises
    ------
    ValueError
        If no language is wanted, or one that the model does not know.
    """
    unknown = [language for language in wanted if language not in model.languages]
    if unknown or not wanted:
        raise ValueError(f"wanted must be among {', '.join(model.languages)}, got {', '.join(unknown) or 'none'}")
    scores = model.scores(texts)
    good = scores[:, [model.languages.index(language) for language in wanted]].sum(axis=1)
    return [
        None if share >= least else f"most likely {model.languages[top]} ({scores[row, top]:.0%})"
        for row, (share, top) in enumerate(zip(good.tolist(), scores.argmax(axis=1).tolist(), strict=True))
    ]


def _runs(texts: Sequence[str]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the buckets of the runs of three bytes within words and at their edges, and where each text's begin.

    Letters are lower-cased; digits and punctuation only part words.
    """
    words = (text.lower().encode("utf-8", "replace").translate(_ONLY_LETTERS).split() for text in texts)
    parts = [b" %b " % b" ".join(part) if part else b"" for part in words]
    data = np.frombuffer(b"".join([*parts, b"  "]), dtype=np.uint8).astype(np.uint32)
    runs = (data[:-2] << 16) | (data[1:-1] << 8) | data[2:]
    # The last two runs of each text would reach into the next.
    sizes = np.array([len(part) for part in parts], dtype=np.int64)
    ends = np.cumsum(sizes)
    kept = np.ones(len(runs), dtype=bool)
    kept[np.concatenate([ends[sizes > 0] - 1, ends[sizes > 0] - 2])] = False
    offsets = np.concatenate([[0], np.cumsum(np.maximum(sizes - 2, 0))])
    return (runs[kept] * np.uint32(0x9E3779B1) >> np.uint32(17)).astype(np.int64), offsets
