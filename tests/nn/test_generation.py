"""Generation: with a cache as without one, at every length; seeds, stops, neighbours; the reader's own contract."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.nn.models import random_model

from alignbook.nn.generation import BATCH, CachedReader, generate, next_token_logprobs
from alignbook.nn.sampling import Sampling
from alignbook.nn.tape import Ids
from alignbook.nn.transformer import TransformerConfig

CONFIG = TransformerConfig(vocab_size=13, context=12, width=8, layers=2, heads=2)
MODEL = random_model(CONFIG, dtype=np.float64)  # in float64 no two scores are so close that rounding could decide
prompts_of_many = st.lists(st.lists(st.integers(0, 12), min_size=1, max_size=11), min_size=1, max_size=6)


def written_without_a_cache(
    prompt: list[int], chances: np.ndarray, sampling: Sampling, stop: set[int] | None = None
) -> list[int]:
    """Add token after token, with the whole text computed anew for each."""
    text = list(prompt)
    for chance in chances:
        if len(text) == CONFIG.context:
            break
        (token,) = sampling.choose(MODEL.logits(np.array([text]))[:, -1], np.array([chance]))
        if int(token) in (stop or set()):
            break
        text.append(int(token))
    return text[len(prompt) :]


@settings(max_examples=40)
@given(
    prompts=prompts_of_many,
    seed=st.integers(0, 99),
    new=st.integers(1, 13),
    temperature=st.sampled_from([0.0, 0.7]),
    stop=st.sets(st.integers(0, 12), max_size=3),
)
def test_with_a_cache_as_without_one(
    prompts: list[list[int]], seed: int, new: int, temperature: float, stop: set[int]
) -> None:
    texts = generate(
        MODEL, prompts, max_new_tokens=new, temperature=temperature, top_k=5, top_p=0.9, stop=stop, seed=seed
    )
    sampling = Sampling(temperature, 5, 0.9)
    for number, (prompt, text) in enumerate(zip(prompts, texts, strict=True)):
        chances = np.random.default_rng([seed, number]).random(new)
        assert text == written_without_a_cache(prompt, chances, sampling, stop)


def test_a_text_ends_where_the_context_is_full() -> None:
    prompts = [[1] * length for length in range(1, CONFIG.context)]
    texts = generate(MODEL, prompts, max_new_tokens=100, temperature=0)
    assert [len(prompt) + len(text) for prompt, text in zip(prompts, texts, strict=True)] == [CONFIG.context] * 11


def test_more_prompts_than_stand_side_by_side_come_back_in_their_order() -> None:
    rng = np.random.default_rng(0)
    prompts = [rng.integers(13, size=rng.integers(1, 11)).tolist() for _ in range(2 * BATCH + 5)]
    texts = generate(MODEL, prompts, max_new_tokens=3, temperature=0)
    assert texts[7] == generate(MODEL, [prompts[7]], max_new_tokens=3, temperature=0)[0]
    assert texts[-1] == generate(MODEL, [prompts[-1]], max_new_tokens=3, temperature=0)[0]
    assert generate(MODEL, prompts, max_new_tokens=3, seed=1) == generate(MODEL, prompts, max_new_tokens=3, seed=1)


def test_what_a_prompt_becomes_depends_on_seed_and_place_not_on_its_neighbours() -> None:
    first = generate(MODEL, [[1, 2], [3]], max_new_tokens=8, seed=5)
    assert generate(MODEL, [[1, 2], [9, 9, 9, 9]], max_new_tokens=8, seed=5)[0] == first[0]
    assert generate(MODEL, [[1, 2], [3]], max_new_tokens=8, seed=6) != first
    same = generate(MODEL, [[1, 2]] * 4, max_new_tokens=8, seed=5)
    assert len(set(map(tuple, same))) > 1  # the same prompt, drawn anew at each place


def test_a_stop_is_not_part_of_the_text() -> None:
    (text,) = generate(MODEL, [[1]], max_new_tokens=11, temperature=0)
    place = text.index(text[4])
    assert generate(MODEL, [[1]], max_new_tokens=11, temperature=0, stop=[text[4]]) == [text[:place]]


def test_no_prompts_no_texts() -> None:
    assert generate(MODEL, [], max_new_tokens=3) == []


def test_logprobs_of_the_next_token() -> None:
    logprobs = next_token_logprobs(MODEL, [1, 2, 3])
    ids = np.array([[1, 2, 3]])
    each = [MODEL.logprobs(ids, np.array([[0, 0, token]]))[0, -1] for token in range(13)]
    assert logprobs == pytest.approx(np.array(each))
    assert np.exp(logprobs).sum() == pytest.approx(1)


# --- The reader ---------------------------------------------------------------------------------------------


@settings(max_examples=50)
@given(data=st.data(), batch=st.integers(1, 3))
def test_a_text_read_in_any_bits_gives_the_logits_of_the_whole(data: st.DataObject, batch: int) -> None:
    """Texts of different lengths, cut at random, in steps where some read much, some little and some nothing."""
    rng = np.random.default_rng(data.draw(st.integers(0, 99)))
    texts = rng.integers(13, size=(batch, 12))
    reader = CachedReader(MODEL, batch, 12)
    for _ in range(data.draw(st.integers(1, 5))):
        left = 12 - reader.lengths
        counts = np.array([data.draw(st.integers(0 if reader.lengths[row] else 1, left[row])) for row in range(batch)])
        if not counts.any():
            continue
        ids: Ids = rng.integers(13, size=(batch, counts.max()))  # filling: anything
        for row in range(batch):
            start = reader.lengths[row]
            ids[row, : counts[row]] = texts[row, start : start + counts[row]]
        logits = reader.read(ids, counts)
        for row in map(int, np.flatnonzero(counts)):
            expected = MODEL.logits(texts[row : row + 1, : reader.lengths[row]])[0, -1]
            np.testing.assert_allclose(logits[row], expected, rtol=1e-9, atol=1e-9)


def test_filling_beyond_the_end_of_a_full_text_touches_nothing() -> None:
    reader, texts = CachedReader(MODEL, 2, 12), np.random.default_rng(0).integers(13, size=(2, 12))
    reader.read(texts[:, :11], np.array([11, 2]))
    logits = reader.read(np.array([[texts[0, 11], 7, 7], texts[1, 2:5]]), np.array([1, 3]))
    np.testing.assert_allclose(logits[0], MODEL.logits(texts[:1])[0, -1], rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(logits[1], MODEL.logits(texts[1:, :5])[0, -1], rtol=1e-9, atol=1e-9)


def test_a_reader_that_keeps_some_texts_goes_on_with_these() -> None:
    reader, texts = CachedReader(MODEL, 3, 12), np.random.default_rng(0).integers(13, size=(3, 7))
    reader.read(texts[:, :6], np.array([6, 3, 5]))
    reader.keep(np.array([2, 0]))
    assert reader.lengths.tolist() == [5, 6]
    logits = reader.read(np.array([[texts[2, 5]], [texts[0, 6]]]), np.array([1, 1]))
    np.testing.assert_allclose(logits[0], MODEL.logits(texts[2:, :6])[0, -1], rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(logits[1], MODEL.logits(texts[:1])[0, -1], rtol=1e-9, atol=1e-9)


def test_a_text_longer_than_the_reader_was_made_for_is_refused() -> None:
    reader = CachedReader(MODEL, 1, 4)
    reader.read(np.zeros((1, 3), int), np.array([3]))
    with pytest.raises(ValueError, match="texts must be at most 4 tokens long, as this reader was made, got 5"):
        reader.read(np.zeros((1, 2), int), np.array([2]))


# --- Errors -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("prompts", "options", "message"),
    [
        ([[1], []], {}, "prompt 1 is empty: give at least one token"),
        ([[0] * 12], {}, "prompt 0 must be shorter than the context, 12 tokens, got 12: shorten it"),
        ([[13]], {}, "ids must be from 0 to 12, got 13"),
        ([[1]], {"max_new_tokens": 0}, "max_new_tokens must be >= 1, got 0"),
        ([[1]], {"temperature": -1.0}, "temperature must be >= 0, got -1.0"),
        ([[1]], {"top_k": 0}, "top_k must be >= 1, got 0"),
        ([[1]], {"top_p": 2.0}, "top_p must be in"),
    ],
)
def test_what_cannot_be_continued_is_refused(prompts: list[list[int]], options: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        generate(MODEL, prompts, **{"max_new_tokens": 1, **options})


def test_logprobs_after_nothing_are_refused() -> None:
    with pytest.raises(ValueError, match="prompt 0 is empty"):
        next_token_logprobs(MODEL, [])
