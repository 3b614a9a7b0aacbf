from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from tests.alignment.toys import (
    END,
    PROMPTS,
    TOY,
    check_gradient,
    check_slopes,
    echoes,
    random_policy_batch,
    toy_model,
    wild,
)

from alignbook.alignment.grpo import group_advantages, grpo_loss, grpo_objective
from alignbook.alignment.heads import ScalarModel, with_head
from alignbook.alignment.policy_gradient import leave_one_out, reinforce_loss, reinforce_objective
from alignbook.alignment.ppo import clipped_loss, gae, penalised_rewards, ppo_objective, value_loss, whitened
from alignbook.alignment.rlhf import ALGORITHMS, RLHFConfig, Round, policy_batch, train_policy
from alignbook.alignment.rollouts import PolicyBatch, Rollouts, sample
from alignbook.nn.tape import Tape
from alignbook.nn.transformer import Transformer, TransformerConfig, initial_parameters

CONFIG = RLHFConfig("grpo", rounds=40, prompts=8, samples=4, max_new_tokens=3, beta=0.02, learning_rate=1e-2)
VALUES = arrays(np.float64, (3, 5), elements=st.floats(-3, 3))


def several_steps(algorithm: str) -> RLHFConfig:
    """Enough for the toy, and several steps on the same replies where the algorithm can take them."""
    if algorithm == "reinforce":
        return replace(CONFIG, algorithm=algorithm, rounds=60, samples=8, learning_rate=0.03)
    return replace(CONFIG, algorithm=algorithm, rounds=60, learning_rate=0.015, epochs=2, minibatches=2)


# --- The estimates are right on average ---------------------------------------------------------------------

POLICY, REWARDS = np.array([0.5, 0.3, 0.2]), np.array([1.0, -0.5, 2.0])
TRUE_GRADIENT = POLICY * (REWARDS - POLICY @ REWARDS)  # of the expected reward, with respect to the logits
SCORES = np.eye(3) - POLICY  # row y: the gradient of log pi(y)


def test_the_policy_gradient_is_unbiased_by_enumeration() -> None:
    estimates = [-reinforce_loss(np.log(POLICY[y]), REWARDS[y]).slopes * SCORES[y] for y in range(3)]
    np.testing.assert_allclose(POLICY @ np.array(estimates), TRUE_GRADIENT, atol=1e-15)


def test_with_the_other_samples_as_a_baseline_it_still_is_and_with_less_noise() -> None:
    def estimate(drawn: tuple[int, ...], advantages: np.ndarray) -> np.ndarray:
        slopes = reinforce_loss(np.log(POLICY[list(drawn)]), advantages).slopes
        return np.asarray(-slopes @ SCORES[list(drawn)] / len(drawn))

    every = list(product(range(3), repeat=3))
    chances = np.array([np.prod(POLICY[list(drawn)]) for drawn in every])
    lift = 5.0  # a reward far from 0, as a reward model's may be
    with_baseline = np.array([estimate(drawn, leave_one_out([REWARDS[list(drawn)] + lift])[0]) for drawn in every])
    without = np.array([estimate(drawn, REWARDS[list(drawn)] + lift) for drawn in every])
    np.testing.assert_allclose(chances @ with_baseline, TRUE_GRADIENT, atol=1e-14)
    np.testing.assert_allclose(chances @ without, TRUE_GRADIENT, atol=1e-14)
    noise = [chances @ ((one - TRUE_GRADIENT) ** 2).sum(axis=1) for one in (with_baseline, without)]
    assert noise[0] < 0.2 * noise[1]


def test_ppos_first_step_is_reinforces() -> None:
    logprobs, advantages = np.log([0.2, 0.7, 0.1]), np.array([1.0, -2.0, 0.5])
    expected = reinforce_loss(logprobs, advantages).slopes
    np.testing.assert_allclose(clipped_loss(logprobs, logprobs, advantages, 0.2).slopes, expected)
    # and GRPO's too, where the reference is the policy
    np.testing.assert_allclose(grpo_loss(logprobs, logprobs, logprobs, advantages, 0.2, 0.1).slopes, expected)


# --- Losses -------------------------------------------------------------------------------------------------


def test_what_is_clipped_by_hand() -> None:
    old = np.zeros(4)
    ratios, advantages = np.array([1.5, 1.5, 0.5, 0.5]), np.array([1.0, -1.0, 1.0, -1.0])
    found = clipped_loss(np.log(ratios), old, advantages, 0.2)
    assert found.values.tolist() == pytest.approx([-1.2, 1.5, -0.5, 0.8])
    assert found.slopes.tolist() == pytest.approx([0, 1.5, -0.5, 0])


