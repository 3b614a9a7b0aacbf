from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.alignment.toys import TOY, check_gradient, check_slopes, random_pairs, toy_model, wild

from alignbook.alignment.heads import HEAD, ScalarModel, with_head, without_head
from alignbook.alignment.pairs import Pair, pair_batch
from alignbook.alignment.reward_model import (
    accuracy,
    bradley_terry_loss,
    fit_features,
    pair_rewards,
    reward_objective,
    train_reward_model,
)
from alignbook.nn.trainer import TrainingConfig

CONFIG = TrainingConfig(120, 1e-2, weight_decay=0.0)


def test_the_loss_by_hand() -> None:
    assert bradley_terry_loss(0.0).values == pytest.approx(np.log(2))
    assert bradley_terry_loss(np.log(3)).values == pytest.approx(np.log(4 / 3))
    assert bradley_terry_loss(np.log(3)).slopes == pytest.approx(-1 / 4)
    assert bradley_terry_loss(0.0, 0.5).slopes == pytest.approx(0)  # a tie asks for no difference
    check_slopes(lambda margins: bradley_terry_loss(margins, 0.8), np.linspace(-4, 4, 9))


def test_the_gradient_of_the_objective() -> None:
    pairs = [*random_pairs(3), replace(random_pairs(4)[3], preferred=0.5)]
    check_gradient(reward_objective(TOY), wild(with_head(toy_model())), pair_batch(pairs))


def test_a_new_head_says_nothing_and_stands_on_the_same_trunk() -> None:
    model = toy_model()
    parameters = with_head(model)
    assert (ScalarModel(TOY, parameters).everywhere(np.array([[1, 2, 3]])) == 0).all()
    trunk = without_head(TOY, parameters)
    assert np.array_equal(trunk.parameters.flat, model.parameters.flat)
    parameters["tokens"][0] += 1
    assert np.array_equal(trunk.parameters["tokens"], parameters["tokens"])  # the same memory
    assert not np.array_equal(model.parameters["tokens"], parameters["tokens"])  # but not the start's


def test_the_reward_is_read_at_the_last_token_whatever_stands_beside() -> None:
    model = ScalarModel(TOY, wild(with_head(toy_model())))
    texts = [[1, 2, 3], [4], [5, 6, 7, 8, 0], [2, 2]]
    alone = [float(model.everywhere(np.array([text]))[0, -1]) for text in texts]
    assert model.at_ends(texts).tolist() == pytest.approx(alone)
    assert model.at_ends(texts, rows_at_once=2).tolist() == pytest.approx(alone)


def test_training_learns_what_raters_prefer_and_more_pairs_teach_more() -> None:
    held_out, start = random_pairs(200, seed=1), toy_model()
    found = {}
    for count in (8, 256):
        model, losses = train_reward_model(start, random_pairs(count), CONFIG, 8, seed=0)
        assert losses[0] == pytest.approx(np.log(2))
        assert losses[-10:].mean() < 0.35
        found[count] = accuracy(pair_rewards(model, held_out))
    assert found[256] > 0.8
    assert found[8] < found[256] - 0.1


def test_an_interrupted_run_goes_on_with_the_same_bits() -> None:
    states: list[dict[str, np.ndarray]] = []
    short = replace(CONFIG, steps=5)
    whole, losses = train_reward_model(
        toy_model(), random_pairs(20), short, 8, 0, lambda step, state: states.append(state())
    )
    again, others = train_reward_model(toy_model(), random_pairs(20), short, 8, 0, resume=states[2])
    assert whole.parameters.flat.tobytes() == again.parameters.flat.tobytes()
    assert np.array_equal(losses, others)
    assert (whole.parameters[HEAD] != 0).any()


def test_weights_of_features_are_found_again() -> None:
    rng, truth = np.random.default_rng(0), np.array([1.5, -0.5, 0.0])
    first, second = rng.normal(size=(2, 4000, 3))
    better = rng.random(4000) < 1 / (1 + np.exp(-(first - second) @ truth))
    chosen, rejected = np.where(better[:, None], (first, second), (second, first))
    found = fit_features(chosen, rejected)
    assert (np.abs(found.weights - truth) < 4 * found.standard_errors).all()
    assert found.standard_errors.max() < 0.06
    both = fit_features(first, second, preferred=better * 1.0)  # the same, said in the other way
    np.testing.assert_allclose(both.weights, found.weights, atol=1e-8)
    assert found.rewards([[1, 0, 0]])[0] == pytest.approx(found.weights[0])


def test_one_feature_by_hand() -> None:
    # 3 of 4 prefer what has the feature: a weight of log 3, but for the ridge
    found = fit_features([[1], [1], [1], [0]], [[0], [0], [0], [1]], ridge=1e-9)
    assert found.weights[0] == pytest.approx(np.log(3), abs=1e-6)
    assert found.standard_errors[0] == pytest.approx((4 * 0.75 * 0.25) ** -0.5, rel=1e-6)


def test_the_ridge_counts_in_the_weights_and_in_their_errors() -> None:
    # the same four comparisons, with what a unit of weight costs: 4 * (3/4 - p) = 2 * w, and 4 p (1 - p) + 2 of bend
    found = fit_features([[1], [1], [1], [0]], [[0], [0], [0], [1]], ridge=1.0)
    chance = 1 / (1 + np.exp(-found.weights[0]))
    assert 3 - 4 * chance == pytest.approx(2 * found.weights[0], abs=1e-9)
    assert found.standard_errors[0] == pytest.approx((4 * chance * (1 - chance) + 2) ** -0.5)


def test_accuracy_by_hand_and_what_is_refused() -> None:
    assert accuracy([[1, 0], [0, 1], [2, 2], [3, 1]]) == pytest.approx(2.5 / 4)
    with pytest.raises(ValueError, match=r"rewards must have a shape \(pairs, 2\)"):
        accuracy(np.zeros((0, 2)))
    with pytest.raises(ValueError, match="at least 8 pairs are needed for one batch, got 0"):
        train_reward_model(toy_model(), [], CONFIG, 8, seed=0)
    with pytest.raises(ValueError, match="chosen and rejected must have one shape"):
        fit_features(np.zeros((0, 2)), np.zeros((0, 2)))
    with pytest.raises(ValueError, match="ids must be from 0 to 8, got 11"):
        pair_rewards(ScalarModel(TOY, with_head(toy_model())), [Pair((11,), (2,), (3,))])
    with pytest.raises(ValueError, match="ridge must be > 0, got 0"):
        fit_features([[1.0]], [[0.0]], ridge=0)
    with pytest.raises(ValueError, match="features of pair 1 must be finite"):
        fit_features([[1.0], [np.inf]], [[0.0], [0.0]])
    with pytest.raises(ValueError, match="chosen and rejected must have one shape"):
        fit_features([[1.0]], [[0.0, 1.0]])
    with pytest.raises(ValueError, match="sequence 1 is empty"):
        ScalarModel(TOY, with_head(toy_model())).at_ends([[1], []])
    with pytest.raises(ValueError, match="parameters must have the shapes of"):
        ScalarModel(TOY, toy_model().parameters)
