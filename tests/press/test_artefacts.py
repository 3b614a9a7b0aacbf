"""What chapters need from the store is made once, before kernels start; a change of its code makes it again."""

from __future__ import annotations

import json
import re
import signal
import time
from pathlib import Path

import pytest
from tests.fixture_book import FixtureBook, errors, executed

from alignbook.press import artefacts
from alignbook.press.making import Telling
from alignbook.profile import Profile

STAGE = Path(__file__).parents[1] / "store/fake_stage.py"
LOAD = (
    "from alignbook.store import fetch\nfrom fixture.walks.stage import SECOND\n\nprint('at', fetch(SECOND).places[-1])"
)
HURRY = (
    "from fixture.walks.stage import SECOND\nfrom alignbook.store import fetch\n\nprint(fetch(SECOND).taken, 'steps')"
)


@pytest.fixture
def walks(book: FixtureBook) -> FixtureBook:
    """Two chapters that load what a stage makes, and one that needs nothing."""
    book.module("walks.stage", STAGE.read_text(encoding="utf-8"))
    book.chapter("where", LOAD)
    book.chapter("steps", HURRY)
    book.chapter("plain", "print('plain')")
    return book


def events(book: FixtureBook) -> list[str]:
    log = book.root / "log.txt"
    return log.read_text(encoding="utf-8").splitlines() if log.exists() else []


def build(book: FixtureBook) -> tuple[int, str]:
    return book.here(WALK_LOG=str(book.root / "log.txt"))


def test_is_made_once_before_kernels_and_again_when_its_code_changes(walks: FixtureBook) -> None:
    plan = walks.plan()
    assert plan["artefact first"] == plan["artefact second"] == "not in the store"
    assert list(plan)[:2] == ["artefact first", "artefact second"]
    code, output = build(walks)
    assert code == 0, output
    assert events(walks) == ["walk", "walk"]  # nothing was made in a kernel
    done = re.findall(r"^(made|executed) (\w+) \d+\.\d s$", output, re.M)
    assert done[:2] == [("made", "first"), ("made", "second")]
    assert executed(output) == {"where", "steps", "plain"}
    assert "0 steps" in walks.text("steps")
    assert len(list(walks.root.glob("_build/artefacts/*/book-0-*.npz"))) == 2

    walks.chapter("where", LOAD + "\nprint('again')")
    assert "artefact first" not in walks.plan()
    code, output = build(walks)
    assert (code, executed(output)) == (0, {"where"})
    assert events(walks) == ["walk", "walk"]

    stage = walks.root / "fixture/walks/stage.py"
    stage.write_text(stage.read_text(encoding="utf-8").replace("size=config.steps", "size=config.steps, loc=0.5"))
    code, output = build(walks)
    assert (code, executed(output)) == (0, {"where", "steps"})
    assert events(walks) == ["walk"] * 4


def test_a_stage_that_fails_stops_the_build_and_says_where(walks: FixtureBook) -> None:
    stage = walks.root / "fixture/walks/stage.py"
    good = stage.read_text(encoding="utf-8")
    stage.write_text(good.replace('    _log("walk")\n', '    _log("walk")\n    raise ValueError("the loss is NaN")\n'))
    line = 1 + stage.read_text(encoding="utf-8").splitlines().index('    _log("walk")') + 1
    for _ in range(2):
        code, output = build(walks)
        assert code == 1
        expected = (
            f"the first walk could not be made: ValueError: the loss is NaN (raised at fixture/walks/stage.py:{line})"
        )
        assert errors(output) == f"ERROR: {expected}\n"
        assert executed(output) == set()
        assert "Traceback" not in output
    stage.write_text(good)
    assert build(walks)[0] == 0


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("for", "fixture.walks.stage cannot be used: SyntaxError: "),
        ("import nosuch", "fixture.walks.stage cannot be used: ModuleNotFoundError: No module named 'nosuch' (raised "),
        ("import os, signal\nos.kill(os.getpid(), signal.SIGKILL)", "artefacts ended by itself (signal 9)"),
        ("import os, sys\nsys.stderr.write('odd\\n')\nos._exit(3)", "artefacts ended by itself (exit code 3): odd"),
    ],
)
def test_a_stage_that_cannot_be_used_is_told(walks: FixtureBook, code: str, message: str) -> None:
    walks.module("walks.stage", code)
    status, output = build(walks)
    assert status == 1
    assert message in errors(output)
    assert errors(output).count("ERROR") == 1
    if "SIGKILL" not in code:
        assert message in walks.here("--plan")[1]


def test_what_stages_print_comes_not_between(walks: FixtureBook) -> None:
    stage = walks.root / "fixture/walks/stage.py"
    stage.write_text(
        "print('{loud}')\n" + stage.read_text(encoding="utf-8").replace("from __future__ import annotations\n", "")
    )
    assert build(walks)[0] == 0


def test_an_interrupted_making_goes_on(walks: FixtureBook) -> None:
    stage = walks.root / "fixture/walks/stage.py"
    stage.write_text(stage.read_text(encoding="utf-8").replace("WalkConfig(1000)", "WalkConfig(100, 0.02)"))
    process = walks.start(WALK_LOG=str(walks.root / "log.txt"))
    while not list(walks.root.glob("_build/artefacts/first/*.checkpoint")):
        assert process.poll() is None
        time.sleep(0.02)
    process.send_signal(signal.SIGINT)
    output, _ = process.communicate(timeout=20)
    assert process.returncode == 130
    assert output.endswith("interrupted: chapters that had been executed are kept\n")
    assert "Traceback" not in output
    code, output = build(walks)
    assert code == 0, output
    assert any(line.startswith("resumed") for line in events(walks))


def test_only_stage_modules_are_wanted_each_once_for_a_profile() -> None:
    chapters = [(Profile(seed), ["a.stage", "a.stages", "stage_a", "b.c.stage"]) for seed in (0, 1, 0)]
    assert artefacts.wanted(chapters) == [
        (Profile(0), ["a.stage", "b.c.stage"]),
        (Profile(1), ["a.stage", "b.c.stage"]),
    ]
    assert artefacts.wanted([(Profile(), ["a.tools"])]) == []


def test_steps_are_told_in_few_lines_and_none_is_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[dict[str, object]] = []
    now = iter([10.0, 10.0, 10.05, 10.2, 10.2])
    monkeypatch.setattr(time, "monotonic", lambda: next(now))
    telling = Telling(told.append)
    telling.begin("base", "base model")
    telling.start(30, "steps")
    for _ in range(3):
        telling.advance(10, {})
    telling.end(1.5)
    assert json.loads(json.dumps(told)) == [
        {"event": "start", "title": "base model", "total": 30},
        {"event": "advance", "n": 10},
        {"event": "advance", "n": 20},
        {"event": "end", "name": "base", "seconds": 1.5},
    ]
