"""What every family gives and takes: turns, items and grades."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

Meta = str | int | float

ROLES = ("system", "user", "assistant", "tool")


@dataclass(frozen=True)
class Turn:
    """One turn of a dialogue.

    Parameters
    ----------
    role : {"system", "user", "assistant", "tool"}
        Who speaks.
    text : str
        What is said.
    """

    role: str
    text: str

    def __post_init__(self) -> None:
        if self.role not in ROLES:
            raise ValueError(f"role must be one of {', '.join(ROLES)}, got {self.role!r}")


@dataclass(frozen=True)
class Item:
    """One thing to ask, with a reference reply.

    Parameters
    ----------
    family : str
        The family that can grade it.
    split : str
        The split it belongs to; each family documents its own.
    turns : tuple of Turn
        The dialogue so far; the last turn is the user's or a tool's. Where ``meta["form"] == "completion"``, the
        only turn holds the beginning of a sentence for a model without a dialogue format.
    reply : str
        The reference reply. Values stand in it as they stand within a statement, after a space: a dialogue format
        that puts a space before the reply gives a value the same tokens in both places.
    meta : mapping
        Whatever the grader and the analysis need: tier, relation, value, operation, …
    """

    family: str
    split: str
    turns: tuple[Turn, ...]
    reply: str
    meta: Mapping[str, Meta] = field(default_factory=dict)

    @property
    def prompt(self) -> str:
        """The text of the last turn."""
        return self.turns[-1].text

    def text(self, key: str) -> str:
        """Return an entry of `meta` as text."""
        return str(self.meta[key])


@dataclass(frozen=True)
class Grade:
    """What a grader found.

    Parameters
    ----------
    outcome : str
        ``"correct"``, ``"wrong"``, ``"abstained"``, ``"refused"``, ``"agreed"``, ``"malformed"``, …
    score : float
        From 0 to 1.
    """

    outcome: str
    score: float


CORRECT = Grade("correct", 1.0)
WRONG = Grade("wrong", 0.0)
ABSTAINED = Grade("abstained", 0.0)
REFUSED = Grade("refused", 0.0)
AGREED = Grade("agreed", 0.0)
MALFORMED = Grade("malformed", 0.0)


def user(text: str) -> tuple[Turn, ...]:
    """Return the dialogue that consists of one turn of the user."""
    return (Turn("user", text),)


def check_split(family: str, split: str, splits: Sequence[str]) -> None:
    """Refuse a split that a family does not have.

    Raises
    ------
    ValueError
        If the split is not one of the splits.
    """
    if split not in splits:
        raise ValueError(f"split of {family} must be one of {', '.join(splits)}, got {split!r}")
