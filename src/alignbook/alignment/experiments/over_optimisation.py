"""Experiment: push a reward too far, and what it was meant to measure falls.

The book's own reward model is the *proxy*; the gold reward is what replies are really worth. RLHF runs towards the
proxy, at several prices of the divergence, far beyond where one would stop, and the gold reward of the same replies is
noted. Best-of-n is pushed as well, by three proxies: this one, one that learned from few comparisons, and a cautious
rater, who is not noisy but wants something else. Then the forms of Gao et al. are fitted to both.

References
----------
L. Gao, J. Schulman and J. Hilton, "Scaling Laws for Reward Model Overoptimization", ICML 2023: the gold reward against
the square root of the divergence, and the two forms.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike

from alignbook.alignment.aligning import Score, TextReward, align
from alignbook.alignment.best_of_n import expected_best
from alignbook.alignment.comparing import prompts, token_pairs
from alignbook.alignment.experiments.judged_by import Start, start
from alignbook.alignment.kl import kl_best_of_n
from alignbook.alignment.losses import Floats
from alignbook.alignment.measuring import drawn_replies, gold, panel
from alignbook.alignment.reward_model import train_reward_model
from alignbook.alignment.rlhf import RLHFConfig
from alignbook.alignment.stage import COMPARISONS, MIXTURES, REWARD
from alignbook.nn.trainer import TrainingConfig
from alignbook.profile import Profile
from alignbook.store import fetch
from alignbook.world.items import Item
from alignbook.world.raters import Rater, utility

PRICES = (0.005, 0.1, 0.4)
"""Of a nat of divergence: next to nothing, the usual, and dear."""

DRAWN = (1, 2, 4, 8, 16, 32)

LEARNED_FROM = {"tiny": 160, "book": 400}
"""Comparisons that the worse of the reward models learns from."""

LEARNING = {
    "tiny": (TrainingConfig(40, 1e-3, weight_decay=0.0), 16),
    "book": (TrainingConfig(40, 2e-3, weight_decay=0.0), 32),
}
"""How, and in which batches."""

PUSHED = {
    "tiny": RLHFConfig("reinforce", 40, 16, 4, 32, beta=0.1, learning_rate=2e-3, warmup=0.2, final=1.0),
    "book": RLHFConfig("reinforce", 50, 32, 4, 32, beta=0.1, learning_rate=7e-4, warmup=0.2, final=1.0),
}
"""A course that goes too far. It begins slowly, so that what happens near the start can be seen."""

CHOSEN_AMONG = {"tiny": 60, "book": 180}
"""Prompts of the panel that best-of-n is tried on."""

SMOOTHED = 5
"""Rounds that a point is the mean of."""


@dataclass(frozen=True)
class Pushed:
    """How far something was pushed, from the start on, and what came of it.

    Parameters
    ----------
    divergence : tuple of float
        In nats a reply; of best-of-n, the most that it can be.
    proxy, gold : tuple of float
        The mean rewards there.
    """

    divergence: tuple[float, ...]
    proxy: tuple[float, ...]
    gold: tuple[float, ...]

    @property
    def peak(self) -> int:
        """Where the gold reward is highest."""
        return int(np.argmax(self.gold))


@dataclass(frozen=True)
class Form:
    """A form of Gao et al., fitted: with d the square root of the divergence, the gold reward above the start's is
    ``d * (alpha - beta * d)`` for best-of-n and ``d * (alpha - beta * log(d))`` for RLHF.

    Parameters
    ----------
    alpha, beta : float
        What a first step gains, and what is lost with the way.
    explained : float
        The share of the gold reward's variance that the form explains.
    """

    alpha: float
    beta: float
    explained: float


@dataclass(frozen=True)
class OverOptimisation:
    """What happens when rewards are pushed.

    Parameters
    ----------
    by_price : mapping of float to Pushed
        The courses of RLHF, for each price of the divergence.
    best_of_n : mapping of str to Pushed
        For each of `DRAWN`, chosen by ``"the book's model"``, ``"one from few pairs"`` and ``"a cautious rater"``.
    rlhf_form, best_of_n_form : Form
        Fitted to RLHF at the lowest price, and to best-of-n, both by the book's reward model.
    """

    by_price: dict[float, Pushed]
    best_of_n: dict[str, Pushed]
    rlhf_form: Form
    best_of_n_form: Form


def over_optimisation(seed: int, size: str = "book") -> OverOptimisation:
    """Push a reward model by RLHF and by best-of-n.

    Parameters
    ----------
    seed : int
        The profile's.
    size : {"book", "tiny"}
        The profile's.
    """
    run = Profile(seed, size)
    origin = start(run)
    proxy = fetch(REWARD, run).reward
    items = prompts(origin.world, MIXTURES[size], np.random.default_rng([seed, 5]))
    by_price = {price: _pushed(origin, items, proxy, price) for price in PRICES}
    cautious = Rater(0, "cautious")

    def caution(items: Sequence[Item], replies: Sequence[str]) -> list[float]:
        return [utility(cautious, origin.world, item, reply) for item, reply in zip(items, replies, strict=True)]

    proxies: dict[str, Score | TextReward] = {
        "the book's model": proxy,
        "one from few pairs": learned_from_few(origin, run),
        "a cautious rater": caution,
    }
    best = _best_of_n(origin, proxies)
    cheapest, chosen = by_price[PRICES[0]], best["the book's model"]
    return OverOptimisation(
        by_price,
        best,
        fitted(cheapest.divergence, np.array(cheapest.gold) - cheapest.gold[0], logarithmic=True),
        fitted(chosen.divergence, np.array(chosen.gold) - chosen.gold[0], logarithmic=False),
    )


def learned_from_few(origin: Start, run: Profile) -> TextReward:
    """Train a reward model on few of the book's comparisons."""
    template = origin.assistant.template
    pairs = token_pairs(fetch(COMPARISONS, run).comparisons[: LEARNED_FROM[run.size]], template)
    training, batch_size = LEARNING[run.size]
    scorer, _ = train_reward_model(origin.assistant.model.transformer, pairs, training, batch_size, run.seed)
    return TextReward(template.tokenizer, scorer)


