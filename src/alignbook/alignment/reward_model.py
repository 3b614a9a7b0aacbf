"""Reward models: a number for a reply, learned from comparisons.

A reward model is Bradley-Terry with a function in place of a list of strengths: of two replies, the one with the higher
reward is preferred with the probability ``sigmoid(r_w - r_l)``. So it can judge replies that nobody has compared. The
function is a head on the assistant's own trunk, read at the last token of the reply, or a weighted sum of features that
were thought of beforehand.

References
----------
N. Stiennon et al., "Learning to summarize with human feedback", NeurIPS 2020, and L. Ouyang et al., "Training language
models to follow instructions with human feedback", NeurIPS 2022: the loss, and the head on the language model.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from alignbook.alignment.heads import ScalarModel, scalars, with_head
from alignbook.alignment.losses import Floats, Losses, log_sigmoid, sigmoid
from alignbook.alignment.pairs import Pair, PairBatch, pair_batches
from alignbook.nn.tape import Array, Tape, Var
from alignbook.nn.trainer import Loss, Objective, Step, Trainer, TrainingConfig
from alignbook.nn.transformer import Transformer, TransformerConfig


def bradley_terry_loss(margins: ArrayLike, preferred: ArrayLike = 1.0) -> Losses:
    """Return the surprise at what raters said, given differences of rewards.

    Parameters
    ----------
    margins : array
        The reward of the chosen reply, less that of the rejected one.
    preferred : array
        The probability that the chosen one is better; 0.5 in a tie.

    Returns
    -------
    Losses
        In nats; slopes with respect to the margins.
    """
    found, target = np.asarray(margins, np.float64), np.asarray(preferred, np.float64)
    values = -target * log_sigmoid(found) - (1 - target) * log_sigmoid(-found)
    return Losses(values, sigmoid(found) - target)


def reward_objective(config: TransformerConfig) -> Objective[PairBatch]:
    """Return the objective of a reward model: `bradley_terry_loss` of the head's numbers at the ends of the replies.

    Parameters
    ----------
    config : TransformerConfig
        The size of the trunk.
    """

    def objective(tape: Tape, weights: Mapping[str, Var], batch: PairBatch) -> Loss:
        pairs, _, time = batch.ids.shape
        values = scalars(tape, config, weights, batch.ids.reshape(2 * pairs, time))
        ends = np.arange(2 * pairs).reshape(pairs, 2) * time + batch.lengths - 1
        rewards = values.data[ends, 0]  # (pairs, 2)
        losses = bradley_terry_loss(rewards[:, 0] - rewards[:, 1], batch.preferred)
        gradient = np.zeros_like(values.data)
        gradient[ends, 0] = (batch.weights * losses.slopes)[:, None] * np.array([1, -1])
        return Loss(float(batch.weights @ losses.values), values, gradient)

    return objective


def train_reward_model(
    start: Transformer,
    pairs: Sequence[Pair],
    config: TrainingConfig,
    batch_size: int,
    seed: int,
    callback: Callable[[Step, Callable[[], dict[str, Array]]], object] | None = None,
    resume: dict[str, Array] | None = None,
) -> tuple[ScalarModel, Floats]:
    """Teach a head and the trunk below it what raters prefer.

    Parameters
    ----------
    start : Transformer
        Where the trunk starts: the tuned model. It stays as it is.
    pairs : sequence of Pair
        What raters said.
    config : TrainingConfig
        How to train.
    batch_size : int
        Pairs in each step.
    seed : int
        Decides their order.
    callback : function of a Step and a function, optional
        Called after every step. The function that it is given returns the state of the run, as arrays.
    resume : mapping of str to array, optional
        The state of a run that was interrupted.

    Returns
    -------
    ScalarModel, array of float64, shape (steps,)
        The reward model, and the loss of every step in nats a comparison.

    Raises
    ------
    ValueError
        If there are fewer pairs than a batch holds, or they do not fit the model.
    DivergedError
        If the loss stops being a number.
    """
    parameters = with_head(start)
    trainer = Trainer(parameters, reward_objective(start.config), config)
    losses = np.zeros(config.steps)
    if resume is not None:
        trainer.restore(resume)
        losses[:] = resume["losses"]

    def after(step: Step) -> None:
        losses[step.number] = step.loss
        if callback is not None:
            callback(step, lambda: {**trainer.state(), "losses": losses.copy()})

    trainer.run(pair_batches(pairs, batch_size, seed), after)
    return ScalarModel(start.config, parameters), losses


def pair_rewards(model: ScalarModel, pairs: Sequence[Pair]) -> Array:
    """Return the rewards of both replies of each pair; (pairs, 2), the chosen ones first."""
    sequences = [(*pair.prompt, *reply) for pair in pairs for reply in (pair.chosen, pair.rejected)]
    return model.at_ends(sequences).reshape(-1, 2)


def accuracy(rewards: ArrayLike) -> float:
    """Return how often the chosen reply has the higher reward; a tie is half right.

    Parameters
    ----------
    rewards : array, shape (pairs, 2)
        As `pair_rewards` gives them.

    Raises
    ------
    ValueError
        If there are no pairs.
    """
    found = np.asarray(rewards, np.float64)
    if found.ndim != 2 or found.shape[1] != 2 or len(found) == 0:
        raise ValueError(f"rewards must have a shape (pairs, 2) with one pair or more, got {found.shape}")
    margins = found[:, 0] - found[:, 1]
    return float((margins > 0).mean() + (margins == 0).mean() / 2)


@dataclass(frozen=True, eq=False)
class FeatureReward:
    """A reward that is a weighted sum of features.

    Parameters
    ----------
    weights : array of float64, shape (features,)
        What a unit of each feature is worth.
    standard_errors : array of float64, shape (features,)
        How uncertain each weight is.
    """

    weights: Floats
    standard_errors: Floats

    def rewards(self, features: ArrayLike) -> Floats:
        """Return rewards of replies, (replies,), from their features, (replies, features)."""
        return np.asarray(np.asarray(features, np.float64) @ self.weights, np.float64)


def fit_features(
    chosen: ArrayLike,
    rejected: ArrayLike,
    preferred: ArrayLike = 1.0,
    ridge: float = 1e-3,
    most_steps: int = 100,
) -> FeatureReward:
    """Learn what features are worth from comparisons, by Newton's method.

    Parameters
    ----------
    chosen, rejected : array, shape (pairs, features)
        The features of the two replies of each pair.
    preferred : array, shape (pairs,), or float
        The probability that the chosen one is better.
    ridge : float
        What is made small is the loss of all pairs, and ``ridge`` times the sum of squared weights; > 0, for a feature
        that always decides would otherwise be worth infinitely much.
    most_steps : int
        Give up after so many.

    Raises
    ------
    ValueError
        If there are no pairs, shapes differ, a feature is no number, or the ridge is not > 0.
    ArithmeticError
        If the steps did not suffice.
    """
    won, lost = np.asarray(chosen, np.float64), np.asarray(rejected, np.float64)
    if won.shape != lost.shape or won.ndim != 2 or len(won) == 0:
        raise ValueError(f"chosen and rejected must have one shape (pairs, features), got {won.shape}, {lost.shape}")
    if not ridge > 0:
        raise ValueError(f"ridge must be > 0, got {ridge}")
    apart = won - lost
    if not np.isfinite(apart).all():
        raise ValueError(f"features of pair {np.argwhere(~np.isfinite(apart))[0, 0]} must be finite")
    weights = np.zeros(apart.shape[1])

    def cost(of: Floats) -> float:
        return float(bradley_terry_loss(apart @ of, preferred).values.sum() + ridge * of @ of)

    for _ in range(most_steps):
        margins = apart @ weights
        gradient = apart.T @ bradley_terry_loss(margins, preferred).slopes + 2 * ridge * weights
        spread = sigmoid(margins) * sigmoid(-margins)
        curvature = (apart * spread[:, None]).T @ apart + 2 * ridge * np.eye(len(weights))
        move = np.linalg.solve(curvature, gradient)
        while np.abs(move).max() > 1e-6 and cost(weights - move) > cost(weights):
            move = move / 2
        weights = weights - move
        if np.abs(move).max() < 1e-10:
            return FeatureReward(weights, np.asarray(np.sqrt(np.diag(np.linalg.inv(curvature))), np.float64))
    raise ArithmeticError(f"weights still moved by {np.abs(move).max():.2g} after {most_steps} steps: raise the ridge")
