import pytest
from hypothesis import given
from hypothesis import strategies as st

from alignbook.pretraining import letters as module
from alignbook.pretraining.letters import (
    VOWELS,
    letters,
    training_and_held_out_letters,
    vowel_windows,
)


def test_letters_are_a_to_z_in_one_row() -> None:
    assert letters([("don't", "array_like"), ("2.0", "naïve")]) == "dontarraylikenave"


def test_windows_by_hand() -> None:
    x, y = vowel_windows("idea")  # vowel, consonant, vowel, vowel
    assert x.tolist() == [[1.0], [-1.0], [1.0]]
    assert y.tolist() == [0.0, 1.0, 1.0]


@given(row=st.text("abcde", min_size=2, max_size=12), data=st.data())
def test_each_prediction_sees_the_letters_before_it_the_last_one_first(row: str, data: st.DataObject) -> None:
    reach = data.draw(st.integers(1, len(row) - 1))
    x, y = vowel_windows(row, reach)
    assert x.shape == (len(row) - reach, reach)
    for at, (seen, answer) in enumerate(zip(x, y, strict=True), start=reach):
        assert [kind > 0 for kind in seen] == [letter in VOWELS for letter in row[at - reach : at][::-1]]
        assert answer == (row[at] in VOWELS)


def test_held_out_letters_come_from_other_sentences() -> None:
    training, held_out = training_and_held_out_letters(0, 20_000, 2_000)
    assert (len(training), len(held_out)) == (20_000, 2_000)
    assert held_out[:200] not in training
    assert set(training) == set("abcdefghijklmnopqrstuvwxyz")
    assert training_and_held_out_letters(0, 10, 5) == (training[:10], held_out[:5])
    assert training_and_held_out_letters(1, 10, 5) != (training[:10], held_out[:5])


def test_a_sentence_that_was_read_is_not_held_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "split", lambda documents, **_: (documents, documents))
    with pytest.raises(ValueError, match="held_out must be from 1 to 0 letters"):
        training_and_held_out_letters(987_654, 5, 5)  # a seed that no cache has seen


@pytest.mark.parametrize("reach", [0, -1, 5])
def test_a_reach_beyond_the_row_is_refused(reach: int) -> None:
    with pytest.raises(ValueError, match=rf"reach must be from 1 to 4 \(the row has 5 letters\), got {reach}"):
        vowel_windows("array", reach)


@pytest.mark.parametrize(
    ("training", "held_out", "name"), [(10**7, 5, "training"), (5, 10**7, "held_out"), (0, 5, "training")]
)
def test_more_letters_than_there_are_are_refused(training: int, held_out: int, name: str) -> None:
    with pytest.raises(ValueError, match=rf"{name} must be from 1 to \d+ letters, which is all there are, got \d+"):
        training_and_held_out_letters(0, training, held_out)
