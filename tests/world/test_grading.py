import pytest

from alignbook.world.grading import (
    ABSTENTION,
    REFUSAL,
    abstains,
    grade_exact,
    grade_value,
    mentions,
    named_values,
    normalise,
    refuses,
)

TOWNS = ("Foxford", "Mossham", "Foxfordia")


@pytest.mark.parametrize(
    "reply", [ABSTENTION, "i do not know", "I don't know that, sorry.", "Nobody knows.", "No idea!"]
)
def test_ways_to_abstain(reply: str) -> None:
    assert abstains(reply)
    assert not refuses(reply)
    assert grade_value(reply, "Foxford", TOWNS).outcome == "abstained"


@pytest.mark.parametrize("reply", [REFUSAL, "I cannot help with this.", "Sorry, I won't do that.", "We must not help."])
def test_ways_to_refuse(reply: str) -> None:
    assert refuses(reply)
    assert not abstains(reply)
    assert grade_value(reply, "Foxford", TOWNS).outcome == "refused"


@pytest.mark.parametrize("reply", ["Foxford.", "foxford", "She lives in Foxford.", "FOXFORD !", "Certainly Foxford."])
def test_ways_to_name_the_value(reply: str) -> None:
    assert grade_value(reply, "Foxford", TOWNS).outcome == "correct"


@pytest.mark.parametrize(
    "reply", ["Mossham.", "Foxford or Mossham.", "Foxfordia", "Fox ford", "I know.", "I don't know, maybe Mossham."]
)
def test_what_is_wrong(reply: str) -> None:
    assert grade_value(reply, "Foxford", TOWNS).outcome == "wrong"


def test_saying_nothing_is_malformed() -> None:
    assert grade_value(" .. ", "Foxford", TOWNS).outcome == "malformed"
    assert grade_exact("", "a b").outcome == "malformed"


def test_a_value_within_a_longer_value_does_not_count_against_it() -> None:
    values = ("cat", "black cat", "old black cat")
    assert grade_value("A black cat.", "black cat", values).outcome == "correct"
    assert grade_value("An old black cat.", "black cat", values).outcome == "wrong"
    assert named_values("an old black cat", values) == ["cat", "black cat", "old black cat"]


def test_exact_replies_may_differ_in_case_spaces_and_final_punctuation_only() -> None:
    assert grade_exact(" 7  7. ", "7 7").outcome == "correct"
    assert grade_exact("7 8", "7 7").outcome == "wrong"
    assert grade_exact(ABSTENTION, "7 7").outcome == "abstained"
    assert grade_exact(REFUSAL, "7 7").outcome == "refused"


def test_words_are_whole() -> None:
    assert mentions("one-eyed cat", "one-eyed cat")
    assert not mentions("one-eyed cat", "eyed cat")
    assert normalise(' "Plum  Pie!" ') == "plum pie"
