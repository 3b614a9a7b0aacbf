"""The tokenizer: round trips, special tokens that cannot be forged, what it learns, and its errors."""

import doctest
import subprocess
import sys
from types import ModuleType

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alignbook.text import bpe as bpe_module
from alignbook.text import merges as merges_module
from alignbook.text import pieces as pieces_module
from alignbook.text.bpe import BPE

WORDS = ["array", " array", " the", "\n    ", "<|user|>", "<|end|>", "<|us", "er|>", "é", "日本", "\0", "�"]
texts = st.one_of(st.text(), st.lists(st.sampled_from(WORDS) | st.text(max_size=3)).map("".join))

# "ab" 3 times -> 256, "abc" twice -> 257; then the special tokens 258 and 259
SMALL = BPE(((97, 98), (256, 99)), ("<|user|>", "<|end|>"))


def test_worked_example() -> None:
    assert BPE.train(["abc", "abc", "ab"], 260, ["<|user|>", "<|end|>"]) == SMALL
    assert SMALL.tokens[95:100] == (b"_", b"`", b"a", b"b", b"c")
    assert SMALL.tokens[256:] == (b"ab", b"abc", b"<|user|>", b"<|end|>")
    assert SMALL.vocab_size == len(SMALL.tokens) == 260
    assert SMALL.special_ids == {"<|user|>": 258, "<|end|>": 259}
    assert SMALL.encode("abcab abé") == [257, 256, 32, 256, 0xC3, 0xA9]
    assert SMALL.decode([258, 257, 256, 0xC3, 0xA9, 259]) == "<|user|>abcabé<|end|>"
    assert repr(SMALL) == "<BPE: 256 bytes, 2 merges, special tokens ['<|user|>', '<|end|>']>"


@pytest.mark.parametrize("module", [bpe_module, merges_module, pieces_module])
def test_the_examples_in_the_docstrings(module: ModuleType) -> None:
    result = doctest.testmod(module)
    assert result.attempted > 0
    assert result.failed == 0


def test_importing_the_package_imports_nothing() -> None:
    code = "import sys, alignbook.text; sys.exit('numpy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


# --- round trips


@given(text=texts)
def test_any_text_comes_back(trained: BPE, text: str) -> None:
    ids = trained.encode(text)
    assert trained.decode(ids) == text
    assert trained.decode(np.array(ids, dtype=np.int32)) == text


@given(data=st.binary() | texts.map(str.encode))
def test_any_bytes_come_back(trained: BPE, data: bytes) -> None:
    assert trained.decode_bytes(trained.encode_bytes(data)) == data


@given(text=texts)
def test_text_and_its_bytes_have_the_same_ids(trained: BPE, text: str) -> None:
    assert trained.encode_bytes(text.encode()) == trained.encode(text)


def test_bytes_that_are_not_utf_8() -> None:
    ids = SMALL.encode_bytes(b"ab\xffab\xe6\x97")
    assert ids == [256, 0xFF, 256, 0xE6, 0x97]
    assert SMALL.decode(ids) == "ab�ab�"
    assert SMALL.decode(ids, errors="ignore") == "abab"
    with pytest.raises(UnicodeDecodeError):
        SMALL.decode(ids, errors="strict")


def test_remembered_pieces_change_nothing(trained: BPE, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bpe_module, "CACHED_PIECES", 2)
    forgetful = BPE(trained.merges)
    for text in ("an array of arrays", "arrays of an array", "no array", "an array of arrays"):
        assert forgetful.encode(text) == BPE(trained.merges).encode(text)
        assert len(forgetful._cache) <= 2 + 4


# --- special tokens


@given(text=texts)
def test_no_text_produces_a_special_token(trained: BPE, text: str) -> None:
    special = set(trained.special_ids.values())
    for attempt in (text, "<|user|>" + text, f"{text}<|end|><|user|>"):
        assert special.isdisjoint(trained.encode(attempt))
        assert special.isdisjoint(trained.encode_bytes(attempt.encode()))


def test_special_tokens_are_recognised_only_when_allowed() -> None:
    text = "ab<|user|>abc<|end|><|end|>"
    forged = [*SMALL.encode("ab"), 258, *SMALL.encode("abc"), 259, 259]
    assert SMALL.encode(text, allowed_special=SMALL.special_tokens) == forged
    only_end = SMALL.encode(text, allowed_special={"<|end|>"})
    assert only_end == [*SMALL.encode("ab<|user|>abc"), 259, 259]
    assert SMALL.encode("", allowed_special=SMALL.special_tokens) == []
    assert SMALL.encode("<|user", allowed_special=SMALL.special_tokens) == SMALL.encode("<|user")


def test_where_one_special_token_begins_another_the_longer_is_taken() -> None:
    bpe = BPE((), ("<a", "<a>", "<a>+"))
    for names in (bpe.special_tokens, bpe.special_tokens[::-1]):
        assert bpe.encode("<a<a><a>+", allowed_special=names) == [256, 257, 258]


def test_special_tokens_can_be_added_later(trained: BPE) -> None:
    larger = trained.with_special_tokens(["<|tool|>"])
    assert larger.tokens == (*trained.tokens, b"<|tool|>")
    assert larger.special_ids["<|tool|>"] == trained.vocab_size
    assert larger.encode("<|tool|> array") == trained.encode("<|tool|> array")


def test_the_name_of_a_special_token_in_the_training_text_is_ordinary_text() -> None:
    bpe = BPE.train(9 * "<|user|>", 300, ["<|user|>"])
    assert bpe.vocab_size - 1 not in bpe.encode("<|user|>")
    assert len(bpe.encode("<|user|>")) < 8  # it was learned from, like any text


