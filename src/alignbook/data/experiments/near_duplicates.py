"""Experiment: MinHash with bands finds near copies at the rate that its S-curve says, without comparing all pairs.

Two measurements. Pairs of texts that share more and more words meet in a band as often as the formula
``1 - (1 - s**rows)**bands`` predicts from their exact Jaccard similarity. And in a real corpus, where every pair can
still be compared exactly, the pairs that are found are set against all that there are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from alignbook.corpora.numpy_docs import numpy_docstrings
from alignbook.data.exact import SeenTexts
from alignbook.data.lsh import Bands, LSHIndex, choose_bands
from alignbook.data.minhash import Permutations, estimate_jaccard, set_signatures, text_signatures
from alignbook.data.shingles import HashedRuns, hash_shingles, hash_words, jaccard, shingle_set
from alignbook.profile import Profile
from alignbook.stats.proportions import Interval, wilson

SHINGLE = 5


@dataclass(frozen=True)
class NearDuplicatesConfig:
    """How much one size of the experiment measures.

    Parameters
    ----------
    pairs : int
        Pairs of each similarity.
    documents : int
        Documents of the corpus that are compared, each with each.
    permutations : int
        The length of the signatures.
    threshold : float
        The similarity for which the bands are chosen.
    """

    pairs: int
    documents: int
    permutations: int = 128
    threshold: float = 0.7


CONFIGS = {
    "tiny": NearDuplicatesConfig(pairs=100, documents=800),
    "book": NearDuplicatesConfig(pairs=1_000, documents=1_400),
}
SIMILARITIES = (0.3, 0.45, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.9)
SET_SIZE = 200
PAIRS_AT_ONCE = 50
SHINGLES_AT_ONCE = 4096


@dataclass(frozen=True)
class NearDuplicates:
    """What was measured.

    Parameters
    ----------
    bands : Bands
        How signatures are cut.
    similarities : tuple of float
        The exact Jaccard similarities of the made pairs.
    predicted, caught : tuple of float
        Which share of the pairs of each similarity meets, by the formula and as counted.
    intervals : tuple of Interval
        Wilson's for the counted shares, at 99.9%.
    estimate_error, predicted_error : tuple of float
        The root mean squared error of the estimated similarity, and ``sqrt(s * (1 - s) / permutations)``.
    documents, all_pairs : int
        The real corpus, exact copies taken out.
    similar_pairs : int
        Pairs whose exact similarity reaches the threshold.
    candidate_pairs : int
        Pairs that meet in a band; only these need be compared.
    found_pairs : int
        Those of the similar pairs that are candidates.
    expected_found : float
        How many of them should be, by the formula.
    reported_pairs, rightly_reported_pairs : int
        Candidates whose estimate reaches the threshold, and those of them that are similar.
    """

    bands: Bands
    similarities: tuple[float, ...]
    predicted: tuple[float, ...]
    caught: tuple[float, ...]
    intervals: tuple[Interval, ...]
    estimate_error: tuple[float, ...]
    predicted_error: tuple[float, ...]
    documents: int
    all_pairs: int
    similar_pairs: int
    candidate_pairs: int
    found_pairs: int
    expected_found: float
    reported_pairs: int
    rightly_reported_pairs: int


def near_duplicates(seed: int, size: str = "book") -> NearDuplicates:
    """Measure the S-curve on made pairs, and candidates against exact similarity in NumPy's docstrings.

    Parameters
    ----------
    seed : int
        Decides the permutations and the made pairs.
    size : {"book", "tiny"}
        How much to measure; see `CONFIGS`.

    Raises
    ------
    ValueError
        If the size is unknown.
    """
    config = CONFIGS[Profile(seed, size).size]
    rng = np.random.default_rng(seed)
    bands = choose_bands(config.threshold, config.permutations)
    curve = [_made_pairs(similarity, bands, config, rng) for similarity in SIMILARITIES]
    exact, met, errors = zip(*curve, strict=True)
    caught = [int(np.sum(one)) for one in met]
    texts = _distinct_texts(config.documents)
    similar = _similar_pairs(texts, config.threshold)
    candidates, reported = _found_pairs(texts, bands, config, rng)
    return NearDuplicates(
        bands=bands,
        similarities=exact,
        predicted=tuple(bands.catch_rate(exact).tolist()),
        caught=tuple(count / config.pairs for count in caught),
        intervals=tuple(wilson(count, config.pairs, 0.999) for count in caught),
        estimate_error=tuple(float(np.sqrt(np.mean(np.square(error)))) for error in errors),
        predicted_error=tuple((s * (1 - s) / config.permutations) ** 0.5 for s in exact),
        documents=len(texts),
        all_pairs=len(texts) * (len(texts) - 1) // 2,
        similar_pairs=len(similar),
        candidate_pairs=len(candidates),
        found_pairs=len(candidates & similar.keys()),
        expected_found=float(bands.catch_rate(list(similar.values())).sum()),
        reported_pairs=len(reported),
        rightly_reported_pairs=len(reported & similar.keys()),
    )


def _made_pairs(
    similarity: float, bands: Bands, config: NearDuplicatesConfig, rng: np.random.Generator
) -> tuple[float, NDArray[np.bool_], NDArray[np.float64]]:
    """Return the exact similarity of pairs of sets, which of them meet, and the errors of the estimates.

    The similarity of two sets with `n` elements each that share `m` is ``m / (2n - m)``. Every pair is
    drawn anew, and the permutations often, so that the pairs are independent of each other.
    """
    shared = round(2 * SET_SIZE * similarity / (1 + similarity))
    exact = shared / (2 * SET_SIZE - shared)
    met, errors = [], []
    for start in range(0, config.pairs, PAIRS_AT_ONCE):
        count = min(PAIRS_AT_ONCE, config.pairs - start)
        elements = rng.integers(0, 2**64, (count, 2 * SET_SIZE - shared), dtype=np.uint64)
        sets = np.concatenate([elements[:, :SET_SIZE], elements[:, -SET_SIZE:]], axis=1)  # left and right side by side
        runs = HashedRuns(sets.reshape(-1), np.arange(2 * count + 1) * SET_SIZE)
        signatures = set_signatures(runs, Permutations.draw(config.permutations, rng))
        neighbours = LSHIndex(bands).add(signatures)
        met += [2 * pair in neighbours[2 * pair + 1] for pair in range(count)]
        errors += (estimate_jaccard(signatures[::2], signatures[1::2]) - exact).tolist()
    return exact, np.array(met), np.array(errors)


def _distinct_texts(count: int) -> list[str]:
    """Return so many of NumPy's docstrings, spread over the corpus, exact copies taken out."""
    seen = SeenTexts()
    texts = [document.text for document in numpy_docstrings() if seen.first(document.text) is None]
    chosen = np.linspace(0, len(texts) - 1, min(count, len(texts))).astype(np.int64)
    return [texts[at] for at in chosen.tolist()]