def _pushed(origin: Start, items: Sequence[Item], proxy: TextReward, price: float) -> Pushed:
    """Run RLHF at a price, and note the gold reward of all that is written on the way."""
    world, config = origin.world, replace(PUSHED[origin.world.size], beta=price)
    asked_first = items[: SMOOTHED * config.prompts * config.samples]
    _, replies = drawn_replies(origin.assistant, origin.assistant, asked_first, world.seed)
    worth: list[float] = []

    def noted(asked: Sequence[Item], written: Sequence[str]) -> ArrayLike:
        worth.append(float(gold(world, asked, written).mean()))
        return proxy(asked, written)

    _, rounds = align(origin.assistant, items, noted, config, world.seed)

    def course(start: float, values: Sequence[float]) -> tuple[float, ...]:
        return start, *np.reshape(values, (-1, SMOOTHED)).mean(axis=1).tolist()

    return Pushed(
        course(0.0, [max(each.kl, 0.0) for each in rounds]),
        course(float(proxy(asked_first, replies).mean()), [each.reward for each in rounds]),
        course(float(gold(world, asked_first, replies).mean()), worth),
    )


def _best_of_n(origin: Start, proxies: dict[str, Score | TextReward]) -> dict[str, Pushed]:
    """Choose among many replies of the start to prompts of the panel."""
    asked = panel(origin.world)
    each = CHOSEN_AMONG[origin.world.size] // len(asked)
    items = [item for group in asked.values() for item in group[:each] for _ in range(DRAWN[-1])]
    _, replies = drawn_replies(origin.assistant, origin.assistant, items, origin.world.seed)
    shape = (-1, DRAWN[-1])
    worth = gold(origin.world, items, replies).reshape(shape)
    found = {}
    for name, score in proxies.items():
        rewards = np.asarray(score(items, replies), np.float64).reshape(shape)
        gained = [[float(expected_best(rewards, what, n).mean()) for n in DRAWN] for what in (rewards, worth)]
        found[name] = Pushed(tuple(kl_best_of_n(DRAWN).tolist()), tuple(gained[0]), tuple(gained[1]))
    return found


def fitted(divergence: Sequence[float], gain: ArrayLike, *, logarithmic: bool) -> Form:
    """Fit a form of Gao et al. by least squares.

    Parameters
    ----------
    divergence : sequence of float
        In nats.
    gain : array
        The gold reward above the start's.
    logarithmic : bool
        The form of RLHF, or that of best-of-n.

    Raises
    ------
    ValueError
        If fewer than three points lie away from the start: two always fit.
    """
    d, gained = np.sqrt(np.asarray(divergence, np.float64)), np.asarray(gain, np.float64)
    away = d > 0
    if away.sum() < 3:
        raise ValueError(f"three points or more must lie away from the start, got {away.sum()}")
    d, gained = d[away], gained[away]
    columns = np.stack([d, -d * (np.log(d) if logarithmic else d)], axis=1)
    (alpha, beta), *_ = np.linalg.lstsq(columns, gained, rcond=None)
    left: Floats = gained - columns @ np.array([alpha, beta])
    return Form(float(alpha), float(beta), float(1 - (left**2).sum() / ((gained - gained.mean()) ** 2).sum()))
