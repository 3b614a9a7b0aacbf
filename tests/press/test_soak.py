"""Long trials of the press: ``nox -s soak`` runs them and prints what it saw.

They take many minutes, so the test suite leaves them out; the shorter cousins in ``test_interruptions.py`` stay in.
"""

from __future__ import annotations

import random
import shutil
import sys
import time
from pathlib import Path

import pytest
from tests.fixture_book import FixtureBook, executed

from alignbook.press.folder import BuildFolder
from alignbook.press.sphinx_run import plan
from alignbook.provenance import Sources

pytestmark = pytest.mark.soak

ROOT = Path(__file__).parents[2]
COLD_BUILDS, KILLS = 30, 10


@pytest.fixture
def chapters(book: FixtureBook) -> FixtureBook:
    """Eight chapters that compute a little, and quote each other."""
    book.module("shared", "N = 1\n")
    for number in range(8):
        work = f"import random\n\nrandom.seed({number})\nprint(sum(random.random() for _ in range(200_000)))"
        book.chapter(
            f"c{number}", "from fixture.shared import N\nfrom myst_nb import glue", work, f"glue('v{number}', N)"
        )
    quotes = "\n\n".join(f"Value {n} is {{glue:}}`c{n}.md::v{n}`." for n in range(8))
    book.page("quotes", f"# Quotes\n\n{quotes}\n")
    return book


def everything(book: FixtureBook) -> dict[str, bytes]:
    """All that a reader gets: pages, sources and notebooks, not the theme's own files."""
    kept = (path for path in book.html.rglob("*") if path.is_file() and "_static" not in path.parts)
    return {path.relative_to(book.html).as_posix(): path.read_bytes() for path in sorted(kept)}


def test_cold_builds(chapters: FixtureBook, capsys: pytest.CaptureFixture[str]) -> None:
    first, differing, failures, times = dict[str, bytes](), set[str](), [], []
    for _ in range(COLD_BUILDS):
        shutil.rmtree(chapters.root / "_build", ignore_errors=True)
        start = time.perf_counter()
        code, output = chapters.build(ALIGNBOOK_JOBS="4")
        times.append(time.perf_counter() - start)
        if code != 0 or len(executed(output)) != 8:
            failures.append(output)
        built = everything(chapters)
        first = first or built
        differing |= {name for name in first.keys() | built.keys() if first.get(name) != built.get(name)}
    with capsys.disabled():
        seen = f"{len(failures)} failed, {len(differing)} files differ, {sum(times) / len(times):.1f} s each"
        print(f"\n{COLD_BUILDS} cold builds, 4 jobs: {seen}")
    assert failures == []
    assert differing == set(), "all cold builds give the same bytes"


def test_kills(chapters: FixtureBook, capsys: pytest.CaptureFixture[str]) -> None:
    start = time.perf_counter()
    assert chapters.build()[0] == 0
    length, clean = time.perf_counter() - start, everything(chapters)
    rng, moments = random.Random(0), []
    for _ in range(KILLS):
        shutil.rmtree(chapters.root / "_build", ignore_errors=True)
        moments.append(rng.uniform(0.02, 1.0) * length)
        process = chapters.start()
        time.sleep(moments[-1])
        process.kill()
        process.communicate()
        code, output = chapters.build()
        assert code == 0, output
        assert everything(chapters) == clean
        assert chapters.build()[1].startswith("nothing changed")
    with capsys.disabled():
        shown = ", ".join(f"{moment:.1f}" for moment in sorted(moments))
        print(f"\n{KILLS} builds killed after {shown} s of {length:.1f}: each next build whole, equal to a clean one")


def test_two_builds_at_once(chapters: FixtureBook, capsys: pytest.CaptureFixture[str]) -> None:
    first = chapters.start()
    time.sleep(0.5)
    second = chapters.start()
    outputs = [process.communicate(timeout=300)[0] for process in (first, second)]
    with capsys.disabled():
        print("\n".join(["", "two builds at once:", *(line for text in outputs for line in text.splitlines())]))
    assert (first.returncode, second.returncode) == (0, 0)
    assert sum("another build of this book is running" in text for text in outputs) == 1
    assert sum(len(executed(text)) for text in outputs) == 8, "each chapter ran once"


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> RealBook:
    """A copy of the real book and package, built."""
    root = tmp_path_factory.mktemp("real")
    for name in ("book", "src", "_config.yml", "lock.txt", "CONTRIBUTING.md"):
        source = ROOT / name
        copy = shutil.copytree if source.is_dir() else shutil.copy
        copy(source, root / name)
    book = RealBook(root)
    code, output = book.build()
    assert code == 0, output
    book.names = executed(output)
    return book


