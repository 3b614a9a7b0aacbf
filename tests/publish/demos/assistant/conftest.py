"""A model that was trained for a moment, and one that was not: what matters here is that two programs agree on them."""

from __future__ import annotations

import numpy as np
import pytest

from alignbook.finetuning.chat_template import CHAT_TOKENS
from alignbook.nn.transformer import Transformer, TransformerConfig, initial_parameters
from alignbook.pretraining.language_model import END_OF_DOCUMENT, LanguageModel
from alignbook.pretraining.training import PretrainingConfig, pretrain, token_stream
from alignbook.text.bpe import BPE
from alignbook.world.building import build_world
from alignbook.world.corpus import corpus


@pytest.fixture(scope="session")
def trained() -> LanguageModel:
    """A model that has read a little of the world: its numbers are like those of the book."""
    texts = [document.text for document in corpus(build_world(0, "tiny"), 0)][:3000]
    tokenizer = BPE.train(texts, 512, (END_OF_DOCUMENT, *CHAT_TOKENS))
    config = PretrainingConfig(64, 32, 2, 2, batch_size=8, passes=1, learning_rate=1e-2)
    transformer, _ = pretrain(token_stream(texts, tokenizer), tokenizer.vocab_size, config, 0)
    return LanguageModel(tokenizer, transformer)


@pytest.fixture(scope="session")
def wild(trained: LanguageModel) -> LanguageModel:
    """A model of the book's size, untrained, and with far larger numbers: its logits lie far apart."""
    config = TransformerConfig(trained.tokenizer.vocab_size, context=128, width=64, layers=3, heads=4)
    rng = np.random.default_rng(0)
    parameters = initial_parameters(config, rng)
    parameters.flat[:] *= rng.uniform(0.5, 3, parameters.flat.shape).astype(np.float32)
    return LanguageModel(trained.tokenizer, Transformer(config, parameters))
