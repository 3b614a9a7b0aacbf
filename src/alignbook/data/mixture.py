"""Mixtures: how much of each source a model reads, and in which order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

T = TypeVar("T")


def temperature_shares(sizes: ArrayLike, temperature: float) -> NDArray[np.float64]:
    """Return shares in proportion to ``size ** (1 / temperature)``.

    At temperature 1 every source is read in proportion to its size; the higher the temperature, the more alike the
    shares, so that small sources (rare languages) are read more often than they occur.

    Parameters
    ----------
    sizes : array of float, shape (sources,)
        Tokens in each source; 0 for an empty one, which gets nothing.
    temperature : float
        Above 0; infinity gives all sources that are not empty equal shares.

    Returns
    -------
    array of float, shape (sources,)
        Shares that sum to 1.

    Raises
    ------
    ValueError
        If a size is negative, all are 0, or the temperature is not positive.

    References
    ----------
    Arivazhagan et al. (2019), "Massively Multilingual Neural Machine Translation in the Wild: Findings and
    Challenges", section 4.

    Examples
    --------
    >>> temperature_shares([90, 10], 1).round(2).tolist(), temperature_shares([90, 10], 2).round(2).tolist()
    ([0.9, 0.1], [0.75, 0.25])
    """
    if not temperature > 0:
        raise ValueError(f"temperature must be > 0, got {temperature}")
    weights = _check_weights(sizes, "sizes")
    # Divided by the largest first, so that no power overflows.
    powers = np.where(weights > 0, (weights / weights.max()) ** (1 / temperature), 0.0)
    return np.asarray(powers / powers.sum(), dtype=np.float64)


def planned_tokens(
    sizes: ArrayLike, shares: ArrayLike, budget: float, *, most_epochs: float = 4.0
) -> NDArray[np.float64]:
    """Divide a budget of tokens by shares, but let no source be read more than so many times.

    What a capped source leaves over goes to the others in proportion to their shares, again up to their caps.

    Parameters
    ----------
    sizes : array of float, shape (sources,)
        Tokens in each source.
    shares : array of float, shape (sources,)
        The mixture that is wished for; need not sum to 1.
    budget : float
        Tokens to read altogether.
    most_epochs : float
        How often any source may be read. Muennighoff et al. (2023), "Scaling Data-Constrained Language Models", find
        up to four readings nearly as good as new text, and little gain after sixteen.

    Returns
    -------
    array of float, shape (sources,)
        Tokens to read from each; they sum to the budget.

    Raises
    ------
    ValueError
        If a number is negative, no source has both text and weight, or even at the caps the budget cannot be met.

    Examples
    --------
    >>> planned_tokens([1000, 10], [0.5, 0.5], 200, most_epochs=4).tolist()
    [160.0, 40.0]
    """
    weights = _check_weights(shares, "shares")
    caps = _check_weights(sizes, "sizes") * most_epochs
    if weights.shape != caps.shape:
        raise ValueError(f"sizes and shares must be equally many, got {len(caps)} and {len(weights)}")
    if budget < 0 or not most_epochs > 0:
        raise ValueError(f"budget must be >= 0 and most_epochs > 0, got {budget} and {most_epochs}")
    reachable = float(caps[weights > 0].sum())
    if budget > reachable:
        raise ValueError(
            f"budget must be at most {reachable:.0f} tokens ({most_epochs} readings of every source with a share), "
            f"got {budget:.0f}: allow more readings or add text"
        )
    # Fill the sources in the order in which they reach their caps; each then leaves its share to the rest.
    plan = np.zeros_like(caps)
    left, weight_left = float(budget), float(weights.sum())
    fullness = np.divide(caps, weights, out=np.full_like(caps, np.inf), where=weights > 0)
    for source in np.argsort(fullness, kind="stable"):
        if weights[source] > 0:
            plan[source] = min(caps[source], left * weights[source] / weight_left)
            left -= plan[source]
            weight_left -= weights[source]
    return plan


def mix(
    sources: Mapping[str, Sequence[T]], shares: Mapping[str, float], rng: np.random.Generator
) -> Iterator[tuple[str, T]]:
    """Yield documents without end, each from a source drawn by its share, every source in a new order each epoch.

    Parameters
    ----------
    sources : mapping of str to sequence
        The documents of each source.
    shares : mapping of str to float
        How often each is drawn; need not sum to 1. These are shares of documents: for shares of tokens, divide by the
        mean length of a source's documents.
    rng : numpy.random.Generator
        Decides the order.

    Yields
    ------
    tuple of (str, document)
        The source's name and a document of it.

    Raises
    ------
    ValueError
        If the shares are no mixture, name other sources, or give weight to an empty one.
    """
    if set(sources) != set(shares):
        raise ValueError(f"shares must name the sources {sorted(sources)}, got {sorted(shares)}")
    names = list(sources)
    weights = _check_weights([shares[name] for name in names], "shares")
    for name, weight in zip(names, weights.tolist(), strict=True):
        if weight > 0 and not len(sources[name]):
            raise ValueError(f"source {name!r} has the share {weight} and no documents: give it 0 or fill it")
    return _draw(sources, names, np.cumsum(weights / weights.sum()), rng)


def _draw(
    sources: Mapping[str, Sequence[T]], names: Sequence[str], cumulative: NDArray[np.float64], rng: np.random.Generator
) -> Iterator[tuple[str, T]]:
    epochs: dict[str, Iterator[int]] = {name: iter(()) for name in names}
    while True:
        name = names[min(int(np.searchsorted(cumulative, rng.random(), side="right")), len(names) - 1)]
        place = next(epochs[name], None)
        if place is None:
            epochs[name] = iter(rng.permutation(len(sources[name])).tolist())
            place = next(epochs[name])
        yield name, sources[name][place]


def _check_weights(weights: ArrayLike, name: str) -> NDArray[np.float64]:
    array = np.asarray(weights, dtype=np.float64)
    if array.ndim != 1 or not np.isfinite(array).all() or (array < 0).any():
        raise ValueError(f"{name} must be finite numbers >= 0 in one dimension, got {array.tolist()}")
    if not array.any():
        raise ValueError(f"{name} must not all be 0: a mixture of nothing has no shares, got {array.tolist()}")
    return array
