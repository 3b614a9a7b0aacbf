import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alignbook.data.language_id import LanguageModel, language_problems, train_language_model
from alignbook.data.sources import prose
from alignbook.data.synthetic import OtherLanguage

TEXT = st.text(alphabet="ab cé.1", max_size=20)


@pytest.fixture(scope="module")
def texts() -> dict[str, list[str]]:
    english = [document.text for document in prose()[::3]]
    language = OtherLanguage.draw(np.random.default_rng(0))
    return {"English": english, "other": [language.translate(text) for text in english]}


@pytest.fixture(scope="module")
def model(texts: dict[str, list[str]]) -> LanguageModel:
    return train_language_model({language: sample[::2] for language, sample in texts.items()})


def test_probabilities_by_hand() -> None:
    model = train_language_model({"a": ["a"], "b": ["b"]}, pseudocount=1)
    # One run, " a ", counted once: (1 + 1) / (1 + buckets) against 1 / (1 + buckets). It counts a third.
    odds = 2 ** (1 / 3)
    assert model.scores(["a", "", "7!"]) == pytest.approx(
        np.array([[odds / (1 + odds), 1 / (1 + odds)], *[[0.5] * 2] * 2])
    )


def test_unread_text_is_told_apart_by_a_few_words(model: LanguageModel, texts: dict[str, list[str]]) -> None:
    for language, sample in texts.items():
        for length, share in ((25, 0.9), (200, 0.99)):
            told = [model.identify(text[:length]) == language for text in sample[1::2]]
            assert np.mean(told) > share


@given(st.lists(TEXT, min_size=1, max_size=5))
def test_texts_are_scored_alike_alone_and_in_company(texts: list[str]) -> None:
    model = train_language_model({"one": ["ab ba cab"], "two": ["éa cc bac"], "three": ["b b b"]})
    scores = model.scores(texts)
    np.testing.assert_allclose(scores.sum(axis=1), 1)
    for row, text in zip(scores, texts, strict=True):
        np.testing.assert_allclose(row, model.scores([text])[0], atol=1e-9)


def test_capitals_digits_and_punctuation_do_not_count(model: LanguageModel) -> None:
    plain, adorned = model.scores(["returns the values", "RETURNS (the) 42 values!"])
    np.testing.assert_allclose(plain, adorned, atol=1e-12)


def test_reasons_name_the_language(model: LanguageModel, texts: dict[str, list[str]]) -> None:
    problems = language_problems([texts["English"][1], texts["other"][1]], model, ["English"])
    assert problems == [None, "most likely other (100%)"]
    assert language_problems([texts["other"][1]], model, ["English", "other"]) == [None]


def test_impossible_input_is_named(model: LanguageModel) -> None:
    with pytest.raises(ValueError, match="texts must be in two languages or more, got 1"):
        train_language_model({"a": ["a"]})
    with pytest.raises(ValueError, match="got none for 'b'"):
        train_language_model({"a": ["a"], "b": ["42"]})
    with pytest.raises(ValueError, match="pseudocount must be > 0, got 0"):
        train_language_model({"a": ["a"], "b": ["b"]}, pseudocount=0)
    with pytest.raises(ValueError, match="wanted must be among English, other, got Latin"):
        language_problems(["a"], model, ["Latin"])
