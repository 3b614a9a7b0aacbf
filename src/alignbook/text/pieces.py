"""Pieces: the stretches of text inside which a tokenizer may join bytes, and across which it never does.

Without them frequent pairs would run across words ("of the" as one token), and a text would have to be
encoded as a whole. With them every distinct piece is worked on once, however often it occurs.
"""

import re
from collections import Counter
from collections.abc import Iterable

# To join the bytes of one piece takes a time that grows with its length squared. This bound keeps the time
# for a text proportional to its length, whatever the text: a megabyte of "a" is many pieces.
LONGEST_RUN = 64


def _piece_pattern(letter: str, digit: str, other: str) -> re.Pattern[str]:
    """Write the rule of `split_pieces` for these three kinds of visible character."""
    run = f"{{1,{LONGEST_RUN}}}"
    # White space before a word leaves its last space to the word, hence the alternative with (?!\S).
    return re.compile(rf" ?(?:{letter}{run}|{digit}{run}|{other}{run})|\s{run}(?!\S)|\s{run}")


PIECE = _piece_pattern(letter=r"[^\W\d_]", digit=r"\d", other=r"(?:[^\w\s]|_)")
# The same for text that is all ASCII: told which letters there are, `re` need not ask, and takes two thirds of
# the time.
PIECE_IN_ASCII = _piece_pattern(letter="[A-Za-z]", digit="[0-9]", other=r"[^\sA-Za-z0-9]")


def split_pieces(text: str) -> list[str]:
    r"""Cut a text into pieces, losing nothing: the pieces joined together are the text.

    The rule follows that of GPT-2 [1]_, without its English contractions: a piece is a run of letters, a run
    of digits, a run of other visible characters, or a run of white space. One space before a visible run
    belongs to that run: within a sentence a word is always the same piece, space included. No run is longer
    than ``LONGEST_RUN`` characters. Letters and digits are meant as Python's ``re`` understands them: letters
    of any script and number-like characters such as ``½`` and ``Ⅻ`` are letters, the digits of any script are
    digits, and the underscore is neither.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    list of str
        The pieces, in order; none is empty.

    References
    ----------
    .. [1] Radford et al. (2019), "Language Models are Unsupervised Multitask Learners", section 2.2; the
       rule itself stands in the code that was released with it.

    Examples
    --------
    >>> split_pieces("It isn't 42,\n    is it?")
    ['It', ' isn', "'", 't', ' 42', ',', '\n   ', ' is', ' it', '?']
    """
    pattern = PIECE_IN_ASCII if text.isascii() else PIECE
    return pattern.findall(text)


def count_pieces(texts: str | Iterable[str]) -> Counter[str]:
    """Count how often each piece occurs in a text, or in all the texts of a corpus.

    Parameters
    ----------
    texts : str or iterable of str
        One text, or documents; pieces never run from one document into the next.

    Raises
    ------
    TypeError
        If the texts are not strings.
    ValueError
        If there is no text at all, or it is not valid Unicode.

    Examples
    --------
    >>> count_pieces(["a rose is a rose", "a rose"])
    Counter({' rose': 3, 'a': 2, ' is': 1, ' a': 1})
    """
    if not isinstance(texts, Iterable) or isinstance(texts, bytes):
        raise TypeError(f"texts must be a str or an iterable of str, got {type(texts).__name__}")
    counts: Counter[str] = Counter()
    for text in [texts] if isinstance(texts, str) else texts:
        check_text(text, "texts")
        counts.update(split_pieces(text))
    if not counts:
        raise ValueError("texts must hold some text to learn from, got none")
    return counts


def check_text(text: object, name: str) -> None:
    """Raise unless this is a string of valid Unicode; `name` is what the message shall call it."""
    if not isinstance(text, str):
        raise TypeError(f"{name} must be str, got {type(text).__name__}; decode bytes first")
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise ValueError(
            f"{name} must be valid Unicode, got the lone surrogate {text[error.start]!r} at position "
            f"{error.start}; replace it, or give the raw bytes to encode_bytes"
        ) from error
