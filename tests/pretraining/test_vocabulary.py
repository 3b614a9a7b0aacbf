import pytest

from alignbook.pretraining.vocabulary import END, START, UNKNOWN, Vocabulary

TEXT = [("sat", "the", "cat"), ("the", "dog", "sat"), ("the", "cat", "ran")]


def test_the_most_frequent_words_are_taken_and_ties_go_by_the_alphabet() -> None:
    assert Vocabulary.of_size(TEXT, 5).words == ("the", "cat", "sat")
    assert Vocabulary.of_size(TEXT, 6).words == ("the", "cat", "sat", "dog")


def test_unknown_and_end_count_into_the_size() -> None:
    vocabulary = Vocabulary.of_size(TEXT, 5)
    assert vocabulary.tokens == ("the", "cat", "sat", UNKNOWN, END)
    assert len(vocabulary) == 5
    assert [vocabulary.index[token] for token in vocabulary.tokens] == [0, 1, 2, 3, 4]


def test_what_is_not_a_known_word_is_read_as_unknown_markers_included() -> None:
    vocabulary = Vocabulary.of_size(TEXT, 5)
    assert vocabulary.encode(["the", "dog", UNKNOWN, START, END]) == (
        "the",
        UNKNOWN,
        UNKNOWN,
        UNKNOWN,
        UNKNOWN,
    )


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ((), "words must not be empty"),
        (("a", "b", "a"), "words must differ from one another, got 'a' more than once"),
        (("a", START), "words must not hold the marker '<s>'"),
        (("a", END), "words must not hold the marker '</s>'"),
        (("a", UNKNOWN), "words must not hold the marker '<unk>'"),
    ],
)
def test_words_that_make_no_vocabulary_are_refused(words: tuple[str, ...], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Vocabulary(words)


@pytest.mark.parametrize("size", [-1, 2, 8])
def test_a_size_that_the_text_cannot_fill_is_refused_with_the_limits(size: int) -> None:
    assert len(Vocabulary.of_size(TEXT, 7)) == 7
    with pytest.raises(ValueError, match=rf"size must be from 3 to 7 .*, got {size}"):
        Vocabulary.of_size(TEXT, size)
