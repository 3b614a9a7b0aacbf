"""Learning merges: by hand, against a naive trainer, and against Hugging Face's ``tokenizers``."""

import json
import random
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Regex, Tokenizer, models, pre_tokenizers, trainers

from alignbook.text.bpe import BPE
from alignbook.text.merges import Pair, apply_merges, learn_merges
from alignbook.text.pieces import PIECE, count_pieces, split_pieces

LATIN_1 = [chr(byte) for byte in range(256)]


def naive_merges(pieces: Mapping[bytes, int], n_merges: int, min_count: int) -> list[Pair]:
    """The definition, word for word: count all pairs anew before every merge."""
    words = [(list(piece), count) for piece, count in pieces.items()]
    merges: list[Pair] = []
    while len(merges) < n_merges:
        counts: Counter[Pair] = Counter()
        for ids, count in words:
            for pair in pairwise(ids):
                counts[pair] += count
        best = min(counts, key=lambda pair: (-counts[pair], pair), default=None)
        if best is None or counts[best] < min_count:
            break
        new = 256 + len(merges)
        merges.append(best)
        for ids, _ in words:
            place = 0
            while place < len(ids) - 1:
                if (ids[place], ids[place + 1]) == best:
                    ids[place : place + 2] = [new]
                place += 1
    return merges


def hugging_face(texts: Sequence[str], vocab_size: int, pre_tokenizer: pre_tokenizers.PreTokenizer | None) -> Tokenizer:
    """The Rust trainer, with the byte `b` written as the character number `b`.

    It too takes the smallest of equally frequent pairs, by its own numbers. It numbers its alphabet by code
    point, so in this writing its numbers are ours, for every byte and every merge. (Under its usual
    ``ByteLevel`` writing the space is number 220, and ties fall otherwise.)
    """
    tokenizer = Tokenizer(models.BPE())
    if pre_tokenizer is not None:
        tokenizer.pre_tokenizer = pre_tokenizer
    trainer = trainers.BpeTrainer(vocab_size=vocab_size, min_frequency=2, initial_alphabet=LATIN_1, show_progress=False)
    tokenizer.train_from_iterator(texts, trainer)
    return tokenizer


def merges_of(tokenizer: Tokenizer) -> tuple[Pair, ...]:
    ids = tokenizer.get_vocab()
    merges = json.loads(tokenizer.to_str())["model"]["merges"]
    return tuple((ids[left], ids[right]) for left, right in merges)


def test_worked_example() -> None:
    # aaabdaaabac: "aa" 4 times            -> Z = aa: ZabdZabac
    # "ab" and "Za" twice, "ab" is smaller -> Y = ab: ZYdZYac
    # "ZY" twice                           -> X = ZY: XdXac, where no pair occurs twice
    pieces = {b"aaabdaaabac": 1}
    merges = [(97, 97), (97, 98), (256, 257)]
    assert learn_merges(pieces, n_merges=10) == merges
    assert learn_merges(pieces, n_merges=2) == merges[:2]
    joined = {pair: new for new, pair in enumerate(merges, start=256)}
    assert apply_merges(b"aaabdaaabac", joined) == [258, ord("d"), 258, ord("a"), ord("c")]


def test_of_equally_frequent_pairs_the_smallest_is_taken() -> None:
    assert learn_merges({b"cd": 2, b"ac": 2, b"ab": 2}, n_merges=3) == [(97, 98), (97, 99), (99, 100)]
    assert learn_merges({b"cd": 3, b"ac": 2, b"ab": 2}, n_merges=3) == [(99, 100), (97, 98), (97, 99)]


def test_merges_are_applied_in_the_order_of_learning() -> None:
    first_bc = {(98, 99): 256, (97, 98): 257}
    assert apply_merges(b"abc", first_bc) == [97, 256]
    first_ab = {(97, 98): 256, (98, 99): 257}
    assert apply_merges(b"abc", first_ab) == [256, 99]
    assert apply_merges(b"aaaaa", {(97, 97): 256, (256, 256): 257}) == [257, 97]
    assert apply_merges(b"", first_ab) == []


def test_learning_stops_when_the_pairs_run_out() -> None:
    assert learn_merges({b"ab": 1}, n_merges=5) == []
    assert learn_merges({b"ab": 1}, n_merges=5, min_count=1) == [(97, 98)]
    assert learn_merges({b"abc": 2, b"a": 9}, n_merges=5, min_count=3) == []
    assert learn_merges({b"a": 9}, n_merges=5) == []
    with pytest.raises(ValueError, match="min_count must be >= 1, got 0"):
        learn_merges({b"ab": 1}, n_merges=5, min_count=0)


few_letters = st.dictionaries(st.text("ab", min_size=1, max_size=12).map(str.encode), st.integers(1, 4), max_size=8)


@given(few_letters, st.integers(0, 30), st.integers(1, 3))
def test_equals_counting_anew_before_every_merge(pieces: dict[bytes, int], n_merges: int, min_count: int) -> None:
    assert learn_merges(pieces, n_merges, min_count) == naive_merges(pieces, n_merges, min_count)


@given(few_letters)
def test_no_two_tokens_spell_the_same(pieces: dict[bytes, int]) -> None:
    tokens = BPE(tuple(learn_merges(pieces, n_merges=50, min_count=1))).tokens
    assert len(set(tokens)) == len(tokens)


def test_the_order_of_the_text_does_not_matter(documents: tuple[str, ...], trained: BPE) -> None:
    shuffled = list(documents)
    random.Random(0).shuffle(shuffled)
    assert BPE.train(shuffled, 600, trained.special_tokens) == trained


def test_merges_and_ids_equal_those_of_tokenizers_on_real_text(documents: tuple[str, ...]) -> None:
    # On ASCII the whole way can be compared: the same expression cuts the same pieces in both.
    ascii_documents = [text.encode("ascii", "ignore").decode() for text in documents]
    cut = pre_tokenizers.Split(Regex(PIECE.pattern), "isolated")
    theirs = hugging_face(ascii_documents, 2_000, cut)
    ours = BPE.train(ascii_documents, 2_000)
    assert len(ours.merges) == 1_744
    assert ours.merges == merges_of(theirs)
    for text in ascii_documents[:200]:
        assert ours.encode(text) == theirs.encode(text).ids


def test_merges_and_ids_equal_those_of_tokenizers_beyond_ascii() -> None:
    # Each piece goes in by itself, since the two expression engines differ about letters beyond ASCII.
    text = 40 * "größere Straßen, größte Maße; Übermaß ist größer als Maß. 日本語と日本 «été» naïveté — naïf 🙂🙂 "
    counts = count_pieces(text)
    theirs = hugging_face([piece.encode().decode("latin-1") for piece in counts.elements()], 400, None)
    ours = BPE.train(text, 400)
    assert len(ours.merges) > 60
    assert ours.merges == merges_of(theirs)
    for unseen in (*counts, " größeres", "日本日本語", "🙂🙂🙂"):
        for piece in split_pieces(unseen):
            assert ours.encode(piece) == theirs.encode(piece.encode().decode("latin-1")).ids
