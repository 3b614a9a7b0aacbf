"""Experiment: a language that is one document in a hundred costs more tokens and is predicted worse.

The second language has the grammar, the word lengths and the frequencies of the first, and other words. The held-out
documents are the same in both, so whatever differs is owed to the share of the training text alone; where both have
half of it, the difference is gone.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from alignbook.data.byte_model import ByteModel
from alignbook.data.sources import prose
from alignbook.data.synthetic import OtherLanguage
from alignbook.profile import Profile
from alignbook.text.bpe import BPE

SHARES = (0.01, 0.1, 0.25, 0.5)


@dataclass(frozen=True)
class CoverageConfig:
    """How much one size of the experiment reads.

    Parameters
    ----------
    training, held_out : int
        Documents.
    vocabulary : int
        Tokens of the tokenizer.
    """

    training: int
    held_out: int
    vocabulary: int


CONFIGS = {"tiny": CoverageConfig(200, 40, 768), "book": CoverageConfig(800, 100, 2048)}


@dataclass(frozen=True)
class LanguageCoverage:
    """What the second language costs, by its share of the training documents.

    Parameters
    ----------
    shares : tuple of float
        The second language's share.
    tokens_per_word, second_tokens_per_word : tuple of float
        Of the first and of the second language, on the same held-out documents.
    bits_per_byte, second_bits_per_byte : tuple of float
        The surprise of a model that has read this mixture.
    example, second_example : tuple of str
        A sentence cut into tokens, at the smallest share, in both languages.
    """

    shares: tuple[float, ...]
    tokens_per_word: tuple[float, ...]
    second_tokens_per_word: tuple[float, ...]
    bits_per_byte: tuple[float, ...]
    second_bits_per_byte: tuple[float, ...]
    example: tuple[str, ...]
    second_example: tuple[str, ...]


def language_coverage(seed: int, size: str = "book") -> LanguageCoverage:
    """Train a tokenizer and a byte model on mixtures of two languages.

    Parameters
    ----------
    seed : int
        Decides the second language, and which documents are held out or translated.
    size : {"book", "tiny"}
        How much to read; see `CONFIGS`.

    Raises
    ------
    ValueError
        If the size is unknown.
    """
    config = CONFIGS[Profile(seed, size).size]
    rng = np.random.default_rng(seed)
    language = OtherLanguage.draw(rng)
    documents = prose()
    order = rng.permutation(len(documents)).tolist()
    texts = [documents[at].text for at in order[: config.training + config.held_out]]
    held_out = [texts[: config.held_out], [language.translate(text) for text in texts[: config.held_out]]]
    words = sum(len(text.split()) for text in held_out[0])
    tokens, bits, tokenizers = [], [], []
    for share in SHARES:
        training = texts[config.held_out :]
        translated = max(1, round(share * len(training)))
        training = [*map(language.translate, training[:translated]), *training[translated:]]
        tokenizer = BPE.train(training, config.vocabulary)
        model = ByteModel.train(training)
        tokenizers.append(tokenizer)
        tokens.append([sum(len(tokenizer.encode(text)) for text in part) / words for part in held_out])
        bits.append([model.bits_per_byte(part) for part in held_out])
    sentence = min(held_out[0][0].split(". "), key=lambda one: abs(len(one) - 50))
    return LanguageCoverage(
        shares=SHARES,
        tokens_per_word=tuple(pair[0] for pair in tokens),
        second_tokens_per_word=tuple(pair[1] for pair in tokens),
        bits_per_byte=tuple(pair[0] for pair in bits),
        second_bits_per_byte=tuple(pair[1] for pair in bits),
        example=_pieces(tokenizers[0], sentence),
        second_example=_pieces(tokenizers[0], language.translate(sentence)),
    )


def _pieces(tokenizer: BPE, text: str) -> tuple[str, ...]:
    return tuple(tokenizer.decode([token]) for token in tokenizer.encode(text))
