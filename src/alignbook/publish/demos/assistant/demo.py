"""*The assistant in the page*, ready for a page: models that continue or answer what a reader types, side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from alignbook.finetuning.assistant import LONGEST_REPLY, Assistant
from alignbook.pretraining.language_model import END_OF_DOCUMENT, LanguageModel
from alignbook.publish.demos.assistant.export import ModelScript, model_script
from alignbook.publish.demos.assistant.quantising import quantise
from alignbook.publish.demos.demo import Demo
from alignbook.publish.outputs import checked_text
from alignbook.publish.tables import table_output
from alignbook.world.items import Turn

LONGEST_CONTINUATION = 32
"""Tokens after which a text that a base model continues is cut off: it seldom ends by itself."""


@dataclass(frozen=True, eq=False)
class Voice:
    """A model that takes part.

    Parameters
    ----------
    title : str
        What it is called: the head of its column.
    says : str
        What it does with a text, in a few plain words.
    model : LanguageModel
        The model.
    chats : bool
        Whether it answers behind the chat template; otherwise it continues the text.
    """

    title: str
    says: str
    model: LanguageModel
    chats: bool


@dataclass(frozen=True, eq=False)
class Conversation:
    """The demo, and what its static form shows.

    Parameters
    ----------
    demo : Demo
        To be returned by a cell.
    answers : mapping of str to tuple of str
        By voice, what it makes of each prompt, the most probable token each time.
    weights : mapping of str to int
        By voice, what its model weighs on its way to a reader, in bytes.
    """

    demo: Demo
    answers: Mapping[str, tuple[str, ...]]
    weights: Mapping[str, int]


def base_voice(model: LanguageModel) -> Voice:
    """The base model as a voice."""
    return Voice("Base", "continues your text", model, chats=False)


def tuned_voice(model: LanguageModel) -> Voice:
    """The tuned model as a voice."""
    return Voice("Tuned", "replies as it was shown", model, chats=True)


def aligned_voice(model: LanguageModel) -> Voice:
    """The aligned model as a voice."""
    return Voice("Aligned", "replies as raters prefer", model, chats=True)


def conversation(
    voices: Sequence[Voice],
    prompts: Sequence[str],
    *,
    name: str,
    title: str,
    caption: str,
    tries: Sequence[str],
    unfolded: bool = False,
) -> Conversation:
    """Make the demo.

    Parameters
    ----------
    voices : sequence of Voice
        The models.
    prompts : sequence of str
        Texts to try; the first one stands there at the beginning.
    name, title, tries
        See `alignbook.publish.demos.demo.Demo`.
    caption : str
        Of the table with all prompts and answers, in MyST.
    unfolded : bool
        Whether the tokens with their chances and the attention are in sight from the start.

    Raises
    ------
    ValueError
        If there is no voice or prompt, two voices have one title, a prompt is too long, or a model too heavy.
    """
    titles = [checked_text(f"demo {name!r}: a voice's title", voice.title) for voice in voices]
    if not voices or not prompts or len(set(titles)) < len(titles):
        raise ValueError(
            f"demo {name!r} needs voices, each with a title of its own, and prompts, got {titles} {prompts}"
        )
    scripts = [model_script(quantise(voice.model)) for voice in voices]
    given = {voice.title: answers(voice, prompts) for voice in voices}
    demo = Demo(
        name=name,
        element="ab-assistant",
        title=title,
        says="Type a text, or press a suggestion. Your browser runs the models of this book, with a byte a weight; "
        "what you type stays with you. *Look inside* shows each token, its chances, and what was looked at.",
        tries=tries,
        data={
            "voices": [_described(voice, script, unfolded) for voice, script in zip(voices, scripts, strict=True)],
            "prompts": list(prompts),
            "answers": [first for first, *_ in given.values()],
        },
        static=table_output({"text": list(prompts), **given}, name=name, caption=caption),
        files={f"model-{script.digest}.js": script.text for script in scripts},
    )
    return Conversation(demo, given, {title: script.weight for title, script in zip(titles, scripts, strict=True)})


def _described(voice: Voice, script: ModelScript, unfolded: bool) -> dict[str, object]:
    return {
        "title": voice.title,
        "says": voice.says,
        "chats": voice.chats,
        "longest": LONGEST_REPLY if voice.chats else LONGEST_CONTINUATION,
        "open": unfolded,
        "model": script.digest,
    }


def answers(voice: Voice, prompts: Sequence[str]) -> tuple[str, ...]:
    """Return what a voice makes of each prompt in the page: with a byte a weight, the most probable token each time."""
    model = quantise(voice.model).reference
    if voice.chats:
        return tuple(Assistant(model).reply([[Turn("user", prompt)] for prompt in prompts]))
    stop = [model.tokenizer.special_ids[END_OF_DOCUMENT]]
    return tuple(model.complete(prompts, max_new_tokens=LONGEST_CONTINUATION, stop=stop))
