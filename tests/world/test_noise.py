import re
from collections import Counter

import numpy as np
import pytest

from alignbook.world.corpus import corpus
from alignbook.world.document import Document
from alignbook.world.noise import SHARES, SPOILING, plant_noise
from alignbook.world.region import World


@pytest.fixture(scope="module")
def clean(tiny: World) -> list[Document]:
    return corpus(tiny, 0)


@pytest.fixture(scope="module")
def noisy(tiny: World, clean: list[Document]) -> list[Document]:
    return plant_noise(clean, tiny, np.random.default_rng(0))


def test_each_kind_has_its_share(clean: list[Document], noisy: list[Document]) -> None:
    counts = Counter(one.planted for one in noisy)
    assert {kind: counts[kind] for kind in SHARES} == {k: round(share * len(clean)) for k, share in SHARES.items()}
    added = sum(counts[kind] for kind in SHARES if kind not in SPOILING)
    assert len(noisy) == len(clean) + added


def test_what_is_unplanted_is_untouched_and_only_spoiled_documents_are_missing(
    clean: list[Document], noisy: list[Document]
) -> None:
    spoiled = {one.origin for one in noisy if one.planted in SPOILING}
    honest = Counter(one.text for one in noisy if not one.planted)
    assert honest == Counter(one.text for at, one in enumerate(clean) if at not in spoiled)


def test_copies_and_details_are_what_they_say(clean: list[Document], noisy: list[Document]) -> None:
    for one in noisy:
        original = clean[one.origin].text if one.origin >= 0 else ""
        if one.planted == "exact copy":
            assert one.text == original
        elif one.planted == "near copy":
            assert one.text != original
            kept = sum(word in original.split() for word in one.text.split())
            assert kept >= len(original.split()) - 2  # a line break joins two words into one
        elif one.planted in SPOILING:
            assert one.detail
            assert one.text.count(one.detail) == 1
            assert original in one.text
        elif one.planted:
            assert one.kind == "noise"
            assert one.origin == -1


def test_personal_data_belong_to_nobody(noisy: list[Document]) -> None:
    details = [one.detail for one in noisy if one.planted == "personal data"]
    assert details
    assert all(re.fullmatch(r"202-555-01\d\d|[a-z]+\.[a-z]+\d+@[a-z]+\.example", detail) for detail in details)


def test_shares_can_be_chosen(tiny: World, clean: list[Document]) -> None:
    only_spam = plant_noise(clean, tiny, np.random.default_rng(0), {"spam": 0.5})
    assert Counter(one.planted for one in only_spam) == {"": len(clean), "spam": round(0.5 * len(clean))}


@pytest.mark.parametrize(
    ("shares", "message"),
    [
        ({"dust": 0.1}, r"shares must be of the kinds boilerplate, .*, got 'dust'"),
        ({"spam": -0.1}, r"share of 'spam' must be 0 or more, got -0.1"),
        ({"exact copy": 0.7, "near copy": 0.7}, r"must sum to at most 1, got 1.4"),
    ],
)
def test_shares_that_cannot_be_are_refused(
    tiny: World, clean: list[Document], shares: dict[str, float], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        plant_noise(clean, tiny, np.random.default_rng(0), shares)
