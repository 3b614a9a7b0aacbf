"""The profile comes from the environment, and says what is wrong with it."""

from __future__ import annotations

import pytest

from alignbook.profile import Profile, claims_enforced, current


def test_defaults() -> None:
    assert current({}) == Profile(seed=0, size="book")


def test_both_come_from_the_environment() -> None:
    assert current({"ALIGNBOOK_SEED": "7", "ALIGNBOOK_SIZE": "tiny"}) == Profile(7, "tiny")


@pytest.mark.parametrize("seed", ["-1", "x", "1.5", "", "٣"])
def test_a_bad_seed_is_named(seed: str) -> None:
    with pytest.raises(ValueError, match="ALIGNBOOK_SEED must be a whole number"):
        current({"ALIGNBOOK_SEED": seed})


def test_a_bad_size_is_named() -> None:
    with pytest.raises(ValueError, match="ALIGNBOOK_SIZE must be one of tiny, book, got 'huge'"):
        current({"ALIGNBOOK_SIZE": "huge"})


@pytest.mark.parametrize(("seed", "size"), [(-1, "book"), (0, "huge")])
def test_a_profile_is_checked_when_made(seed: int, size: str) -> None:
    with pytest.raises(ValueError, match="must be"):
        Profile(seed, size)


@pytest.mark.parametrize(
    ("environment", "enforced"),
    [
        ({}, True),
        ({"ALIGNBOOK_CLAIMS": "enforce"}, True),
        ({"ALIGNBOOK_SEED": "3"}, True),
        ({"ALIGNBOOK_CLAIMS": "record"}, False),
        ({"ALIGNBOOK_SIZE": "tiny"}, False),
        ({"ALIGNBOOK_SIZE": "tiny", "ALIGNBOOK_CLAIMS": "enforce"}, False),
    ],
)
def test_claims_are_enforced_in_the_book_only(environment: dict[str, str], enforced: bool) -> None:
    assert claims_enforced(environment) is enforced


def test_a_bad_choice_about_claims_is_named() -> None:
    with pytest.raises(ValueError, match="ALIGNBOOK_CLAIMS must be one of enforce, record, got 'no'"):
        claims_enforced({"ALIGNBOOK_CLAIMS": "no"})
