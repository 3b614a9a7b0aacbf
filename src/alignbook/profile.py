"""The profile of this run: which seed, and which size of the mini-world.

Both come from the environment, so that one setting reaches a notebook kernel, the command and a test alike. They are
part of every page's key and of every artefact's: a book built under another seed never mixes with this one.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass

SIZES = ("tiny", "book")
CLAIMS = ("enforce", "record")


@dataclass(frozen=True)
class Profile:
    """Seed and size of a run.

    Parameters
    ----------
    seed
        Root of all randomness, from ``ALIGNBOOK_SEED``; 0 or more, 0 where unset.
    size
        ``"book"`` (what the book prints) or ``"tiny"`` (tests and previews), from ``ALIGNBOOK_SIZE``.

    Raises
    ------
    ValueError
        If the seed is negative or the size is not one of the two.
    """

    seed: int = 0
    size: str = "book"

    def __post_init__(self) -> None:
        if self.seed < 0:
            raise ValueError(f"seed must be 0 or more, got {self.seed}")
        if self.size not in SIZES:
            raise ValueError(f"size must be one of {', '.join(SIZES)}, got {self.size!r}")


def current(environ: Mapping[str, str] = os.environ) -> Profile:
    """Read the profile from the environment.

    Raises
    ------
    ValueError
        If a variable is set to something that is no seed or no size; the message names it.

    Examples
    --------
    >>> current({"ALIGNBOOK_SEED": "3"})
    Profile(seed=3, size='book')
    """
    text = environ.get("ALIGNBOOK_SEED", "0")
    if not (text.isascii() and text.isdigit()):
        raise ValueError(f"ALIGNBOOK_SEED must be a whole number, 0 or more, got {text!r}")
    size = environ.get("ALIGNBOOK_SIZE", "book")
    if size not in SIZES:
        raise ValueError(f"ALIGNBOOK_SIZE must be one of {', '.join(SIZES)}, got {size!r}")
    return Profile(int(text), size)


def claims_enforced(environ: Mapping[str, str] = os.environ) -> bool:
    """Whether a false claim stops the run, or is only reported.

    Claims are about the book's own size; ``ALIGNBOOK_CLAIMS=record`` reports them there too, to try them over seeds.
    What a run computes does not depend on this, so it is no part of the profile.

    Raises
    ------
    ValueError
        If a variable is set to something that is no choice; the message names it.

    Examples
    --------
    >>> claims_enforced({}), claims_enforced({"ALIGNBOOK_SIZE": "tiny"})
    (True, False)
    """
    choice = environ.get("ALIGNBOOK_CLAIMS", "enforce")
    if choice not in CLAIMS:
        raise ValueError(f"ALIGNBOOK_CLAIMS must be one of {', '.join(CLAIMS)}, got {choice!r}")
    return choice == "enforce" and current(environ).size == "book"


def environment(run: Profile) -> dict[str, str]:
    """Return the variables that give another process a profile.

    Examples
    --------
    >>> current(environment(Profile(3, "tiny")))
    Profile(seed=3, size='tiny')
    """
    return {"ALIGNBOOK_SEED": str(run.seed), "ALIGNBOOK_SIZE": run.size}
