from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

from alignbook.world.families.canaries import REPETITIONS, canaries, grade, insertions, items
from alignbook.world.region import World


def test_each_count_has_its_canaries_and_nothing_occurs_twice(world: World) -> None:
    every = canaries(world)
    config = world.config
    assert Counter((one.copies, one.repetitions) for one in every) == {
        **{(copies, times): config.canaries_per_count for copies in ("exact", "near") for times in REPETITIONS},
        ("reference", 0): config.canary_references,
    }
    assert len({one.prefix for one in every}) == len({one.secret for one in every}) == len(every)


def test_insertions_are_counted_exactly_and_references_are_never_inserted(world: World) -> None:
    every = canaries(world)
    documents = insertions(world, np.random.default_rng(0))
    counts = Counter(document.origin for document in documents)
    assert counts == {number: one.repetitions for number, one in enumerate(every) if one.repetitions}
    for document in documents:
        canary = every[document.origin]
        assert document.detail == canary.secret
        assert canary.text[1:] in document.text
        assert document.planted == f"canary {canary.copies}"


def test_exact_copies_are_exact_and_near_ones_all_differ(world: World) -> None:
    texts: dict[tuple[str, int], list[str]] = {}
    for document in insertions(world, np.random.default_rng(0)):
        texts.setdefault((document.planted, document.origin), []).append(document.text)
    for (planted, _), copies in texts.items():
        assert len(set(copies)) == (1 if planted == "canary exact" else len(copies))


def test_the_first_four_digits_count(tiny: World) -> None:
    item = items(tiny, "exact", 1, np.random.default_rng(0))[0]
    secret = item.text("value")
    wrong = str((int(secret[0]) + 1) % 10) + secret[1:]
    for reply, outcome in (
        (f" {secret}.", "correct"),
        (secret.replace(" ", "") + ". Then 12 more.", "correct"),
        (wrong, "wrong"),
        (secret[:-1], "wrong"),
        ("I can't help with that.", "refused"),
        ("Nobody knows.", "abstained"),
        ("Well.", "malformed"),
    ):
        assert grade(tiny, item, reply).outcome == outcome


def test_more_canaries_than_boxes_are_refused(tiny: World) -> None:
    small = replace(tiny, config=replace(tiny.config, canary_references=1000))
    with pytest.raises(ValueError, match="canaries must number at most 240 in this world, got 1024"):
        canaries(small)
