from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alignbook.nn.batches import TokenBatch
from alignbook.nn.parameters import Parameters
from alignbook.nn.tape import Tape, Var
from alignbook.nn.transformer import Transformer, TransformerConfig
from alignbook.pretraining.experiments.associative_recall import (
    CONFIGS,
    Blindfolded,
    RecallConfig,
    RecallResult,
    associative_recall,
    commonest_value_recall,
    recall,
    recall_batch,
    without_head,
)

SEEDS = (0, 1)
SMALL = RecallConfig(pairs=4, keys=5, values=3, steps=9, measured=3)


@pytest.fixture(scope="module")
def results() -> dict[int, RecallResult]:
    return {seed: associative_recall(seed, "tiny") for seed in SEEDS}


@pytest.fixture(params=SEEDS)
def result(request: pytest.FixtureRequest, results: dict[int, RecallResult]) -> RecallResult:
    return results[request.param]


def random_model(size: TransformerConfig) -> Transformer:
    rng, parameters = np.random.default_rng(0), Parameters(size.shapes)
    parameters.flat[:] = rng.normal(size=parameters.flat.size) * 0.4
    return Transformer(size, parameters)


def test_two_layers_learn_to_look_up_and_one_stays_behind(result: RecallResult) -> None:
    assert result.two_layers[-1] > 0.75
    assert result.two_layers[-1] > result.one_layer[-1] + 0.05
    assert result.two_layers[-1] > result.one_wide_layer[-1] + 0.05
    assert result.two_layers[-1] > result.chance + 0.15


def test_before_training_nobody_recalls_anything(result: RecallResult) -> None:
    for curve in (result.one_layer, result.one_wide_layer, result.two_layers):
        assert curve[0] < 0.25
        assert len(curve) == len(result.steps) == CONFIGS["tiny"].measured + 1


def test_the_wide_layer_has_about_as_many_parameters_as_the_two(result: RecallResult) -> None:
    one, wide, two = result.parameters
    assert one < 0.6 * two
    assert wide == pytest.approx(two, rel=0.1)


def test_a_distance_is_hidden_for_each_place_of_the_sequence(result: RecallResult) -> None:
    # Which of them matter differs between seeds, so nothing is said of that here.
    assert len(result.hidden) == 2 * CONFIGS["tiny"].pairs
    assert min(result.hidden) < result.two_layers[-1]


def test_silencing_a_head_is_reported_for_every_head(result: RecallResult) -> None:
    assert [len(heads) for heads in result.without_head] == [CONFIGS["tiny"].heads] * 2
    assert min(map(min, result.without_head)) < result.two_layers[-1]


def test_chance_is_what_arithmetic_says(result: RecallResult) -> None:
    # With two pairs: both values alike (1 in 8), or the right one of two.
    assert result.chance == pytest.approx(1 / 8 + 7 / 8 / 2, abs=0.07)


@given(seed=st.integers(0, 1000), pairs=st.integers(1, 5))
def test_every_answer_was_told_with_its_key(seed: int, pairs: int) -> None:
    batch = recall_batch(np.random.default_rng(seed), replace(SMALL, pairs=pairs), 6)
    assert batch.ids.shape == (6, 2 * pairs + 1)
    for ids, targets, weights in zip(batch.ids.tolist(), batch.targets.tolist(), batch.weights, strict=True):
        told = dict(zip(ids[:-1:2], ids[1:-1:2], strict=True))
        assert len(told) == pairs  # no key twice
        assert told[ids[-1]] == targets[-1]
        assert targets[:-1] == ids[1:]
        assert np.flatnonzero(weights).tolist() == [2 * pairs]
        assert all(key < SMALL.keys <= value < SMALL.keys + SMALL.values for key, value in told.items())


def test_the_commonest_value_by_hand() -> None:
    ids = np.array([[0, 5, 1, 6, 2, 6, 1], [0, 7, 1, 6, 2, 5, 0]])
    targets = np.array([[5, 1, 6, 2, 6, 1, 6], [7, 1, 6, 2, 5, 0, 7]])
    batch = TokenBatch(ids, targets, np.ones(ids.shape, np.float32))
    assert commonest_value_recall(batch, SMALL) == 0.5  # 6 twice: right; one of each: the lowest is wrong


def test_a_silent_head_is_one_that_finds_only_zeros() -> None:
    model = random_model(TransformerConfig(8, 9, 8, 2, 2))
    silent, by_hand = without_head(model, 1, 0), model.parameters.copy()
    by_hand["1.qkv"][:, 16:20] = 0  # the values of the first head
    ids = np.arange(8).reshape(2, 4)
    expected = Transformer(model.config, by_hand).logits(ids)
    assert silent.logits(ids).ravel().tolist() == pytest.approx(expected.ravel().tolist(), rel=1e-4, abs=1e-5)
    assert abs(silent.logits(ids) - model.logits(ids)).max() > 0.01


@pytest.mark.parametrize("distance", [1, 2])
def test_a_blindfold_hides_one_token_of_the_first_attention_only(distance: int) -> None:
    rng = np.random.default_rng(0)
    qkv = rng.normal(size=(5, 12))
    changed = qkv.copy()
    changed[1, 4:] += rng.normal(size=8)  # key and value of the second token
    tapes = Blindfolded(distance), Blindfolded(distance)
    first, other = (tape.attention(Var(data), 1, 2).data for tape, data in zip(tapes, (qkv, changed), strict=True))
    differs = abs(first - other).max(axis=1) > 1e-9
    assert differs.tolist() == [place >= 1 and place != 1 + distance for place in range(5)]
    second = tapes[0].attention(Var(qkv), 1, 2).data
    assert second.tolist() == Tape(recording=False).attention(Var(qkv), 1, 2).data.tolist()


def test_a_blindfold_beyond_the_text_hides_nothing() -> None:
    model = random_model(TransformerConfig(8, 9, 8, 2, 2))
    batch = recall_batch(np.random.default_rng(1), SMALL, 200)
    assert recall(model, batch, Blindfolded(9)) == recall(model, batch)
    logits = model.logits(batch.ids)[:, -1]
    assert recall(model, batch) == (logits.argmax(axis=-1) == batch.targets[:, -1]).mean()


def test_what_makes_no_sense_is_refused() -> None:
    with pytest.raises(ValueError, match="size must be one of tiny, book, got 'huge'"):
        associative_recall(0, "huge")
    with pytest.raises(ValueError, match="distance must be >= 1, got 0"):
        Blindfolded(0)