def _similar_pairs(texts: Sequence[str], threshold: float) -> dict[tuple[int, int], float]:
    """Compare every pair, exactly, and return the similar ones with their similarity."""
    runs = hash_shingles(hash_words(texts), SHINGLE)
    _, shingle = np.unique(runs.hashes, return_inverse=True)
    holder = np.repeat(np.arange(len(runs)), np.diff(runs.offsets))
    # Which text holds which shingle, each once, ordered by shingle.
    holdings = np.unique(shingle * len(runs) + holder)
    shingle, holder = np.divmod(holdings, len(runs))
    sizes = np.bincount(holder, minlength=len(runs))
    # What only one text holds, and that is most, is common to no two.
    shared = np.bincount(shingle)[shingle] > 1
    _, shingle = np.unique(shingle[shared], return_inverse=True)
    holder = holder[shared]
    common = np.zeros((len(runs), len(runs)), dtype=np.float32)
    for first in range(0, int(shingle[-1]) + 1, SHINGLES_AT_ONCE):
        here = slice(*np.searchsorted(shingle, [first, first + SHINGLES_AT_ONCE]))
        holds = np.zeros((len(runs), SHINGLES_AT_ONCE), dtype=np.float32)
        holds[holder[here], shingle[here] - first] = 1
        common += holds @ holds.T
    similarity = common / np.maximum(sizes[:, np.newaxis] + sizes - common, 1)
    near = np.argwhere(np.triu(similarity >= 0.99 * threshold, k=1)).tolist()
    # What is near the threshold by its hashes is compared again by its words.
    sets = {at: shingle_set(texts[at], SHINGLE) for pair in near for at in pair}
    exact = {(left, right): jaccard(sets[left], sets[right]) for left, right in near}
    return {pair: similarity for pair, similarity in exact.items() if similarity >= threshold}


def _found_pairs(
    texts: list[str], bands: Bands, config: NearDuplicatesConfig, rng: np.random.Generator
) -> tuple[set[tuple[int, int]], set[tuple[int, int]]]:
    """Return the pairs that meet in a band, and those of them whose estimate reaches the threshold."""
    signatures = text_signatures(texts, SHINGLE, Permutations.draw(config.permutations, rng))
    met = LSHIndex(bands).add(signatures)
    candidates = {(other, at) for at, others in enumerate(met) for other in others}
    reported = {
        (left, right)
        for left, right in candidates
        if estimate_jaccard(signatures[left], signatures[right]) >= config.threshold
    }
    return candidates, reported