def test_slopes_are_derivatives() -> None:
    rng = np.random.default_rng(0)
    at, old, reference, better = rng.normal(size=(4, 50)) * np.array([[0.3], [0.3], [0.3], [1]])
    check_slopes(lambda logprobs: clipped_loss(logprobs, old, better, 0.2), at)
    check_slopes(lambda logprobs: grpo_loss(logprobs, old, reference, better, 0.2, 0.3), at)
    check_slopes(lambda values: value_loss(values, old, better, 0.2), at)


@given(VALUES, VALUES)
def test_clipping_only_ever_makes_the_loss_larger(logratios: np.ndarray, advantages: np.ndarray) -> None:
    clipped = clipped_loss(logratios, np.zeros_like(logratios), advantages, 0.2).values
    assert (clipped >= -np.exp(logratios) * advantages - 1e-12).all()


@given(VALUES, VALUES, st.floats(0, 1))
def test_gae_between_its_two_ends(rewards: np.ndarray, values: np.ndarray, gamma: float) -> None:
    mask = np.array([[0, 1, 1, 1, 0], [1, 1, 1, 1, 1], [0, 0, 1, 0, 0]])
    following = np.pad((values * mask)[:, 1:], ((0, 0), (0, 1)))
    surprise = (rewards + gamma * following - values) * mask
    np.testing.assert_allclose(gae(rewards, values, mask, gamma, 0)[0], surprise, atol=1e-12)
    # lam = 1: all that comes, less what was expected
    advantages, returns = gae(rewards, values, mask, gamma, 1)
    for row in range(3):
        for t in np.flatnonzero(mask[row]):
            later = [s for s in np.flatnonzero(mask[row]) if s >= t]
            total = sum(gamma ** (s - t) * rewards[row, s] for s in later)
            assert returns[row, t] == pytest.approx(total, abs=1e-9)
            assert advantages[row, t] == pytest.approx(total - values[row, t], abs=1e-9)
    assert (advantages[mask == 0] == 0).all()


def test_advantages_of_a_group_by_hand() -> None:
    # deviations -1, 0, 1 around 2, whose standard deviation is 1
    assert group_advantages([[1, 2, 3]], epsilon=0).tolist() == [[-1, 0, 1]]
    assert group_advantages([[1, 2, 6]], scaled=False).tolist() == [[-2, -1, 3]]
    assert group_advantages([[4, 4, 4]]).tolist() == [[0, 0, 0]]


@given(arrays(np.float64, (3, 4), elements=st.floats(-5, 5)), st.floats(-3, 3))
def test_what_all_rewards_share_is_no_advantage(rewards: np.ndarray, lift: float) -> None:
    for advantages in (leave_one_out, group_advantages):
        found = advantages(rewards)
        np.testing.assert_allclose(found.sum(axis=1), 0, atol=1e-9)
        np.testing.assert_allclose(advantages(rewards + lift), found, atol=1e-7)


def test_whitened_advantages_have_mean_0_and_variance_1_inside() -> None:
    mask = np.array([[0, 1, 1], [1, 1, 0]])
    found = whitened([[9, 1, 2], [3, 4, 9]], mask)
    assert found[mask == 1].mean() == pytest.approx(0)
    assert found[mask == 1].std() == pytest.approx(1)
    assert (found[mask == 0] == 0).all()


# --- On a model ---------------------------------------------------------------------------------------------


def test_gradients_of_the_objectives() -> None:
    batch, parameters = random_policy_batch(), wild(toy_model().parameters)
    check_gradient(reinforce_objective(TOY), parameters, batch)
    check_gradient(grpo_objective(TOY, beta=0.1), parameters, batch)
    check_gradient(ppo_objective(TOY), wild(with_head(toy_model())), batch)


def test_minibatches_deal_out_all_replies_and_count_alike() -> None:
    whole = random_policy_batch(batch=10)
    parts = whole.minibatches(3, np.random.default_rng(0))
    assert [len(part.ids) for part in parts] == [4, 3, 3]
    for part in parts:
        assert part.weights.sum() == pytest.approx(1)  # as in the whole batch, however short its replies are
    dealt = np.concatenate([part.advantages[:, 0] for part in parts])
    assert sorted(dealt.tolist()) == sorted(whole.advantages[:, 0].tolist())
    assert dealt.tolist() != whole.advantages[:, 0].tolist()


