"""Make add_k.json: the surprise of NLTK's add-k models on a small text, for tests/pretraining/test_counts.py.

The project does not need NLTK, so run this where it is installed (the file was made with NLTK 3.10.4)::

    python tests/goldens/pretraining/make.py
"""

import json
import math
from importlib import import_module
from pathlib import Path

nltk_lm = import_module("nltk.lm")  # by name, because the project is type-checked without it

WORDS = ["array", "axis", "if", "is", "of", "return", "returned", "the", "values"]
TRAINING = [
    "return the values of the array",
    "if axis is given the values of the axis",
    "the array is returned",
    "the shape of the array is returned if the axis is none",
    "return",
]
HELD_OUT = ["the values of the array", "if the shape is given the array is none", "axis values", ""]


def surprise_bits(order: int, k: float) -> list[list[float]]:
    """Return NLTK's surprise at every word and at the end of each held-out sentence."""
    model = nltk_lm.Lidstone(k, order, vocabulary=nltk_lm.Vocabulary([*WORDS, "</s>"], unk_cutoff=1, unk_label="<unk>"))
    model.counts.update(ngrams(sentence, order) for sentence in TRAINING)
    return [
        # Not `score`, which would take <s> for an unknown word.
        [-math.log2(model.unmasked_score(ngram[-1], ngram[:-1])) for ngram in ngrams(sentence, order)]
        for sentence in HELD_OUT
    ]


def ngrams(sentence: str, order: int) -> list[tuple[str, ...]]:
    """Return the n-grams of a sentence with its unknown words, its beginning and its end marked."""
    words = [word if word in WORDS else "<unk>" for word in sentence.split()]
    padded = ["<s>"] * (order - 1) + words + ["</s>"]
    return [tuple(padded[at : at + order]) for at in range(len(words) + 1)]


if __name__ == "__main__":
    models = [
        {"order": order, "k": k, "surprise_bits": surprise_bits(order, k)} for order in (1, 2, 3) for k in (1.0, 0.1)
    ]
    golden = {"words": WORDS, "training": TRAINING, "held_out": HELD_OUT, "models": models}
    Path(__file__).with_name("add_k.json").write_text(json.dumps(golden, indent=1) + "\n", encoding="utf-8")
