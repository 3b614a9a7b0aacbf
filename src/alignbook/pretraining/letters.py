"""Text at its smallest: a row of letters of which only one thing is asked, vowel or consonant.

So Markov read the first 20,000 letters of *Eugene Onegin* in 1913, with spaces and punctuation left out, and
counted how often each kind followed each [1]_. It is next-token prediction with a vocabulary of two.

References
----------
.. [1] A. A. Markov, "An example of statistical investigation of the text Eugene Onegin concerning the
   connection of samples in chains", 1913; translated in Science in Context 19(4), 2006.
"""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from alignbook.corpora.documents import split
from alignbook.corpora.numpy_docs import numpy_docstrings
from alignbook.corpora.prose import sentences

VOWELS = "aeiou"
HELD_OUT = 0.12  # the share of documents that are held out


def letters(text: Iterable[Sequence[str]]) -> str:
    """Return the letters a to z of some sentences in one row; whatever else they hold is left out.

    Parameters
    ----------
    text : iterable of sequences of str
        Lower-cased words.

    Examples
    --------
    >>> letters([("the", "2-d", "array"), ("a", "view")])
    'thedarrayaview'
    """
    return "".join(re.sub("[^a-z]", "", word) for sentence in text for word in sentence)


def training_and_held_out_letters(seed: int, training: int, held_out: int) -> tuple[str, str]:
    """Return letters to read and letters to predict, from NumPy's prose: other documents, each sentence once.

    Parameters
    ----------
    seed : int
        Decides which documents are held out, and the order of the sentences.
    training, held_out : int
        How many letters of each.

    Returns
    -------
    training, held_out : str
        Letters a to z.

    Raises
    ------
    ValueError
        If the corpus has fewer letters.
    """
    rows = _training_and_held_out_rows(seed)
    for name, row, wanted in zip(("training", "held_out"), rows, (training, held_out), strict=True):
        if not 1 <= wanted <= len(row):
            raise ValueError(f"{name} must be from 1 to {len(row)} letters, which is all there are, got {wanted}")
    return rows[0][:training], rows[1][:held_out]


@lru_cache(maxsize=2)  # several experiments of one page read the same letters
def _training_and_held_out_rows(seed: int) -> tuple[str, str]:
    rng = np.random.default_rng(seed)
    documents = split(numpy_docstrings(), held_out=HELD_OUT, seed=seed)
    readable, unread = (dict.fromkeys(sentences(part)) for part in documents)
    parts = list(readable), [sentence for sentence in unread if sentence not in readable]
    training, held_out = (letters(part[at] for at in rng.permutation(len(part))) for part in parts)
    return training, held_out


def vowel_windows(row: str, reach: int = 1) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return what is asked and what is right: the kinds of the last letters, and the kind of the next one.

    Parameters
    ----------
    row : str
        Letters a to z.
    reach : int
        How many letters back the question looks, >= 1.

    Returns
    -------
    x : array, shape (predictions, reach)
        1 for a vowel and -1 for a consonant; the last letter first.
    y : array, shape (predictions,)
        1 where the next letter is a vowel, and 0 where it is a consonant.

    Raises
    ------
    ValueError
        If `reach` is below 1, or the row is no longer than `reach`.

    Examples
    --------
    >>> x, y = vowel_windows("array", reach=2)
    >>> x.tolist(), y.tolist()  # "ar" then "r", "rr" then "a", "ra" then "y"
    ([[-1.0, 1.0], [-1.0, -1.0], [1.0, -1.0]], [0.0, 1.0, 0.0])
    """
    if not 1 <= reach < len(row):
        raise ValueError(f"reach must be from 1 to {len(row) - 1} (the row has {len(row)} letters), got {reach}")
    is_vowel = np.array([letter in VOWELS for letter in row])
    windows = np.lib.stride_tricks.sliding_window_view(is_vowel[:-1], reach)[:, ::-1]  # (predictions, reach)
    return np.where(windows, 1.0, -1.0), is_vowel[reach:].astype(np.float64)
