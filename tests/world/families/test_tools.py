import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alignbook.world.families.tools import grade, items, read_call, write_call
from alignbook.world.items import Item, user
from alignbook.world.region import World


@given(st.lists(st.text("aBz-", min_size=1), min_size=2, max_size=2))
def test_a_call_comes_back_as_it_was_written(arguments: list[str]) -> None:
    assert read_call(write_call("distance", arguments)) == ("distance", tuple(arguments))


@pytest.mark.parametrize(
    "text", ["", "[]", "[distance Foxford]", "[distance Foxford | ]", "[fly Foxford]", "distance Foxford | Mossham"]
)
def test_what_is_no_call(text: str) -> None:
    assert read_call(text) is None


def test_grades(tiny: World) -> None:
    call = Item("tools", "train", user(""), "", {"form": "call", "tool": "weather", "value": "[weather Foxford]"})
    for reply, outcome in (
        ("[weather Foxford]", "correct"),
        (" [ weather  Foxford ] ", "correct"),
        ("[weather Mossham]", "wrong"),
        ("[price Foxford]", "wrong"),
        ("It is raining.", "malformed"),
    ):
        assert grade(tiny, call, reply).outcome == outcome
    answer = Item("tools", "train", user(""), "", {"form": "answer", "tool": "weather", "value": "rain"})
    assert grade(tiny, answer, "There will be rain.").outcome == "correct"
    assert grade(tiny, answer, "sunshine").outcome == "wrong"


def test_an_answer_follows_the_call_and_its_result(world: World) -> None:
    for item in items(world, "train", 80, np.random.default_rng(0)):
        roles = [turn.role for turn in item.turns]
        if item.meta["form"] == "call":
            assert roles == ["user"]
            assert read_call(item.reply) is not None
        else:
            assert roles == ["user", "assistant", "tool"]
            assert read_call(item.turns[1].text) is not None
            assert item.turns[2].text == item.meta["value"]


def test_arguments_are_held_out(world: World) -> None:
    def calls(split: str) -> set[str]:
        drawn = items(world, split, 2000, np.random.default_rng(0))
        return {item.text("value") for item in drawn if item.meta["form"] == "call"}

    assert not calls("train") & calls("held-out")
