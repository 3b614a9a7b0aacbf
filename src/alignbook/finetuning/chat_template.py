"""The chat template: how a dialogue becomes one sequence of tokens that a model can continue.

Each turn is the token of its role, then its text; the assistant's turns end with a token that says so. Roles are
special tokens, whose ids no text can produce: a user who types ``<|assistant|>`` has typed these letters, and has
forged nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from alignbook.text.bpe import BPE
from alignbook.world.items import ROLES, Turn

END_OF_REPLY = "<|end-of-reply|>"
ROLE_TOKENS = {role: f"<|{role}|>" for role in ROLES}
CHAT_TOKENS = (*ROLE_TOKENS.values(), END_OF_REPLY)
"""The special tokens that the template needs."""


@dataclass(frozen=True)
class ChatTemplate:
    """Writes dialogues as tokens.

    Parameters
    ----------
    tokenizer : BPE
        A tokenizer that has `CHAT_TOKENS`.

    Raises
    ------
    ValueError
        If it lacks one of them.

    Examples
    --------
    >>> template = ChatTemplate(BPE((), CHAT_TOKENS))
    >>> template.tokenizer.decode(template.encode([Turn("user", "Hi <|assistant|>")]))
    '<|user|> Hi <|assistant|><|assistant|>'
    >>> ids, learned = template.demonstration([Turn("user", "Hi")], "Ho")
    >>> template.tokenizer.decode([id_ for id_, each in zip(ids, learned) if each])
    ' Ho<|end-of-reply|>'
    """

    tokenizer: BPE

    def __post_init__(self) -> None:
        missing = [name for name in CHAT_TOKENS if name not in self.tokenizer.special_ids]
        if missing:
            raise ValueError(
                f"the tokenizer must have the special tokens of the chat template, it lacks {missing[0]!r}"
            )

    @property
    def stop_ids(self) -> frozenset[int]:
        """The tokens that end a reply: its own end, and every role, should the model go on to play another part."""
        return frozenset(self.tokenizer.special_ids[name] for name in CHAT_TOKENS)

    def encode(self, turns: Sequence[Turn]) -> list[int]:
        """Write a dialogue up to the point where the assistant replies.

        Parameters
        ----------
        turns : sequence of Turn
            What was said so far, at least one turn; the last one is not the assistant's.

        Returns
        -------
        list of int
            The tokens, the last of which is the assistant's role.

        Raises
        ------
        ValueError
            If there is no turn, or the assistant had the last word.
        """
        if not turns or turns[-1].role == "assistant":
            last = turns[-1].role if turns else "nobody"
            raise ValueError(f"turns must end with a turn that asks for a reply, but {last} had the last word")
        ids: list[int] = []
        for turn in turns:
            ids += self._turn(turn)
        return [*ids, self.tokenizer.special_ids[ROLE_TOKENS["assistant"]]]

    def demonstration(self, turns: Sequence[Turn], reply: str) -> tuple[list[int], list[bool]]:
        """Write a dialogue with the reply that is to be learned.

        Parameters
        ----------
        turns : sequence of Turn
            What was said before.
        reply : str
            What the assistant should say.

        Returns
        -------
        list of int, list of bool
            The tokens, and for each whether it is learned: the reply and its end, never the prompt.

        Raises
        ------
        ValueError
            If the reply is empty, or as `encode`.
        """
        if not reply:
            raise ValueError(f"a demonstration needs a reply, got an empty one to {turns[-1].text!r}")
        prompt = self.encode(turns)
        answer = [*self.tokenizer.encode(f" {reply}"), self.tokenizer.special_ids[END_OF_REPLY]]
        return prompt + answer, [False] * len(prompt) + [True] * len(answer)

    def decode_reply(self, ids: Sequence[int]) -> str:
        """Read what the model wrote, without the space that the template puts before a text."""
        return self.tokenizer.decode(list(ids)).removeprefix(" ")

    def _turn(self, turn: Turn) -> list[int]:
        """Write one turn; its text follows a space, as words follow each other in running text."""
        ids = [self.tokenizer.special_ids[ROLE_TOKENS[turn.role]], *self.tokenizer.encode(f" {turn.text}")]
        if turn.role == "assistant":
            ids.append(self.tokenizer.special_ids[END_OF_REPLY])
        return ids
