"""One spelling for what looks the same: Unicode form, line ends, invisible characters, white space."""

from __future__ import annotations

import re
import unicodedata

# Zero-width characters, soft hyphens and byte-order marks: invisible, and enough to make two copies differ. The
# joiners U+200C and U+200D stay: Persian and Hindi words, and many emoji, are spelled with them.
_INVISIBLE = str.maketrans("", "", "\u00ad\u200b\u2060\ufeff")
_SPACES = re.compile("[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
_LINE_ENDS = re.compile("\r\n?|[\u2028\u2029\u0085]")
_TRAILING = re.compile(r"[ \t\f\v]+\n")
_BLANK_LINES = re.compile(r"\n{3,}")


def normalise(text: str) -> str:
    r"""Return the text in Unicode's composed form (NFC), with one kind of line end and no invisible characters.

    Space at the ends of lines and of the text goes, and so do all but one of several blank lines in a row.
    Indentation stays, since code and poems live by it. Normalising twice is normalising once.

    Examples
    --------
    >>> normalise("Cafe\u0301\r\n\r\n\r\n\r\nopen\u200bed \r\n  at\u00a09")
    'Café\n\nopened\n  at 9'
    """
    if not text.isascii():
        text = text.translate(_INVISIBLE)
        text = _SPACES.sub(" ", unicodedata.normalize("NFC", text))
        text = _LINE_ENDS.sub("\n", text)
    elif "\r" in text:
        text = _LINE_ENDS.sub("\n", text)
    if " \n" in text or "\t\n" in text or "\f\n" in text or "\v\n" in text:
        text = _TRAILING.sub("\n", text)
    if "\n\n\n" in text:
        text = _BLANK_LINES.sub("\n\n", text)
    return text.strip("\n").rstrip()
