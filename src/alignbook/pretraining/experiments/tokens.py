"""Experiment: byte-pair encoding learns what to call a token, and what that means for words, numbers and scripts.

One tokenizer is trained on NumPy's prose. Its merges come in order, so that the first so many of them are the
tokenizer of any smaller vocabulary. On held-out text: how many tokens a word takes, and how many bytes a token
holds. Two controls say where the gain comes from. In the first, every word has its letters scrambled, always in the
same way, so that words repeat but no longer share parts. In the second they are scrambled anew each time.
"""

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from alignbook.pretraining.paragraphs import training_and_held_out_paragraphs
from alignbook.profile import Profile
from alignbook.text.bpe import BPE

EXAMPLES = (
    "broadcasting",
    "unbroadcastable",
    "maskedarray",
    "tokenizer",
    "zqxjk",
    "1024",
    "2026",
    "3.14159",
    "I am a cat",
    "γνῶθι σεαυτόν",
    "吾輩は猫である",
)
NUMBERS = range(100, 1000)


@dataclass(frozen=True)
class TokensConfig:
    """What one size of the experiment reads.

    Parameters
    ----------
    paragraphs, held_out_paragraphs : int
        How many are read, and how many are measured.
    vocabulary_sizes : tuple of int
        The sizes compared; the first is 256, bytes alone.
    """

    paragraphs: int
    held_out_paragraphs: int
    vocabulary_sizes: tuple[int, ...]


CONFIGS = {
    "tiny": TokensConfig(800, 100, (256, 512, 1024)),
    "book": TokensConfig(4_000, 400, (256, 512, 1024, 2048, 4096, 6144)),
}


@dataclass(frozen=True)
class Merge:
    """Two tokens that became one; the texts of all three, a space shown as it is."""

    left: str
    right: str
    joined: str


@dataclass(frozen=True)
class Example:
    r"""How a text is cut, with each vocabulary size.

    Parameters
    ----------
    text : str
        The text; it is encoded with a space before it, as it would stand in a sentence.
    pieces : tuple of tuple of str
        Its tokens for each size; a part of a character is shown as its bytes, like ``\xce``.
    bytes_per_token : tuple of float
        Its length in bytes divided by the number of tokens, for each size.
    """

    text: str
    pieces: tuple[tuple[str, ...], ...]
    bytes_per_token: tuple[float, ...]


@dataclass(frozen=True)
class TokensResult:
    """What was measured, for each vocabulary size unless it says otherwise.

    Parameters
    ----------
    vocabulary_sizes : tuple of int
        The sizes.
    first_merges : tuple of Merge
        The first merges learned, in order, whatever the size.
    bytes_per_token, tokens_per_word : tuple of float
        On held-out text, where a word is what stands between spaces.
    whole_words : tuple of float
        The share of held-out words that are a single token.
    newest_seen : tuple of float or None
        How often the training text holds the tokens of the newest quarter of the merges: their median. None for
        bytes alone, which have no merges.
    number_lengths : tuple of tuple of float
        Of the numbers from 100 to 999, the share with 1, 2, 3 and 4 tokens; the space before the number counts.
    neighbours_cut_alike : tuple of float
        The share of these numbers that are cut at the same places as the next number.
    examples : tuple of Example
        How some words, numbers and other scripts are cut.
    scrambled_once, scrambled_anew : tuple of float
        Bytes per token of the controls, each with a tokenizer of its own: every word scrambled always in the same way,
        or anew each time.
    """

    vocabulary_sizes: tuple[int, ...]
    first_merges: tuple[Merge, ...]
    bytes_per_token: tuple[float, ...]
    tokens_per_word: tuple[float, ...]
    whole_words: tuple[float, ...]
    newest_seen: tuple[float | None, ...]
    number_lengths: tuple[tuple[float, ...], ...]
    neighbours_cut_alike: tuple[float, ...]
    examples: tuple[Example, ...]
    scrambled_once: tuple[float, ...]
    scrambled_anew: tuple[float, ...]


def tokens(seed: int, size: str = "book") -> TokensResult:
    """Train tokenizers on NumPy's prose and measure how they cut what they have not seen.

    Parameters
    ----------
    seed : int
        Decides which documents are held out, and how words are scrambled.
    size : {"book", "tiny"}
        How much to read; see `CONFIGS`.

    Raises
    ------
    ValueError
        If the size is unknown, or the text too short for the largest vocabulary.

    Examples
    --------
    >>> result = tokens(0, "tiny")
    >>> result.first_merges[0]
    Merge(left=' ', right='t', joined=' t')
    >>> [round(each, 1) for each in result.bytes_per_token]
    [1.0, 2.2, 2.9]
    """
    config = CONFIGS[Profile(seed, size).size]
    training, held_out = training_and_held_out_paragraphs(seed, config.paragraphs, config.held_out_paragraphs)
    tokenizers = nested_tokenizers(training, config.vocabulary_sizes)
    for_once, for_anew = np.random.default_rng(seed).spawn(2)
    words = [word for text in held_out for word in text.split()]
    return TokensResult(
        vocabulary_sizes=config.vocabulary_sizes,
        first_merges=first_merges(tokenizers[-1], 30),
        bytes_per_token=tuple(bytes_per_token(bpe, held_out) for bpe in tokenizers),
        tokens_per_word=tuple(_count_tokens(bpe, held_out) / len(words) for bpe in tokenizers),
        whole_words=tuple(sum(len(bpe.encode(" " + word)) == 1 for word in words) / len(words) for bpe in tokenizers),
        newest_seen=tuple(_newest_seen(bpe, training) for bpe in tokenizers),
        number_lengths=tuple(_number_lengths(bpe) for bpe in tokenizers),
        neighbours_cut_alike=tuple(_neighbours_cut_alike(bpe) for bpe in tokenizers),
        examples=tuple(_example(text, tokenizers) for text in EXAMPLES),
        scrambled_once=_scrambled(training, held_out, config.vocabulary_sizes, for_once, anew=False),
        scrambled_anew=_scrambled(training, held_out, config.vocabulary_sizes, for_anew, anew=True),
    )


