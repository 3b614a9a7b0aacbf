"""Direct preference optimisation: learn from pairs without a reward model and without sampling.

The margin of a pair is ``(log pi - log pi_ref)(y_w) - (log pi - log pi_ref)(y_l)``. DPO treats beta times the margin as
a difference of rewards, and takes Bradley-Terry's loss. What the reference says of each reply never changes: it is
computed once (`alignbook.alignment.pairs.sequence_logprobs`).

References
----------
R. Rafailov et al., "Direct Preference Optimization: Your Language Model is Secretly a Reward Model", NeurIPS 2023,
equation 7. M. G. Azar et al., "A General Theoretical Paradigm to Understand Learning from Human Preferences", AISTATS
2024: IPO. E. Mitchell, "A note on DPO with noisy preferences and relationship to IPO", 2023: conservative DPO.
S. R. Chowdhury, A. Kini and N. Natarajan, "Provably Robust DPO: Aligning Language Models with Noisy Feedback", ICML
2024: robust DPO. R. Y. Pang et al., "Iterative Reasoning Preference Optimization", NeurIPS 2024: with imitation.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from alignbook.alignment.losses import Floats, Losses, check_beta, log_sigmoid, sigmoid
from alignbook.alignment.pairs import Pair, PairBatch, pair_batches, sequence_logprobs
from alignbook.nn.tape import Array, Tape, Var
from alignbook.nn.trainer import Loss, Objective, Step, Trainer, TrainingConfig
from alignbook.nn.transformer import Transformer, TransformerConfig, hidden_states

KINDS = ("dpo", "ipo", "cdpo", "robust")


def dpo_loss(margins: ArrayLike, beta: float) -> Losses:
    """Return DPO's loss: ``-log sigmoid(beta * margin)``.

    Parameters
    ----------
    margins : array
        See the module.
    beta : float
        > 0; a larger one keeps the policy closer to the reference.

    Returns
    -------
    Losses
        Slopes with respect to the margins: the chosen reply's log-probability has this slope, the rejected one's has
        the opposite.

    Raises
    ------
    ValueError
        If beta is not > 0.
    """
    check_beta(beta)
    scaled = beta * np.asarray(margins, np.float64)
    return Losses(-log_sigmoid(scaled), -beta * sigmoid(-scaled))


def ipo_loss(margins: ArrayLike, beta: float) -> Losses:
    """Return IPO's loss: ``(margin - 1 / (2 beta)) ** 2``. The margin is to be so large, and not larger.

    Parameters, returns and raises as `dpo_loss`.
    """
    check_beta(beta)
    beyond = np.asarray(margins, np.float64) - 1 / (2 * beta)
    return Losses(beyond**2, 2 * beyond)


def cdpo_loss(margins: ArrayLike, beta: float, noise: float) -> Losses:
    """Return conservative DPO's loss: DPO's, if a share of the labels is the wrong way round.

    Parameters
    ----------
    margins, beta
        As in `dpo_loss`.
    noise : float
        The share, from 0 to below 0.5.

    Raises
    ------
    ValueError
        If beta or the share is out of range.
    """
    right, wrong = dpo_loss(margins, beta), dpo_loss(-np.asarray(margins, np.float64), beta)
    _check_noise(noise)
    return Losses((1 - noise) * right.values + noise * wrong.values, (1 - noise) * right.slopes - noise * wrong.slopes)


def robust_loss(margins: ArrayLike, beta: float, noise: float) -> Losses:
    """Return robust DPO's loss: what noisy labels must be given so that on average it is DPO's on the true ones.

    Parameters and raises as `cdpo_loss`.
    """
    right, wrong = dpo_loss(margins, beta), dpo_loss(-np.asarray(margins, np.float64), beta)
    _check_noise(noise)
    scale = 1 / (1 - 2 * noise)
    return Losses(
        ((1 - noise) * right.values - noise * wrong.values) * scale,
        ((1 - noise) * right.slopes + noise * wrong.slopes) * scale,
    )


def _check_noise(noise: float) -> None:
    if not 0 <= noise < 0.5:
        raise ValueError(f"noise must be from 0 to below 0.5 (the share of wrong labels), got {noise}")


@dataclass(frozen=True)
class DPOConfig:
    """How a model is trained on pairs.

    Parameters
    ----------
    training : TrainingConfig
        Steps, learning rate and so on.
    batch_size : int
        Pairs in each step.
    beta : float
        See `dpo_loss`.
    kind : {"dpo", "ipo", "cdpo", "robust"}
        Which loss.
    noise : float
        The share of wrong labels that "cdpo" and "robust" reckon with.
    average : bool
        Whether a reply's log-probability is the mean over its tokens: then long replies weigh no more than short ones.
        TRL does so for IPO.
    imitation : float
        How much the surprise at the chosen reply, the mean over its tokens, counts beside the loss; >= 0. Margins also
        grow while both replies become less probable; this holds on to the better one (Pang et al. 2024).

    Raises
    ------
    ValueError
        If a setting is out of range or the loss is unknown.
    """

    training: TrainingConfig
    batch_size: int
    beta: float
    kind: str = "dpo"
    noise: float = 0.0
    average: bool = False
    imitation: float = 0.0

    def __post_init__(self) -> None:
        check_beta(self.beta)
        if not self.imitation >= 0:
            raise ValueError(f"imitation must be >= 0, got {self.imitation}")
        _check_noise(self.noise)
        if self.kind not in KINDS:
            raise ValueError(f"kind must be one of {', '.join(KINDS)}, got {self.kind!r}")
        if self.noise and self.kind in ("dpo", "ipo"):
            raise ValueError(f"noise is only for cdpo and robust, got {self.noise} with {self.kind}")

    def losses(self, margins: ArrayLike) -> Losses:
        """Return the losses of pairs with these margins."""
        if self.kind == "dpo":
            return dpo_loss(margins, self.beta)
        if self.kind == "ipo":
            return ipo_loss(margins, self.beta)
        noisy = cdpo_loss if self.kind == "cdpo" else robust_loss
        return noisy(margins, self.beta, self.noise)


def pair_losses(
    logprobs: Array,
    batch: PairBatch,
    losses: Callable[[Array], Losses],
    average: bool = False,
    imitation: float = 0.0,
) -> tuple[float, Array]:
    """Return the loss of a batch of pairs, and its gradient with respect to the log-probability of each token.

    A pair whose chosen reply is better only with the probability t counts as t such pairs, and 1 - t the other way
    round.

    Parameters
    ----------
    logprobs : array, shape (pairs, 2, time)
        Log-probabilities of the targets under the policy.
    batch : PairBatch
        The pairs.
    losses : function of margins
        For example ``DPOConfig(...).losses``.
    average : bool
        Whether a reply's log-probability is the mean over its tokens instead of the sum.
    imitation : float
        See `DPOConfig`.

    Returns
    -------
    float; array, shape (pairs, 2, time)
    """
    shares = batch.mask / (batch.mask.sum(axis=-1, keepdims=True) if average else 1)
    # The reference's sum is divided as the policy's is: its share at each token of the reply.
    gains = (logprobs * shares).sum(axis=-1, dtype=np.float64) - batch.reference * shares.max(axis=-1)  # (pairs, 2)
    margins = gains[:, 0] - gains[:, 1]
    forward, backward = losses(margins), losses(-margins)
    values = batch.preferred * forward.values + (1 - batch.preferred) * backward.values
    slopes = batch.preferred * forward.slopes - (1 - batch.preferred) * backward.slopes
    along = (batch.weights * slopes)[:, None] * np.array([1.0, -1.0])  # (pairs, 2)
    better = batch.weights[:, None] * np.stack([batch.preferred, 1 - batch.preferred], axis=1)  # (pairs, 2)
    means = better[:, :, None] * batch.mask / batch.mask.sum(axis=-1, keepdims=True)
    value = float(batch.weights @ values) - imitation * float((means * logprobs).sum())
    return value, along[:, :, None] * shares - imitation * means


def dpo_objective(
    config: TransformerConfig,
    losses: Callable[[Array], Losses],
    average: bool = False,
    lora_scale: float = 1.0,
    imitation: float = 0.0,
) -> Objective[PairBatch]:
    """Return the objective of learning from pairs: `pair_losses` of what the model says.

    Parameters
    ----------
    config : TransformerConfig
        The size of the model.
    losses, average, imitation
        As in `pair_losses`.
    lora_scale : float
        How much adapters count, where there are any.
    """

    def objective(tape: Tape, weights: Mapping[str, Var], batch: PairBatch) -> Loss:
        rows = (-1, batch.ids.shape[-1])
        hidden = hidden_states(tape, config, weights, batch.ids.reshape(rows), lora_scale)
        logprobs = tape.target_logprobs(hidden, weights["tokens"], batch.targets.ravel())
        value, gradient = pair_losses(logprobs.data.reshape(batch.mask.shape), batch, losses, average, imitation)
        return Loss(value, logprobs, gradient.astype(logprobs.data.dtype).ravel())

    return objective


def train_dpo(
    start: Transformer,
    pairs: Sequence[Pair],
    config: DPOConfig,
    seed: int,
    callback: Callable[[Step, Callable[[], dict[str, Array]]], object] | None = None,
    resume: dict[str, Array] | None = None,
) -> tuple[Transformer, Floats]:
    """Train a model on pairs; it is its own reference, as it was at the start.

    Parameters
    ----------
    start : Transformer
        The tuned model; it stays as it is.
    pairs : sequence of Pair
        What raters said.
    config : DPOConfig
        How to train.
    seed : int
        Decides the order of the pairs.
    callback : function of a Step and a function, optional
        Called after every step. The function that it is given returns the state of the run, as arrays.
    resume : mapping of str to array, optional
        The state of a run that was interrupted.

    Returns
    -------
    Transformer, array of float64, shape (steps,)
        The trained model, and the loss of every step.

    Raises
    ------
    ValueError
        If there are fewer pairs than a batch holds, or they do not fit the model.
    DivergedError
        If the loss stops being a number.
    """
    reference = sequence_logprobs(start, pairs)
    parameters = start.parameters.copy()
    objective = dpo_objective(start.config, config.losses, config.average, imitation=config.imitation)
    trainer = Trainer(parameters, objective, config.training)
    losses = np.zeros(config.training.steps)
    if resume is not None:
        trainer.restore(resume)
        losses[:] = resume["losses"]

    def after(step: Step) -> None:
        losses[step.number] = step.loss
        if callback is not None:
            callback(step, lambda: {**trainer.state(), "losses": losses.copy()})

    trainer.run(pair_batches(pairs, config.batch_size, seed, reference), after)
    return Transformer(start.config, parameters), losses


def pair_margins(model: Transformer, pairs: Sequence[Pair], reference: Array) -> Floats:
    """Return the margins of pairs under a model, given what `sequence_logprobs` says of the reference; (pairs,)."""
    gains = sequence_logprobs(model, pairs) - reference
    return np.asarray(gains[:, 0] - gains[:, 1], np.float64)
