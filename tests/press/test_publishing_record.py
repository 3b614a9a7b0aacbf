"""The record: no number moves unnoticed, none is recorded by itself, and what a hand has set is kept."""

from __future__ import annotations

import json
import math
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from unittest import mock

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.fixture_book import FixtureBook, errors, executed

from alignbook.press.folder import BuildFolder
from alignbook.press.publishing import recorded
from alignbook.press.publishing.recorded import Entry, Number, RecordError
from alignbook.press.publishing.records import Record

MODEL = "LOSS, STEPS = 0.25, 3\n"
CELL = """from alignbook.publish import claim, value
from fixture.model import LOSS, STEPS

claim("one.low", "The loss is low", LOSS < 0.3, evidence={"loss": LOSS, "steps": STEPS})
value("one.loss", LOSS, ".2f", tolerance=0.01)
value("one.steps", STEPS)"""
RECORD = """{
 "one.loss": {"recorded": 0.25},
 "one.low[loss]": {"recorded": 0.25, "tolerance": 2e-07},
 "one.low[steps]": {"recorded": 3, "tolerance": 0.0},
 "one.steps": {"recorded": 3, "tolerance": 0.0}
}
"""


@pytest.fixture(scope="module")
def once(tmp_path_factory: pytest.TempPathFactory) -> FixtureBook:
    """One book for the whole module, so that its chapters are executed once."""
    book = FixtureBook(tmp_path_factory.mktemp("book"))
    book.chapter("one", CELL)
    book.chapter("two", "from alignbook.publish import value\n\nvalue('two.share', 0.5, '.0%')")
    return book


@pytest.fixture
def built(once: FixtureBook) -> FixtureBook:
    """The book, recorded as it is."""
    shutil.rmtree(once.root / "book/recorded", ignore_errors=True)
    once.module("model", MODEL)
    once.chapter("two", "from alignbook.publish import value\n\nvalue('two.share', 0.5, '.0%')")
    code, output = once.here("--record")
    assert code == 0, output
    return once


def record_of(book: FixtureBook, chapter: str) -> Path:
    return book.root / f"book/recorded/{chapter}.json"


def test_recording_writes_a_file_a_chapter_and_says_what_is_new(built: FixtureBook) -> None:
    assert record_of(built, "one").read_text(encoding="utf-8") == RECORD
    built.chapter("three", "from alignbook.publish import value\n\nvalue('three.n', 3)")
    (output,) = [line for line in built.here("--record")[1].splitlines() if line.startswith("recorded ")]
    assert output == "recorded three: three.n (none) -> 3"
    assert "the record is as the book is: nothing to write\n" in built.here("--record")[1]
    assert built.here()[0] == 0
    assert built.here()[1].startswith("nothing changed")
    (built.root / "book/three.md").unlink()
    built.chapters.remove("three")
    built.chapter("two", "print(2)")
    output = built.here("--record")[1]
    assert "recorded three: three.n 3 -> (none)\nrecorded two: two.share 0.5 -> (none)\n" in output
    assert [path.name for path in (built.root / "book/recorded").iterdir()] == ["one.json"]


def test_drift_is_told_in_a_table_until_it_is_mended_or_accepted(built: FixtureBook) -> None:
    built.module("model", MODEL.replace("0.25", "0.27").replace("3", "4"))
    for _ in range(2):
        code, output = built.here()
        assert code == 1
        assert output.partition("book/one")[1:] == (
            "book/one",
            ".md:13: ERROR: 4 recorded numbers have moved: find out why, then mend it, or accept it with nox -s "
            "record\n"
            "chapter         value           recorded  now   tolerance\n"
            "book/one.md:13  one.low[loss]   0.25      0.27  2e-07\n"
            "book/one.md:13  one.low[steps]  3         4     0\n"
            "book/one.md:14  one.loss        0.25      0.27  0.01\n"
            "book/one.md:15  one.steps       3         4     0\n"
            "ERROR: the book was built, but not accepted: there are warnings about one\n",
        )
    code, output = built.here("--record")
    assert (code, executed(output)) == (0, set())
    assert "recorded one: one.loss 0.25 -> 0.27\n" in output
    assert built.here()[0] == 0


def test_what_stays_within_its_tolerance_passes_and_is_not_recorded_anew(built: FixtureBook) -> None:
    path = record_of(built, "one")
    text = path.read_text(encoding="utf-8").replace("2e-07", "0.02")
    path.write_text(text, encoding="utf-8")
    built.module("model", MODEL.replace("0.25", "0.255"))
    code, output = built.here()
    assert (code, executed(output)) == (0, {"one"}), output
    assert built.here("--record")[0] == 0
    assert path.read_text(encoding="utf-8") == text


