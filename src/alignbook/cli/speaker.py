"""A stage of the assistant that one can talk to: the base model continues text, the later ones answer in turns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from alignbook import lifecycle
from alignbook.finetuning.chat_template import ChatTemplate
from alignbook.nn.generation import generate
from alignbook.nn.transformer import Transformer
from alignbook.pretraining.language_model import END_OF_DOCUMENT, LanguageModel
from alignbook.profile import Profile
from alignbook.store import Display, fetch
from alignbook.text.bpe import BPE
from alignbook.world.items import Turn


class TooLongError(ValueError):
    """A conversation that does not fit into the model's context."""


@dataclass(frozen=True)
class Speaker:
    """A language model, and how one talks to it.

    Parameters
    ----------
    model
        The model with its tokenizer.
    chats
        Whether it knows the chat template; otherwise it continues the last turn's text.
    """

    model: LanguageModel
    chats: bool

    @property
    def tokenizer(self) -> BPE:
        """What cuts text into tokens."""
        return self.model.tokenizer

    @property
    def transformer(self) -> Transformer:
        """What predicts tokens."""
        return self.model.transformer

    @property
    def context(self) -> int:
        """How many tokens it can look at, its reply included."""
        return self.transformer.config.context

    @property
    def stop(self) -> frozenset[int]:
        """The tokens that end a reply."""
        end = frozenset({self.tokenizer.special_ids[END_OF_DOCUMENT]})
        return end | ChatTemplate(self.tokenizer).stop_ids if self.chats else end

    def encode(self, turns: Sequence[Turn]) -> list[int]:
        """Write a conversation as tokens, up to where the reply begins.

        Raises
        ------
        ValueError
            If nothing is said.
        TooLongError
            If the conversation leaves no room for a reply.
        """
        text = turns[-1].text
        if not text.strip():
            raise ValueError("the prompt is empty: write something to answer")
        return self.fitting(ChatTemplate(self.tokenizer).encode(turns) if self.chats else self.model.encode(text))

    def fitting(self, ids: list[int]) -> list[int]:
        """Return tokens that leave room for a reply.

        Raises
        ------
        TooLongError
            If they do not.
        """
        if len(ids) >= self.context:
            raise TooLongError(
                f"the prompt has {len(ids)} tokens, but this model looks at {self.context} with its reply: shorten it"
            )
        return ids

    def reply(
        self, prompts: Sequence[Sequence[int]], *, temperature: float = 0.0, seed: int = 0, at_most: int = 64
    ) -> list[list[int]]:
        """Continue each prompt to the end of the reply, or as far as the context reaches; return the new tokens."""
        return generate(
            self.transformer, prompts, max_new_tokens=at_most, temperature=temperature, stop=self.stop, seed=seed
        )


def speaker(run: Profile, stage: str, display: Display | None = None) -> Speaker:
    """Load the assistant at a stage; train it first where it is missing.

    Raises
    ------
    ValueError
        If the stage does not speak, does not exist, or is not reached yet.
    """
    recipe = lifecycle.recipe(stage)
    if stage not in lifecycle.SPEAKING:
        raise ValueError(f"stage {stage!r} does not speak: choose one of {', '.join(lifecycle.SPEAKING)}")
    return Speaker(fetch(recipe, run, progress=display).model, chats=stage != "base")
