"""From bytes to text where nobody names the encoding: decode without loss, repair a little, tell what is no text."""

from __future__ import annotations

import codecs
import re

# Characters that text does not have: controls other than tab, line feed, form feed and carriage return; bytes that
# are no UTF-8 (kept as lone surrogates by `decode`); and the mark that an earlier reader left where it gave up.
_BROKEN = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffd]")
_ASCII_CONTROLS = bytes(code for code in range(128) if _BROKEN.match(chr(code)))
_ESCAPED_BYTES = re.compile("[\udc80-\udcff]+")
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def decode(data: bytes) -> str:
    r"""Decode bytes as UTF-8, or as UTF-16 where they begin with its mark; no byte is lost.

    A byte that is not valid UTF-8 becomes a lone surrogate (Python's ``surrogateescape``, PEP 383), which `repair`
    and `broken_share` understand.

    Raises
    ------
    TypeError
        If the data are no bytes.

    Examples
    --------
    >>> decode("café".encode()), decode("café".encode("utf-16")), decode("café".encode("latin-1"))
    ('café', 'café', 'caf\udce9')
    """
    if not isinstance(data, bytes):
        raise TypeError(f"data must be bytes, got {type(data).__name__}; text needs no decoding")
    if data.startswith(_UTF_16) and len(data) % 2 == 0:
        return data.decode("utf-16", "surrogatepass")
    return data.removeprefix(codecs.BOM_UTF8).decode("utf-8", "surrogateescape")


def broken_share(text: str) -> float:
    r"""Return which share of the characters no text has: controls, undecodable bytes, replacement marks.

    Examples
    --------
    >>> broken_share("a\tb\n"), broken_share("PK\x03\x04")
    (0.0, 0.5)
    """
    if not text:
        return 0.0
    if text.isascii():  # ten times as fast
        return 1 - len(text.encode().translate(None, delete=_ASCII_CONTROLS)) / len(text)
    return len(_BROKEN.findall(text)) / len(text)


def repair(text: str) -> str:
    r"""Read the undecodable bytes of `decode` as Windows-1252, and leave out what even then is no text.

    This mends the usual accident, a page in UTF-8 with passages pasted from an older one. Where a whole document is
    in another encoding, or is no text, look at `broken_share` first.

    Examples
    --------
    >>> repair("caf\udce9 \udc93good\udc94\x00")
    'café “good”'
    """
    if _BROKEN.search(text) is None:
        return text
    return _BROKEN.sub("", _ESCAPED_BYTES.sub(_as_windows_1252, text))


def _as_windows_1252(match: re.Match[str]) -> str:
    return match.group().encode("utf-8", "surrogateescape").decode("cp1252", "ignore")
