from dataclasses import replace

import numpy as np
import pytest

from alignbook.pretraining import language_model
from alignbook.pretraining.language_model import END_OF_DOCUMENT, LanguageModel
from alignbook.pretraining.training import PretrainingConfig, pretrain, token_stream
from alignbook.text.bpe import BPE

TEXT = ["the cat sat on the mat.", "the dog sat on the rug."] * 150
TOKENIZER = BPE.train(TEXT, 272, [END_OF_DOCUMENT])
STREAM = token_stream(TEXT, TOKENIZER)
CONFIG = PretrainingConfig(16, 16, 1, 2, batch_size=4, passes=2, learning_rate=1e-2, checkpoints=(0.0, 0.5))


def test_documents_follow_each_other_with_a_token_between_them() -> None:
    end = TOKENIZER.special_ids[END_OF_DOCUMENT]
    assert STREAM.tolist().count(end) == len(TEXT)
    assert TOKENIZER.decode(STREAM[: STREAM.tolist().index(end)]) == TEXT[0]


def test_it_learns_and_keeps_checkpoints() -> None:
    transformer, run = pretrain(STREAM, TOKENIZER.vocab_size, CONFIG, seed=0)
    assert run.steps == round(2 * (len(STREAM) - 1) / 64)
    assert run.losses[0] == pytest.approx(np.log(TOKENIZER.vocab_size), abs=0.1)
    assert run.losses[-20:].mean() < 0.15 * run.losses[0]
    assert list(run.checkpoints) == [0, round(run.steps / 2)]
    assert run.tokens_per_step == 64
    model = LanguageModel(TOKENIZER, transformer)
    (written,) = model.complete(["the cat sat on the mat"], max_new_tokens=1)
    assert written == "."
    half = language_model.with_parameters(model, run.checkpoints[round(run.steps / 2)])
    assert not np.array_equal(half.transformer.parameters.flat, transformer.parameters.flat)


def test_a_resumed_run_is_the_same_run() -> None:
    config, states = replace(CONFIG, passes=0.2), []
    whole, run = pretrain(STREAM, TOKENIZER.vocab_size, config, 1, lambda step, state: states.append(state()))
    for state in (states[0], states[len(states) // 2]):
        again, other = pretrain(STREAM, TOKENIZER.vocab_size, config, 1, resume=state)
        assert np.array_equal(whole.parameters.flat, again.parameters.flat)
        assert np.array_equal(run.losses, other.losses)
        assert np.array_equal(run.learning_rates, other.learning_rates)
        assert run.checkpoints.keys() == other.checkpoints.keys()
        assert all(np.array_equal(run.checkpoints[step], other.checkpoints[step]) for step in run.checkpoints)


def test_another_seed_is_another_run() -> None:
    config = replace(CONFIG, passes=0.1)
    first, second = (pretrain(STREAM, TOKENIZER.vocab_size, config, seed)[0] for seed in (0, 1))
    assert not np.array_equal(first.parameters.flat, second.parameters.flat)


def test_a_model_survives_packing() -> None:
    transformer, _ = pretrain(STREAM, TOKENIZER.vocab_size, replace(CONFIG, passes=0.1), 0)
    model = LanguageModel(TOKENIZER, transformer)
    again = language_model.unpack(*language_model.pack(model))
    assert again.tokenizer == TOKENIZER
    assert again.transformer.config == transformer.config
    assert np.array_equal(again.transformer.parameters.flat, transformer.parameters.flat)


def test_text_too_short_for_a_batch_is_refused() -> None:
    with pytest.raises(ValueError, match="the stream must have at least 65 tokens for one batch, got 20"):
        pretrain(STREAM[:20], TOKENIZER.vocab_size, CONFIG, 0)


def test_a_tokenizer_of_another_size_is_refused() -> None:
    transformer, _ = pretrain(STREAM, TOKENIZER.vocab_size, replace(CONFIG, passes=0.1), 0)
    with pytest.raises(
        ValueError, match="tokenizer and transformer must have one vocabulary, got sizes of 258 and 272"
    ):
        LanguageModel(BPE(((1, 2),), (END_OF_DOCUMENT,)), transformer)
