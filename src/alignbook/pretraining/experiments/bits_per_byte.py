"""Experiment: models with different tokens can be compared, if surprise is counted per byte of text.

Count models read the same text as tokens of vocabularies of different sizes, and predict the same held-out text. Per
token, the model of single bytes is the least surprised, since it makes several small predictions where others make one.
Per byte, it is the most surprised. There a vocabulary can also be too large for a text: what the tokens say in fewer
steps, they are seen too rarely to be predicted. With less text that happens earlier.

Every model looks back two tokens, so larger tokens let it see further. How much of the gain that is, a control shows: a
model of bytes which looks back six of them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

from alignbook.pretraining.experiments.tokens import nested_tokenizers
from alignbook.pretraining.ngram_arrays import mixed_surprise_bits, order_shares
from alignbook.pretraining.paragraphs import training_and_held_out_paragraphs
from alignbook.pretraining.smoothing import Interpolated
from alignbook.profile import Profile
from alignbook.text.bpe import BPE

# The mixtures tried for every model, on text set aside for it: how much weight the uniform distribution has, and how
# many times more each order than the one before. Any one of them for all models would favour some of them.
UNIFORM_WEIGHTS = (0.0001, 0.001, 0.01, 0.1)
RATIOS = (1.0, 1.5, 2.0, 3.0, 4.0, 6.0, 8.0, 12.0, 16.0, 32.0)


@dataclass(frozen=True)
class BitsPerByteConfig:
    """What one size of the experiment reads.

    Parameters
    ----------
    paragraphs : int
        How many paragraphs the models read.
    vocabulary_sizes : tuple of int
        The sizes compared; the first is 256, bytes alone.
    fewer_paragraphs : int
        How many the second set of models reads.
    fewer_vocabulary_sizes : tuple of int
        The sizes compared there.
    tuning_paragraphs : int
        How many are set aside to choose the mixtures by.
    held_out_paragraphs : int
        How many are predicted.
    long_order : int
        The order of the control on bytes.
    """

    paragraphs: int
    vocabulary_sizes: tuple[int, ...]
    fewer_paragraphs: int
    fewer_vocabulary_sizes: tuple[int, ...]
    tuning_paragraphs: int
    held_out_paragraphs: int
    long_order: int = 7


CONFIGS = {
    "tiny": BitsPerByteConfig(400, (256, 512, 1024), 100, (256, 512), 20, 100, long_order=5),
    "book": BitsPerByteConfig(4_000, (256, 512, 1024, 2048, 4096, 6144), 1_000, (256, 512, 1024, 2048, 3072), 100, 300),
}


@dataclass(frozen=True)
class Measured:
    """One model's surprise on the held-out text.

    Parameters
    ----------
    vocabulary_size : int
        The size of the tokenizer's vocabulary.
    order : int
        The longest n-gram of the model.
    bytes_per_token : float
        How many bytes one of its predictions covers.
    bits_per_token, bits_per_byte : float
        Its surprise, which is the same surprise: divided by the tokens predicted, and by the bytes.
    weights : tuple of float
        The mixture that was chosen for it: the weights of the uniform distribution and of each order.
    """

    vocabulary_size: int
    order: int
    bytes_per_token: float
    bits_per_token: float
    bits_per_byte: float
    weights: tuple[float, ...]


@dataclass(frozen=True)
class BitsPerByteResult:
    """Models of one text with tokens of different sizes.

    Parameters
    ----------
    models : tuple of Measured
        Trigram models, one for each size of vocabulary.
    fewer : tuple of Measured
        The same, with less text.
    long_bytes : Measured
        The control: a model of bytes that looks back further.
    training_bytes, fewer_bytes, held_out_bytes : int
        How much text was read in the two cases, and predicted.
    """

    models: tuple[Measured, ...]
    fewer: tuple[Measured, ...]
    long_bytes: Measured
    training_bytes: int
    fewer_bytes: int
    held_out_bytes: int


def bits_per_byte(seed: int, size: str = "book") -> BitsPerByteResult:
    """Let count models read NumPy's prose as tokens of several sizes, and compare them on held-out text.

    Parameters
    ----------
    seed : int
        Decides which documents are held out, and what is read.
    size : {"book", "tiny"}
        How much to read; see `CONFIGS`.

    Raises
    ------
    ValueError
        If the size is unknown.

    Examples
    --------
    >>> smallest, *_, largest = bits_per_byte(0, "tiny").models
    >>> smallest.bits_per_token < largest.bits_per_token, smallest.bits_per_byte < largest.bits_per_byte
    (True, False)
    """
    config = CONFIGS[Profile(seed, size).size]
    wanted = config.paragraphs + config.tuning_paragraphs
    read, held_out = training_and_held_out_paragraphs(seed, wanted, config.held_out_paragraphs)
    training, tuning = read[: config.paragraphs], read[config.paragraphs :]
    fewer = training[: config.fewer_paragraphs]
    return BitsPerByteResult(
        models=tuple(
            _measure(bpe, 3, training, tuning, held_out) for bpe in nested_tokenizers(training, config.vocabulary_sizes)
        ),
        fewer=tuple(
            _measure(bpe, 3, fewer, tuning, held_out) for bpe in nested_tokenizers(fewer, config.fewer_vocabulary_sizes)
        ),
        long_bytes=_measure(BPE(()), config.long_order, training, tuning, held_out),
        training_bytes=count_bytes(training),
        fewer_bytes=count_bytes(fewer),
        held_out_bytes=count_bytes(held_out),
    )


def count_bytes(texts: Sequence[str]) -> int:
    """Return the length of the texts in bytes of UTF-8, with one more for the end of each, which is predicted too."""
    return sum(len(text.encode()) + 1 for text in texts)


def mixture(order: int, uniform_weight: float, ratio: float) -> Interpolated:
    """Return weights that grow from each order to the next by the same ratio.

    Examples
    --------
    >>> mixture(2, uniform_weight=0.1, ratio=2.0).values
    (0.1, 0.3, 0.6)
    """
    powers = [ratio**power for power in range(order)]
    scale = (1 - uniform_weight) / sum(powers)
    return Interpolated((uniform_weight, *(round(power * scale, 12) for power in powers)))


def _measure(bpe: BPE, order: int, training: Sequence[str], tuning: Sequence[str], held_out: Sequence[str]) -> Measured:
    """Count the training text as tokens, choose the mixture on the tuning text, and measure on the held-out text."""
    read, set_aside, unread = ([bpe.encode(text) for text in texts] for texts in (training, tuning, held_out))
    shares = order_shares(read, set_aside, bpe.vocab_size, order)
    mixtures = [mixture(order, uniform, ratio) for uniform, ratio in product(UNIFORM_WEIGHTS, RATIOS)]
    chosen = min(mixtures, key=lambda mixed: mixed_surprise_bits(shares, bpe.vocab_size, mixed).mean())
    surprise = mixed_surprise_bits(order_shares(read, unread, bpe.vocab_size, order), bpe.vocab_size, chosen)
    return Measured(
        vocabulary_size=bpe.vocab_size,
        order=order,
        bytes_per_token=count_bytes(held_out) / len(surprise),
        bits_per_token=float(surprise.mean()),
        bits_per_byte=float(surprise.sum()) / count_bytes(held_out),
        weights=chosen.values,
    )
