"""Noise of known truth, planted among real documents: what a filter should find, so that it can be graded.

All of it is made up: addresses at reserved names (example.org), telephone numbers of ranges kept for fiction, card
numbers of an issuer that does not exist, random keys.
"""

from __future__ import annotations

import string
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from alignbook.data.documents import Document, Provenance
from alignbook.data.encoding import decode
from alignbook.data.personal_data import luhn_valid
from alignbook.data.synthetic import OtherLanguage

FRAME = (
    "Home | About us | Archive | Contact the harbour office",
    "We use small biscuits to make this site work; accept all to continue.",
    "Copyright of the Harbour Gazette, all rights reserved everywhere.",
)
_WARES = ("lamps", "boots", "ropes", "kettles", "clocks", "carpets")
_PRAISE = ("cheap", "best", "free", "discount", "original", "luxury", "fast", "bonus")
_PLACEHOLDER = (
    "Welcome to the new pages of the town library, which will open to all readers of the county very soon. Until "
    "then we have put up this text to fill the page: lorem ipsum dolor sit amet, consectetur adipiscing elit. Please "
    "come back in the summer, and bring your friends and neighbours with you."
)
_NAMES = ("ann", "ben", "cleo", "dora", "emil", "fay", "gus", "hal")


@dataclass(frozen=True)
class Corpus:
    """Real and planted documents in one order, and the truth about them.

    Parameters
    ----------
    documents : tuple of Document
        All of them; ``provenance.planted`` says what was planted, if anything.
    secrets : mapping of str to tuple of (str, str)
        By the name of a document, the kinds and the very characters of the personal data put into it.
    origins : mapping of str to str
        By the name of a copy, the name of the document that it was made from.
    benchmark : tuple of str
        The test items that were put into some documents.
    """

    documents: tuple[Document, ...]
    secrets: Mapping[str, tuple[tuple[str, str], ...]]
    origins: Mapping[str, str]
    benchmark: tuple[str, ...]


def plant(documents: Sequence[Document], per_kind: int, rng: np.random.Generator) -> Corpus:
    """Add so many documents of each kind of noise to real ones, everything in a random order.

    The kinds: ``binary``, ``exact copy``, ``near copy`` (1 or 2 in 100 words changed), ``other language``, ``spam``
    (keywords without a sentence, and every second time sentences like any other), ``placeholder`` (a page that waits
    for its text), ``repeated`` (one sentence again and again), ``framed`` (a real text between the
    lines of a site), ``personal data`` (a real text with made-up data in it) and ``test item`` (a real text that quotes
    a question of a test). The last three are made of real documents of their own, which do not stand in the corpus
    besides. A copy comes after what it was made from.

    Raises
    ------
    ValueError
        If there are too few real documents of 60 words or more to make the noise from.
    """
    usable = [at for at, document in enumerate(documents) if len(document.text.split()) >= 60]
    if len(usable) < 6 * per_kind:
        raise ValueError(f"documents of 60 words or more must be at least {6 * per_kind}, got {len(usable)}")
    chosen = rng.permutation(usable)[: 6 * per_kind].reshape(6, per_kind).tolist()
    copied, edited, framed, personal, tested, translated = ([documents[at] for at in row] for row in chosen)
    replaced = {at for row in chosen[2:] for at in row}
    places = {document.name: place for document, place in zip(documents, rng.random(len(documents)), strict=True)}
    placed = [(places[one.name], one) for at, one in enumerate(documents) if at not in replaced]

    language = OtherLanguage.draw(rng)
    secrets = {f"{one.name} personal data": _secrets(rng) for one in personal}
    items = tuple(_test_item(rng) for _ in range(per_kind))
    made: list[tuple[float, Document]] = []
    origins = {}
    for kind, origin, change in (
        ("exact copy", copied, lambda text: text),
        ("near copy", edited, lambda text: edit_words(text, float(rng.choice([0.01, 0.02])), rng)),
    ):
        for one in origin:
            copy = _noise(f"{one.name} {kind}", change(one.text), kind)
            origins[copy.name] = one.name
            made.append((float(rng.uniform(places[one.name], 1)), copy))
    fresh = [
        *(_noise(f"{one.name} framed", "\n".join([*FRAME[:2], one.text, FRAME[2]]), "framed") for one in framed),
        *(_noise(name, one.text + _letter(secrets[name]), "personal data")
          for one in personal for name in [f"{one.name} personal data"]),
        *(_noise(f"{one.name} test item", f"{one.text}\n\n{item}", "test item")
          for one, item in zip(tested, items, strict=True)),
        *(_noise(f"{one.name} other language", language.translate(one.text), "other language") for one in translated),
        *_made_of_nothing(per_kind, rng),
    ]  # fmt: skip
    made += zip(rng.random(len(fresh)).tolist(), fresh, strict=True)
    ordered = sorted([*placed, *made], key=lambda pair: pair[0])
    return Corpus(tuple(document for _, document in ordered), secrets, origins, items)


