"""Claims: statements of the book that a cell decides, each with the numbers that decide it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from alignbook import profile
from alignbook.publish.outputs import Number, checked_name, checked_text, checked_tolerance, plain_number, publish

if TYPE_CHECKING:
    from typing import Literal

    import numpy as np

    Status = Literal["measured here", "reported elsewhere", "open"]

STATUSES = ("measured here", "reported elsewhere", "open")
"""What a claim can be: this build computed it; others found it and are cited; nobody knows."""

Evidence = bool | int | float | list[tuple[str, bool | int | float]]
"""Evidence as it is published: one number, or several with their names (a notebook would sort a mapping)."""


class FalseClaimError(AssertionError):
    """A claim of the book is false in this run."""


def claim(
    name: str,
    statement: str,
    holds: bool | np.bool | None = None,
    *,
    evidence: Number | Mapping[str, Number] | None = None,
    status: Status = "measured here",
    source: str = "",
    tolerance: Number | None = None,
) -> None:
    """Claim something; a false claim stops the build.

    Prose refers to it as ``{claim}`name```, which shows the evidence and leads to the index of all claims.

    Parameters
    ----------
    name
        Unique in the whole book, as ``"sft.answers-held-out"``.
    statement
        The claim as a sentence, in MyST.
    holds
        Whether it is true. Only for what is measured here.
    evidence
        The number that decides it, or several by name. Required for what is measured here.
    status
        ``"measured here"`` (this build computed it), ``"reported elsewhere"`` (give ``source``) or ``"open"``.
    source
        Where it is reported, in MyST: a citation.
    tolerance
        How far the evidence may move between builds; where it is not given, the chapter's record decides.

    Raises
    ------
    FalseClaimError
        If it is false, unless claims are only reported (size tiny, or ``ALIGNBOOK_CLAIMS=record``).
    TypeError, ValueError
        If the name, the evidence or what goes with the status is missing or wrong.

    Examples
    --------
    >>> claim("pretraining.learns", "Reading lowers the surprise", 7.1 < 12.0, evidence={"before": 12.0, "after": 7.1})
    claim 'pretraining.learns' holds: Reading lowers the surprise (before 12, after 7.1)
    """
    what = f"claim {checked_name('claim', name)!r}"
    statement = checked_text(f"{what}: statement", statement).rstrip(".")
    verdict = _checked_verdict(what, status, holds, source)
    shown = _checked_evidence(what, evidence)
    if shown is None and verdict is not None:
        raise ValueError(f"{what}: give the number that decides it as evidence=")
    record = {
        "kind": "claim",
        "name": name,
        "statement": statement,
        "status": status,
        "holds": verdict,
        "evidence": shown,
        "source": source,
        "tolerance": checked_tolerance(what, tolerance),
    }
    if verdict is None:
        publish(record, f"{what}, {status}: {statement}" + (f" ({source})" if source else ""))
        return
    text = failure(name, statement, shown) if not verdict else f"{what} holds: {statement} ({evidence_text(shown)})"
    publish(record, text)  # before it may raise: what swallows the exception does not hide the claim
    if not verdict and profile.claims_enforced():
        raise FalseClaimError(text)


def failure(name: str, statement: str, evidence: Evidence | None) -> str:
    """What is said of a false claim."""
    return f"claim {name!r} is false: {statement} (evidence: {evidence_text(evidence)})"


def evidence_text(evidence: Evidence | None) -> str:
    """Evidence for readers.

    Examples
    --------
    >>> evidence_text([("base", 0.0), ("tuned", 0.9512345), ("tokens", 12345), ("agree", True)])
    'base 0, tuned 0.9512, tokens 12,345, agree yes'
    """
    if isinstance(evidence, list):
        return ", ".join(f"{name} {evidence_text(number)}" for name, number in evidence)
    if isinstance(evidence, bool):
        return "yes" if evidence else "no"
    if evidence is None:
        return "none"
    if isinstance(evidence, int):
        return f"{evidence:,}"
    return f"{evidence:,.0f}" if 1e4 <= abs(evidence) < 1e15 else f"{evidence:.4g}"


def _checked_verdict(what: str, status: str, holds: object, source: str) -> bool | None:
    """Whether a claim holds; ``None`` for one that this build does not decide."""
    if status not in STATUSES:
        raise ValueError(f"{what}: status must be one of {', '.join(map(repr, STATUSES))}, got {status!r}")
    if status == "reported elsewhere":
        checked_text(f"{what}: source, for what is reported elsewhere,", source)
    if status == "measured here":
        verdict = plain_number(f"{what}: holds", holds)
        if not isinstance(verdict, bool):
            raise TypeError(f"{what}: holds must be true or false, got {holds!r}")
        return verdict
    if holds is not None:
        raise ValueError(f"{what}: only what is measured here can hold or not; leave holds out, or measure it here")
    return None


def _checked_evidence(what: str, evidence: object) -> Evidence | None:
    if evidence is None:
        return None
    if not isinstance(evidence, Mapping):
        return plain_number(f"{what}: evidence", evidence)
    if not evidence:
        raise ValueError(f"{what}: give the number that decides it as evidence=")
    return [
        (checked_text(f"{what}: a name in evidence", key), plain_number(f"{what}: evidence {key!r}", number))
        for key, number in evidence.items()
    ]
