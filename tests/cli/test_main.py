"""The command line: quick help with examples, one line for whatever goes wrong, the exit codes that it promises."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

import alignbook
from alignbook.cli import chatting, training
from alignbook.cli.main import main
from alignbook.world.items import Turn

NO_RICH = "the command needs the package rich: pip install 'alignbook[cli]'"
NOT_YET = "stage 'evaluated' is not trained yet: this edition of the book ends at 'aligned-dpo'"


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    """Run the command here; exit code, standard output, standard error."""
    try:
        code = main(arguments)
    except SystemExit as end:
        code = int(end.code or 0)
    output = capsys.readouterr()
    return code, output.out, output.err


def python(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments], env={**os.environ, **environment}, capture_output=True, text=True, timeout=60
    )


def test_help_comes_at_once_and_loads_nothing_heavy() -> None:
    script = "import sys, alignbook.cli.main\nprint({'numpy', 'rich', 'filelock'} & set(sys.modules))"
    assert python("-c", script).stdout == "set()\n"
    fastest = 9.0
    for _ in range(5):  # of a few, on a busy machine
        start = time.perf_counter()
        result = python("-m", "alignbook", "--help")
        fastest = min(fastest, time.perf_counter() - start)
    assert result.returncode == 0
    assert "alignbook train --size tiny" in result.stdout
    assert fastest < 0.3


@pytest.mark.parametrize("command", ["train", "chat", "evaluate", "world"])
def test_each_command_has_help_with_examples(capsys: pytest.CaptureFixture[str], command: str) -> None:
    code, output, _ = run(capsys, command, "--help")
    assert code == 0
    assert f"examples:\n  alignbook {command}" in output


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, "--version") == (0, f"alignbook {alignbook.__version__}\n", "")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "the following arguments are required: command"),
        (["fly"], "invalid choice: 'fly'"),
        (["train", "--size", "huge"], "argument --size: invalid choice: 'huge'"),
        (["train", "--seed", "x"], "argument --seed: invalid int value: 'x'"),
        (["evaluate", "--count", "0"], "argument --count: must be at least 1, got 0"),
    ],
)
def test_wrong_usage_is_told(capsys: pytest.CaptureFixture[str], arguments: list[str], message: str) -> None:
    code, _, errors = run(capsys, *arguments)
    assert code == 2
    assert message in errors


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["train", "--stage", "fly"], "stage must be one of tokenizer, base, tuned, comparisons, reward, "),
        (["train", "--stage", "evaluated"], NOT_YET),
        (["chat", "--stage", "released"], NOT_YET.replace("evaluated", "released")),
        (["chat", "--stage", "tokenizer"], "stage 'tokenizer' does not speak: choose one of base, tuned, aligned"),
        (["chat", "--stage", "reward"], "stage 'reward' does not speak: choose one of base, tuned, aligned"),
        (["train", "--seed", "-1"], "seed must be 0 or more, got -1"),
        (["evaluate", "--family", "fly"], "family must be one of recall, "),
        (["chat", "--prompt", ""], "the prompt is empty: write something to answer"),
        (["chat", "--prompt", " \n"], "the prompt is empty: write something to answer"),
        (["chat", "--prompt", "caf\udce9"], "the prompt is not UTF-8 (character 4): save or type it as UTF-8"),
        (["chat", "--prompt", "word " * 50], "tokens, but this model looks at 128 with its reply: shorten it"),
        (["chat", "--stage", "base", "--system", "Hi", "--prompt", "x"], "leave --system out, or take 'tuned'"),
        (["chat", "--temperature", "-1", "--prompt", "x"], "temperature must be >= 0, got -1.0"),
        (["train", "--size", "book"], "recipe 'base' has no config for size 'book': add one, it has tiny"),
    ],
)  # fmt: skip
def test_what_goes_wrong_is_one_line(capsys: pytest.CaptureFixture[str], arguments: list[str], message: str) -> None:
    code, output, errors = run(capsys, *arguments)
    assert (code, output) == (1, "")
    line = [line for line in errors.splitlines() if line.startswith("alignbook: ") and "a note about" not in line]
    assert len(line) == 1
    assert message in line[0]
    assert "Traceback" not in errors


@pytest.mark.parametrize(
    ("error", "code", "message"),
    [
        (KeyboardInterrupt(), 130, "interrupted: the checkpoint is kept; run the same command to go on"),
        (FloatingPointError("the loss is NaN at step 3"), 1, "the loss is NaN at step 3"),
        (ModuleNotFoundError("none", name="rich"), 1, NO_RICH),
        (MemoryError(), 1, "the memory is used up: close other programs, or train with --size tiny"),
        (KeyError("x"), 1, "KeyError: 'x'"),
        (OSError("two\nlines"), 1, "two lines"),
    ],
)  # fmt: skip
def test_whatever_is_raised_is_told(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, error: BaseException, code: int, message: str
) -> None:
    def failing(*_: object) -> int:
        raise error

    monkeypatch.setattr(training, "train", failing)
    assert run(capsys, "train") == (code, "", f"alignbook: {message}\n")


def test_a_bad_environment_is_told(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALIGNBOOK_SEED", "x")
    expected = "alignbook: ALIGNBOOK_SEED must be a whole number, 0 or more, got 'x'\n"
    assert run(capsys, "train") == (1, "", expected)


def test_train_makes_then_keeps_and_sums_up(capsys: pytest.CaptureFixture[str], untrained: Path) -> None:
    code, output, errors = run(capsys, "train")
    assert code == 0
    assert [line.split()[:2] for line in errors.splitlines() if line.startswith("made")] == [
        ["made", "base"],
        ["made", "tuned"],
        ["made", "aligned"],
    ]
    assert "alignbook: a note about tiny" in errors
    rows = {cells[1].strip(): cells for line in output.splitlines() if len(cells := line.split("│")) > 5}
    assert rows["tuned"][3].strip() == "made"
    assert rows["tuned"][6].strip() == "loss 1.235, tokens 12,345"
    kilobytes = (untrained / "tuned/tiny-0-3.npz").stat().st_size / 1000
    assert rows["tuned"][5].strip() == f"{kilobytes:.0f}"
    code, output, errors = run(capsys, "train", "--stage", "base")
    assert (code, errors) == (0, "")
    assert "kept" in output
    assert "tuned" not in output


def test_chat_replies_the_same_each_time_and_explains(capsys: pytest.CaptureFixture[str]) -> None:
    for stage in ("base", "tuned", "aligned", "aligned-dpo"):
        code, once, _ = run(capsys, "chat", "--stage", stage, "--prompt", "Hello there")
        assert code == 0
        assert once.startswith("Hello there") == (stage == "base")
        assert run(capsys, "chat", "--stage", stage, "--prompt", "Hello there")[1] == once
    drawn = {run(capsys, "chat", "--prompt", "Hello", "--temperature", "1", "--draw", n)[1] for n in ("1", "2")}
    assert len(drawn) == 2
    code, explained, _ = run(capsys, "chat", "--prompt", "Hello", "--temperature", "1", "--explain")
    assert explained.count(">") >= 2
    assert "%" in explained


def test_a_conversation_reads_lines_and_ends_with_its_input(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("Hello\nAnd again\n" * 4))
    heard: list[list[str]] = []

    def answer(who: object, turns: list[Turn], *_: object) -> str:
        heard.append([turn.text for turn in turns])
        return "Yes."

    monkeypatch.setattr(chatting, "answer", answer)
    code, output, _ = run(capsys, "chat", "--system", "Be kind.")
    assert code == 0
    assert heard[:2] == [["Be kind.", "Hello"], ["Be kind.", "Hello", "Yes.", "And again"]]
    assert len(heard) == 8
    assert heard[-1][0] == "Be kind."
    assert len(heard[-1]) < 16  # the beginning was forgotten
    assert "its beginning is forgotten" in output


def test_piped_bytes_that_are_no_text_are_told(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"caf\xe9\n"), encoding="utf-8"))
    code, _, errors = run(capsys, "chat")
    assert code == 1
    assert errors.endswith("alignbook: the prompt is not UTF-8 (character 4): save or type it as UTF-8\n")


def test_evaluate_grades_one_family_or_all(capsys: pytest.CaptureFixture[str]) -> None:
    code, output, _ = run(capsys, "evaluate", "--family", "recall", "--count", "5")
    assert code == 0
    rows = [line for line in output.splitlines() if "│" in line]
    assert len(rows) >= 5
    assert all(" 5 " in row for row in rows)
    assert "0%–43%" in output  # Wilson's interval of 0 in 5
