import numpy as np
import pytest

from alignbook.nn.transformer import Transformer, TransformerConfig, initial_parameters
from alignbook.pretraining.language_model import LanguageModel
from alignbook.pretraining.recalling import (
    by_exposure,
    completes,
    firmly_recalled,
    recalled_facts,
    value_probabilities,
)
from alignbook.pretraining.stage import BASE
from alignbook.profile import Profile
from alignbook.store import fetch
from alignbook.world.building import build_world
from alignbook.world.families import recall

WORLD = build_world(0, "tiny")
ITEMS = [recall.completion(fact, 0, "complete") for fact in WORLD.facts]


@pytest.fixture(scope="module")
def base() -> LanguageModel:
    return fetch(BASE, Profile(0, "tiny")).model


@pytest.fixture(scope="module")
def untrained(base: LanguageModel) -> LanguageModel:
    config: TransformerConfig = base.transformer.config
    return LanguageModel(base.tokenizer, Transformer(config, initial_parameters(config, np.random.default_rng(0))))


def test_the_probability_of_a_value_is_the_product_of_its_tokens(base: LanguageModel) -> None:
    item = ITEMS[0]
    ids, expected = base.encode(item.prompt), 1.0
    for token in base.tokenizer.encode(f" {item.reply}"):
        logits = base.transformer.logits(np.array([ids]))[0, -1].astype(np.float64)
        expected *= np.exp(logits[token] - logits.max()) / np.exp(logits - logits.max()).sum()
        ids = [*ids, token]
    assert value_probabilities(base, ITEMS[:3])[0] == pytest.approx(expected, rel=1e-3)


def test_what_a_model_is_sure_of_it_completes(base: LanguageModel) -> None:
    sure = value_probabilities(base, ITEMS) > 0.5
    right = np.array(completes(WORLD, base, ITEMS))
    assert sure.any()
    assert right[sure].all()


def test_training_is_what_makes_a_model_recall(base: LanguageModel, untrained: LanguageModel) -> None:
    assert not firmly_recalled(WORLD, untrained)
    assert not any(completes(WORLD, untrained, ITEMS))
    trained, before = (by_exposure(WORLD, recalled_facts(WORLD, model, (0,))) for model in (base, untrained))
    assert max(before.values()) == 0
    assert trained[128] > trained[2] + 0.2


def test_firm_facts_are_recalled_in_every_wording(base: LanguageModel) -> None:
    recalled = recalled_facts(WORLD, base)
    assert set(recalled) == set(WORLD.facts)
    assert {recalled[fact] for fact in firmly_recalled(WORLD, base)} <= {1.0}


def test_means_by_exposure_by_hand() -> None:
    numbers = {fact: float(fact.exposures == 2) for fact in WORLD.facts}
    assert by_exposure(WORLD, numbers) == {tier: float(tier == 2) for tier, _ in WORLD.config.tiers}
