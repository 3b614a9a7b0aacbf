"""The rule for pieces: what it cuts, and that it loses nothing."""

import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alignbook.text.pieces import LONGEST_RUN, PIECE, PIECE_IN_ASCII, count_pieces, split_pieces


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("", []),
        ("Hello world", ["Hello", " world"]),
        ("x2 = 10;", ["x", "2", " =", " 10", ";"]),
        ("a  b", ["a", " ", " b"]),
        ("a \t b", ["a", " \t", " b"]),
        ("a\nb", ["a", "\n", "b"]),
        ("end  \n", ["end", "  \n"]),
        ("__init__(self)", ["__", "init", "__(", "self", ")"]),
        ("don't", ["don", "'", "t"]),
        ("größer ½ ٣", ["größer", " ½", " ٣"]),
        ("日本語 text", ["日本語", " text"]),
        ("a\u00a0b", ["a", "\u00a0", "b"]),
    ],
)
def test_by_hand(text: str, pieces: list[str]) -> None:
    assert split_pieces(text) == pieces


@given(st.text())
def test_the_pieces_joined_are_the_text_and_none_is_empty(text: str) -> None:
    pieces = split_pieces(text)
    assert "".join(pieces) == text
    assert all(pieces)


def test_no_character_is_lost_wherever_it_stands() -> None:
    for code in range(sys.maxunicode + 1):  # lone surrogates too: they carry the bytes that are not UTF-8
        character = chr(code)
        text = f"a{character}1 {character}"
        assert "".join(split_pieces(text)) == text


def test_the_pattern_for_ascii_is_the_same_rule() -> None:
    characters = [chr(code) for code in range(128)]
    for first in characters:
        for second in characters:
            text = f"{first}{second}a {first}{second}1 {second}  {first}"
            assert PIECE_IN_ASCII.findall(text) == PIECE.findall(text)
    assert split_pieces("a²") == ["a²"]  # not all ASCII, so the pattern for all text


@given(st.text(alphabet="ab1 _.\n", max_size=40))
def test_a_piece_holds_one_kind_of_character(text: str) -> None:
    for piece in split_pieces(text):
        run = piece.removeprefix(" ") or piece
        kinds = {(c.isalpha(), c.isdigit(), c.isspace()) for c in run}
        assert len(kinds) == 1, piece


@pytest.mark.parametrize("character", ["a", "1", "-", "_", " ", "\n"])
def test_no_run_is_longer_than_the_bound(character: str) -> None:
    pieces = split_pieces(" " + 10 * LONGEST_RUN * character)
    assert max(len(piece.removeprefix(" ") or piece) for piece in pieces) <= LONGEST_RUN
    assert len(pieces) <= 12


def test_pieces_are_counted_document_by_document() -> None:
    assert count_pieces(["a rose is a rose", "a rose"]) == {" rose": 3, "a": 2, " is": 1, " a": 1}
    assert count_pieces("a rose") == {"a": 1, " rose": 1}
    assert count_pieces(["on", "ly"]) == {"on": 1, "ly": 1}


@pytest.mark.parametrize("texts", ["", [], ["", ""]])
def test_no_text_is_refused(texts: str | list[str]) -> None:
    with pytest.raises(ValueError, match="texts must hold some text to learn from, got none"):
        count_pieces(texts)


@pytest.mark.parametrize(("texts", "got"), [(b"bytes", "bytes"), (None, "NoneType")])
def test_what_is_no_text_is_refused(texts: object, got: str) -> None:
    with pytest.raises(TypeError, match=f"texts must be a str or an iterable of str, got {got}"):
        count_pieces(texts)  # type: ignore[arg-type]


def test_documents_that_are_no_text_are_refused() -> None:
    with pytest.raises(TypeError, match="texts must be str, got bytes; decode bytes first"):
        count_pieces(["text", b"bytes"])  # type: ignore[list-item]
    with pytest.raises(
        ValueError, match=r"texts must be valid Unicode, got the lone surrogate '\\ud800' at position 2"
    ):
        count_pieces(["ab\ud800"])
