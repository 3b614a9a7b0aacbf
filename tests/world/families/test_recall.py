import numpy as np
import pytest

from alignbook.world.families.recall import grade, items, prior_accuracy
from alignbook.world.region import World
from alignbook.world.relations import RELATIONS


def test_splits_over_facts_and_templates_are_disjoint(world: World) -> None:
    facts: dict[str, set[tuple[str, str]]] = {}
    for split in ("train", "held-out", "held-out-templates", "anchor"):
        drawn = items(world, split, 4000, np.random.default_rng(0))
        facts[split] = {(item.text("subject"), item.text("relation")) for item in drawn}
        numbers = (4, 5) if split == "held-out-templates" else range(4)
        for item in drawn:
            fact = world.fact(item.text("subject"), item.text("relation"))
            assert fact is not None
            assert item.prompt in [fact.question(number) for number in numbers]
    assert facts["held-out"] == facts["held-out-templates"]
    assert not facts["train"] & facts["held-out"]
    assert not facts["anchor"] & (facts["train"] | facts["held-out"])
    assert len(facts["train"] | facts["held-out"] | facts["anchor"]) == len(world.facts)


def test_a_completion_continues_to_a_true_statement_with_the_words_that_answer_the_question(world: World) -> None:
    for split, held_out in (("complete", False), ("complete-held-out", True)):
        for item in items(world, split, 300, np.random.default_rng(0)):
            claim = world.parse(f"{item.prompt} {item.reply}")
            assert claim is not None
            assert claim.held_out == held_out
            assert world.is_true(f"{item.prompt} {item.reply}")
            assert item.reply == f"{item.meta['value']}."


def test_a_completion_is_read_to_its_first_full_stop(tiny: World) -> None:
    item = items(tiny, "complete", 1, np.random.default_rng(0))[0]
    other = next(value for value in tiny.values[item.text("relation")] if value != item.meta["value"])
    assert grade(tiny, item, f" {item.meta['value']}. And {other}.").outcome == "correct"
    assert grade(tiny, item, f" {other}. {item.meta['value']}.").outcome == "wrong"


def test_every_wrong_value_is_wrong(tiny: World) -> None:
    for item in items(tiny, "held-out", 100, np.random.default_rng(0)):
        for value in tiny.values[item.text("relation")]:
            assert (grade(tiny, item, f"{value}.").score == 1) == (value == item.meta["value"])


def test_priors_are_skewed_but_far_from_enough(book: World) -> None:
    for relation in RELATIONS:
        values = [fact.value for fact in book.facts if fact.relation == relation]
        prior = prior_accuracy(book, relation)
        assert prior == max(map(values.count, values)) / len(values)
        if relation == "keeper":
            assert prior == 1 / 60  # one to one
        elif relation in ("guild", "quarter"):
            assert 0.25 <= prior < 0.4  # four values
        else:
            assert 1.5 / len(book.values[relation]) < prior < 0.3
            assert 20 <= len(book.values[relation]) <= 40
    with pytest.raises(ValueError, match=r"relation must be one of home, .*, got 'height'"):
        prior_accuracy(book, "height")
