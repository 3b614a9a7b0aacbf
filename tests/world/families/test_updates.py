from dataclasses import replace

import numpy as np

from alignbook.world.families.updates import LAST_DAY, grade, items, log, updated, updates
from alignbook.world.region import World


def test_as_many_facts_change_as_the_config_says_each_to_something_else(book: World) -> None:
    changes = updates(book)
    assert len(changes) == len({change.fact for change in changes}) == 60
    assert [change.day for change in changes] == sorted(change.day for change in changes)
    for change in changes:
        assert book.facts[change.fact] == change.old
        assert change.new == replace(change.old, value=change.new.value)
        assert change.new.value != change.old.value
        assert change.old.exposures >= book.config.known_exposures
        assert 1 <= change.day <= LAST_DAY


def test_the_world_changes_day_by_day(book: World) -> None:
    changes = updates(book)
    assert updated(book, 0) == book
    for change in changes[::6]:
        before, after = updated(book, change.day - 1), updated(book, change.day)
        statement = change.new.statement(0)
        assert not before.is_true(statement)
        assert after.is_true(statement)
        assert not after.is_true(change.old.statement(0))
    assert sum(old != new for old, new in zip(book.facts, updated(book).facts, strict=True)) == 60


def test_the_log_says_what_is_true_after_all_changes(world: World) -> None:
    after = updated(world)
    days = []
    for document in log(world):
        day, statement = document.text.removeprefix("News of day ").split(": ")
        assert after.is_true(statement)
        assert not world.is_true(statement)
        days.append(int(day))
    assert days == sorted(days)
    assert len(days) == len(updates(world)) > 5


def test_splits_ask_about_different_facts(world: World) -> None:
    subjects = {
        split: {
            (item.text("subject"), item.text("relation"))
            for item in items(world, split, 3000, np.random.default_rng(0))
        }
        for split in ("train", "held-out", "unchanged")
    }
    changed = {(change.old.subject, change.old.relation) for change in updates(world)}
    assert not subjects["train"] & subjects["held-out"]
    assert subjects["train"] | subjects["held-out"] == changed
    assert not subjects["unchanged"] & changed


def test_the_old_value_is_outdated(book: World) -> None:
    item = items(book, "held-out", 1, np.random.default_rng(0))[0]
    assert grade(book, item, f"{item.meta['old']}.").outcome == "outdated"
    assert grade(book, item, f"{item.meta['value']}.").outcome == "correct"
    assert grade(book, item, "I don't know.").outcome == "abstained"
    same = items(book, "unchanged", 1, np.random.default_rng(0))[0]
    assert grade(book, same, f"{same.meta['old']}.").outcome == "correct"
