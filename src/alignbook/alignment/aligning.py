"""From texts to tokens and back: rewards of replies, and the assistant that was trained towards them.

The algorithms of this chapter know tokens only. Here items of the world become prompts, what judges texts becomes a
reward of tokens, and a trained policy becomes an assistant again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from alignbook.alignment.comparing import reply_tokens
from alignbook.alignment.heads import ScalarModel
from alignbook.alignment.rlhf import Reward, RLHFConfig, Round, train_policy
from alignbook.finetuning.assistant import Assistant
from alignbook.finetuning.chat_template import END_OF_REPLY, ChatTemplate
from alignbook.nn.tape import Array
from alignbook.pretraining.language_model import LanguageModel
from alignbook.text.bpe import BPE
from alignbook.world.items import Item

Score = Callable[[Sequence[Item], Sequence[str]], ArrayLike]
"""From items and a reply to each to rewards, (items,)."""


@dataclass(frozen=True, eq=False)
class TextReward:
    """A reward model that reads texts.

    Parameters
    ----------
    tokenizer : BPE
        The tokenizer of its trunk.
    scorer : ScalarModel
        Gives the last token of a reply its reward.
    """

    tokenizer: BPE
    scorer: ScalarModel

    @property
    def template(self) -> ChatTemplate:
        """How dialogues are written."""
        return ChatTemplate(self.tokenizer)

    def __call__(self, items: Sequence[Item], replies: Sequence[str]) -> Array:
        """Return the rewards of replies, one to each item; (items,)."""
        template = self.template
        return self.scorer.at_ends(
            [
                (*template.encode(item.turns), *reply_tokens(template, reply))
                for item, reply in zip(items, replies, strict=True)
            ]
        )

    def of_tokens(self, prompts: Sequence[Sequence[int]]) -> Reward:
        """Return the reward of replies to these prompts, for `alignbook.alignment.rlhf.train_policy`."""

        def reward(asked: NDArray[np.int64], replies: list[list[int]]) -> Array:
            return self.scorer.at_ends([(*prompts[at], *reply) for at, reply in zip(asked, replies, strict=True)])

        return reward


def of_texts(items: Sequence[Item], score: Score, template: ChatTemplate) -> Reward:
    """Turn what judges texts into a reward of tokens: the gold reward, or a rater.

    Parameters
    ----------
    items : sequence of Item
        What is asked; prompts are numbered as they are.
    score : function of items and replies
        The judge. A reply that was cut off is judged as it stands.
    template : ChatTemplate
        How replies are read.
    """
    end = template.tokenizer.special_ids[END_OF_REPLY]

    def reward(asked: NDArray[np.int64], replies: list[list[int]]) -> ArrayLike:
        texts = [template.decode_reply([token for token in reply if token != end]) for reply in replies]
        return score([items[int(at)] for at in asked], texts)

    return reward


def align(
    assistant: Assistant,
    items: Sequence[Item],
    score: TextReward | Score,
    config: RLHFConfig,
    seed: int,
    callback: Callable[[Round, Callable[[], dict[str, Array]]], object] | None = None,
    resume: dict[str, Array] | None = None,
) -> tuple[Assistant, list[Round]]:
    """Train an assistant towards a reward, by `alignbook.alignment.rlhf.train_policy`.

    Parameters
    ----------
    assistant : Assistant
        Where to start, and what to stay close to.
    items : sequence of Item
        What it is asked.
    score : TextReward, or a function of items and replies
        The reward.
    config : RLHFConfig
        How to train.
    seed : int
        Decides prompts and draws.
    callback, resume
        See `alignbook.alignment.rlhf.train_policy`.

    Returns
    -------
    Assistant, list of Round
    """
    template, model = assistant.template, assistant.model
    prompts = [template.encode(item.turns) for item in items]
    reward = score.of_tokens(prompts) if isinstance(score, TextReward) else of_texts(items, score, template)
    end = model.tokenizer.special_ids[END_OF_REPLY]
    policy, rounds = train_policy(
        model.transformer, prompts, reward, config, end=end, seed=seed, callback=callback, resume=resume
    )
    return Assistant(LanguageModel(model.tokenizer, policy)), rounds