def test_every_module_of_the_real_package(real: RealBook, capsys: pytest.CaptureFixture[str]) -> None:
    """A changed constant in any module of ``alignbook`` is planned for exactly the chapters that import it."""
    book, chapters, package = real, real.names, real.root / "src/alignbook"
    assert book.planned(capsys) == {}
    reach = {name: set(Sources({"alignbook": package}).reach(book.imports(name))) for name in chapters}
    hits = dict[str, int]()
    for path in sorted(package.rglob("*.py")):
        module = ".".join(["alignbook", *path.relative_to(package).with_suffix("").parts]).removesuffix(".__init__")
        if module.startswith("alignbook.press"):
            continue  # the press is what reads the plan; no chapter imports it
        before = path.read_bytes()
        path.write_bytes(before + b"\nCHANGED_BY_A_TEST = 1\n")
        expected = {name for name in chapters if module in reach[name]}
        assert set(book.planned(capsys)) == expected, module
        path.write_bytes(before)
        hits[module] = len(expected)
    assert book.planned(capsys) == {}
    with capsys.disabled():
        print("\n" + "\n".join(f"{module}: {count} of {len(chapters)} chapters" for module, count in hits.items()))


@pytest.mark.parametrize(
    ("module", "old", "new"),
    [
        ("pretraining/experiments/surprise.py", "(0.1, 0.2, 0.35, 0.35)", "(0.1, 0.2, 0.3, 0.4)"),
        ("pretraining/vocabulary.py", '"<unk>"', '"<unknown>"'),
        ("pretraining/counts.py", "return -np.log2(", "return -2 * np.log2("),
    ],
)
def test_changed_code_changes_the_real_book(real: RealBook, module: str, old: str, new: str) -> None:
    path = real.root / "src/alignbook" / module
    before, page = path.read_text(encoding="utf-8"), real.text("pretraining")
    assert old in before
    path.write_text(before.replace(old, new), encoding="utf-8")
    code, output = real.build()
    path.write_text(before, encoding="utf-8")
    assert (code, executed(output)) == (0, {"pretraining"})
    changed = real.text("pretraining")
    code, output = real.build()
    assert (code, executed(output), real.text("pretraining")) == (0, set(), page)
    assert changed != page


class RealBook(FixtureBook):
    """A copy of the real book, with a copy of the real package."""

    names: set[str]
    """The chapters that have code."""

    def __init__(self, root: Path) -> None:
        self.root, self.html = root, root / "_build/html"

    def environment(self, **extra: str) -> dict[str, str]:
        """Import the copied package instead of the installed one."""
        return {**super().environment(**extra), "PYTHONPATH": str(self.root / "src")}

    def imports(self, chapter: str) -> set[str]:
        """Names that a chapter's cells import, found in the plainest way."""
        text = (self.root / f"book/{chapter}.md").read_text(encoding="utf-8")
        words = [line.split() for line in text.splitlines() if line.startswith(("from alignbook", "import alignbook"))]
        return {f"{w[1]}.{name.strip(',')}" if w[0] == "from" else w[1] for w in words for name in w[3:] or [""]}

    def planned(self, capsys: pytest.CaptureFixture[str]) -> dict[str, str]:
        """What a build would execute, found without a process for each question."""
        finder = sys.modules["alignbook"].__spec__
        assert finder is not None
        capsys.readouterr()
        with pytest.MonkeyPatch.context() as patch:
            package = self.root / "src/alignbook"
            patch.setattr(Sources, "of", classmethod(lambda cls, _, folders=(): cls({"alignbook": package}, folders)))
            assert plan(self.root, BuildFolder(self.root / "_build")) == 0
        lines = capsys.readouterr().out.splitlines()
        return dict(line.split(": ", 1) for line in lines if ": " in line)