def test_a_tolerance_set_by_hand_is_kept_when_the_number_is_recorded_anew(built: FixtureBook) -> None:
    path = record_of(built, "one")
    path.write_text(path.read_text(encoding="utf-8").replace("2e-07", "0.004"), encoding="utf-8")
    built.module("model", MODEL.replace("0.25", "0.27"))
    assert built.here("--record")[0] == 0
    assert json.loads(path.read_text(encoding="utf-8"))["one.low[loss]"] == {"recorded": 0.27, "tolerance": 0.004}


def test_numbers_without_record_and_records_without_number_are_told(built: FixtureBook) -> None:
    record_of(built, "two").rename(record_of(built, "gone"))
    record_of(built, "one").write_text(RECORD.replace("one.steps", "one.stops"), encoding="utf-8")
    for _ in range(2):
        code, output = built.here()
        assert (code, executed(output)) == (1, set())
        assert errors(output).splitlines() == [
            "book/recorded/gone.json:1: ERROR: there is no chapter 'gone' any more: delete the file, or run nox -s "
            "record",
            "book/one.md:15: ERROR: value 'one.steps' is not recorded yet: run nox -s record",
            "book/recorded/one.json:5: ERROR: 'one.stops' is recorded, but its chapter publishes it no more: "
            "run nox -s record",
            "book/two.md:12: ERROR: value 'two.share' is not recorded yet: run nox -s record",
            "ERROR: the book was built, but not accepted: there are warnings about one, two, the record",
        ]
    assert built.here("--record")[0] == 0
    assert not record_of(built, "gone").exists()
    assert record_of(built, "one").read_text(encoding="utf-8") == RECORD
    assert built.here()[0] == 0


def test_without_a_record_every_number_is_missed(built: FixtureBook) -> None:
    for path in (built.root / "book/recorded").iterdir():
        path.unlink()
    code, output = built.here()
    assert code == 1
    assert output.count("is not recorded yet: run nox -s record") == 5


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        (
            '{\n "a": {',
            2,
            "malformed JSON: Expecting property name enclosed in double quotes; mend it, or delete the file",
        ),
        ("[1]", 1, "it must be a JSON object; delete the file and run nox -s record"),
        ('{\n "a": 1}', 2, '\'a\' must be {"recorded": number, "tolerance": number, 0 or more}, got 1'),
        ('{\n\n "a": {"recorded": "1"}}', 3, "'a' must be"),
        ('{\n "a": {"recorded": 1, "tolerance": -1}}', 2, "'a' must be"),
        ('{\n "a": {"recorded": 1, "tolerance": true}}', 2, "'a' must be"),
        ('{\n "a": {"recorded": 1, "tolerence": 1}}', 2, "'a' must be"),
        ('{\n "a": {"recorded": NaN}}', 1, "it cannot be read: NaN is no number; delete the file"),
        ('{\n "a": {"recorded": 1},\n "a": {"recorded": 2}}', 3, "'a' stands here twice: keep one"),
        (b"{\xff}", 1, "it cannot be read: 'utf-8' codec can't decode"),
    ],
)
def test_a_malformed_record_is_located(tmp_path: Path, text: str | bytes, line: int, message: str) -> None:
    path = tmp_path / "one.json"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(RecordError) as caught:
        recorded.read(path)
    assert (caught.value.path, caught.value.line) == (path, line)
    assert str(caught.value).startswith(message)


def test_a_malformed_record_stops_the_build_and_is_not_written_over(built: FixtureBook) -> None:
    record_of(built, "one").write_text("{", encoding="utf-8")
    built.chapter("two", "from alignbook.publish import value\n\nvalue('two.share', 0.6, '.0%')")
    before = record_of(built, "two").read_text(encoding="utf-8")
    for arguments in ([], ["--record"], []):
        code, output = built.here(*arguments)
        assert code == 1
        assert "book/recorded/one.json:1: ERROR: malformed JSON: Expecting property name" in output
    assert record_of(built, "one").read_text(encoding="utf-8") == "{"
    assert record_of(built, "two").read_text(encoding="utf-8") == before, "nothing is written while anything is wrong"


@pytest.mark.parametrize("variable", ["ALIGNBOOK_SEED", "ALIGNBOOK_SIZE", "ALIGNBOOK_CLAIMS"])
def test_only_the_book_itself_is_recorded_and_compared(built: FixtureBook, variable: str) -> None:
    extra = {variable: {"ALIGNBOOK_SEED": "1", "ALIGNBOOK_SIZE": "tiny", "ALIGNBOOK_CLAIMS": "record"}[variable]}
    assert built.here("--record", **extra) == (
        1,
        "ERROR: the record is of seed 0, size book and claims enforced: unset ALIGNBOOK_...\n",
    )
    built.module("model", MODEL.replace("0.25", "0.29"))
    code, output = built.here(**extra)
    assert code == 0, output


