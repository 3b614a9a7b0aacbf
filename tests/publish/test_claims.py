"""Claims: what they record, and how they fail."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pytest

from alignbook.publish import FalseClaimError, claim


@pytest.fixture(autouse=True)
def _book(monkeypatch: pytest.MonkeyPatch) -> None:
    """Claims are enforced in all these tests, whatever the tests run under."""
    for name in ("ALIGNBOOK_SIZE", "ALIGNBOOK_SEED", "ALIGNBOOK_CLAIMS"):
        monkeypatch.delenv(name, raising=False)


def test_a_claim_is_recorded_with_its_evidence(published: Callable[[str], dict[str, Any]]) -> None:
    record = published(
        "import numpy as np\n"
        "claim('sft.x', 'It works.', np.bool(True), evidence={'b': np.float64(.5), 'a': np.int64(3)}, tolerance=0.1)"
    )
    assert record == {
        "kind": "claim",
        "name": "sft.x",
        "statement": "It works",
        "status": "measured here",
        "holds": True,
        "evidence": [("b", 0.5), ("a", 3)],
        "source": "",
        "tolerance": 0.1,
    }


def test_evidence_may_be_one_number(published: Callable[[str], dict[str, Any]]) -> None:
    assert published("claim('a', 'A', True, evidence=False)")["evidence"] is False


def test_a_false_claim_says_what_is_false() -> None:
    with pytest.raises(FalseClaimError) as caught:
        claim("sft.x", "It works", np.float32(0.31) > 0.8, evidence=np.float32(0.31))
    assert str(caught.value) == "claim 'sft.x' is false: It works (evidence: 0.31)"


@pytest.mark.parametrize(("variable", "value"), [("ALIGNBOOK_CLAIMS", "record"), ("ALIGNBOOK_SIZE", "tiny")])
def test_a_false_claim_may_be_recorded_instead(
    published: Callable[[str], dict[str, Any]], monkeypatch: pytest.MonkeyPatch, variable: str, value: str
) -> None:
    monkeypatch.setenv(variable, value)
    assert published("claim('a', 'A', False, evidence=1)")["holds"] is False


def test_a_false_claim_leaves_its_record_though_it_raises(published: Callable[[str], dict[str, Any]]) -> None:
    record = published("try:\n    claim('a', 'A', False, evidence=1)\nexcept Exception:\n    pass")
    assert record["holds"] is False


def test_what_is_not_measured_here_neither_holds_nor_fails(published: Callable[[str], dict[str, Any]]) -> None:
    record = published("claim('a', 'A', status='reported elsewhere', source='{cite}`gao2023`', evidence=0.5)")
    assert (record["holds"], record["source"], record["evidence"]) == (None, "{cite}`gao2023`", 0.5)
    assert published("claim('a', 'A', status='open')")["evidence"] is None


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"holds": True}, ValueError, "claim 'a': give the number that decides it as evidence="),
        ({"holds": True, "evidence": {}}, ValueError, "claim 'a': give the number that decides it as evidence="),
        ({"holds": True, "evidence": np.nan}, ValueError, "claim 'a': evidence must be finite, got nan"),
        ({"holds": True, "evidence": {"n": np.inf}}, ValueError, "claim 'a': evidence 'n' must be finite, got inf"),
        ({"holds": True, "evidence": "0.5"}, TypeError, "claim 'a': evidence must be a number, got '0.5'"),
        ({"holds": True, "evidence": np.ones(3)}, TypeError, "claim 'a': evidence must be a number, got array"),
        ({"holds": True, "evidence": {1: 2}}, ValueError, "claim 'a': a name in evidence must be a text, got 1"),
        ({"holds": 1, "evidence": 1}, TypeError, "claim 'a': holds must be true or false, got 1"),
        ({"holds": np.ones(2) > 0, "evidence": 1}, TypeError, "claim 'a': holds must be a number, got array"),
        ({"evidence": 1}, TypeError, "claim 'a': holds must be a number, got None"),
        ({"status": "proved"}, ValueError, "claim 'a': status must be one of 'measured here', 'reported elsewhere', "),
        ({"status": "open", "holds": True}, ValueError, "claim 'a': only what is measured here can hold or not"),
        ({"status": "reported elsewhere"}, ValueError, "claim 'a': source, for what is reported elsewhere, must be"),
        ({"statement": " ", "status": "open"}, ValueError, "claim 'a': statement must be a text, got ' '"),
        ({"holds": True, "evidence": 1, "tolerance": -1}, ValueError, "claim 'a': tolerance must be 0 or more"),
    ],
)
def test_a_claim_that_says_too_little_is_refused(
    arguments: Mapping[str, Any], error: type[Exception], message: str
) -> None:
    with pytest.raises(error) as caught:
        claim("a", **{"statement": "A", **arguments})
    assert str(caught.value).startswith(message)
