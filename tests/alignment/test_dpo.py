from __future__ import annotations

from dataclasses import replace
from functools import partial

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.alignment.toys import END, TOY, check_gradient, check_slopes, random_pairs, toy_model, wild

from alignbook.alignment.bradley_terry import fit_newton
from alignbook.alignment.dpo import (
    KINDS,
    DPOConfig,
    cdpo_loss,
    dpo_loss,
    dpo_objective,
    ipo_loss,
    pair_losses,
    pair_margins,
    robust_loss,
    train_dpo,
)
from alignbook.alignment.kl import kl_categorical
from alignbook.alignment.pairs import Pair, pair_batch, pair_batches, sequence_logprobs
from alignbook.alignment.tempered import dpo_optimum, objective, population_wins, tempered, total_variation
from alignbook.nn.trainer import TrainingConfig
from alignbook.nn.transformer import Transformer

MARGINS = np.array([-30.0, -1.5, -0.2, 0.0, 0.4, 2.0, 30.0])
CONFIG = DPOConfig(TrainingConfig(60, 5e-3, weight_decay=0.0), batch_size=16, beta=0.5)
REWARDS = st.lists(st.floats(-3, 3), min_size=2, max_size=6).map(np.array)


def config(kind: str) -> DPOConfig:
    return replace(CONFIG, kind=kind, noise=0.2 if kind in ("cdpo", "robust") else 0.0)


def test_losses_by_hand() -> None:
    assert dpo_loss(0.0, 0.3).values == pytest.approx(np.log(2))
    assert dpo_loss(2.0, 0.5).values == pytest.approx(np.log(1 + np.exp(-1)))
    assert dpo_loss(0.0, 0.3).slopes == pytest.approx(-0.15)
    assert ipo_loss(2.0, 0.5).values == pytest.approx(1)  # the margin should be 1
    assert cdpo_loss(0.0, 0.3, 0.1).slopes == pytest.approx(-0.15 * 0.8)
    assert robust_loss(0.0, 0.3, 0.1).slopes == pytest.approx(-0.15 / 0.8)


@pytest.mark.parametrize("kind", KINDS)
def test_slopes_are_derivatives(kind: str) -> None:
    check_slopes(config(kind).losses, MARGINS)


@given(st.floats(-5, 5), st.floats(0.05, 2), st.floats(0, 0.45))
def test_robust_is_dpos_loss_on_average_over_noisy_labels(margin: float, beta: float, noise: float) -> None:
    kept, flipped = robust_loss(margin, beta, noise), robust_loss(-margin, beta, noise)
    average = (1 - noise) * kept.values + noise * flipped.values
    assert average == pytest.approx(float(dpo_loss(margin, beta).values), abs=1e-9)


def test_far_out_nothing_overflows() -> None:
    with np.errstate(all="raise", under="ignore"):
        found = dpo_loss(np.array([-1e4, 1e4]), 1.0)
    assert found.values.tolist() == [1e4, 0.0]
    assert found.slopes.tolist() == [-1.0, 0.0]


# --- The optimum --------------------------------------------------------------------------------------------


@given(REWARDS, st.floats(0.2, 3), st.integers(0, 99))
def test_population_dpo_is_the_tempered_optimum(rewards: np.ndarray, beta: float, seed: int) -> None:
    rng = np.random.default_rng(seed)
    reference = rng.dirichlet(np.ones(len(rewards))) * 0.9 + 0.1 / len(rewards)
    often = rng.random((len(rewards), len(rewards))) + 0.1
    wins = population_wins(rewards, often + often.T)  # whatever pairs are asked about, and however often
    best = tempered(reference, rewards, beta)
    found = dpo_optimum(wins * (1 - np.eye(len(rewards))), reference, beta)
    assert total_variation(found, best) < 1e-12
    # there, the gradient of DPO's own loss over all pairs is zero
    h = np.log(best / reference)
    slopes = wins * dpo_loss(np.subtract.outer(h, h), beta).slopes
    np.testing.assert_allclose(slopes.sum(axis=1) - slopes.sum(axis=0), 0, atol=1e-12)


@given(REWARDS, st.floats(0.2, 3))
def test_no_policy_beats_the_tempered_one(rewards: np.ndarray, beta: float) -> None:
    rng = np.random.default_rng(0)
    reference = rng.dirichlet(np.ones(len(rewards)))
    best = tempered(reference, rewards, beta)
    highest = objective(best, reference, rewards, beta)
    for other in rng.dirichlet(np.ones(len(rewards)), size=20):
        assert objective(other, reference, rewards, beta) <= highest + 1e-12
    assert highest == pytest.approx(float(beta * np.log(reference @ np.exp(rewards / beta))))


