"""``alignbook train``: make what is missing up to a stage, and sum up."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table

from alignbook import lifecycle
from alignbook.cli import display
from alignbook.profile import Profile
from alignbook.store import fetch
from alignbook.store.fetching import Entry, lookup


def train(run: Profile, stage: str | None, console: Console | None = None) -> int:
    """Make the artefacts of a stage and of all before it, as far as they are missing, and print a summary.

    Parameters
    ----------
    run
        Seed and size.
    stage
        The last stage; all where ``None``.
    console
        Where the summary goes; standard output where ``None``.

    Returns
    -------
    int
        The exit code.

    Raises
    ------
    ValueError
        If there is no such stage, or the book has not reached it yet.
    StoreError
        If an artefact cannot be stored.
    """
    rows = []
    with display.shown() as bars:
        for name, recipe in lifecycle.recipes(stage):
            fresh = lookup(recipe, run) is not None
            fetch(recipe, run, progress=bars)
            rows.append((name, recipe.title, fresh, lookup(recipe, run)))
    (console or Console()).print(_summary(run, rows))
    return 0


def _summary(run: Profile, rows: list[tuple[str, str, bool, Entry | None]]) -> Table:
    """What there is now, a row each."""
    table = Table(title=f"size {run.size}, seed {run.seed}")
    for heading in ("stage", "what", "state"):
        table.add_column(heading)
    for heading in ("seconds", "kB"):
        table.add_column(heading, justify="right")
    table.add_column("figures")
    for name, title, fresh, entry in rows:
        state = "kept" if fresh else "made"
        if entry is None:  # its code changed while it was made
            table.add_row(name, title, "not kept", "", "", "")
            continue
        figures = ", ".join(f"{figure} {_short(value)}" for figure, value in entry.meta.items())
        table.add_row(name, title, state, f"{entry.seconds:.1f}", f"{entry.size / 1000:,.0f}", figures)
    return table


def _short(value: object) -> str:
    """A figure as people write it."""
    if isinstance(value, int):
        return f"{value:,}"
    return f"{value:.4g}" if isinstance(value, float) else str(value)
