"""A language model that one talks to in turns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from alignbook.finetuning.chat_template import ChatTemplate
from alignbook.nn.generation import generate
from alignbook.pretraining.language_model import END_OF_DOCUMENT, LanguageModel
from alignbook.world.catalogue import FAMILIES
from alignbook.world.items import Grade, Item, Turn
from alignbook.world.region import World

LONGEST_REPLY = 48
"""Tokens after which a reply is cut off; no reply of the demonstrations is as long."""


@dataclass(frozen=True, eq=False)
class Assistant:
    """A language model behind the chat template.

    Parameters
    ----------
    model : LanguageModel
        The model, tuned or not.
    """

    model: LanguageModel

    @property
    def template(self) -> ChatTemplate:
        """The template that its dialogues are written in."""
        return ChatTemplate(self.model.tokenizer)

    def reply(
        self,
        dialogues: Sequence[Sequence[Turn]],
        *,
        temperature: float = 0.0,
        seed: int = 0,
        longest: int = LONGEST_REPLY,
    ) -> list[str]:
        """Reply to dialogues, all at once.

        Parameters
        ----------
        dialogues : sequence of sequences of Turn
            What was said; the last turn is not the assistant's.
        temperature : float
            0 takes the most probable token each time.
        seed : int
            Decides the draws.
        longest : int
            Tokens after which a reply is cut off.

        Returns
        -------
        list of str

        Raises
        ------
        ValueError
            If a dialogue is too long for the context, or nobody asks for a reply.
        """
        template = self.template
        end = self.model.tokenizer.special_ids[END_OF_DOCUMENT]
        written = generate(
            self.model.transformer,
            [template.encode(turns) for turns in dialogues],
            max_new_tokens=longest,
            temperature=temperature,
            stop=template.stop_ids | {end},
            seed=seed,
        )
        return [template.decode_reply(ids) for ids in written]

    def ask(self, question: str, *, temperature: float = 0.0, seed: int = 0) -> str:
        """Reply to a single question."""
        return self.reply([[Turn("user", question)]], temperature=temperature, seed=seed)[0]


def grade_replies(world: World, assistant: Assistant, items: Sequence[Item]) -> list[Grade]:
    """Put items to an assistant, and grade each reply by the rules of its family.

    Parameters
    ----------
    world : World
        The world that the items are about.
    assistant : Assistant
        Who replies, taking the most probable token each time.
    items : sequence of Item
        The items, of any families.

    Returns
    -------
    list of Grade
        One for each item.
    """
    replies = assistant.reply([item.turns for item in items])
    return [FAMILIES[item.family].grade(world, item, reply) for item, reply in zip(items, replies, strict=True)]
