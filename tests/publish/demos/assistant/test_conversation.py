"""The demo as a cell returns it: its models, its first answers, and the table that stands for it."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from tests.publish.demos.assistant.engine import write

from alignbook.finetuning.assistant import LONGEST_REPLY
from alignbook.pretraining.language_model import LanguageModel
from alignbook.publish.demos.assistant.demo import (
    LONGEST_CONTINUATION,
    Conversation,
    Voice,
    base_voice,
    conversation,
    tuned_voice,
)
from alignbook.publish.demos.assistant.export import model_script
from alignbook.publish.demos.assistant.prompts import answered, prompts, told_most
from alignbook.publish.demos.assistant.quantising import quantise
from alignbook.publish.demos.assistant.rounding import rounding
from alignbook.publish.outputs import FILES
from alignbook.world.building import build_world

PROMPTS = ("Where does she live?", "The mentor of")


def talk(voices: list[Voice], texts: tuple[str, ...] = PROMPTS) -> Conversation:
    """A conversation with these voices."""
    return conversation(voices, texts, name="talk", title="Talk", caption="What they say.", tries=["Ask."])


@pytest.fixture(scope="module")
def made(trained: LanguageModel, wild: LanguageModel) -> Conversation:
    """A conversation with two models, one of which only continues."""
    return talk([base_voice(trained), tuned_voice(wild)])


def test_every_model_is_brought_along_under_the_name_that_its_voice_gives(made: Conversation) -> None:
    output = made.demo.output
    named = [f"model-{voice['model']}.js" for voice in made.demo.data["voices"]]
    assert sorted(named) == output.record["files"] == sorted(output.parts[FILES])
    for name, voice in zip(named, made.demo.data["voices"], strict=True):
        assert output.parts[FILES][name].startswith(f'(globalThis.alignbookModels??={{}})["{voice["model"]}"]=')
    assert set(made.weights) == {"Base", "Tuned"}


def test_the_table_holds_what_the_page_will_compute(made: Conversation) -> None:
    columns = {column["heading"]: column["cells"] for column in made.demo.static.record["columns"]}
    assert columns == {"text": list(PROMPTS), **{title: list(given) for title, given in made.answers.items()}}
    assert made.demo.data["answers"] == [given[0] for given in made.answers.values()]
    for voice in made.demo.data["voices"]:
        script = made.demo.files[f"model-{voice['model']}.js"]
        found = write(script, list(PROMPTS), chats=voice["chats"], longest=voice["longest"])
        texts = tuple(one.text.removeprefix(" ") if voice["chats"] else one.text for one in found)
        assert texts == made.answers[voice["title"]]


def test_a_voice_says_how_it_speaks(made: Conversation) -> None:
    base, tuned = made.demo.data["voices"]
    assert (base["chats"], base["longest"]) == (False, LONGEST_CONTINUATION)
    assert (tuned["chats"], tuned["longest"]) == (True, LONGEST_REPLY)
    assert len(json.dumps(made.demo.data)) < 2000, "the models are no part of the page"


def test_two_voices_of_one_model_share_its_file(trained: LanguageModel) -> None:
    same = talk([base_voice(trained), tuned_voice(trained)])
    assert len(same.demo.files) == 1


def test_what_cannot_be_a_conversation_is_refused(trained: LanguageModel) -> None:
    voice = base_voice(trained)
    with pytest.raises(ValueError, match="demo 'talk' needs voices, each with a title of its own, and prompts"):
        talk([])
    with pytest.raises(ValueError, match="demo 'talk' needs voices, each with a title of its own, and prompts"):
        talk([voice, voice])
    with pytest.raises(ValueError, match="demo 'talk' needs voices, each with a title of its own, and prompts"):
        talk([voice], ())
    with pytest.raises(ValueError, match="demo 'talk': a voice's title must be a text"):
        talk([replace(voice, title=" ")])
    with pytest.raises(ValueError, match="must be shorter than the context, 64 tokens"):
        talk([voice], ("\N{SNOWMAN}" * 40,))


def test_prompts_are_chosen_by_the_world_and_never_demonstrated() -> None:
    world = build_world(0, "tiny")
    question, beginning, *others = prompts(world)
    first = told_most(world)[0]
    assert (first.split, first.relation) == ("held-out", "home")
    assert first.exposures == max(fact.exposures for fact in world.select("held-out", "home"))
    assert question == first.question(0)
    assert f"{beginning} {first.value}." == first.statement(0)
    assert len({question, beginning, *others}) == 7


def test_rightly_answered_questions_are_counted(trained: LanguageModel, monkeypatch: pytest.MonkeyPatch) -> None:
    world = build_world(0, "tiny")
    homes = told_most(world)[:10]

    def said(voice: Voice, asked: list[str]) -> tuple[str, ...]:
        assert asked == [home.question(0) for home in homes]
        right = [home.answer for home in homes]
        if voice.chats:
            return (*right[:7], *(home.answer.replace(home.value, "Nowhere") for home in homes[7:]))
        return tuple(f"\n{answer}\nWho?" if at % 2 else f"\nWho?\n{answer}" for at, answer in enumerate(right))

    monkeypatch.setattr("alignbook.publish.demos.assistant.prompts.answers", said)
    voices = [base_voice(trained), tuned_voice(trained)]
    assert answered(world, voices, count=10) == {"Base": 0.5, "Tuned": 0.7}


def test_sentences_that_are_begun_are_counted_when_they_end_rightly(
    trained: LanguageModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = build_world(0, "tiny")
    homes = told_most(world)[:10]

    def said(voice: Voice, begun: list[str]) -> tuple[str, ...]:
        assert begun == [home.prefix(0) for home in homes]
        return tuple(f" {home.value}. Who?" if at < 4 else f" Nowhere. {home.value}." for at, home in enumerate(homes))

    monkeypatch.setattr("alignbook.publish.demos.assistant.prompts.answers", said)
    assert answered(world, [base_voice(trained)], count=10, begun=True) == {"Base": 0.4}


def test_rounding_once_more_costs_nothing(trained: LanguageModel) -> None:
    rounded = quantise(trained).reference
    cost = rounding(build_world(0, "tiny"), rounded, rounded)
    assert cost.same_replies == 1
    assert (cost.answered, cost.recalled) == (cost.answered_rounded, cost.recalled_rounded)
    assert cost.questions > 100
    assert model_script(quantise(rounded)).digest
