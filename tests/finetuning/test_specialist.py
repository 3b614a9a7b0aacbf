import numpy as np
import pytest

from alignbook.finetuning.assistant import Assistant, grade_replies
from alignbook.finetuning.specialist import SHOWN, shown, specialise, training_splits
from alignbook.pretraining.stage import BASE, documents
from alignbook.pretraining.training import token_stream
from alignbook.profile import Profile
from alignbook.store import fetch
from alignbook.world.building import build_world
from alignbook.world.families import small_talk

RUN = Profile(0, "tiny")


def test_a_specialist_learns_its_family() -> None:
    world, base = build_world(0, "tiny"), fetch(BASE, RUN).model
    text = token_stream(documents(RUN, 0.01), base.tokenizer)
    items = small_talk.items(world, "train", 40, np.random.default_rng(0))
    before = [grade.score for grade in grade_replies(world, Assistant(base), items)]
    after = [
        grade.score for grade in grade_replies(world, Assistant(specialise(base, world, "small_talk", text, 0)), items)
    ]
    assert np.mean(after) > np.mean(before) + 0.5


def test_training_splits_by_name() -> None:
    assert training_splits("two_hop") == ["train", "train-steps"]
    assert training_splits("second_language") == ["train", "translate"]
    assert training_splits("canaries") == []


@pytest.mark.parametrize("family", ["two_hop", "abstention", "second_language"])
def test_what_a_specialist_is_shown_is_always_as_much(family: str) -> None:
    counts = shown(family)
    assert len({(name, split) for name, split, _ in counts}) == len(counts)
    assert sum(count for _, _, count in counts) == SHOWN


def test_one_reply_to_everything_is_not_taught() -> None:
    assert shown("abstention") == [("abstention", "train", 1200), ("recall", "train", 4800)]


def test_a_family_without_anything_to_learn_from_is_refused() -> None:
    world, base = build_world(0, "tiny"), fetch(BASE, RUN).model
    with pytest.raises(ValueError, match="family 'canaries' has no split to learn from"):
        specialise(base, world, "canaries", np.zeros(100, np.int64), 0)
