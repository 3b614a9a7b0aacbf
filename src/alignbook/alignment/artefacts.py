"""What alignment makes and the store keeps: raters' comparisons, the reward model, the aligned assistant."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from alignbook.alignment.aligning import TextReward
from alignbook.alignment.comparing import Comparison
from alignbook.alignment.heads import HEAD, ScalarModel, with_head, without_head
from alignbook.alignment.rlhf import Round
from alignbook.finetuning.assistant import Assistant
from alignbook.pretraining import language_model
from alignbook.pretraining.language_model import LanguageModel
from alignbook.world.items import Item, Turn

Packed = tuple[dict[str, np.ndarray], dict[str, Any]]


@dataclass(frozen=True, eq=False)
class RaterData:
    """What raters said of the tuned assistant's replies.

    Parameters
    ----------
    comparisons : tuple of Comparison
        Each pair of replies, with what one rater said.
    """

    comparisons: tuple[Comparison, ...]


@dataclass(frozen=True, eq=False)
class RewardModel:
    """The reward model, and how it came to be.

    Parameters
    ----------
    reward : TextReward
        Gives replies their rewards.
    losses : array of float64, shape (steps,)
        The loss of every step, in nats a comparison.
    accuracy : float
        The share of comparisons, of those that it was not trained on, that it predicts.
    """

    reward: TextReward
    losses: NDArray[np.float64]
    accuracy: float


@dataclass(frozen=True, eq=False)
class AlignedModel:
    """The aligned model, and how it came to be.

    Parameters
    ----------
    model : LanguageModel
        It replies, behind the chat template.
    rounds : tuple of Round
        The rounds of RLHF; none after DPO.
    losses : array of float64, shape (steps,)
        The losses of DPO, in nats a pair; none after RLHF.
    """

    model: LanguageModel
    rounds: tuple[Round, ...]
    losses: NDArray[np.float64]

    @property
    def assistant(self) -> Assistant:
        """The assistant to talk to."""
        return Assistant(self.model)


def pack_comparisons(data: RaterData) -> Packed:
    """Return comparisons as arrays (who judged, and how) and JSON (what)."""
    raters = np.array([each.raters for each in data.comparisons], np.int64)
    votes = np.array([each.votes for each in data.comparisons], np.bool_)
    texts = [{"item": asdict(each.item), "first": each.first, "second": each.second} for each in data.comparisons]
    meta = {"pairs": len(texts), "votes": votes.size}
    return {"raters": raters, "votes": votes}, {"pairs": texts, "meta": meta}


def unpack_comparisons(arrays: Mapping[str, np.ndarray], values: Mapping[str, Any]) -> RaterData:
    """Return the comparisons that `pack_comparisons` was given."""
    votes = zip(arrays["raters"].tolist(), arrays["votes"].tolist(), strict=True)
    return RaterData(
        tuple(
            Comparison(_item(each["item"]), each["first"], each["second"], tuple(raters), tuple(said))
            for each, (raters, said) in zip(values["pairs"], votes, strict=True)
        )
    )


def _item(values: Mapping[str, Any]) -> Item:
    return Item(**{**values, "turns": tuple(Turn(**turn) for turn in values["turns"])})


def pack_reward(found: RewardModel) -> Packed:
    """Return the reward model as arrays and JSON."""
    scorer = found.reward.scorer
    trunk = LanguageModel(found.reward.tokenizer, without_head(scorer.config, scorer.parameters))
    arrays, values = language_model.pack(trunk)
    meta = {"loss": round(float(found.losses[-20:].mean()), 3), "accuracy": round(found.accuracy, 3)}
    arrays |= {"head": scorer.parameters[HEAD], "losses": found.losses}
    return arrays, {**values, "accuracy": found.accuracy, "meta": meta}


def unpack_reward(arrays: Mapping[str, np.ndarray], values: Mapping[str, Any]) -> RewardModel:
    """Return the reward model that `pack_reward` was given."""
    trunk = language_model.unpack(arrays, values)
    parameters = with_head(trunk.transformer)
    parameters[HEAD][:] = arrays["head"]
    scorer = ScalarModel(trunk.transformer.config, parameters)
    return RewardModel(TextReward(trunk.tokenizer, scorer), arrays["losses"], float(values["accuracy"]))


def pack_aligned(found: AlignedModel) -> Packed:
    """Return the aligned model as arrays and JSON."""
    arrays, values = language_model.pack(found.model)
    rounds = np.array(found.rounds, np.float64).reshape(-1, len(Round._fields))
    if found.rounds:
        meta = {"reward": round(float(rounds[-10:, 1].mean()), 3), "kl": round(float(rounds[-10:, 2].mean()), 2)}
    else:
        meta = {"loss": round(float(found.losses[-20:].mean()), 3)}
    return {**arrays, "rounds": rounds, "losses": found.losses}, {**values, "meta": meta}


def unpack_aligned(arrays: Mapping[str, np.ndarray], values: Mapping[str, Any]) -> AlignedModel:
    """Return the aligned model that `pack_aligned` was given."""
    rounds = tuple(Round(int(row[0]), *map(float, row[1:])) for row in arrays["rounds"])
    return AlignedModel(language_model.unpack(arrays, values), rounds, arrays["losses"])
