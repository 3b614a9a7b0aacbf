"""A model in bytes, and the script that brings it to a page."""

from __future__ import annotations

import gzip
import json

import numpy as np
import pytest

from alignbook.nn.parameters import Parameters
from alignbook.nn.transformer import Transformer, TransformerConfig, initial_parameters
from alignbook.pretraining.language_model import LanguageModel, with_parameters
from alignbook.publish.demos.assistant.export import LARGEST, model_script
from alignbook.publish.demos.assistant.quantising import TABLES, quantise
from alignbook.text.bpe import BPE


def drawn(config: TransformerConfig, tokenizer: BPE) -> LanguageModel:
    """An untrained model."""
    return LanguageModel(tokenizer, Transformer(config, initial_parameters(config, np.random.default_rng(0))))


def test_a_weight_is_at_most_half_a_step_away(trained: LanguageModel) -> None:
    quantised = quantise(trained)
    before, after = trained.transformer.parameters, quantised.reference.transformer.parameters
    for name, array in before.items():
        if array.ndim == 1:
            np.testing.assert_array_equal(after[name], array)
            continue
        axis = 1 if name in TABLES else 0
        step = np.abs(array).max(axis=axis, keepdims=True) / 127
        assert (np.abs(after[name] - array) <= step * 0.5001).all(), name
        assert np.abs(quantised.codes[name]).max(axis=axis).min() == 127


def test_what_is_rounded_once_is_not_rounded_again(trained: LanguageModel) -> None:
    once = quantise(trained)
    twice = quantise(once.reference)
    for name, codes in once.codes.items():
        np.testing.assert_array_equal(twice.codes[name], codes)


def test_a_column_of_zeros_stays_zero(trained: LanguageModel) -> None:
    parameters = trained.transformer.parameters.copy()
    parameters["0.qkv"][:, 3] = 0
    parameters["tokens"][7] = 0
    rounded = quantise(with_parameters(trained, parameters.flat)).reference.transformer.parameters
    assert not rounded["0.qkv"][:, 3].any()
    assert not rounded["tokens"][7].any()


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_a_weight_that_is_no_number_is_refused(trained: LanguageModel, bad: float) -> None:
    parameters = trained.transformer.parameters.copy()
    parameters["1.down"][5, 5] = bad
    with pytest.raises(ValueError, match=r"1\.down must be finite"):
        quantise(with_parameters(trained, parameters.flat))


def test_the_same_model_gives_the_same_script(trained: LanguageModel) -> None:
    first, second = model_script(quantise(trained)), model_script(quantise(trained))
    assert first == second
    parameters = trained.transformer.parameters.copy()
    parameters["norm"][0] += 0.01
    assert model_script(quantise(with_parameters(trained, parameters.flat))).digest != first.digest


def test_the_script_is_ascii_and_holds_one_object_under_its_digest(trained: LanguageModel) -> None:
    script = model_script(quantise(trained))
    start, _, contents = script.text.partition("]=")
    assert start == f'(globalThis.alignbookModels??={{}})["{script.digest}"'
    assert contents.isascii()
    model = json.loads(contents.rstrip(";\n"))
    assert model["special"] == list(trained.tokenizer.special_tokens)
    assert TransformerConfig(**model["config"]) == trained.transformer.config
    assert script.weight == len(gzip.compress(script.text.encode()))


def test_a_model_of_the_books_size_is_light_enough(trained: LanguageModel) -> None:
    config = TransformerConfig(trained.tokenizer.vocab_size, context=128, width=64, layers=3, heads=4)
    assert model_script(quantise(drawn(config, trained.tokenizer))).weight < LARGEST


def test_a_model_that_is_too_heavy_is_refused(trained: LanguageModel) -> None:
    config = TransformerConfig(trained.tokenizer.vocab_size, context=128, width=128, layers=3, heads=4)
    with pytest.raises(ValueError, match="must weigh at most 400000 bytes compressed, got 6"):
        model_script(quantise(drawn(config, trained.tokenizer)))


def test_ids_must_fit_into_16_bits() -> None:
    config = TransformerConfig(2**16 + 1, context=4, width=1, layers=1, heads=1)
    tokenizer = BPE((), tuple(f"<{number}>" for number in range(config.vocab_size - 256)))
    model = LanguageModel(tokenizer, Transformer(config, Parameters(config.shapes)))
    with pytest.raises(ValueError, match="must have at most 65536 tokens, got 65537"):
        model_script(quantise(model))
