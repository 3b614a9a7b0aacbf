"""A model as a script that a page can load: also from the disk, where browsers let nothing else be loaded.

The script puts the model under its digest into ``alignbookModels``: its size and the names of its special tokens as
they are, all else as one text in base 64. That holds, little-endian and one after the other, the floats
(`Quantised.floats`), the tokenizer's merges as pairs of 16-bit numbers, and the bytes of the weights; arrays stand in
the order in which the transformer names them.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
from dataclasses import asdict, dataclass

import numpy as np

from alignbook.publish.demos.assistant.quantising import Quantised

LARGEST = 400_000
"""Bytes that a model may weigh on its way to a reader, compressed as web servers do."""


@dataclass(frozen=True)
class ModelScript:
    """A model as the page gets it.

    Parameters
    ----------
    digest : str
        Of its content: its name in ``alignbookModels`` and, with ``.js``, that of its file.
    text : str
        The script.
    weight : int
        Bytes of the script, compressed.
    """

    digest: str
    text: str
    weight: int


def model_script(quantised: Quantised) -> ModelScript:
    """Write a model as a script; the same model gives the same bytes.

    Raises
    ------
    ValueError
        If the script weighs more than a page should bring along, or an id does not fit into 16 bits.
    """
    tokenizer, config = quantised.reference.tokenizer, quantised.reference.transformer.config
    if tokenizer.vocab_size > 2**16:
        raise ValueError(f"a model in a page must have at most {2**16} tokens, got {tokenizer.vocab_size}")
    packed = b"".join(
        [
            *(array.astype("<f4").tobytes() for array in quantised.floats()),
            np.array(tokenizer.merges, "<u2").tobytes(),
            *(codes.tobytes() for codes in quantised.codes.values()),
        ]
    )
    model = {
        "config": asdict(config),
        "merges": len(tokenizer.merges),
        "special": list(tokenizer.special_tokens),
        "packed": base64.b64encode(packed).decode(),
    }
    contents = json.dumps(model, separators=(",", ":"))
    digest = hashlib.sha256(contents.encode()).hexdigest()[:16]
    text = f'(globalThis.alignbookModels??={{}})["{digest}"]={contents};\n'
    weight = len(gzip.compress(text.encode(), mtime=0))
    if weight > LARGEST:
        raise ValueError(f"a model in a page must weigh at most {LARGEST} bytes compressed, got {weight}")
    return ModelScript(digest, text, weight)
