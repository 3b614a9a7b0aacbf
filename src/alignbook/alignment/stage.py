"""How the assistant passes through alignment: comparisons, a reward model, and the aligned assistant, made in two ways.

Both start from the same tuned assistant and the same comparisons: RLHF by way of the reward model, DPO without one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from alignbook.alignment.aligning import TextReward, align
from alignbook.alignment.artefacts import (
    AlignedModel,
    RaterData,
    RewardModel,
    pack_aligned,
    pack_comparisons,
    pack_reward,
    unpack_aligned,
    unpack_comparisons,
    unpack_reward,
)
from alignbook.alignment.comparing import candidates, judged, offered, prompts, shown, token_pairs
from alignbook.alignment.dpo import DPOConfig, train_dpo
from alignbook.alignment.reward_model import accuracy, pair_rewards, train_reward_model
from alignbook.alignment.rlhf import RLHFConfig, Round
from alignbook.finetuning.stage import TUNED, TunedModel
from alignbook.nn.tape import Array
from alignbook.nn.trainer import TrainingConfig
from alignbook.pretraining.language_model import LanguageModel
from alignbook.pretraining.stage import shown_in
from alignbook.profile import Profile
from alignbook.store import Progress, Recipe
from alignbook.world.building import build_world
from alignbook.world.raters import raters

Counts = tuple[tuple[str, str, int], ...]

BOOK_MIXTURE: Counts = (
    ("recall", "practice", 5000),
    ("recall", "train", 1000),
    ("abstention", "train", 1600),
    ("refusal", "train", 1000),
    ("refusal", "sealed", 1000),
    ("two_hop", "train", 200),
    ("small_talk", "train", 300),
)
"""Family, split and number of the prompts."""

MIXTURES = {"tiny": tuple((family, split, max(20, count // 10)) for family, split, count in BOOK_MIXTURE)}
MIXTURES |= {"book": BOOK_MIXTURE}

AT_ONCE = 500
"""So many prompts are replied to between two movements of the bar."""


@dataclass(frozen=True)
class ComparisonsConfig:
    """What is compared.

    Parameters
    ----------
    mixture : tuple of (str, str, int)
        Family, split and number of the prompts; see `alignbook.alignment.comparing.prompts`.
    samples : int
        How often the assistant replies to each.
    votes : int
        How many of the forty raters judge each pair.
    """

    mixture: Counts
    samples: int
    votes: int


@dataclass(frozen=True)
class RewardConfig:
    """How the reward model is trained.

    Parameters
    ----------
    training : TrainingConfig
        Steps, learning rate and so on.
    batch_size : int
        Comparisons in each step.
    held_out : float
        The share of the comparisons that is kept to measure how well it predicts raters.
    """

    training: TrainingConfig
    batch_size: int
    held_out: float = 0.1


@dataclass(frozen=True)
class PolicyConfig:
    """How RLHF trains the assistant.

    Parameters
    ----------
    mixture : tuple of (str, str, int)
        Family, split and number of the prompts.
    rlhf : RLHFConfig
        The algorithm and its settings.
    """

    mixture: Counts
    rlhf: RLHFConfig


@dataclass(frozen=True)
class DirectConfig:
    """How DPO trains the assistant.

    Parameters
    ----------
    agreement : float
        Only comparisons are learned from in which so large a share of the raters agree.
    dpo : DPOConfig
        The loss and its settings.
    """

    agreement: float
    dpo: DPOConfig


def make_comparisons(run: Profile, config: ComparisonsConfig, tuned: TunedModel, *, progress: Progress) -> RaterData:
    """Have the tuned assistant reply, and the forty raters compare."""
    world, rng = build_world(run.seed, run.size), np.random.default_rng([run.seed, 4])
    items = prompts(world, config.mixture, rng)
    progress.start(len(items), "prompts")
    replies: list[list[str]] = []
    for start in range(0, len(items), AT_ONCE):
        part = items[start : start + AT_ONCE]
        drawn = candidates(tuned.assistant, part, config.samples, int(rng.integers(2**31)))
        replies += [offered(item, each) for item, each in zip(part, drawn, strict=True)]
        progress.advance(len(part))
    return RaterData(tuple(judged(world, shown(items, replies, rng), raters(), rng, config.votes)))


def make_reward(
    run: Profile, config: RewardConfig, tuned: TunedModel, data: RaterData, *, progress: Progress
) -> RewardModel:
    """Teach a reward model what the raters prefer."""
    pairs = token_pairs(data.comparisons, tuned.assistant.template)
    kept, steps = round(config.held_out * len(pairs)), config.training.steps
    saved = _begin(progress, steps)
    scorer, losses = train_reward_model(
        tuned.model.transformer,
        pairs[kept:],
        config.training,
        config.batch_size,
        run.seed,
        shown_in(progress, steps),
        saved,
    )
    predicted = accuracy(pair_rewards(scorer, pairs[:kept]))
    return RewardModel(TextReward(tuned.model.tokenizer, scorer), losses, predicted)


def make_rlhf(
    run: Profile, config: PolicyConfig, tuned: TunedModel, found: RewardModel, *, progress: Progress
) -> AlignedModel:
    """Train the tuned assistant towards the reward model."""
    rounds = config.rlhf.rounds
    items = prompts(build_world(run.seed, run.size), config.mixture, np.random.default_rng([run.seed, 5]))
    saved = progress.saved()
    progress.start(rounds, "rounds")
    if saved is not None:
        progress.advance(len(saved[0]["rounds"]))

    def after(each: Round, state: Callable[[], dict[str, Array]]) -> None:
        progress.advance(1, reward=each.reward, kl=each.kl)
        if (each.number + 1) % max(1, rounds // 10) == 0 and each.number + 1 < rounds:
            progress.save((state(), {}))

    resume = None if saved is None else dict(saved[0])
    assistant, course = align(tuned.assistant, items, found.reward, config.rlhf, run.seed, after, resume)
    return AlignedModel(assistant.model, tuple(course), np.zeros(0))


def make_dpo(
    run: Profile, config: DirectConfig, tuned: TunedModel, data: RaterData, *, progress: Progress
) -> AlignedModel:
    """Train the tuned assistant on the comparisons themselves."""
    clear = [each for each in data.comparisons if each.agreement >= config.agreement]
    pairs, steps = token_pairs(clear, tuned.assistant.template), config.dpo.training.steps
    saved = _begin(progress, steps)
    policy, losses = train_dpo(tuned.model.transformer, pairs, config.dpo, run.seed, shown_in(progress, steps), saved)
    return AlignedModel(LanguageModel(tuned.model.tokenizer, policy), (), losses)


def _begin(progress: Progress, steps: int) -> dict[str, Array] | None:
    """Show the bar, moved to where an interrupted run has stopped, and return that run's state."""
    saved = progress.saved()
    progress.start(steps)
    if saved is None:
        return None
    progress.advance(int(saved[0]["steps"][0]))
    return dict(saved[0])


