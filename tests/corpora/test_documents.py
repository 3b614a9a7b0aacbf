from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alignbook.corpora.documents import Document, split

CORPUS = [Document(f"name{i}", f"the text of document {i}") for i in range(2000)]


def names(documents: Iterable[Document]) -> set[str]:
    return {document.name for document in documents}


def test_both_parts_keep_their_order_and_lose_nothing() -> None:
    training, held_out = split(CORPUS, held_out=0.3, seed=1)
    trained_on = names(training)
    assert list(training) == [document for document in CORPUS if document.name in trained_on]
    assert list(held_out) == [document for document in CORPUS if document.name not in trained_on]
    assert len(training) > len(held_out) > 0


def test_the_share_held_out_is_met_within_four_standard_deviations() -> None:
    _, held_out = split(CORPUS, held_out=0.3)
    assert abs(len(held_out) / 2000 - 0.3) < 4 * (0.3 * 0.7 / 2000) ** 0.5


@given(old=st.sets(st.integers(0, 1999)), new=st.sets(st.integers(0, 1999)), seed=st.integers(0, 9))
def test_a_document_stays_on_its_side_when_others_are_added(old: set[int], new: set[int], seed: int) -> None:
    few = [CORPUS[at] for at in sorted(old)]
    many = [CORPUS[at] for at in sorted(old | new)]
    for part_of_few, part_of_many in zip(split(few, seed=seed), split(many, seed=seed), strict=True):
        assert names(part_of_few) <= names(part_of_many)


def test_copies_under_other_names_and_other_white_space_land_on_the_same_side() -> None:
    training, held_out = split(CORPUS, held_out=0.5)
    copies = [Document("copy of " + one.name, one.text.replace(" ", "\n    ")) for one in CORPUS]
    training_copies, held_out_copies = split(copies, held_out=0.5)
    assert names(training_copies) == {"copy of " + name for name in names(training)}
    assert names(held_out_copies) == {"copy of " + name for name in names(held_out)}


def test_a_larger_share_holds_out_the_same_documents_and_more() -> None:
    assert names(split(CORPUS, held_out=0.1)[1]) < names(split(CORPUS, held_out=0.2)[1])


def test_another_seed_is_an_unrelated_division() -> None:
    first, second = (names(split(CORPUS, held_out=0.5, seed=seed)[1]) for seed in (0, 1))
    assert 0.4 < len(first & second) / len(first) < 0.6


@pytest.mark.parametrize("held_out", [0.0, 1.0, -0.1, float("nan")])
def test_a_share_that_is_none_is_refused_by_name_and_value(held_out: float) -> None:
    with pytest.raises(ValueError, match=rf"held_out must lie between 0 and 1 .*, got {held_out}"):
        split(CORPUS, held_out=held_out)
