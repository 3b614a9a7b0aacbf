"""Real text of three kinds from what is installed: NumPy's prose and code; and mathematics that a program writes."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

import numpy as np

from alignbook.corpora.numpy_docs import numpy_docstrings
from alignbook.corpora.prose import paragraphs
from alignbook.data.documents import Document, Provenance
from alignbook.data.synthetic import arithmetic

_LONG_STRING = re.compile(r'("""|\'\'\').*?\1', re.DOTALL)
# What the build writes differs from machine to machine.
_GENERATED = {"__config__.py", "version.py", "_version.py"}


@lru_cache(maxsize=1)
def prose() -> tuple[Document, ...]:
    """Return the distinct running prose of NumPy's docstrings: formulas, tables and code left out."""
    origin = Provenance("NumPy docstrings", licence="BSD-3-Clause", kind="prose")
    texts = {"\n".join(paragraphs(document)): document.name for document in reversed(numpy_docstrings())}
    return tuple(Document(name, text, origin) for text, name in reversed(texts.items()) if len(text) >= 200)


@lru_cache(maxsize=1)
def code() -> tuple[Document, ...]:
    """Return NumPy's own Python sources, docstrings taken out, since these are prose."""
    origin = Provenance("NumPy sources", licence="BSD-3-Clause", kind="code")
    root = Path(np.__file__).parent
    documents = []
    for path in sorted(root.rglob("*.py"), key=lambda path: path.relative_to(root).as_posix()):
        text = _LONG_STRING.sub('""', path.read_text(encoding="utf-8"))
        if path.name not in _GENERATED and len(text) >= 500:
            documents.append(Document(path.relative_to(root).as_posix(), text, origin))
    return tuple(documents)


def maths(rng: np.random.Generator, characters: int) -> tuple[Document, ...]:
    """Return worked sums of about so many characters in all."""
    origin = Provenance("sums", licence="CC0-1.0", kind="maths")
    texts = arithmetic(rng, max(1, characters // 200), lines=13)
    return tuple(Document(f"sums {at}", text, origin) for at, text in enumerate(texts))
