"""Experiment: what a model reads decides what it is good at, and a little of each kind goes a long way.

A budget of text is divided between prose, code and mathematics in many ways. For each kind the model's surprise on
held-out text is set against the best that the same budget can do for that kind, which is to read nothing else. Raw
surprise of different kinds cannot be compared: each has a difficulty of its own, and sums have numbers that no model
can know.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from alignbook.data.byte_model import ByteModel
from alignbook.data.mixture import planned_tokens
from alignbook.data.sources import code, maths, prose
from alignbook.profile import Profile

KINDS = ("prose", "code", "maths")
SHARES = (0.0, 0.02, 0.1, 0.34, 0.6, 0.9, 1.0)


@dataclass(frozen=True)
class MixtureConfig:
    """How much text one size of the experiment reads.

    Parameters
    ----------
    budget : int
        Bytes that each model reads.
    held_out : int
        Bytes of each kind that are predicted.
    """

    budget: int
    held_out: int


CONFIGS = {"tiny": MixtureConfig(40_000, 10_000), "book": MixtureConfig(300_000, 40_000)}


@dataclass(frozen=True)
class MixtureSweep:
    """Held-out surprise by mixture.

    Parameters
    ----------
    kinds : tuple of str
        What the text is.
    shares : tuple of float
        The share of the budget that the kind in question gets; the other two divide the rest evenly.
    bits_per_byte : tuple of tuple of float
        For each kind, its surprise at each of its shares.
    excess : tuple of tuple of float
        The same less the surprise of the model that reads nothing but this kind: what the mixture costs the kind.
    recipes : tuple of tuple of float
        The same mixtures for comparison as wholes: the shares of prose, code and maths.
    mean_excess, worst_excess : tuple of float
        For each recipe, what it costs the three kinds on average, and the one that it costs most.
    """

    kinds: tuple[str, ...]
    shares: tuple[float, ...]
    bits_per_byte: tuple[tuple[float, ...], ...]
    excess: tuple[tuple[float, ...], ...]
    recipes: tuple[tuple[float, ...], ...]
    mean_excess: tuple[float, ...]
    worst_excess: tuple[float, ...]


def mixture_sweep(seed: int, size: str = "book") -> MixtureSweep:
    """Train byte models on mixtures of one size and many shares.

    Parameters
    ----------
    seed : int
        Decides which documents are held out, and the sums.
    size : {"book", "tiny"}
        How much to read; see `CONFIGS`.

    Raises
    ------
    ValueError
        If the size is unknown.
    """
    config = CONFIGS[Profile(seed, size).size]
    training, held_out = _texts(config, np.random.default_rng(seed))
    recipes = list(dict.fromkeys(_recipe(kind, share) for kind in range(len(KINDS)) for share in SHARES))
    surprise = {recipe: _surprise(recipe, training, held_out, config) for recipe in recipes}
    best = [surprise[_recipe(kind, 1.0)][kind] for kind in range(len(KINDS))]
    bits = [tuple(surprise[_recipe(kind, share)][kind] for share in SHARES) for kind in range(len(KINDS))]
    cost = [[ours - alone for ours, alone in zip(surprise[recipe], best, strict=True)] for recipe in recipes]
    return MixtureSweep(
        kinds=KINDS,
        shares=SHARES,
        bits_per_byte=tuple(bits),
        excess=tuple(tuple(one - alone for one in row) for row, alone in zip(bits, best, strict=True)),
        recipes=tuple(recipes),
        mean_excess=tuple(float(np.mean(one)) for one in cost),
        worst_excess=tuple(max(one) for one in cost),
    )


def _recipe(kind: int, share: float) -> tuple[float, ...]:
    """Return the shares of all kinds if one has this share; rounded, so that equal recipes are equal."""
    return tuple(round(share if other == kind else (1 - share) / 2, 6) for other in range(len(KINDS)))


def _texts(config: MixtureConfig, rng: np.random.Generator) -> tuple[list[str], list[str]]:
    """Return for each kind a training text as long as the budget, and a held-out text, of different documents."""
    training, held_out = [], []
    needed = config.budget + config.held_out
    for documents in (prose(), code(), maths(rng, 2 * needed)):
        order = rng.permutation(len(documents)).tolist()
        text = "\n\n".join(documents[at].text for at in order).encode("ascii", "ignore").decode()
        if len(text) < needed:
            raise ValueError(f"budget and held_out must be at most {len(text)} bytes together, got {needed}")
        held_out.append(text[: config.held_out])
        training.append(text[-config.budget :])
    return training, held_out


def _surprise(
    recipe: Sequence[float], training: Sequence[str], held_out: Sequence[str], config: MixtureConfig
) -> tuple[float, ...]:
    plan = planned_tokens([len(text) for text in training], recipe, config.budget, most_epochs=1)
    model = ByteModel.train([text[: int(part)] for text, part in zip(training, plan, strict=True)])
    return tuple(model.bits_per_byte([text]) for text in held_out)
