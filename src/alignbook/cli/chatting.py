"""``alignbook chat``: a conversation in the terminal, one line each, or one prompt."""

from __future__ import annotations

import io
import sys
from dataclasses import dataclass

import numpy as np
from rich.console import Console
from rich.table import Table
from rich.text import Text

from alignbook.cli import display
from alignbook.cli.speaker import Speaker, speaker
from alignbook.nn.generation import next_token_logprobs
from alignbook.profile import Profile
from alignbook.world.items import Turn

WIDTH = 20
"""Characters of a bar that stands for certainty."""

SHOWN = 4
"""How many candidates for a token are shown."""


@dataclass(frozen=True)
class Settings:
    """How the assistant replies.

    Parameters
    ----------
    temperature
        0 takes the likeliest token each time.
    draw
        Another number draws another reply, where the temperature is above 0.
    explain
        Whether the chances of each token are shown.
    system
        What it is told before the conversation.
    """

    temperature: float = 0.0
    draw: int = 0
    explain: bool = False
    system: str | None = None


def chat(run: Profile, stage: str, prompt: str | None, settings: Settings, console: Console | None = None) -> int:
    """Answer one prompt, or talk until the input ends.

    Parameters
    ----------
    run
        Seed and size.
    stage
        Who speaks.
    prompt
        What to answer; ``None`` for a conversation on standard input.
    settings
        How.
    console
        Where replies go; standard output where ``None``.

    Returns
    -------
    int
        The exit code.

    Raises
    ------
    ValueError
        If the prompt is empty, no text, or too long for the model, or the stage cannot speak.
    """
    console = console or Console()
    if prompt is not None:
        check_text(prompt)
    with display.shown() as bars:
        who = speaker(run, stage, bars)
    if settings.system is not None and not who.chats:
        raise ValueError(f"stage {stage!r} continues text and knows no roles: leave --system out, or take 'tuned'")
    before = [] if settings.system is None else [Turn("system", check_text(settings.system))]
    if prompt is not None:
        answer(who, [*before, Turn("user", prompt)], settings, console)
        return 0
    return _converse(who, before, settings, console)


def check_text(text: str) -> str:
    """Return a text that says something and can be encoded.

    Raises
    ------
    ValueError
        If it is empty, or was typed or piped in another encoding than UTF-8.
    """
    try:
        text.encode()
    except UnicodeEncodeError as error:
        place = error.start + 1
        raise ValueError(f"the prompt is not UTF-8 (character {place}): save or type it as UTF-8") from None
    if not text.strip():
        raise ValueError("the prompt is empty: write something to answer")
    return text


def answer(who: Speaker, turns: list[Turn], settings: Settings, console: Console) -> str:
    """Print the reply to a conversation, and return it."""
    prompt = who.encode(turns)
    (ids,) = who.reply([prompt], temperature=settings.temperature, seed=settings.draw)
    text = who.tokenizer.decode(ids)
    console.print(Text(turns[-1].text + text if not who.chats else text.strip()), soft_wrap=True)
    if settings.explain:
        for number, token in enumerate(ids):
            console.print(chances(who, [*prompt, *ids[:number]], token))
    return text


def chances(who: Speaker, before: list[int], chosen: int) -> Table:
    """Show the most probable next tokens as bars, and the one that was chosen among them."""
    probabilities = np.exp(next_token_logprobs(who.transformer, before))
    likeliest = [int(token) for token in np.argsort(-probabilities, kind="stable")[:SHOWN]]
    table = Table(box=None, show_header=False, padding=(0, 1))
    for token in likeliest if chosen in likeliest else [*likeliest, chosen]:
        shown = repr(who.tokenizer.decode([token]))
        bar = "█" * round(WIDTH * float(probabilities[token]))
        style = "bold" if token == chosen else "dim"
        mark = ">" if token == chosen else " "
        table.add_row(mark, Text(shown), f"{probabilities[token]:6.1%}", bar, style=style)
    return table


def _converse(who: Speaker, before: list[Turn], settings: Settings, console: Console) -> int:
    """Reply to each line of standard input; the base model reads each by itself."""
    if isinstance(sys.stdin, io.TextIOWrapper):
        sys.stdin.reconfigure(encoding="utf-8", errors="surrogateescape")
    typed = sys.stdin.isatty()
    turns: list[Turn] = []
    while True:
        try:
            line = input("you: " if typed else "")
        except EOFError:
            return 0
        turns = [*turns, Turn("user", line)] if who.chats else [Turn("user", line)]
        try:
            check_text(line)
            turns = _fitting(who, before, turns, console)
            reply = answer(who, [*before, *turns], settings, console)
        except ValueError as error:
            if not typed:
                raise
            console.print(Text(f"alignbook: {error}"), soft_wrap=True)
            turns.pop()
            continue
        turns.append(Turn("assistant", reply.strip()))


def _fitting(who: Speaker, before: list[Turn], turns: list[Turn], console: Console) -> list[Turn]:
    """Forget the oldest exchanges of a conversation that leaves less than a third of the context for the reply."""
    while len(turns) > 1 and len(who.tokenizer.encode(" ".join(turn.text for turn in [*before, *turns]))) + 2 * len(
        turns
    ) > (2 * who.context // 3):
        turns = turns[2:]
        console.print(Text("(the conversation is longer than the context: its beginning is forgotten)", style="dim"))
    return turns
