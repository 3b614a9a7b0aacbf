"""Figures: themed, the same in every run, readable without the colours, and described."""

from __future__ import annotations

import itertools
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import matplotlib as mpl
import pytest
from matplotlib.figure import Figure
from tests.publish.conftest import Run

from alignbook.publish import INK, RULE, SERIES, figure
from alignbook.publish.figures import render, themed

STYLES = Path(__file__).parents[2] / "src/alignbook/press/static/publishing.css"
DARK = ("#4678e0", "#ffa54d", "#cdeeff", "#868079")


def draw(drawn: Figure) -> None:
    axes = drawn.subplots()
    for power in range(8):
        axes.plot(range(1, 9), [x ** (power / 4) for x in range(1, 9)], label=f"$x^{power}$")
    axes.fill_between([1, 8], [1, 2], alpha=0.2, hatch="//")
    axes.set_xlabel('steps "now" & <then>')
    axes.legend()


def svg(name: str = "a.b", alt: str = "Eight curves.", drawing: Callable[[Figure], object] = draw) -> str:
    return themed(render(drawing, name)[0], name, alt)


@pytest.fixture(scope="module")
def shown() -> str:
    return svg()


def test_the_bytes_are_the_same_in_every_process() -> None:
    code = (
        "import hashlib, sys; sys.path.insert(0, '.')\n"
        "from tests.publish.test_figures import draw, render, themed\n"
        "svg, pdf = render(draw, 'a.b')\n"
        "print(hashlib.sha256(themed(svg, 'a.b', 'x').encode() + pdf).hexdigest())"
    )
    command = [sys.executable, "-c", code]
    root = Path(__file__).parents[2]
    first, second = (subprocess.run(command, capture_output=True, text=True, check=True, cwd=root) for _ in range(2))
    assert first.stdout == second.stdout != ""


def test_a_readers_own_settings_change_nothing(shown: str) -> None:
    with mpl.rc_context({"lines.linewidth": 9, "font.size": 30, "svg.fonttype": "path", "axes.facecolor": "red"}):
        assert svg() == shown
        assert mpl.rcParams["lines.linewidth"] == 9, "and are left as they were"


def test_it_is_well_formed_and_described(shown: str) -> None:
    root = ElementTree.fromstring(svg(alt='Curves "a" & <b>.'))
    assert (root.get("role"), root.get("aria-label")) == ("img", 'Curves "a" & <b>.')
    assert root.get("viewBox") == "0 0 302.4 194.4"
    texts = [element.text for element in root.iter("{http://www.w3.org/2000/svg}text")]
    assert 'steps "now" & <then>' in texts, "text stays text"


def test_it_brings_no_style_of_the_page_no_date_and_no_file(shown: str) -> None:
    for absent in ("<style", "<metadata", "DejaVu", "http://matplotlib", "<?xml", "DOCTYPE"):
        assert absent not in shown


def test_every_colour_follows_the_theme(shown: str) -> None:
    literal = re.findall(r"(?<!, )#[0-9a-f]{6}", shown)
    assert literal == [], "colours appear only as fallbacks of variables"
    for number, colour in enumerate(SERIES, 1):
        assert f"var(--ab-c{number}, {colour})" in shown
    assert f"var(--ab-ink, {INK})" in shown
    assert f"var(--ab-rule, {RULE})" in shown


def test_the_stylesheet_knows_both_palettes() -> None:
    styles = STYLES.read_text(encoding="utf-8")
    for number, (light, dark) in enumerate(zip(SERIES, DARK, strict=True), 1):
        assert f"--ab-c{number}: {light};" in styles
        assert f"--ab-c{number}: {dark};" in styles
        assert f"--ab-c{number}: light-dark({light}, {dark});" in styles
    for role in ("--ab-ink", "--ab-rule", *(f"--ab-c{number}" for number in range(1, 5))):
        assert styles.count(f"{role}:") >= 3, "on the page, in print, and in forced colours"