def test_what_the_value_head_counts() -> None:
    batch, weights = random_policy_batch(), wild(with_head(toy_model())).variables(frozen=True)
    values = [
        ppo_objective(TOY, value_weight=weight)(Tape(recording=False), weights, batch).value
        for weight in (0.0, 0.5, 1.0)
    ]
    head = ScalarModel(TOY, wild(with_head(toy_model()))).everywhere(batch.ids)
    assert values[2] - values[0] == pytest.approx(
        float((batch.weights * value_loss(head, batch.values, batch.returns, 0.2).values).sum())
    )
    assert values[1] - values[0] == pytest.approx((values[2] - values[0]) / 2)


# Two replies to each of two prompts: of two tokens and of one, then of one and of two.
MASK = np.array([[0, 1, 1], [0, 1, 0], [0, 1, 0], [0, 1, 1]], np.float32)
LOGRATIOS = np.array([[0, 0.2, 0.3], [0, 0.1, 0], [0, -0.4, 0], [0, 0.0, 0.5]])
REWARDS_OF_FOUR = np.array([1.0, 0.0, 2.0, 2.0])


def rewarded(algorithm: str) -> PolicyBatch:
    ids = np.ones((4, 3), np.int64)
    written = Rollouts([[1, 1], [1], [1], [1, 1]], np.ones(4, bool), ids, ids, MASK, LOGRATIOS - 1, MASK * 0.0 - 1)
    config = replace(CONFIG, algorithm=algorithm, samples=2, prompts=2, beta=0.5, gamma=0.9, lam=0.8)
    return policy_batch(written, REWARDS_OF_FOUR, config, with_head(toy_model()), toy_model())


def test_rewards_become_reinforces_batch_by_hand() -> None:
    # of each reply the reward less half its divergence, .75, -.05, 2.2 and 1.75, less the other's
    batch = rewarded("reinforce")
    net = np.array([0.8, -0.8, 0.45, -0.45])
    np.testing.assert_allclose(batch.advantages, net[:, None] * MASK, atol=1e-12)
    np.testing.assert_allclose(batch.weights, MASK / 4)  # every token of a reply is a decision, of four replies


def test_rewards_become_grpos_batch_by_hand() -> None:
    batch = rewarded("grpo")
    np.testing.assert_allclose(batch.advantages, np.array([1, -1, 0, 0])[:, None] * MASK * 2**-0.5, atol=1e-3)
    shares = np.array([[0, 0.5, 0.5], [0, 1, 0], [0, 1, 0], [0, 0.5, 0.5]])
    np.testing.assert_allclose(batch.weights, shares / 4)  # every reply counts alike, long or short


def test_rewards_become_ppos_batch_by_hand() -> None:
    batch = rewarded("ppo")  # a new head expects nothing
    shaped = np.array([[0, -0.1, 0.85], [0, -0.05, 0], [0, 2.2, 0], [0, 0, 1.75]])
    returns = shaped + 0.9 * 0.8 * np.pad(shaped[:, 1:], ((0, 0), (0, 1))) * MASK
    np.testing.assert_allclose(batch.returns, returns, atol=1e-12)
    inside = returns[MASK > 0]
    expected = np.where(MASK > 0, (returns - inside.mean()) / inside.std(), 0)
    np.testing.assert_allclose(batch.advantages, expected, atol=1e-6)
    np.testing.assert_allclose(batch.weights, MASK / 6)  # every token counts alike


def test_replies_know_their_log_probabilities_and_their_ends() -> None:
    policy, reference = toy_model(0), toy_model(1)
    found = sample(policy, reference, PROMPTS * 8, max_new_tokens=3, end=END, seed=0)
    assert {len(reply) for reply, done in zip(found.replies, found.finished, strict=True) if not done} == {3}
    assert all((END in reply) == done for reply, done in zip(found.replies, found.finished, strict=True))
    assert 0.05 < found.finished.mean() < 0.95
    row = int(np.flatnonzero(found.finished)[-1])
    text = [*(PROMPTS * 8)[row], *found.replies[row]]
    logits = policy.logits(np.array([text[:-1]]))[0].astype(np.float64)
    expected = [logits[at, text[at + 1]] - np.log(np.exp(logits[at]).sum()) for at in range(len(text) - 1)]
    np.testing.assert_allclose(found.logprobs[row, : len(expected)], expected, rtol=1e-4)
    assert (found.logprobs[found.mask == 0] == 0).all()
    assert found.kl[row] == pytest.approx(found.logprobs[row].sum() - found.reference[row].sum())


