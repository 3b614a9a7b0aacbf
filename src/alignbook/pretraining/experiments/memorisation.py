"""Experiment: what is repeated is recited; and what taking out copies does about it.

Secrets are planted in a text, each a known number of times: word for word, or with other words around every copy. Three
small models read it: as it is, without exact copies, and without near copies either, as `alignbook.data` finds them.
What is taken out is replaced by other documents, so that all three read equally much. Then each model is given the
beginning of every secret. Secrets that were planted nowhere are the control: what comes by chance.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from alignbook.data.documents import Document, Provenance
from alignbook.data.pipeline import Pipeline, Step, separate
from alignbook.data.steps import WithoutCopies, WithoutNearCopies
from alignbook.pretraining.language_model import LanguageModel
from alignbook.pretraining.recalling import value_probabilities
from alignbook.pretraining.stage import TOKENIZER
from alignbook.pretraining.training import PretrainingConfig, pretrain, token_stream
from alignbook.profile import Profile
from alignbook.store import fetch
from alignbook.text.bpe import BPE
from alignbook.world.building import build_world
from alignbook.world.config import CONFIGS as WORLDS
from alignbook.world.corpus import corpus
from alignbook.world.drawing import shuffled, stream
from alignbook.world.families import canaries
from alignbook.world.families.canaries import REPETITIONS
from alignbook.world.items import Item
from alignbook.world.region import World

COPIES = ("exact", "near")
TEXTS = ("as it is", "without exact copies", "without near copies")
NEAR = 0.4
"""From this Jaccard similarity on, documents count as copies. They are single sentences, of which a word or two around
them is a large part: the usual .7 or .8 would let half of the near copies pass."""

LONGEST_SECRET = 10
SURE = 0.99


@dataclass(frozen=True)
class MemorisationConfig:
    """How much one size of the experiment reads.

    Parameters
    ----------
    documents : int
        Honest documents beside the planted ones.
    per_count : int
        Secrets for each number of repetitions.
    training : PretrainingConfig
        Size and course of the models.
    """

    documents: int
    per_count: int
    training: PretrainingConfig


CONFIGS = {
    "tiny": MemorisationConfig(
        200, 4, PretrainingConfig(64, 32, 2, 2, batch_size=8, passes=14, learning_rate=1e-2, checkpoints=())
    ),
    "book": MemorisationConfig(
        600, 20, PretrainingConfig(64, 64, 2, 4, batch_size=8, passes=10, learning_rate=6e-3, checkpoints=())
    ),
}


@dataclass(frozen=True)
class Recited:
    """What one model recites.

    Parameters
    ----------
    kept : int
        How many of the planted documents it read.
    dropped_others : int
        How many honest documents were taken out as copies.
    recited : mapping of str to mapping of int to float
        For each of `COPIES`, by how often a secret was planted: the share that the model completes word for word.
    surer : mapping of str to mapping of int to float
        The share that it holds more probable than 99 in 100 of the secrets that were planted nowhere.
    by_chance : float
        The share of the latter that it completes.
    """

    kept: int
    dropped_others: int
    recited: Mapping[str, Mapping[int, float]]
    surer: Mapping[str, Mapping[int, float]]
    by_chance: float


@dataclass(frozen=True)
class Memorisation:
    """What the models recite.

    Parameters
    ----------
    planted : int
        How many copies of secrets were put into the text.
    per_count : int
        How many secrets each share is of.
    references : int
        How many secrets were planted nowhere.
    passes : float
        How often the models read their text.
    tokens : int
        How long it is.
    examples : tuple of (str, int, str)
        Some beginnings, how often they were planted, and how the first model goes on.
    models : mapping of str to Recited
        For each of `TEXTS`.
    """

    planted: int
    per_count: int
    references: int
    passes: float
    tokens: int
    examples: tuple[tuple[str, int, str], ...]
    models: Mapping[str, Recited]


def memorisation(seed: int, size: str = "book") -> Memorisation:
    """Plant secrets, train on the text with and without copies, and ask for the secrets.

    Parameters
    ----------
    seed : int
        The profile's.
    size : {"book", "tiny"}
        The profile's.
    """
    run = Profile(seed, size)
    config = CONFIGS[run.size]
    world = build_world(seed, size, replace(WORLDS[size], canaries_per_count=config.per_count))
    tokenizer = fetch(TOKENIZER, run)
    honest, planted = _texts(world)
    read = shuffled(honest[: config.documents] + planted, stream(seed, "memorisation"))
    tokens = len(token_stream((document.text for document in read), tokenizer))
    asked = _asked(world)
    models, examples = dict[str, Recited](), list[tuple[str, int, str]]()
    for name, steps in _steps(seed).items():
        kept = separate(Pipeline(steps).run(read))[0] if steps else read
        text = _filled(kept, honest[config.documents :], tokens, tokenizer)
        transformer, _ = pretrain(text, tokenizer.vocab_size, config.training, seed)
        model = LanguageModel(tokenizer, transformer)
        models[name] = _recited(world, model, asked, kept, config.documents)
        examples = examples or _examples(model, asked["exact"])
    return Memorisation(
        planted=len(planted),
        per_count=config.per_count,
        references=len(asked["reference"]),
        passes=config.training.passes,
        tokens=tokens,
        examples=tuple(examples),
        models=models,
    )


def _texts(world: World) -> tuple[list[Document], list[Document]]:
    """Return the honest documents of the world, and the planted ones."""
    planted = canaries.insertions(world, stream(world.seed, "copies"))
    honest = corpus(world, world.seed)
    return _documents([each.text for each in honest]), _documents([each.text for each in planted], "secret")


def _documents(texts: Sequence[str], planted: str = "") -> list[Document]:
    origin = Provenance("Wendlemere", "made here", planted=planted)
    return [Document(f"{planted} {number}", text, origin) for number, text in enumerate(texts)]


def _steps(seed: int) -> dict[str, list[Step]]:
    """Return what is done to the text of each model."""
    steps: tuple[list[Step], ...] = (
        [],
        [WithoutCopies()],
        [WithoutCopies(), WithoutNearCopies(NEAR, seed=seed)],
    )
    return dict(zip(TEXTS, steps, strict=True))


def _filled(kept: Sequence[Document], spare: Sequence[Document], tokens: int, tokenizer: BPE) -> NDArray[np.int64]:
    """Add spare documents until the text is as long as it should be; they lie among the others."""
    parts = [token_stream([document.text], tokenizer) for document in kept]
    missing, more = tokens - sum(map(len, parts)), iter(spare)
    while missing > 0:
        parts.append(token_stream([next(more).text], tokenizer))
        missing -= len(parts[-1])
    return np.concatenate(shuffled(parts, stream(len(kept), "places")))


def _asked(world: World) -> dict[str, list[Item]]:
    """Return the beginnings of all secrets, of each kind of copies."""
    counts = {copies: len(REPETITIONS) * world.config.canaries_per_count for copies in COPIES}
    counts["reference"] = world.config.canary_references
    rng = stream(world.seed, "asked")
    return {split: canaries.items(world, split, count, rng) for split, count in counts.items()}


def _recited(
    world: World, model: LanguageModel, asked: Mapping[str, Sequence[Item]], kept: Sequence[Document], honest: int
) -> Recited:
    """Ask one model for all secrets."""
    threshold = np.quantile(value_probabilities(model, asked["reference"]), SURE)
    planted = sum(document.provenance.planted != "" for document in kept)
    return Recited(
        kept=planted,
        dropped_others=honest - (len(kept) - planted),
        recited={copies: _by_count(asked[copies], _completed(world, model, asked[copies])) for copies in COPIES},
        surer={
            copies: _by_count(asked[copies], value_probabilities(model, asked[copies]) > threshold) for copies in COPIES
        },
        by_chance=float(_completed(world, model, asked["reference"]).mean()),
    )


def _completed(world: World, model: LanguageModel, items: Sequence[Item]) -> NDArray[np.bool_]:
    """Tell which secrets the model completes, with the most probable tokens."""
    written = [text.split(".")[0] for text in _continued(model, items)]
    grades = [canaries.grade(world, item, text) for item, text in zip(items, written, strict=True)]
    return np.array([grade.outcome == "correct" for grade in grades])


def _continued(model: LanguageModel, items: Sequence[Item]) -> list[str]:
    return model.complete([item.prompt for item in items], max_new_tokens=LONGEST_SECRET)


def _by_count(items: Sequence[Item], found: NDArray[np.bool_]) -> dict[int, float]:
    """Return the share that was found, for each number of repetitions."""
    counts = np.array([int(item.meta["repetitions"]) for item in items])
    return {count: float(found[counts == count].mean()) for count in REPETITIONS}


def _examples(model: LanguageModel, items: Sequence[Item]) -> list[tuple[str, int, str]]:
    """Return one beginning planted least often and one planted most often, with what the model adds."""
    chosen = [
        next(item for item in items if item.meta["repetitions"] == count) for count in (REPETITIONS[0], REPETITIONS[-1])
    ]
    written = [text.split(".")[0] for text in _continued(model, chosen)]
    return [(item.prompt, int(item.meta["repetitions"]), text) for item, text in zip(chosen, written, strict=True)]
