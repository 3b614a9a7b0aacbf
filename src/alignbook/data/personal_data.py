"""Personal data and secrets in running text: find e-mail addresses, telephone and card numbers, keys; blot them out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from math import log2

KINDS = ("email", "phone", "card", "key")

_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,24}\b")
# Groups of digits that only spaces, hyphens, dots and brackets part; what they are is decided afterwards.
# The character before is looked at second, since `re` finds the first character of a pattern much faster.
_DIGITS = re.compile(r"[+(0-9](?<![\w.,].)[0-9 ().-]{5,25}[0-9](?!\w|,[0-9])")
# Two groups at least, or a plus: a bare run of digits is more often a number of something else.
_PHONE_SHAPE = re.compile(
    r"\+\d{1,3}(?:[ .-]?\(?\d{1,4}\)?){2,5}|(?:\(\d{2,5}\) ?|\d{2,5}[ -])\d{2,4}(?:[ -]\d{2,4}){1,3}"
)
_PRIVATE_KEY = re.compile(
    r"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----.*?(?:-----END (?:[A-Z]+ )*PRIVATE KEY-----|\Z)", re.DOTALL
)
_TOKEN = re.compile(r"(?<![\w/+-])(?:[a-z]{2,8}-)?[A-Za-z0-9_]{20,80}(?![\w/+-])")
# Every random key has a digit before a letter somewhere, which is found much faster than a long word.
_DIGIT_LETTER = re.compile(r"[0-9][A-Za-z]")
LONGEST_KEY = 90


@dataclass(frozen=True, slots=True)
class Finding:
    """One piece of personal data in a text.

    Parameters
    ----------
    kind : {"email", "phone", "card", "key"}
        What it is.
    start, stop : int
        Where it stands: ``text[start:stop]``.
    """

    kind: str
    start: int
    stop: int


def luhn_valid(digits: str) -> bool:
    """Whether the last digit is the check digit of the others, as on payment cards.

    From the right, every second digit is doubled, and a two-digit result replaced by the sum of its digits; the sum of
    all must be a multiple of 10. One wrong digit is always noticed, and so is a random number in nine cases of ten.

    References
    ----------
    H. P. Luhn, "Computer for verifying numbers", United States patent 2,950,048, 1960.

    Examples
    --------
    >>> luhn_valid("79927398713"), luhn_valid("79927398710")
    (True, False)
    """
    if not (digits.isascii() and digits.isdigit()):
        raise ValueError(f"digits must be the digits 0 to 9 alone, got {digits!r}")
    total = sum(int(digit) for digit in digits[-1::-2])
    total += sum(sum(divmod(2 * int(digit), 10)) for digit in digits[-2::-2])
    return total % 10 == 0


def find_personal_data(text: str) -> list[Finding]:
    """Find e-mail addresses, telephone numbers, card numbers and keys, from left to right, none within another.

    The rules err on both sides, and the funnel experiment of the chapter measures how often: they know no names and
    no postal addresses, and a part number can look like a telephone number. Card numbers have 13 to 19 digits and a
    right check digit. A key is a private key in PEM's armour, or a run of 20 characters or more that mixes small and
    capital letters and digits too evenly for a word (3.5 bits a character).

    Examples
    --------
    >>> text = "Ask ann@example.org or +44 20 7946 0018."
    >>> [(found.kind, text[found.start : found.stop]) for found in find_personal_data(text)]
    [('email', 'ann@example.org'), ('phone', '+44 20 7946 0018')]
    """
    found: list[Finding] = []
    for candidate in sorted(_candidates(text), key=lambda one: (one.start, -one.stop)):
        if not found or candidate.start >= found[-1].stop:
            found.append(candidate)
    return found


def redact(text: str) -> tuple[str, list[Finding]]:
    """Replace each finding by the name of its kind, and return the new text with what was found in the old.

    A mark is left in place of the data so that the sentence still has its parts, and a model learns that something
    stands there that it shall not say.

    Examples
    --------
    >>> redact("Write to ann@example.org today.")[0]
    'Write to [EMAIL] today.'
    """
    found = find_personal_data(text)
    parts, end = [], 0
    for one in found:
        parts += [text[end : one.start], f"[{one.kind.upper()}]"]
        end = one.stop
    return ("".join([*parts, text[end:]]) if found else text), found


def _candidates(text: str) -> Iterator[Finding]:
    if "@" in text:
        for match in _EMAIL.finditer(text):
            yield Finding("email", *match.span())
    if "PRIVATE KEY-----" in text:
        for match in _PRIVATE_KEY.finditer(text):
            yield Finding("key", *match.span())
    for match in _DIGITS.finditer(text):
        kind = _kind_of_digits(match.group())
        if kind:
            yield Finding(kind, *match.span())
    end = 0
    for match in _DIGIT_LETTER.finditer(text):
        if match.start() < end:
            continue
        end = match.end()
        for token in _TOKEN.finditer(text, max(0, match.start() - LONGEST_KEY), match.end() + LONGEST_KEY):
            if token.start() <= match.start() < token.end():
                end = token.end()
                if _looks_random(token.group()):
                    yield Finding("key", *token.span())


def _kind_of_digits(written: str) -> str | None:
    digits = re.sub(r"\D", "", written)
    if 13 <= len(digits) <= 19 and written[0] != "+" and luhn_valid(digits) and len(set(digits)) > 1:
        return "card"
    if 7 <= len(digits) <= 15 and _PHONE_SHAPE.fullmatch(written) and not _is_date(written):
        return "phone"
    return None


def _is_date(written: str) -> bool:
    return re.fullmatch(r"\d{4}-\d{2}-\d{2}(?: \d{2})?|\d{2}-\d{2}-\d{4}|\d{4}-\d{4}", written) is not None


def _looks_random(token: str) -> bool:
    kinds = (any(map(str.islower, token)), any(map(str.isupper, token)), any(map(str.isdigit, token)))
    if not all(kinds):
        return False
    shares = [token.count(character) / len(token) for character in set(token)]
    # Sorted, so that the sum does not depend on the order of a set.
    return -sum(share * log2(share) for share in sorted(shares)) >= 3.5
