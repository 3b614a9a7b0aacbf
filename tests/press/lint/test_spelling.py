"""Words are spelled as in Britain; the book's own are right."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from tests.press.lint.reading import read

from alignbook.press.lint.spelling import misspelled, read_words, words_of


def words(text: str) -> list[tuple[str, int]]:
    return [word for passage in read(text).passages for word in words_of(passage)]


def test_mistakes_are_found_with_their_mend() -> None:
    wrong = misspelled({"teh", "pretrainning", "behavior", "optimize", "langauge", "good"}, {"pretraining"})
    assert wrong == {
        "behavior": "spelling: 'behavior' should be 'behaviour'",
        "langauge": "spelling: 'langauge' should be 'language'",
        "optimize": "spelling: 'optimize' should be 'optimise'",
        "pretrainning": "spelling: 'pretrainning' is in no dictionary (did you mean 'pretraining'?): mend it, or add "
        "it to book/words.txt",
        "teh": "spelling: 'teh' should be 'the'",
    }


def test_british_words_are_right() -> None:
    words = "behaviour licence colour optimise normalised analyse labelled modelling don't centre neighbour grey"
    assert misspelled(words.split(), set()) == {}


def test_the_books_own_words_are_right() -> None:
    words = {"behavior", "unigram", "teh"}
    assert misspelled(words, set()).keys() == words
    assert misspelled(words, {"behavior", "unigram"}).keys() == {"teh"}


def test_only_words_of_prose_are_looked_up_each_with_its_line() -> None:
    page = (
        "# A heading\n\nThe *models* of\nShannon's read `code` and $maths$ at <https://example.org>,\n"
        "in NumPy and BPE, file.txt, some_name, 2nd and a [link](target.md).\n\n```python\ncode\n```\n"
    )
    expected = ["heading", "the", "models", "read", "and", "and", "file", "and", "link"]
    expected.remove("file")
    assert [word for word, _ in words(page)] == expected
    assert dict(words(page)) == {"heading": 1, "the": 3, "models": 3, "read": 4, "and": 5, "link": 5}


def test_names_are_left_out_but_not_where_a_sentence_begins() -> None:
    assert words("NumPy and LaTeX. LaTeX and iPython") == [("and", 1), ("and", 1)]
    text = "Teh model of Markov. Wrods “Begin” it; a book: Names and “Quoted Names”.\n\nTeh end"
    found = [word for word, _ in words(text)]
    assert found == ["teh", "model", "wrods", "book", "names", "and", "teh", "end"]


def test_emphasis_within_a_word_does_not_split_it_and_hyphens_do() -> None:
    assert [word for word, _ in words("**re**training cross-entropy don’t")] == [
        "retraining",
        "cross",
        "entropy",
        "don't",
    ]


@given(st.lists(st.sampled_from(["Text `teh`", "$teh$", "{ref}`teh`", "<https://teh.example>", "% teh"]), max_size=4))
def test_what_is_no_prose_is_never_looked_up(lines: list[str]) -> None:
    assert "teh" not in dict(words("\n\n".join(lines)))
    assert dict(words("\n\n".join([*lines, "teh"])))["teh"] == 2 * len(lines) + 1


def test_the_file_of_words(tmp_path: Path) -> None:
    path = tmp_path / "words.txt"
    path.write_text("# Names\n\nunigram  # one\nBPE\n", encoding="utf-8")
    assert read_words(path) == {"unigram", "bpe"}
    assert read_words(tmp_path / "none.txt") == set()