def nested_tokenizers(texts: Sequence[str], sizes: Sequence[int]) -> list[BPE]:
    """Train once, and return a tokenizer for each size: each has the first merges of the next.

    Raises
    ------
    ValueError
        If the text has too few pairs of tokens for the largest size.
    """
    largest = BPE.train(texts, max(sizes))
    if largest.vocab_size < max(sizes):
        raise ValueError(f"the text has pairs for a vocabulary of {largest.vocab_size}, got the size {max(sizes)}")
    return [BPE(largest.merges[: size - 256]) for size in sizes]


def bytes_per_token(bpe: BPE, texts: Sequence[str]) -> float:
    """Return how many bytes of UTF-8 a token holds on average: how far the text is compressed."""
    return sum(len(text.encode()) for text in texts) / _count_tokens(bpe, texts)


def first_merges(bpe: BPE, count: int) -> tuple[Merge, ...]:
    """Return the merges learned first, as text."""
    tokens = [_show(token) for token in bpe.tokens]
    return tuple(
        Merge(tokens[left], tokens[right], tokens[joined])
        for joined, (left, right) in enumerate(bpe.merges[:count], start=256)
    )


def scramble(texts: Sequence[str], rng: np.random.Generator, *, anew: bool) -> list[str]:
    """Return the texts with the letters of each word in a shuffled order.

    Parameters
    ----------
    texts : sequence of str
        The texts.
    rng : numpy.random.Generator
        The source of chance.
    anew : bool
        Whether a word is scrambled anew each time, or always as it was the first time.

    Examples
    --------
    >>> scramble(["the mat, the mat"], np.random.default_rng(2), anew=False)
    ['eth tam, eth tam']
    """
    scrambled: dict[str, str] = {}

    def shuffled(match: re.Match[str]) -> str:
        word = match.group()
        if anew or word not in scrambled:
            scrambled[word] = "".join(word[at] for at in rng.permutation(len(word)))
        return scrambled[word]

    return [re.sub(r"[^\W\d_]+", shuffled, text) for text in texts]


def _scrambled(
    training: Sequence[str], held_out: Sequence[str], sizes: Sequence[int], rng: np.random.Generator, *, anew: bool
) -> tuple[float, ...]:
    both = scramble([*training, *held_out], rng, anew=anew)
    tokenizers = nested_tokenizers(both[: len(training)], sizes)
    return tuple(bytes_per_token(bpe, both[len(training) :]) for bpe in tokenizers)


def _count_tokens(bpe: BPE, texts: Sequence[str]) -> int:
    return sum(len(bpe.encode(text)) for text in texts)


def _newest_seen(bpe: BPE, texts: Sequence[str]) -> float | None:
    if not bpe.merges:
        return None
    times = Counter(token for text in texts for token in bpe.encode(text))
    newest = range(bpe.vocab_size - math.ceil(len(bpe.merges) / 4), bpe.vocab_size)
    return float(np.median([times[token] for token in newest]))


def _cuts(bpe: BPE, text: str) -> list[int]:
    """Return the lengths of the tokens of a text that stands in a sentence, so after a space."""
    return [len(bpe.tokens[token]) for token in bpe.encode(" " + text)]


def _number_lengths(bpe: BPE) -> tuple[float, ...]:
    lengths = Counter(len(_cuts(bpe, str(number))) for number in NUMBERS)
    return tuple(lengths[length] / len(NUMBERS) for length in (1, 2, 3, 4))


def _neighbours_cut_alike(bpe: BPE) -> float:
    cuts = [_cuts(bpe, str(number)) for number in NUMBERS]
    return float(np.mean([first == second for first, second in pairwise(cuts)]))


def _example(text: str, tokenizers: Sequence[BPE]) -> Example:
    ids = [bpe.encode(" " + text) for bpe in tokenizers]
    return Example(
        text=text,
        pieces=tuple(tuple(_show(bpe.tokens[id_]) for id_ in each) for bpe, each in zip(tokenizers, ids, strict=True)),
        bytes_per_token=tuple(len((" " + text).encode()) / len(each) for each in ids),
    )


def _show(token: bytes) -> str:
    return token.decode("utf-8", "backslashreplace")