def test_a_record_that_cannot_be_written_is_one_line_and_the_old_one_is_kept(built: FixtureBook) -> None:
    built.module("model", MODEL.replace("0.25", "0.27"))
    full = OSError(28, "No space left on device", "somewhere")
    with mock.patch("pathlib.Path.replace", side_effect=full):
        code, output = built.here("--record")
    assert code == 1
    assert "ERROR: no space left on the disk" in output
    assert record_of(built, "one").read_text(encoding="utf-8") == RECORD
    assert [path.name for path in sorted(record_of(built, "one").parent.iterdir())] == ["one.json", "two.json"]


def test_two_at_once_lose_nothing(built: FixtureBook) -> None:
    built.module("model", MODEL.replace("0.25", "0.27"))
    with BuildFolder(built.root / "_build").locked():
        processes = [built.start("--record") for _ in range(2)]
        waiting = [process.stdout.readline() for process in processes if process.stdout]
    outputs = [process.communicate(timeout=120)[0] for process in processes]
    assert [process.returncode for process in processes] == [0, 0], outputs
    assert waiting == ["another build of this book is running: waiting for it to end\n"] * 2
    assert sum("recorded one" in output for output in outputs) == 1, outputs
    assert record_of(built, "one").read_text(encoding="utf-8") == RECORD.replace("0.25", "0.27")


def test_two_writers_of_one_file_leave_it_whole(tmp_path: Path) -> None:
    path = tmp_path / "one.json"
    code = (
        "import sys; from pathlib import Path\n"
        "from alignbook.press.publishing.recorded import Entry, write\n"
        "for turn in range(30):\n"
        "    write(Path(sys.argv[1]), {f'key-{n}': Entry(n) for n in range(int(sys.argv[2]) + turn % 2)})"
    )
    sizes = 1, 300
    writers = [subprocess.Popen([sys.executable, "-c", code, str(path), str(size)]) for size in sizes]
    seen = set()
    while any(writer.poll() is None for writer in writers):
        seen.add(len(recorded.read(path)))
    assert [writer.returncode for writer in writers] == [0, 0]
    assert seen <= {0, 1, 2, 300, 301}
    assert [found.name for found in tmp_path.iterdir()] == ["one.json"]


numbers = st.one_of(st.booleans(), st.integers(-(10**9), 10**9), st.floats(-1e9, 1e9))


@given(st.dictionaries(st.text(max_size=8), st.builds(Entry, numbers, st.none() | st.floats(0, 1e9)), min_size=1))
def test_what_is_written_is_read_back(entries: dict[str, Entry]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "one.json")
        recorded.write(path, entries)
        assert recorded.read(path) == entries
        assert len(path.read_text(encoding="utf-8").split("\n")) >= len(entries) + 3, "a line each"


def number(now: float, tolerance: float | None = None) -> Number:
    return Number("a", now, tolerance, Record("one", 1, {"kind": "value", "name": "a"}))


@given(numbers, numbers, st.none() | st.floats(0, 1e6), st.none() | st.floats(0, 1e6))
def test_a_number_that_was_just_recorded_has_not_drifted(
    old: float, now: float, tolerance: float | None, by_hand: float | None
) -> None:
    published = number(now, tolerance)
    entry = published.entry(Entry(old, by_hand))
    assert not published.drifted(entry)
    assert published.entry(entry) == entry, "recording again changes nothing"
    if tolerance is None and by_hand is not None:
        assert entry.tolerance == by_hand
    if not published.drifted(Entry(old, by_hand)):
        assert entry.recorded == old


@given(st.floats(-1e6, 1e6), st.floats(1e-6, 1e3))
def test_drift_is_what_lies_outside_the_tolerance(center: float, tolerance: float) -> None:
    assert not number(center + 0.99 * tolerance, tolerance).drifted(Entry(center))
    assert number(center - 1.01 * tolerance, tolerance).drifted(Entry(center))


def test_counts_and_verdicts_may_not_move_at_all_and_floats_by_a_millionth() -> None:
    assert number(4).drifted(Entry(3))
    assert number(False).drifted(Entry(True))
    assert number(1).drifted(Entry(True)), "a verdict is no count"
    assert number(0.5 * (1 + 5e-6)).drifted(Entry(0.5))
    assert not number(math.nextafter(0.5, 1)).drifted(Entry(0.5))
    assert not number(1e-15).drifted(Entry(0.0))
