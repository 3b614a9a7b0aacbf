"""A document walks the funnel: what the page shows is what the pipeline did."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.publish.demos.replay import Trace, logic_of, replay

from alignbook.data.experiments.walks import Walk, walks
from alignbook.publish.demos.funnel.demo import ASKS, document_funnel
from alignbook.publish.demos.funnel.passing import (
    Change,
    Part,
    Passage,
    furthest,
    parts,
    passage,
    scored,
    standing,
    text_at,
    visible,
)


@pytest.fixture(scope="module")
def found() -> tuple[Walk, ...]:
    """The walks of the tiny corpus."""
    return walks(0, "tiny")


def drawn(rng: random.Random, steps: int) -> Passage:
    """A document of chance: dropped anywhere or nowhere, changed anywhere before."""
    end = rng.randint(0, steps)
    text, changes = "a b c", list[Change]()
    for at in sorted(rng.sample(range(end), rng.randint(0, min(end, 3)))):
        after = " ".join(rng.choice("abcxyz") for _ in range(rng.randint(0, 4)))
        changes.append(Change(at, parts(text, after)))
        text = after
    return Passage("D", rng.choice(["", "spam"]), "a b c", tuple(changes), end, "why" if end < steps else "")


def traces(seed: int, cases: int) -> list[Trace]:
    """Documents of chance, at every place of their way."""
    rng, made = random.Random(seed), list[Trace]()
    for _ in range(cases):
        steps = rng.randint(1, 12)
        many = [drawn(rng, steps) for _ in range(rng.randint(1, 6))]
        bets = [rng.randint(0, steps + 1) for _ in range(rng.randint(0, len(many)))]
        at = rng.randint(0, furthest(many[0], steps))
        document, bet = rng.randrange(len(many)), rng.randint(0, steps + 1)
        others = [bets[place] if place < len(bets) else 0 for place in range(len(many))]
        made += [
            Trace("standing", [many[0], at], standing(many[0], at)),
            Trace("furthest", [many[0], steps], furthest(many[0], steps)),
            Trace("textAt", [many[0], at], text_at(many[0], at)),
            Trace("scored", [many, bets], scored(many, bets)),
            Trace(
                "withBet",
                [bets, document, bet, len(many)],
                [bet if place == document else other for place, other in enumerate(others)],
            ),
        ]
    return made


def test_the_page_computes_what_python_computes() -> None:
    assert replay(logic_of("funnel"), traces(0, 220)) == 0


def test_a_passage_ends_with_the_text_of_its_walk(found: tuple[Walk, ...]) -> None:
    for walk in found:
        one = passage(walk, list(ASKS), "D")
        last = "".join(part.text for part in text_at(one, len(walk.stops)) if part.mark != "-")
        assert last == visible(walk.stops[-1].text)
        first = "".join(part.text for part in text_at(one, 0))
        assert first == visible(walk.text)


@given(st.text("ab .\n", max_size=40), st.text("ab .\n", max_size=40))
def test_parts_hold_both_texts(before: str, after: str) -> None:
    found = parts(before, after)
    assert "".join(part.text for part in found if part.mark != "+") == before
    assert "".join(part.text for part in found if part.mark != "-") == after


def test_the_demo_says_nothing_of_a_document_before_it_has_walked(found: tuple[Walk, ...]) -> None:
    demo = document_funnel(found, 0)
    titles = [one["title"] for one in demo.data["documents"]]
    assert titles == [f"Document {number}" for number in range(1, len(found) + 1)]
    assert [one["planted"] for one in demo.data["documents"]] != [walk.planted for walk in found], "in another order"


def test_what_is_not_described_is_refused(found: tuple[Walk, ...]) -> None:
    strange = replace(found[0], stops=(replace(found[0].stops[0], step="magic"),))
    with pytest.raises(ValueError, match="step 'magic' is not described"):
        document_funnel([strange], 0)
    with pytest.raises(ValueError, match="one document at least"):
        document_funnel([], 0)


def test_a_bet_on_the_end_is_right() -> None:
    one = Passage("D", "", "a", (), 2, "why")
    assert scored([one, one, one], [3, 1, 0]) == (2, 1)
    assert standing(one, 3) == ["passed", "passed", "dropped"]
    assert text_at(replace(one, changes=(Change(0, (Part("-", "a"), Part("+", "b"))),)), 2) == (Part("=", "b"),)
