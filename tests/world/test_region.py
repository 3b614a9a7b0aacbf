from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alignbook.world.building import build_world
from alignbook.world.config import CONFIGS
from alignbook.world.region import Claim, Fact, World
from alignbook.world.relations import RELATIONS

TINY = build_world(0, "tiny")


def test_every_fact_is_true_in_each_of_its_six_statements_and_parses_back(world: World) -> None:
    for fact in world.facts:
        for template in range(6):
            statement = fact.statement(template)
            assert statement == f"{fact.prefix(template)} {fact.value}."
            assert world.is_true(statement)
            assert world.parse(statement) == Claim(fact.subject, fact.relation, fact.value, template)


@given(st.sampled_from(TINY.facts), st.integers(0, 5), st.data())
def test_any_other_value_makes_a_statement_false(fact: Fact, template: int, data: st.DataObject) -> None:
    others = [value for value in TINY.values[fact.relation] if value != fact.value]
    lie = replace(fact, value=data.draw(st.sampled_from(others)))
    assert not TINY.is_true(lie.statement(template))


def test_a_statement_about_somebody_unheard_of_is_false(world: World) -> None:
    assert not world.is_true(f"{world.unseen[0]} lives in {world.homes[0]}.")


@pytest.mark.parametrize(
    "text", ["", "Yara Tarn lives in Paris.", "Yara Tarn lives in", "Hello, Yara Tarn.", "Who taught Yara Tarn?"]
)
def test_what_is_no_statement_is_refused_by_name(text: str) -> None:
    assert TINY.parse(text) is None
    with pytest.raises(ValueError, match="statement must be in one of the templates") as error:
        TINY.is_true(text)
    assert repr(text) in str(error.value)


def test_the_world_has_the_measures_of_its_config(world: World) -> None:
    config = world.config
    assert len(set(world.people) | set(world.unseen)) == config.people + config.unseen_people
    assert len(set(world.towns)) == config.towns
    assert len(set(world.things)) == config.things
    assert [(name, sum(fact.relation == name for fact in world.facts)) for name in RELATIONS] == list(config.facts)
    exposures = [fact.exposures for fact in world.facts]
    assert [(times, exposures.count(times)) for times, _ in config.tiers] == list(config.tiers)
    assert len(world.by_subject) == len(world.facts)  # one value each
    assert all(fact.value in world.values[fact.relation] for fact in world.facts)


def test_facts_are_divided_tier_by_tier(world: World) -> None:
    for tier in range(len(world.config.tiers)):
        splits = [fact.split for fact in world.facts if fact.tier == tier]
        assert 0 <= splits.count("held-out") - splits.count("train") <= 1
        assert 1 <= splits.count("anchor") <= max(1, 0.05 * len(splits))


def test_what_two_hop_questions_need_is_told_often(world: World) -> None:
    known = world.config.known_exposures
    for mentor in world.mentors:
        home = world.fact(mentor, "home")
        assert home is not None
        assert home.exposures >= known
    mentored = [fact for fact in world.facts if fact.relation == "mentor"]
    assert sum(fact.exposures >= known for fact in mentored) >= world.config.known_mentors * len(mentored) - 1
    assert all(fact.subject != fact.value for fact in mentored)


def test_no_template_occurs_twice() -> None:
    statements = [template for relation in RELATIONS.values() for template in relation.statements]
    questions = [template for relation in RELATIONS.values() for template in relation.questions]
    assert len(set(statements)) == len(statements) == 6 * len(RELATIONS)
    assert len(set(questions)) == len(questions) == 6 * len(RELATIONS)


def test_another_seed_is_another_world() -> None:
    assert build_world(1, "tiny").facts != TINY.facts
    assert build_world(0, "tiny") == TINY


def test_bad_input_is_refused() -> None:
    with pytest.raises(ValueError, match="size must be one of tiny, book, got 'huge'"):
        build_world(0, "huge")
    with pytest.raises(ValueError, match="seed must be 0 or more, got -1"):
        build_world(-1, "tiny")
    with pytest.raises(ValueError, match=r"tiers must hold as many facts as the relations have \(120\), got 3"):
        build_world(0, "tiny", replace(CONFIGS["tiny"], tiers=((2, 3),)))
    with pytest.raises(ValueError, match="lower known_exposures or known_mentors"):
        build_world(0, "tiny", replace(CONFIGS["tiny"], known_exposures=1000))
    with pytest.raises(ValueError, match=r"names of these pieces number 600, got a config that needs 1040"):
        build_world(0, "tiny", replace(CONFIGS["tiny"], people=1000))