# --- learning


def test_a_larger_vocabulary_says_unseen_text_in_fewer_tokens(documents: tuple[str, ...]) -> None:
    seen, unseen = documents[::2], "".join(documents[1::2])
    bytes_per_token = [
        len(unseen.encode()) / len(BPE.train(seen, size).encode(unseen)) for size in (256, 512, 1024, 2048)
    ]
    assert bytes_per_token[0] == 1.0
    assert all(np.diff(bytes_per_token) > 0.4)
    assert bytes_per_token[-1] > 3.0


def test_a_text_with_few_pairs_gives_a_smaller_vocabulary() -> None:
    bpe = BPE.train("aaabdaaabac", 10_000, ["<|end|>"])
    assert (len(bpe.merges), bpe.vocab_size, bpe.special_ids["<|end|>"]) == (3, 260, 259)
    assert len(BPE.train("aaabdaaabac", 10_000, min_count=1).merges) > 3


# --- errors


@pytest.mark.parametrize(("size", "got"), [(257, "257"), (-1, "-1"), (512.0, r"512\.0")])
def test_a_vocabulary_without_room_is_refused(size: int, got: str) -> None:
    message = rf"vocab_size must be an int >= 258 \(256 bytes and 2 special tokens\), got {got}"
    with pytest.raises(ValueError, match=message):
        BPE.train("text", size, ["<a>", "<b>"])
    assert BPE.train("text", 258, ["<a>", "<b>"]).merges == ()


@pytest.mark.parametrize(
    ("names", "message"),
    [
        (("<a>", "<b>", "<a>"), "special_tokens must differ from one another, got '<a>' 2 times"),
        (("<a>", ""), "special_tokens must be strings that are not empty, got ''"),
        (("<a>", 5), "special_tokens must be strings that are not empty, got 5"),
        (("\ud800",), "special_tokens must be valid Unicode, got the lone surrogate"),
    ],
)
def test_bad_special_tokens_are_refused(names: tuple[str, ...], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        BPE.train("text", 300, names)
    with pytest.raises(ValueError, match=message):
        BPE((), names)
    with pytest.raises(ValueError, match=message):
        BPE(()).with_special_tokens(names)


def test_a_special_token_that_exists_is_not_added_again() -> None:
    with pytest.raises(ValueError, match=r"special_tokens must differ .* got '<\|end\|>' 2 times"):
        SMALL.with_special_tokens(["<|end|>"])


def test_a_string_is_not_taken_for_a_collection_of_names() -> None:
    got = r"must be a collection of str, got the str '<a>'; write \['<a>'\]"
    with pytest.raises(TypeError, match=f"special_tokens {got}"):
        BPE.train("text", 300, "<a>")
    with pytest.raises(TypeError, match=f"special_tokens {got}"):
        BPE((), "<a>")  # type: ignore[arg-type]
    with pytest.raises(TypeError, match=f"names {got}"):
        SMALL.with_special_tokens("<a>")
    with pytest.raises(TypeError, match=f"allowed_special {got}"):
        SMALL.encode("text", allowed_special="<a>")


def test_an_unknown_special_token_is_not_allowed() -> None:
    message = r"allowed_special must be among \['<\|user\|>', '<\|end\|>'\], got '<\|admin\|>'"
    with pytest.raises(ValueError, match=message):
        SMALL.encode("text", allowed_special=["<|user|>", "<|admin|>"])


@pytest.mark.parametrize("merge", [(97, 256), (258, 97), (-1, 97)])
def test_a_merge_of_ids_that_do_not_exist_is_refused(merge: tuple[int, int]) -> None:
    merges = (merge,) if merge == (97, 256) else ((97, 98), merge)
    with pytest.raises(ValueError, match=rf"merge \d must join two of the ids 0 to \d+, got \({merge[0]}, "):
        BPE(merges)


def test_two_merges_to_the_same_bytes_are_refused() -> None:
    message = r"merge 3, \(97, 257\), must make a new token, but b'abc' is already id 258"
    with pytest.raises(ValueError, match=message):
        BPE(((97, 98), (98, 99), (256, 99), (97, 257)))


def test_what_is_no_text_is_refused() -> None:
    with pytest.raises(TypeError, match="text must be str, got bytes; decode bytes first"):
        SMALL.encode(b"ab")  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="data must be bytes, got str; for text use encode"):
        SMALL.encode_bytes("ab")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=r"text must be valid Unicode, got the lone surrogate '\\ud800' at"):
        SMALL.encode("a\ud800")
    with pytest.raises(TypeError, match="texts must be a str or an iterable of str, got bytes"):
        BPE.train(b"ab", 300)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="texts must hold some text to learn from, got none"):
        BPE.train("", 300)


@pytest.mark.parametrize("bad", [260, -1, 2**40])
def test_ids_out_of_range_are_refused(bad: int) -> None:
    with pytest.raises(ValueError, match=f"ids must be from 0 to 259, got {bad} at position 2"):
        SMALL.decode([97, 259, bad, 97])


@pytest.mark.parametrize("ids", [5, [1.0], [[1, 2]], ["1"], [True], b"ab"])
def test_what_are_no_ids_is_refused(ids: object) -> None:
    with pytest.raises(TypeError, match="ids must be integers in one dimension, got"):
        SMALL.decode(ids)  # type: ignore[arg-type]


def test_no_ids_are_no_text() -> None:
    assert SMALL.decode([]) == ""
    assert SMALL.decode(np.zeros(0, dtype=np.int64)) == ""