def edit_words(text: str, share: float, rng: np.random.Generator) -> str:
    """Return the text with about a share of its words replaced by others of its words, at least one."""
    pieces = text.split(" ")
    words = [at for at, piece in enumerate(pieces) if piece.isalpha()]
    if not words:
        return text
    for at in rng.choice(words, max(1, round(share * len(words))), replace=False).tolist():
        pieces[at] = pieces[int(rng.choice(words))] + "s"
    return " ".join(pieces)


def made_up_card(rng: np.random.Generator) -> str:
    """Return a card number in groups of four, with a right check digit, of an issuer that does not exist."""
    digits = "0000" + "".join(map(str, rng.integers(0, 10, 11).tolist()))
    number = next(digits + check for check in string.digits if luhn_valid(digits + check))
    return " ".join(number[at : at + 4] for at in range(0, 16, 4))


def made_up_key(rng: np.random.Generator) -> str:
    """Return a random key such as services give out."""
    letters = string.ascii_letters + string.digits
    return "key-" + "".join(letters[at] for at in rng.integers(0, len(letters), 32))


def _secrets(rng: np.random.Generator) -> tuple[tuple[str, str], ...]:
    """Make up one of each kind."""
    name, other = (_NAMES[at] for at in rng.integers(0, len(_NAMES), 2))
    phones: tuple[Callable[[int], str], ...] = (
        lambda number: f"+1 212 555 01{number:02d}",
        lambda number: f"+44 20 7946 00{number:02d}",
        lambda number: f"(212) 555-01{number:02d}",
    )
    return (
        ("email", f"{name}.{other}{rng.integers(10, 99)}@example.org"),
        ("phone", phones[int(rng.integers(0, len(phones)))](int(rng.integers(0, 100)))),
        ("card", made_up_card(rng)),
        ("key", made_up_key(rng)),
    )


def _letter(secrets: Sequence[tuple[str, str]]) -> str:
    data = dict(secrets)
    return (
        f"\n\nIf anything is unclear, write to {data['email']} or call {data['phone']} before noon. The fee was paid "
        f"with the card {data['card']}, and the door opens with {data['key']} as ever."
    )


def _test_item(rng: np.random.Generator) -> str:
    number, year = rng.integers(2, 90), rng.integers(1200, 1900)
    name, ware = _NAMES[rng.integers(0, len(_NAMES))], _WARES[rng.integers(0, len(_WARES))]
    return (
        f"Question: in the year {year} the keeper {name} bought {number} {ware} for the harbour and gave away three; "
        "how many were left at the end of the day?"
    )


def _made_of_nothing(per_kind: int, rng: np.random.Generator) -> list[Document]:
    """Return binary files, spam and repetition, which need no real text."""
    made = []
    for at in range(per_kind):
        made.append(_noise(f"binary {at}", decode(rng.integers(0, 256, 600, dtype=np.uint8).tobytes()), "binary"))
        made.append(_noise(f"spam {at}", _fluent_spam(rng) if at % 2 else _keywords(rng), "spam"))
        made.append(_noise(f"placeholder {at}", f"{_PLACEHOLDER} This is page {at} of {per_kind}.", "placeholder"))
        line = f"Come and see the {rng.choice(_WARES)} that {rng.choice(_NAMES)} has to sell with number {at} today. "
        made.append(_noise(f"repeated {at}", line * 12, "repeated"))
    return made


def _keywords(rng: np.random.Generator) -> str:
    words = [*rng.choice(_PRAISE, 40).tolist(), *rng.choice(_WARES, 40).tolist()]
    return " ".join(f"{words[place]} !!!" if place % 3 else words[place] for place in rng.permutation(80))


def _fluent_spam(rng: np.random.Generator) -> str:
    patterns = (
        "Have you seen the {praise} {wares} that {name} sells to all of the town?",
        "Buy {number} {praise} {wares} today and pay for the half of them with a smile.",
        "{name} was sad until the {praise} {wares} came to the door.",
        "There is no better time to think of {wares} than a {praise} day in spring.",
    )
    drawn = [
        {
            "praise": rng.choice(_PRAISE),
            "wares": rng.choice(_WARES),
            "name": str(rng.choice(_NAMES)).capitalize(),
            "number": rng.integers(2, 90),
        }
        for _ in range(8)
    ]
    return " ".join(patterns[int(rng.integers(0, len(patterns)))].format(**words) for words in drawn)


def _noise(name: str, text: str, kind: str) -> Document:
    return Document(name, text, Provenance("planted", licence="CC0-1.0", planted=kind))
