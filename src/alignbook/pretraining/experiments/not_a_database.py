"""Experiment: what a model has read is not kept in rows.

Three things would be otherwise in a database. A row is there or not, and however often it was written makes no
difference; where there is none, nothing comes back; and one can look it up from either end. The assistant's base model
is asked for its facts, and graded by how often it read them; what it says where it is wrong is looked at as well. Then
a small model reads who taught whom: half of the pairs in both directions, half in one only, and all are asked for in
both. The first half is the control: it has the form of the question, and the names are alike.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from alignbook.pretraining.language_model import LanguageModel
from alignbook.pretraining.recalling import LONGEST_VALUE, value_probabilities
from alignbook.pretraining.stage import BASE, TOKENIZER
from alignbook.pretraining.training import PretrainingConfig, pretrain, token_stream
from alignbook.profile import Profile
from alignbook.store import fetch
from alignbook.world.building import build_world
from alignbook.world.drawing import shuffled, stream
from alignbook.world.families import recall
from alignbook.world.grading import mentions, named_values
from alignbook.world.items import Item, user
from alignbook.world.region import Fact, World
from alignbook.world.relations import TRAIN_STATEMENTS, fill

OUTCOMES = ("right", "another value", "something else")

BACKWARD = ("{v} taught {s}.", "The pupil of {v} is {s}.", "The lessons of {v} were for {s}.")
"""Statements that name the teacher first."""

PAIRS = {"tiny": 16, "book": 40}
"""Pairs in each half."""

TRAINING = {
    "tiny": PretrainingConfig(32, 32, 2, 2, batch_size=8, passes=60, learning_rate=1e-2, checkpoints=()),
    "book": PretrainingConfig(32, 64, 2, 4, batch_size=16, passes=150, learning_rate=6e-3, checkpoints=()),
}
"""The course of the small model, for each size."""

OTHERS = 20
"""So many other pupils are compared with the right one."""


@dataclass(frozen=True)
class Told:
    """What the base model makes of facts that it read equally often.

    Parameters
    ----------
    exposures : int
        How often.
    shares : mapping of str to float
        The share of each of `OUTCOMES` among completions of statements about them.
    """

    exposures: int
    shares: dict[str, float]


@dataclass(frozen=True)
class Reversed:
    """What the small model makes of pairs.

    Parameters
    ----------
    forward, backward : float
        The share of statements that it completes with the right name, from the pupil to the teacher and back.
    backward_rank : float
        Asked backward, the share of other pupils that it holds less probable than the right one; a guess has .5.
    """

    forward: float
    backward: float
    backward_rank: float


@dataclass(frozen=True)
class NotADatabase:
    """What a model recalls, and from which end.

    Parameters
    ----------
    told : tuple of Told
        By how often facts were told, the rarest first.
    right_kind : float
        Of wrong completions, the share that name another value that the relation can have.
    sure_right, sure_wrong : float
        How probable the model holds the value that it names, on average: where it is right, and where it is wrong.
    examples : tuple of (str, str, str)
        Some wrong completions: the beginning, what the model said, and what is true.
    pairs : int
        How many pairs of teacher and pupil each half has.
    both_ways, one_way : Reversed
        The half that was told in both directions, and the other.
    """

    told: tuple[Told, ...]
    right_kind: float
    sure_right: float
    sure_wrong: float
    examples: tuple[tuple[str, str, str], ...]
    pairs: int
    both_ways: Reversed
    one_way: Reversed


def not_a_database(seed: int, size: str = "book") -> NotADatabase:
    """Ask the base model for its facts, and a small model for pairs from either end.

    Parameters
    ----------
    seed : int
        The profile's.
    size : {"book", "tiny"}
        The profile's.
    """
    run, world = Profile(seed, size), build_world(seed, size)
    base = fetch(BASE, run).model
    facts = [(fact, template) for fact in world.facts for template in range(TRAIN_STATEMENTS)]
    items = [recall.completion(fact, template, "complete") for fact, template in facts]
    said = [text.split(".")[0] for text in base.complete([i.prompt for i in items], max_new_tokens=LONGEST_VALUE)]
    found = np.array([outcome(world, fact, text) for (fact, _), text in zip(facts, said, strict=True)])
    exposures = np.array([fact.exposures for fact, _ in facts])
    wrong = found == OUTCOMES[1]
    sure = value_probabilities(base, [_saying(item, text) for item, text in zip(items, said, strict=True)])
    both_ways, one_way = taught(world)
    model = _small_model(run, both_ways, one_way)
    return NotADatabase(
        told=tuple(
            Told(count, {name: float((found[exposures == count] == name).mean()) for name in OUTCOMES})
            for count in np.unique(exposures).tolist()
        ),
        right_kind=float(wrong.sum() / (found != OUTCOMES[0]).sum()),
        sure_right=float(sure[found == OUTCOMES[0]].mean()),
        sure_wrong=float(sure[wrong].mean()),
        examples=tuple(
            (items[at].prompt, said[at].strip(), facts[at][0].value)
            for at in np.flatnonzero(wrong)[:: max(1, int(wrong.sum()) // 4)][:4]
        ),
        pairs=len(both_ways),
        both_ways=_asked(model, both_ways, seed),
        one_way=_asked(model, one_way, seed),
    )


def outcome(world: World, fact: Fact, text: str) -> str:
    """Say which of `OUTCOMES` the completion of a statement is."""
    if mentions(text, fact.value):
        return OUTCOMES[0]
    return OUTCOMES[1] if named_values(text, world.values[fact.relation]) else OUTCOMES[2]


def taught(world: World) -> tuple[list[Fact], list[Fact]]:
    """Return who taught whom, in two halves; everybody has one teacher or one pupil, and nobody both."""
    people = shuffled(world.people + world.unseen, stream(world.seed, "taught"))
    half = PAIRS[world.size]
    pairs = [
        Fact(pupil, "mentor", teacher, 0, 0, "train") for pupil, teacher in zip(people[::2], people[1::2], strict=False)
    ]
    return pairs[:half], pairs[half : 2 * half]


def _saying(item: Item, text: str) -> Item:
    """Return the item with what was said for its reply."""
    return Item(item.family, item.split, item.turns, text.strip() or "?", item.meta)


def _small_model(run: Profile, both_ways: Sequence[Fact], one_way: Sequence[Fact]) -> LanguageModel:
    """Train a model on the statements of both halves, a document each."""
    tokenizer = fetch(TOKENIZER, run)
    texts = [fact.statement(at) for fact in (*both_ways, *one_way) for at in range(TRAIN_STATEMENTS)]
    texts += [fill(template, fact.subject, fact.value) for fact in both_ways for template in BACKWARD]
    text = token_stream(shuffled(texts, stream(run.seed, "texts")), tokenizer)
    transformer, _ = pretrain(text, tokenizer.vocab_size, TRAINING[run.size], run.seed)
    return LanguageModel(tokenizer, transformer)


def _asked(model: LanguageModel, pairs: Sequence[Fact], seed: int) -> Reversed:
    """Ask for teachers and for pupils."""
    forward = [_item(fact.prefix(at), fact.value) for fact in pairs for at in range(TRAIN_STATEMENTS)]
    backward = [_item(_beginning(fact, template), fact.subject) for fact in pairs for template in BACKWARD]
    return Reversed(_completed(model, forward), _completed(model, backward), _rank(model, pairs, seed))


def _item(prompt: str, name: str) -> Item:
    return Item(recall.NAME, "complete", user(prompt), f"{name}.")


def _beginning(fact: Fact, template: str) -> str:
    return fill(template.removesuffix(" {s}."), "", fact.value)


def _completed(model: LanguageModel, items: Sequence[Item]) -> float:
    written = model.complete([item.prompt for item in items], max_new_tokens=LONGEST_VALUE)
    right = [text.split(".")[0].strip() + "." == item.reply for text, item in zip(written, items, strict=True)]
    return float(np.mean(right))


def _rank(model: LanguageModel, pairs: Sequence[Fact], seed: int) -> float:
    """Return the mean share of some other pupils who are held less probable than the right one."""
    rng, names = np.random.default_rng([seed, 4]), [fact.subject for fact in pairs]
    items = []
    for fact in pairs:
        others = shuffled([name for name in names if name != fact.subject], rng)[:OTHERS]
        items += [_item(_beginning(fact, BACKWARD[0]), name) for name in (fact.subject, *others)]
    probabilities = value_probabilities(model, items).reshape(len(pairs), -1)  # (pairs, 1 + others)
    return float((probabilities[:, 1:] < probabilities[:, :1]).mean())
