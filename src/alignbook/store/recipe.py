"""What makes an artefact, and the key that says when it must be made again."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import numpy as np

from alignbook.profile import Profile
from alignbook.provenance import Sources, fingerprint

T = TypeVar("T")

_CARRIERS = ("alignbook.store", "alignbook.provenance")
"""Modules that carry artefacts and decide nothing in them: a change to the store must not train everything again."""


@dataclass(frozen=True, eq=False)
class Recipe(Generic[T]):
    """One artefact: what makes it, and from what.

    Parameters
    ----------
    name
        Its name in the store and on the command line: ``"base"``.
    title
        How it is called while it is made: ``"base model"``.
    make
        ``make(run, config, *inputs, progress=progress)`` returns the artefact; a function of an importable module.
        ``inputs`` are the artefacts of the recipe's own inputs, in their order.
    configs
        A frozen dataclass of settings for each size; numbers, text, tuples and dataclasses of them.
    pack
        Turns the artefact into named arrays and JSON. Numbers and text below ``"meta"`` in the JSON are shown in the
        command's summary.
    unpack
        Turns these into the artefact again.
    inputs
        The recipes that it is made from.
    """

    name: str
    title: str
    make: Callable[..., T]
    configs: Mapping[str, Any]
    pack: Callable[[T], tuple[Mapping[str, np.ndarray], Mapping[str, Any]]]
    unpack: Callable[[Mapping[str, np.ndarray], Mapping[str, Any]], T]
    inputs: tuple[Recipe[Any], ...] = ()

    def config(self, run: Profile) -> Any:
        """The settings for a run.

        Raises
        ------
        ValueError
            If there are none for its size.
        """
        if run.size not in self.configs:
            sizes = ", ".join(self.configs)
            raise ValueError(f"recipe {self.name!r} has no config for size {run.size!r}: add one, it has {sizes}")
        return self.configs[run.size]


def key(recipe: Recipe[Any], run: Profile, sources: Sources) -> str:
    """Name what decides an artefact: its profile in clear, and a digest of all the rest.

    The rest is its settings, the keys of its inputs, the code of every module that its functions reach, and NumPy's
    version.

    Parameters
    ----------
    recipe
        The artefact.
    run
        Seed and size.
    sources
        The packages whose code counts (see :func:`packages`).

    Raises
    ------
    ValueError
        If the recipe has no config for the size, or one of its functions lies in no importable module.
    TypeError
        If its config is no dataclass, or holds what has no fixed text.
    """
    code = {
        name: digest
        for name, digest in sources.reach(_modules(recipe)).items()
        if not any(name == carrier or name.startswith((f"{carrier}.", f"{carrier}/")) for carrier in _CARRIERS)
    }
    parts = {
        "recipe": recipe.name,
        "config": _text(recipe, recipe.config(run)),
        "inputs": json.dumps([key(upstream, run, sources) for upstream in recipe.inputs]),
        "code": fingerprint(code),
        "numpy": np.__version__,
    }
    return f"{run.size}-{run.seed}-{fingerprint(parts)}"


def packages(recipe: Recipe[Any]) -> frozenset[str]:
    """The top-level packages whose code may decide an artefact or its inputs; this one is always among them."""
    own = {module.split(".")[0] for module in _modules(recipe)}
    return frozenset({"alignbook"}.union(own, *map(packages, recipe.inputs)))


def _modules(recipe: Recipe[Any]) -> list[str]:
    """The modules that a recipe's functions lie in."""
    functions = (recipe.make, recipe.pack, recipe.unpack)
    for function in functions:
        if function.__module__ == "__main__":
            raise ValueError(
                f"recipe {recipe.name!r}: {function.__qualname__} must lie in a module that can be imported, such as "
                "stage.py: the store must see when its code changes"
            )
    return [function.__module__ for function in functions]


def _text(recipe: Recipe[Any], config: Any) -> str:
    """Write settings down, the same in every process."""
    if not dataclasses.is_dataclass(config) or isinstance(config, type):
        raise TypeError(f"recipe {recipe.name!r}: a config must be a frozen dataclass, got {config!r}")
    try:
        return f"{type(config).__qualname__} {json.dumps(dataclasses.asdict(config), sort_keys=True)}"
    except TypeError as error:
        raise TypeError(f"recipe {recipe.name!r}: a config may hold numbers, text and tuples only ({error})") from None
