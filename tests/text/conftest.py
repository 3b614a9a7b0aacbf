"""Real text for the tokenizer's tests, and a tokenizer trained on it."""

import numpy as np
import pytest

from alignbook.text.bpe import BPE


@pytest.fixture(scope="session")
def documents() -> tuple[str, ...]:
    """The docstrings of NumPy's main names, each once: about 500 texts, 800,000 characters."""
    docstrings = {getattr(value, "__doc__", None) for value in vars(np).values()}
    return tuple(sorted(text for text in docstrings if isinstance(text, str) and text))


@pytest.fixture(scope="session")
def trained(documents: tuple[str, ...]) -> BPE:
    """A tokenizer of 600 ids, two of them special."""
    return BPE.train(documents, vocab_size=600, special_tokens=["<|user|>", "<|end|>"])