def test_series_differ_without_their_colours() -> None:
    looks = []

    def lines(drawn: Figure) -> None:
        axes = drawn.subplots()
        for _ in range(8):
            (line,) = axes.plot([1, 2])
            looks.append((line.get_color(), line.get_marker(), line.get_linestyle(), line._dash_pattern))  # type: ignore[attr-defined]

    render(lines, "a")
    for one, other in itertools.combinations(looks, 2):
        assert one[1] != other[1], "markers differ"
    dashes = [str(look[3]) for look in looks[:4]]
    assert len(set(dashes)) == 4, "dashes differ while colours do"
    assert [look[0] for look in looks[:4]] == list(SERIES)


def test_long_lines_carry_few_markers() -> None:
    def lines(drawn: Figure) -> None:
        axes = drawn.subplots()
        axes.plot(range(1000))
        axes.plot(range(40))

    def markers(text: str) -> list[int]:
        uses = re.findall(r"<use [^>]*ab-c(\d)", text)
        return [uses.count("1"), uses.count("2")]

    long, short = markers(svg(drawing=lines))
    assert short == 40
    assert 5 < long < 20


def test_coordinates_are_no_finer_than_can_be_seen(shown: str) -> None:
    coordinates = " ".join(re.findall(r' (?:d|x|y)="([^"]*)"', shown))
    assert re.findall(r"\.\d{3}", coordinates) == []
    assert len(re.findall(r"\.\d", coordinates)) > 100


def test_drawing_is_silent_on_a_machine_where_matplotlib_never_ran(tmp_path: Path) -> None:
    in_the_way = tmp_path / "file"
    in_the_way.write_text("no folder")
    code = "from alignbook.publish.figures import render; render(lambda figure: figure.subplots(), 'a')"
    environment = {**os.environ, "MPLCONFIGDIR": str(in_the_way / "folder")}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment)
    assert done.stderr == "", "what a cell writes to stderr stops the build"


def test_two_figures_share_no_id(shown: str) -> None:
    def ids(text: str) -> set[str]:
        return set(re.findall(r' id="([^"]+)"', text))

    other = svg("a.c")
    assert ids(shown)
    assert not ids(shown) & ids(other)
    for text in (shown, other):
        assert set(re.findall(r'(?:href="#|url\(#)([^")]+)', text)) == ids(text), "every reference leads somewhere"


def test_a_quotation_mark_in_a_text_hides_no_colour() -> None:
    def quoting(drawn: Figure) -> None:
        drawn.subplots().plot([1, 2], label='an odd " mark')
        drawn.axes[0].legend()

    assert re.findall(r"(?<!, )#[0-9a-f]{6}", svg(drawing=quoting)) == []


def test_what_is_published(run: Run) -> None:
    (output,) = run("figure(lambda f: f.subplots().plot([1, 2]), name='c', alt='A line.', caption='It rises, $x$.')")
    assert set(output["data"]) == {
        "application/vnd.alignbook+json",
        "application/pdf",
        "image/svg+xml",
        "text/plain",
    }
    assert output["data"]["text/plain"] == "Figure: A line."
    assert output["data"]["application/pdf"].startswith("JVBERi0"), "a PDF"


@pytest.mark.parametrize(
    ("alt", "caption", "message"),
    [
        ("", "It rises.", "figure 'c': alt must be a text, got ''"),
        (
            "curve.png",
            "It rises.",
            "figure 'c': alt must say what the figure shows, got the name of a file, 'curve.png'",
        ),
        ("A line.", "  ", "figure 'c': caption must be a text, got '  '"),
    ],
)
def test_a_figure_that_is_not_described_is_not_drawn(alt: str, caption: str, message: str) -> None:
    def never(drawn: Figure) -> None:
        raise AssertionError("drawn")

    with pytest.raises(ValueError, match="figure 'c'") as caught:
        figure(never, name="c", alt=alt, caption=caption)
    assert str(caught.value) == message
