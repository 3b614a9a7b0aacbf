"""The logic of bets, held to a twin in Python, and to what may be typed or kept."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

from tests.publish.demos.replay import Trace, replay

import alignbook.press

LOGIC = Path(alignbook.press.__path__[0], "reader/bets/logic.mjs")


def compared(guess: float, result: float, least: float, most: float) -> dict[str, Any]:
    def place(number: float) -> float:
        return min(1.0, max(0.0, (number - least) / (most - least)))

    gap = float(f"{abs(guess - result):.6g}")
    side = "same" if gap == 0 else "low" if guess < result else "high"
    return {"gap": gap, "side": side, "guessAt": place(guess), "resultAt": place(result)}


def test_the_page_compares_as_python_does() -> None:
    rng = random.Random(0)
    made = []
    for case in range(300):
        least = rng.choice([0.0, -10.0, rng.uniform(-1e6, 1e6)])
        most = least + rng.choice([1.0, 100.0, 10 ** rng.uniform(-3, 6)])
        result = rng.choice([least, most, round(rng.uniform(least, most), 2), rng.uniform(least - 5, most + 5)])
        guess = result if case % 10 == 0 else rng.choice([least, most, round(rng.uniform(least, most), 1)])
        made.append(Trace("compared", [guess, result, least, most], compared(guess, result, least, most)))
    assert replay(LOGIC, made) < 1e-12


def test_what_is_said_fits_what_was_bet() -> None:
    cases: list[tuple[list[Any], str]] = [
        ([40, 62, "62%", "%", 0, 100], "You bet 40%, and it is 62%: 22 points too low."),
        ([63, 62, "62%", "%", 0, 100], "You bet 63%, and it is 62%: 1 point too high."),
        ([62, 62, "62%", "%", 0, 100], "You bet 62%, and 62% it is."),
        ([0.3, 0.1, "0.1", "", 0, 1], "You bet 0.3, and it is 0.1: 0.2 too high."),
        ([-9, 2.5, "2.5", "bits", -10, 10], "You bet \u22129, and it is 2.5: 11.5 bits too low."),
    ]
    assert replay(LOGIC, [Trace("saidOfNumber", arguments, said) for arguments, said in cases]) == 0
    assert replay(LOGIC, [Trace("saidOfLetter", ["A", "B"], "You bet on A, and it is B.")]) == 0
    assert replay(LOGIC, [Trace("saidOfLetter", ["B", "B"], "You bet on B, and B it is.")]) == 0


NO_NUMBERS = (
    "",
    " ",
    "x",
    "1e3",
    "0x10",
    "1,5",
    "--1",
    "1.",
    ".5",
    "NaN",
    "Infinity",
    "1 2",
    "<b>1</b>",
    "9" * 40,
    "101",
    "-1",
)


def test_only_a_number_of_the_range_is_a_guess() -> None:
    assert replay(LOGIC, [Trace("numberIn", [text, 0, 100], None) for text in NO_NUMBERS]) == 0
    good = {"0": 0, "100": 100, " 62.5 ": 62.5, "007": 7}
    assert replay(LOGIC, [Trace("numberIn", [text, 0, 100], number) for text, number in good.items()]) == 0


def test_only_a_guess_that_could_be_made_is_kept() -> None:
    assert replay(LOGIC, [Trace("guessIn", [text, "", [0, 100]], "") for text in NO_NUMBERS]) == 0
    strange = "", "D", "AB", "a", "<", "~", "0", "ABC"
    assert replay(LOGIC, [Trace("guessIn", [text, "ABC", None], "") for text in strange]) == 0
    kept = [("-", "ABC", None), ("B", "ABC", None), ("-", "", [0, 100]), ("62.5", "", [0, 100])]
    assert replay(LOGIC, [Trace("guessIn", [text, letters, span], text) for text, letters, span in kept]) == 0