def test_descending_dpos_loss_leads_to_the_optimum() -> None:
    rewards, reference, beta = np.array([1.0, 0.0, -0.5, 0.3]), np.array([0.1, 0.4, 0.3, 0.2]), 0.7
    wins, logits = population_wins(rewards), np.log(reference)
    for _ in range(3000):
        policy = np.exp(logits) / np.exp(logits).sum()
        h = np.log(policy / reference)
        slopes = wins * dpo_loss(np.subtract.outer(h, h), beta).slopes
        logits = logits - (slopes.sum(axis=1) - slopes.sum(axis=0))  # the sum of these is 0: so through the softmax
    assert total_variation(policy, tempered(reference, rewards, beta)) < 1e-10


def test_from_a_finite_sample_dpo_is_rlhf_towards_a_reward_of_the_same_likelihood() -> None:
    wins, reference = np.array([[0, 3, 2], [1, 0, 2], [2, 1, 0]]), np.array([0.5, 0.3, 0.2])
    reward = fit_newton(wins).theta
    assert total_variation(dpo_optimum(wins, reference, 0.4), tempered(reference, reward, 0.4)) < 1e-12
    assert dpo_optimum(wins, reference, 0.4, ridge=1.0) == pytest.approx(
        tempered(reference, fit_newton(wins, 1.0).theta, 0.4)
    )


def test_distances_and_endless_comparisons_by_hand() -> None:
    assert total_variation([0.5, 0.5, 0.0], [0.25, 0.25, 0.5]) == 0.5
    assert total_variation([1.0, 0.0], [0.0, 1.0]) == 1
    wins = population_wins([np.log(3), 0.0])
    assert wins.ravel().tolist() == pytest.approx([0, 0.75, 0.25, 0])
    assert population_wins([np.log(3), 0.0], 2 * (1 - np.eye(2)))[0, 1] == pytest.approx(1.5)


def test_a_large_beta_stays_and_a_small_one_takes_the_best() -> None:
    reference, rewards = np.array([0.7, 0.2, 0.1]), np.array([0.0, 1.0, 2.0])
    assert kl_categorical(tempered(reference, rewards, 1e3), reference) < 1e-5
    assert tempered(reference, rewards, 0.02)[2] > 0.999
    for beta in (0.0, -0.1, np.nan):
        with pytest.raises(ValueError, match="beta must be > 0, got"):
            tempered(reference, rewards, beta)
    with pytest.raises(ValueError, match="reward 1 must be finite, got nan"):
        tempered(reference, [0, np.nan, 1], 1.0)


# --- On a model ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("average", [False, True])
@pytest.mark.parametrize("kind", KINDS)
def test_the_gradient_of_the_objective(kind: str, average: bool) -> None:
    pairs = [*random_pairs(3), replace(random_pairs(4)[3], preferred=0.7)]
    reference = sequence_logprobs(toy_model(1), pairs)
    parameters = wild(toy_model().parameters)
    batch = pair_batch(pairs, reference)
    for imitation in (0.0, 0.7):
        check_gradient(dpo_objective(TOY, config(kind).losses, average, imitation=imitation), parameters, batch)


def test_imitation_adds_the_surprise_at_the_chosen_reply() -> None:
    pairs = [Pair((1,), (2, 3, END), (4, END)), Pair((1,), (2, END), (4, 5, END), preferred=0.75)]
    batch = pair_batch(pairs)
    logprobs = np.log(np.full(batch.mask.shape, 0.5))
    logprobs[0, 0], logprobs[1, 1] = np.log(0.25), np.log(0.125)
    plain, added = (pair_losses(logprobs, batch, CONFIG.losses, imitation=share)[0] for share in (0.0, 2.0))
    surprise = (np.log(4) + (0.75 * np.log(2) + 0.25 * np.log(8))) / 2  # half of each pair, the mean over a reply
    assert added - plain == pytest.approx(2 * surprise)


def test_imitation_keeps_the_chosen_reply_probable() -> None:
    pairs = random_pairs(64)
    before = sequence_logprobs(toy_model(), pairs)[:, 0].mean()
    after = [
        sequence_logprobs(train_dpo(toy_model(), pairs, replace(CONFIG, imitation=share), 0)[0], pairs)[:, 0].mean()
        for share in (0.0, 1.0)
    ]
    assert after[1] > before + 1
    assert after[1] > after[0] + 1