def test_the_divergence_that_replies_show_is_right_on_average() -> None:
    policy, reference = toy_model(0), toy_model(1)
    policy.parameters.flat[:] *= 3
    found = sample(policy, reference, [[3]] * 4000, max_new_tokens=1, end=END, seed=0)
    logits = np.stack([model.logits(np.array([[3]]))[0, 0].astype(np.float64) for model in (policy, reference)])
    logprobs = logits - np.log(np.exp(logits).sum(axis=1, keepdims=True))
    exact = np.exp(logprobs[0]) @ (logprobs[0] - logprobs[1])
    assert found.kl.mean() == pytest.approx(exact, abs=4 * found.kl.std() / 4000**0.5)


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_training_raises_the_reward(algorithm: str) -> None:
    start = toy_model()
    trained, rounds = train_policy(start, PROMPTS, echoes, several_steps(algorithm), end=END, seed=0)
    first, last = (np.mean([each.reward for each in part]) for part in (rounds[:3], rounds[-5:]))
    assert first < 0.3
    assert last > 0.7
    assert rounds[0].kl == pytest.approx(0, abs=1e-3)
    assert rounds[-1].kl > 0.3
    replies = sample(trained, start, PROMPTS * 10, max_new_tokens=3, end=END, seed=1).replies
    assert echoes(np.tile(np.arange(8), 10), replies).mean() > 0.7
    assert np.array_equal(start.parameters.flat, toy_model().parameters.flat)


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_a_dear_divergence_keeps_the_policy_close(algorithm: str) -> None:
    dear = replace(several_steps(algorithm), beta=20.0, rounds=20)
    _, rounds = train_policy(toy_model(), PROMPTS, echoes, dear, end=END, seed=0)
    assert abs(rounds[-1].kl) < 0.15


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_a_run_that_was_interrupted_goes_on_with_the_same_bits(algorithm: str) -> None:
    config, states = replace(several_steps(algorithm), rounds=4), []
    arguments = (toy_model(), PROMPTS, echoes, config)
    whole, rounds = train_policy(*arguments, end=END, seed=3, callback=lambda each, state: states.append(state()))
    again, others = train_policy(*arguments, end=END, seed=3, resume=states[1])
    assert len(states) == 4
    assert whole.parameters.flat.tobytes() == again.parameters.flat.tobytes()
    assert rounds == others
    assert isinstance(others[0], Round)


def test_what_cannot_be_trained_is_refused() -> None:
    other = TransformerConfig(12, 8, 16, 1, 2)
    stranger = Transformer(other, initial_parameters(other, np.random.default_rng(0)))
    with pytest.raises(ValueError, match="must have one vocabulary, got sizes of 9 and 12"):
        train_policy(toy_model(), PROMPTS, echoes, CONFIG, end=END, seed=0, reference=stranger)
    broken = np.where(np.arange(32) == 2, np.nan, 0.0)
    with pytest.raises(ValueError, match="reward 2 must be finite, got nan"):
        train_policy(toy_model(), PROMPTS, lambda asked, replies: broken, CONFIG, end=END, seed=0)
    with pytest.raises(ValueError, match="at least 8 prompts are needed for one round, got 3"):
        train_policy(toy_model(), PROMPTS[:3], echoes, CONFIG, end=END, seed=0)
    with pytest.raises(ValueError, match="prompts are empty"):
        sample(toy_model(), toy_model(), [], max_new_tokens=3, end=END, seed=0)
    for wrong, message in (
        ({"beta": 0.0}, "beta must be > 0, got 0"),
        ({"algorithm": "a2c"}, "algorithm must be one of reinforce, ppo, grpo, got 'a2c'"),
        ({"samples": 1}, "samples must be >= 2, got 1"),
        ({"algorithm": "reinforce", "epochs": 2}, "reinforce must have 1 epoch and 1 minibatch, got 2 and 1"),
        ({"minibatches": 33}, "minibatches must be at most the replies, 32"),
    ):
        with pytest.raises(ValueError, match=message):
            replace(CONFIG, **wrong)
    with pytest.raises(ValueError, match="clip must be > 0, got 0"):
        clipped_loss(0.0, 0.0, 1.0, 0.0)
    with pytest.raises(ValueError, match="lam must be from 0 to 1, got 2"):
        gae([[0.0]], [[0.0]], [[1]], lam=2)
    with pytest.raises(ValueError, match="reply 1 has no token"):
        penalised_rewards([0, 0], np.zeros((2, 2)), [[0, 1], [0, 0]], 0.1)
    for advantages in (leave_one_out, group_advantages):
        with pytest.raises(ValueError, match="2 samples or more"):
            advantages([[1.0], [2.0]])
        with pytest.raises(ValueError, match="rewards are empty"):
            advantages([])
