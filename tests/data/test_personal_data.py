import string
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alignbook.data.personal_data import find_personal_data, luhn_valid, redact
from alignbook.data.planting import made_up_card, made_up_key
from alignbook.data.sources import prose

KEY = "aB3dE5gH7jK9mN1pQ2rS4tU6"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Write to Ann.B+c@mail.example.org, now.", "Write to [EMAIL], now."),
        ("(see a@b or x@y.z1)", "(see a@b or x@y.z1)"),
        ("Call +44 20 7946 0018 or (212) 555-0143.", "Call [PHONE] or [PHONE]."),
        ("212-555-0143, not 2024-01-31, 1999-2003, 3.14159265", "[PHONE], not 2024-01-31, 1999-2003, 3.14159265"),
        ("Paid by 0000 1234 5678 9015 today", "Paid by [CARD] today"),
        ("Not 0000 1234 5678 9016 (wrong check digit)", "Not 0000 1234 5678 9016 (wrong check digit)"),
        (f"token={KEY} key-{KEY} {KEY[:19]}", f"token=[KEY] [KEY] {KEY[:19]}"),
        (f"secret: {KEY}.", "secret: [KEY]."),
        ("an_ordinary_long_name_of_a_function", "an_ordinary_long_name_of_a_function"),
        ("a\n-----BEGIN RSA PRIVATE KEY-----\nxyz\n-----END RSA PRIVATE KEY-----\nb", "a\n[KEY]\nb"),
        ("shape (1000, 1000) and 1000000 items", "shape (1000, 1000) and 1000000 items"),
    ],
)  # fmt: skip
def test_by_hand(text: str, expected: str) -> None:
    assert redact(text)[0] == expected


@given(st.text(alphabet=string.digits, min_size=1, max_size=18))
def test_luhn_is_the_sum_of_doubled_digits_and_notices_each_wrong_digit(digits: str) -> None:
    checks = [check for check in string.digits if luhn_valid(digits + check)]
    assert len(checks) == 1
    number = digits + checks[0]
    values = [int(digit) for digit in number[::-1]]
    assert sum(values[::2] + [int(d) for value in values[1::2] for d in str(2 * value)]) % 10 == 0
    for at, digit in enumerate(number):
        changed = str((int(digit) + 3) % 10)
        assert not luhn_valid(number[:at] + changed + number[at + 1 :])


@given(st.integers(0, 10_000), st.text(alphabet="ab .,\n", max_size=20))
def test_made_up_cards_and_keys_are_found_in_any_prose(seed: int, prose_text: str) -> None:
    rng = np.random.default_rng(seed)
    card, key = made_up_card(rng), made_up_key(rng)
    text, found = redact(f"{prose_text} {card} {prose_text} {key} {prose_text}")
    kinds = [one.kind for one in found]
    assert "card" in kinds
    assert card not in text
    if any(map(str.isdigit, key)):
        assert kinds.count("key") == 1


@given(st.text(alphabet="a@.b1-+() 2\n[EMAIL]", max_size=60))
def test_findings_lie_in_order_and_redacting_twice_is_redacting_once(text: str) -> None:
    found = find_personal_data(text)
    assert all(one.stop <= other.start for one, other in pairwise(found))
    assert all(one.start < one.stop for one in found)
    once, _ = redact(text)
    assert len(found) > 0 or once == text


def test_real_prose_without_personal_data_is_left_alone() -> None:
    changed = [document.name for document in prose() if redact(document.text)[1]]
    assert len(changed) < 0.005 * len(prose())


def test_a_line_of_ten_megabytes() -> None:
    assert redact("x" * 10_000_000)[1] == []
    assert redact("1 " * 100_000)[1] == []


def test_luhn_refuses_what_is_no_number() -> None:
    with pytest.raises(ValueError, match="digits must be the digits 0 to 9 alone, got '4 2'"):
        luhn_valid("4 2")