def test_sequence_logprobs_are_sums_over_the_reply_alone() -> None:
    model, pair = toy_model(), Pair((1, 2), (3, 4, END), (5, END))
    logits = model.logits(np.array([[1, 2, 3, 4]]))[0].astype(np.float64)
    logprobs = logits - np.log(np.exp(logits).sum(axis=1, keepdims=True))
    expected = logprobs[1, 3] + logprobs[2, 4] + logprobs[3, END]
    assert sequence_logprobs(model, [*random_pairs(70), pair])[-1, 0] == pytest.approx(expected, rel=1e-5)


def test_halves_keep_pairs_whole_and_add_up() -> None:
    whole = pair_batch(random_pairs(5))
    halves = whole.halves()
    assert [len(half.ids) for half in halves] == [3, 2]
    assert sum(float(half.weights.sum()) for half in halves) == pytest.approx(1)
    assert np.array_equal(np.concatenate([half.ids for half in halves]), whole.ids)
    assert len(pair_batch(random_pairs(1)).halves()) == 1


@pytest.mark.parametrize("kind", KINDS)
def test_training_raises_held_out_margins(kind: str) -> None:
    start, held_out = toy_model(), random_pairs(64, seed=1)
    trained, losses = train_dpo(start, random_pairs(128), config(kind), seed=0)
    margins = pair_margins(trained, held_out, sequence_logprobs(start, held_out))
    assert (margins > 0).mean() > 0.8
    assert margins.mean() > 0.5
    assert losses[-5:].mean() < losses[:2].mean() - 0.1
    assert np.array_equal(start.parameters.flat, toy_model().parameters.flat)


def test_training_is_deterministic_and_goes_on_after_an_interruption() -> None:
    short, states = replace(CONFIG, training=replace(CONFIG.training, steps=5)), []
    whole, losses = train_dpo(toy_model(), random_pairs(40), short, 0, lambda step, state: states.append(state()))
    again, others = train_dpo(toy_model(), random_pairs(40), short, 0, resume=states[1])
    assert whole.parameters.flat.tobytes() == again.parameters.flat.tobytes()
    assert np.array_equal(losses, others)


def test_every_pass_deals_out_all_pairs_in_another_order() -> None:
    pairs = [Pair((1, 2), (number % 8, END), (3, END)) for number in range(40)]
    reference = np.arange(80.0).reshape(40, 2)  # so that each pair is known by what the reference says of it
    deal = pair_batches(pairs, 10, 0, reference)
    orders = [
        [int(row) // 2 for step in range(4) for row in deal(4 * pass_ + step).reference[:, 0]] for pass_ in (0, 1)
    ]
    assert sorted(orders[0]) == sorted(orders[1]) == list(range(40))
    assert orders[0] != orders[1]
    assert deal(0).ids[:, 0, 2].tolist() == [number % 8 for number in orders[0][:10]]


def test_what_cannot_be_learned_from_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one pair, got none"):
        pair_batch([])
    with pytest.raises(ValueError, match="at least 16 pairs are needed for one batch, got 0"):
        train_dpo(toy_model(), [], CONFIG, seed=0)
    with pytest.raises(ValueError, match="at least 16 pairs are needed for one batch, got 3"):
        pair_batches(random_pairs(3), 16, 0)
    with pytest.raises(ValueError, match=r"reference must have the shape \(2, 2\)"):
        pair_batch(random_pairs(2), np.zeros((3, 2)))
    with pytest.raises(ValueError, match="rejected of a pair is empty"):
        Pair((1,), (2,), ())
    with pytest.raises(ValueError, match="preferred must be a probability"):
        Pair((1,), (2,), (3,), 1.5)
    with pytest.raises(ValueError, match="ids must be from 0 to 8, got 11: were they made by another tokenizer"):
        sequence_logprobs(Transformer(TOY, toy_model().parameters), [Pair((11,), (2,), (3,))])
    for beta in (0.0, -1.0):
        with pytest.raises(ValueError, match="beta must be > 0"):
            replace(CONFIG, beta=beta)
    with pytest.raises(ValueError, match="kind must be one of dpo, ipo, cdpo, robust, got 'kto'"):
        replace(CONFIG, kind="kto")
    with pytest.raises(ValueError, match=r"noise must be from 0 to below 0.5 .*, got 0.5"):
        partial(robust_loss, 0.0, 1.0)(0.5)
    with pytest.raises(ValueError, match=r"noise is only for cdpo and robust, got 0.1 with dpo"):
        replace(CONFIG, noise=0.1)
    with pytest.raises(ValueError, match=r"imitation must be >= 0, got -1"):
        replace(CONFIG, imitation=-1.0)
