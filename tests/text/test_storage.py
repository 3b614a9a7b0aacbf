"""The tokenizer's file: it comes back the same, is replaced whole, and damage is noticed."""

import json
from pathlib import Path

import pytest

from alignbook.text.bpe import BPE

SMALL = BPE(((97, 98), (256, 99)), ("<|user|>", "<é>"))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "tokenizer.json"
    SMALL.save(path)
    return path


def test_a_tokenizer_comes_back_the_same(file: Path, trained: BPE) -> None:
    assert BPE.load(file) == SMALL
    assert BPE.load(str(file)).encode("abcab") == SMALL.encode("abcab")
    trained.save(file)
    assert BPE.load(file) == trained
    assert list(file.parent.iterdir()) == [file]


def test_equal_tokenizers_have_equal_files(file: Path) -> None:
    content = file.read_bytes()
    BPE.load(file).save(file)
    assert file.read_bytes() == content
    assert json.loads(content)["merges"] == [[97, 98], [256, 99]]


def test_a_save_that_fails_leaves_the_old_file(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: Path, target: Path) -> Path:
        raise OSError("disk full")

    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(OSError, match="disk full"):
        BPE(()).save(file)
    assert BPE.load(file) == SMALL
    assert list(file.parent.iterdir()) == [file]


def test_a_file_is_never_seen_half_written(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def write_half(self: Path, text: str, encoding: str) -> int:
        self.write_bytes(text[:20].encode(encoding))
        raise OSError("killed")

    monkeypatch.setattr(Path, "write_text", write_half)
    with pytest.raises(OSError, match="killed"):
        BPE(()).save(file)
    assert BPE.load(file) == SMALL


def damaged_digit(text: str) -> str:
    return text.replace("[97, 98]", "[97, 99]")


def damaged_name(text: str) -> str:
    return text.replace("<|user|>", "<|usel|>")


def without_merges(text: str) -> str:
    return json.dumps({key: value for key, value in json.loads(text).items() if key != "merges"})


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (lambda text: text[: len(text) // 2], "is damaged, it is not JSON .*: save the tokenizer again"),
        (lambda text: "", "is damaged, it is not JSON"),
        (damaged_digit, "is damaged, it does not match its own sha256: save the tokenizer again"),
        (damaged_name, "is damaged, it does not match its own sha256"),
        (without_merges, "is damaged, it does not match its own sha256"),
        (
            lambda text: text.replace('"version": 1', '"version": 2'),
            "has version 2 of the format, but this .* 1: train",
        ),
        (lambda text: text.replace('"version": 1, ', ""), "has version None of the format"),
        (lambda text: "[1, 2]", "must be a file that BPE.save has written, but it is something else"),
        (lambda text: '{"merges": []}', "must be a file that BPE.save has written"),
    ],
)
def test_a_damaged_or_foreign_file_is_refused(file: Path, damage: object, message: str) -> None:
    assert callable(damage)
    text = file.read_text(encoding="utf-8")
    changed = damage(text)
    assert changed != text
    file.write_text(changed, encoding="utf-8")
    with pytest.raises(ValueError, match=rf"tokenizer\.json {message}"):
        BPE.load(file)


def test_bytes_that_are_no_text_are_refused(file: Path) -> None:
    file.write_bytes(b"\xff\xfe\xfa")
    with pytest.raises(ValueError, match="is damaged, it is not JSON"):
        BPE.load(file)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"absent\.json"):
        BPE.load(tmp_path / "absent.json")