COMPARISONS = Recipe(
    name="comparisons",
    title="raters' comparisons",
    make=make_comparisons,
    configs={size: ComparisonsConfig(mixture, samples=4, votes=15) for size, mixture in MIXTURES.items()},
    pack=pack_comparisons,
    unpack=unpack_comparisons,
    inputs=(TUNED,),
)

REWARD = Recipe(
    name="reward",
    title="reward model",
    make=make_reward,
    configs={
        "tiny": RewardConfig(TrainingConfig(200, 2e-3, weight_decay=0.0), batch_size=16),
        "book": RewardConfig(TrainingConfig(500, 2e-3, weight_decay=0.0), batch_size=32),
    },
    pack=pack_reward,
    unpack=unpack_reward,
    inputs=(TUNED, COMPARISONS),
)

ALIGNED_RLHF = Recipe(
    name="aligned",
    title="aligned model (RLHF)",
    make=make_rlhf,
    configs={
        "tiny": PolicyConfig(MIXTURES["tiny"], RLHFConfig("reinforce", 30, 32, 4, 32, beta=0.1, learning_rate=1e-3)),
        "book": PolicyConfig(MIXTURES["book"], RLHFConfig("reinforce", 100, 64, 4, 32, beta=0.1, learning_rate=5e-4)),
    },
    pack=pack_aligned,
    unpack=unpack_aligned,
    inputs=(TUNED, REWARD),
)

ALIGNED_DPO = Recipe(
    name="aligned-dpo",
    title="aligned model (DPO)",
    make=make_dpo,
    configs={
        "tiny": DirectConfig(
            0.8, DPOConfig(TrainingConfig(60, 1e-3, weight_decay=0.0), batch_size=16, beta=0.3, imitation=1.0)
        ),
        "book": DirectConfig(
            0.8, DPOConfig(TrainingConfig(100, 5e-4, weight_decay=0.0), batch_size=32, beta=0.3, imitation=1.0)
        ),
    },
    pack=pack_aligned,
    unpack=unpack_aligned,
    inputs=(TUNED, COMPARISONS),
)

RECIPES = (COMPARISONS, REWARD, ALIGNED_RLHF, ALIGNED_DPO)
