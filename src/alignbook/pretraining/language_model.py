"""A model together with its tokenizer: text in, text out."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from alignbook.nn import packing
from alignbook.nn.generation import generate
from alignbook.nn.parameters import Parameters
from alignbook.nn.tape import Array
from alignbook.nn.transformer import Transformer
from alignbook.text.bpe import BPE

END_OF_DOCUMENT = "<|end-of-document|>"
"""The special token between documents."""


@dataclass(frozen=True, eq=False)
class LanguageModel:
    """A transformer and the tokenizer that its vocabulary belongs to.

    Parameters
    ----------
    tokenizer : BPE
        Turns text into ids and back; it has the special token `END_OF_DOCUMENT`.
    transformer : Transformer
        Predicts ids.

    Raises
    ------
    ValueError
        If the vocabularies differ in size.
    """

    tokenizer: BPE
    transformer: Transformer

    def __post_init__(self) -> None:
        if self.tokenizer.vocab_size != self.transformer.config.vocab_size:
            sizes = f"{self.tokenizer.vocab_size} and {self.transformer.config.vocab_size}"
            raise ValueError(f"tokenizer and transformer must have one vocabulary, got sizes of {sizes}")

    def encode(self, text: str) -> list[int]:
        """Write a text as it begins in pretraining: after the end of another document."""
        return [self.tokenizer.special_ids[END_OF_DOCUMENT], *self.tokenizer.encode(text)]

    def complete(
        self,
        texts: Sequence[str],
        *,
        max_new_tokens: int,
        temperature: float = 0.0,
        stop: Collection[int] = (),
        seed: int = 0,
    ) -> list[str]:
        """Continue texts.

        Parameters
        ----------
        texts : sequence of str
            The beginnings.
        max_new_tokens : int
            How many tokens to add at most.
        temperature : float
            0 takes the most probable token each time.
        stop : collection of int
            Tokens that end a continuation.
        seed : int
            Decides the draws.

        Returns
        -------
        list of str
            What was added.

        Raises
        ------
        ValueError
            If a text is too long for the context.
        """
        prompts = [self.encode(text) for text in texts]
        written = generate(
            self.transformer, prompts, max_new_tokens=max_new_tokens, temperature=temperature, stop=stop, seed=seed
        )
        return [self.tokenizer.decode(ids) for ids in written]


def with_parameters(model: LanguageModel, flat: Array) -> LanguageModel:
    """Return a model of the same size and tokenizer with other parameters, given as one vector."""
    config = model.transformer.config
    return LanguageModel(model.tokenizer, Transformer(config, Parameters(config.shapes, flat)))


def pack(model: LanguageModel) -> tuple[dict[str, np.ndarray], dict[str, Any]]:
    """Return a language model as arrays and JSON."""
    arrays, config = packing.pack(model.transformer)
    merges: NDArray[np.int64] = np.array(model.tokenizer.merges, np.int64).reshape(-1, 2)
    return {**arrays, "merges": merges}, {"config": config, "special_tokens": list(model.tokenizer.special_tokens)}


def unpack(arrays: Mapping[str, np.ndarray], values: Mapping[str, Any]) -> LanguageModel:
    """Return the language model that `pack` was given."""
    tokenizer = BPE(tuple((int(left), int(right)) for left, right in arrays["merges"]), tuple(values["special_tokens"]))
    return LanguageModel(tokenizer, packing.unpack(arrays, values["config"]))
