from collections import Counter

import numpy as np
import pytest

from alignbook.pretraining.experiments.tokens import (
    Example,
    Merge,
    TokensResult,
    bytes_per_token,
    first_merges,
    nested_tokenizers,
    scramble,
    tokens,
)
from alignbook.pretraining.paragraphs import training_and_held_out_paragraphs
from alignbook.text.bpe import BPE

SEEDS = (0, 1)


@pytest.fixture(scope="module")
def results() -> dict[int, TokensResult]:
    return {seed: tokens(seed, "tiny") for seed in SEEDS}


@pytest.fixture(params=SEEDS)
def result(request: pytest.FixtureRequest, results: dict[int, TokensResult]) -> TokensResult:
    return results[request.param]


def example(result: TokensResult, text: str) -> Example:
    return next(each for each in result.examples if each.text == text)


def test_a_larger_vocabulary_says_more_with_each_token(result: TokensResult) -> None:
    assert result.bytes_per_token[0] == 1.0
    assert all(np.diff(result.bytes_per_token) > 0.5)
    assert all(np.diff(result.tokens_per_word) < -0.5)
    assert all(np.diff(result.whole_words) > 0.1)


def test_and_sees_its_newest_tokens_ever_more_rarely(result: TokensResult) -> None:
    nothing, more, less = result.newest_seen
    assert nothing is None
    assert more is not None
    assert less is not None
    assert more > 2 * less > 0


def test_the_first_merges_are_readable_and_real(result: TokensResult) -> None:
    assert result.first_merges[0] == Merge(" ", "t", " t")
    assert " the" in [merge.joined for merge in result.first_merges[:10]]
    assert all(merge.left + merge.right == merge.joined for merge in result.first_merges)


def test_scrambled_words_compress_less_and_least_when_scrambled_anew(result: TokensResult) -> None:
    real, once, anew = (np.array(r[1:]) for r in (result.bytes_per_token, result.scrambled_once, result.scrambled_anew))
    assert (real > once + 0.2).all()
    assert (once > anew + 0.1).all()
    assert result.scrambled_once[0] == result.scrambled_anew[0] == 1.0


def test_other_scripts_fall_back_to_their_bytes(result: TokensResult) -> None:
    for text in ("γνῶθι σεαυτόν", "吾輩は猫である"):
        assert set(example(result, text).bytes_per_token) == {1.0}
        assert len(example(result, text).pieces[-1]) == len(text.encode()) + 1
    assert example(result, "吾輩は猫である").pieces[-1][:4] == (" ", r"\xe5", r"\x90", r"\xbe")
    assert example(result, "I am a cat").bytes_per_token[-1] > 1.5


def test_a_word_that_nobody_wrote_is_made_of_parts(result: TokensResult) -> None:
    for text in ("unbroadcastable", "maskedarray", "zqxjk", "3.14159"):
        assert all("".join(pieces) == " " + text for pieces in example(result, text).pieces)
    assert len(example(result, "unbroadcastable").pieces[-1]) < 9
    assert len(example(result, "zqxjk").pieces[-1]) >= 4
    assert example(result, "1024").pieces[0] == tuple(" 1024")


def test_numbers_are_cut_unevenly(result: TokensResult) -> None:
    assert result.number_lengths[0] == (0.0, 0.0, 0.0, 1.0)
    assert result.neighbours_cut_alike[0] == 1.0
    assert all(sum(shares) == pytest.approx(1.0) for shares in result.number_lengths)
    assert result.number_lengths[-1][2] > 0.2
    assert result.neighbours_cut_alike[-1] < 1.0


def test_measures_by_hand() -> None:
    bpe = BPE.train("low lower slow slower", vocab_size=259)  # lo, low, " s"
    assert bytes_per_token(bpe, ["slow low"]) == 8 / 4  # s low " " low
    assert first_merges(bpe, 2) == (Merge("l", "o", "lo"), Merge("lo", "w", "low"))


def test_numbers_agree_with_counting_them_again(results: dict[int, TokensResult]) -> None:
    training, held_out = training_and_held_out_paragraphs(0, 800, 100)
    bpe = BPE.train(training, 1024)
    assert results[0].bytes_per_token[-1] == pytest.approx(
        len("".join(held_out).encode()) / sum(len(bpe.encode(text)) for text in held_out)
    )
    words = [word for text in held_out for word in text.split()]
    assert results[0].whole_words[-1] == np.mean([f" {word}".encode() in bpe.tokens for word in words])
    newest = np.bincount(np.concatenate([bpe.encode(text) for text in training]), minlength=1024)[-192:]
    assert results[0].newest_seen[-1] == np.median(newest)


def test_nested_tokenizers_are_those_trained_apart() -> None:
    training, _ = training_and_held_out_paragraphs(0, 100, 1)
    for bpe, size in zip(nested_tokenizers(training, (256, 300, 400)), (256, 300, 400), strict=True):
        assert bpe == BPE.train(training, size)


@pytest.mark.parametrize("anew", [True, False])
def test_scrambling_keeps_the_letters_and_all_that_is_no_letter(anew: bool) -> None:
    texts = ["The `dtype` of array_like, 1024 times; the dtype of arrays."] * 20
    scrambled = scramble(texts, np.random.default_rng(0), anew=anew)
    assert scrambled[0] != texts[0]
    for text in scrambled:
        assert Counter(text) == Counter(texts[0])
        assert [at for at, mark in enumerate(text) if not mark.isalpha()] == [
            at for at, mark in enumerate(texts[0]) if not mark.isalpha()
        ]
    assert (len(set(scrambled)) > 1) == anew
    places = [texts[0].index("dtype"), texts[0].rindex("dtype")]
    assert (len({text[at : at + 5] for text in scrambled for at in places}) > 1) == anew


def test_a_text_without_enough_pairs_is_refused() -> None:
    with pytest.raises(ValueError, match="the text has pairs for a vocabulary of 257, got the size 300"):
        nested_tokenizers(["ab ab"], (256, 300))


def test_the_same_seed_gives_the_same_result(results: dict[int, TokensResult]) -> None:
    assert tokens(0, "tiny") == results[0] != results[1]


def test_an_unknown_size_is_refused() -> None:
    with pytest.raises(ValueError, match="size must be one of tiny, book, got 'huge'"):
        tokens(0, "huge")
