"""Experiment: a model that learns from its own samples forgets the rare first; real text in the mixture stops it.

A model of two words reads real text and writes as much; the next model reads what the last one wrote, and so on. What
is not drawn once is gone for good, and what is rare is soon not drawn. Three ways to go on: with the own text alone,
with a part of it replaced by the real text, and with all text so far, real and own, kept.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from alignbook.corpora.documents import split
from alignbook.corpora.numpy_docs import numpy_docstrings
from alignbook.corpora.prose import sentences
from alignbook.data.synthetic import WordChain, word_ids
from alignbook.profile import Profile

Ids = NDArray[np.int64]

ARMS = ("own text only", "a third real text", "all text kept")
RARE = 3
"""Words that the real text has at most so often are its tail."""
WEIGHTS = (0.05, 0.35, 0.6)
"""How held-out surprise weighs the uniform, the one-word and the two-word model; chosen by hand, once."""


@dataclass(frozen=True)
class LoopConfig:
    """How long one size of the experiment goes on.

    Parameters
    ----------
    words : int
        What every model reads, at least.
    generations : int
        How often a model learns from the one before.
    """

    words: int
    generations: int


CONFIGS = {"tiny": LoopConfig(words=6_000, generations=8), "book": LoopConfig(words=60_000, generations=20)}


@dataclass(frozen=True)
class SyntheticLoop:
    """What is left after each generation; the first entry is the real text itself.

    Parameters
    ----------
    arms : tuple of str
        The ways to go on.
    words_left, rare_words_left : tuple of tuple of float
        For each arm and generation, which share of the distinct words of the real text still occurs in what the
        model reads, and which share of its rare words.
    held_out_bits : tuple of tuple of float
        Surprise per word of real text that no model has read.
    rare_words, vocabulary : int
        How many rare words and how many words there are.
    last_words : tuple of str
        The beginning of the last text that the first arm wrote.
    """

    arms: tuple[str, ...]
    words_left: tuple[tuple[float, ...], ...]
    rare_words_left: tuple[tuple[float, ...], ...]
    held_out_bits: tuple[tuple[float, ...], ...]
    rare_words: int
    vocabulary: int
    last_words: tuple[str, ...]


def synthetic_loop(seed: int, size: str = "book") -> SyntheticLoop:
    """Let models learn from their own samples for generations, in three ways.

    Parameters
    ----------
    seed : int
        Decides which documents are held out, and what is written.
    size : {"book", "tiny"}
        How long; see `CONFIGS`.

    Raises
    ------
    ValueError
        If the size is unknown.

    References
    ----------
    Shumailov et al. (2024), "AI models collapse when trained on recursively generated data", Nature 631: own text
    alone. Gerstgrasser et al. (2024), "Is Model Collapse Inevitable? Breaking the Curse of Recursion by Accumulating
    Real and Synthetic Data": all text kept.
    """
    config = CONFIGS[Profile(seed, size).size]
    real, held_out, vocabulary = _texts(config, seed)
    streams = np.random.default_rng(seed).spawn(len(ARMS))
    runs = [_generations(arm, real, len(vocabulary), config, rng) for arm, rng in zip(ARMS, streams, strict=True)]
    counts = np.bincount(real, minlength=len(vocabulary))
    present, rare = np.flatnonzero(counts), np.flatnonzero((counts > 0) & (counts <= RARE))
    return SyntheticLoop(
        arms=ARMS,
        words_left=tuple(tuple(float(np.isin(present, text).mean()) for text in run) for run in runs),
        rare_words_left=tuple(tuple(float(np.isin(rare, text).mean()) for text in run) for run in runs),
        held_out_bits=tuple(tuple(surprise_bits(text, held_out, len(vocabulary)) for text in run) for run in runs),
        rare_words=len(rare),
        vocabulary=len(vocabulary),
        last_words=tuple(vocabulary[at] for at in runs[0][-1][:30].tolist()),
    )


def surprise_bits(text: Ids, held_out: Ids, vocabulary: int) -> float:
    """Return how surprised a model of two words that has read `text` is at `held_out`, in bits per word.

    The model mixes the shares of words after the same word, of words anywhere, and equal shares, by `WEIGHTS`; where it
    has never read the word before, the second stands in for the first.
    """
    anywhere = np.bincount(text, minlength=vocabulary) / len(text)
    pairs, counts = np.unique(text * vocabulary + np.roll(text, -1), return_counts=True)
    before, after = held_out[:-1], held_out[1:]
    wanted = before * vocabulary + after
    place = np.minimum(np.searchsorted(pairs, wanted), len(pairs) - 1)
    count = np.where(pairs[place] == wanted, counts[place], 0)
    read = anywhere[before] * len(text)
    following = np.where(read > 0, count / np.maximum(read, 1), anywhere[after])
    uniform, one, two = WEIGHTS
    return float(-np.log2(uniform / vocabulary + one * anywhere[after] + two * following).mean())


def _texts(config: LoopConfig, seed: int) -> tuple[Ids, Ids, tuple[str, ...]]:
    """Return real text, held-out text and the words by their ids; words only of the held-out text are in it too."""
    training, held_out = split(numpy_docstrings(), seed=seed)
    readable = list(dict.fromkeys(sentences(training)))
    known = set(readable)
    unread = [one for one in dict.fromkeys(sentences(held_out)) if one not in known]
    order = np.random.default_rng(seed).permutation(len(readable)).tolist()
    shuffled = [readable[at] for at in order]
    ends = np.cumsum([len(one) + 1 for one in shuffled])
    count = int(np.searchsorted(ends, config.words)) + 1
    ids, vocabulary = word_ids([*shuffled[:count], *unread[: count // 4]])
    real = int(ends[count - 1])
    return ids[:real], ids[real:], vocabulary


def _generations(arm: str, real: Ids, vocabulary: int, config: LoopConfig, rng: np.random.Generator) -> list[Ids]:
    """Return what the model of each generation reads: first the real text."""
    texts = [real]
    for _ in range(config.generations):
        written = WordChain.train(texts[-1], vocabulary).write(len(real), 0, rng)
        if arm == ARMS[1]:
            start = int(rng.integers(0, len(real)))
            third = np.roll(real, -start)[: len(real) // 3]
            written = np.concatenate([third, written[len(third) :]])
        elif arm == ARMS[2]:
            written = np.concatenate([texts[-1], written])
        texts.append(written)
    return texts
