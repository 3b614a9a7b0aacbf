"""Figures: drawn once, shown as an inline SVG that follows the page's theme, and as a vector PDF in print."""

from __future__ import annotations

import base64
import html
import io
import logging
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from alignbook.publish.outputs import Output, checked_name, checked_text

if TYPE_CHECKING:
    from matplotlib.figure import Figure

INK, RULE = "#222832", "#d1d5da"
"""Colours of text and axes, and of the lines of a grid."""

SERIES = ("#12355b", "#d1600a", "#2a93d5", "#6b6b6b")
"""Colours of the data, in the order in which lines take them. They can be told apart under every kind of colour vision,
and stand out from light and dark pages; each comes with a marker and a dash of its own all the same."""

_VARIABLES = {INK: "--ab-ink", RULE: "--ab-rule", **{colour: f"--ab-c{n}" for n, colour in enumerate(SERIES, 1)}}
_DASHES = ("-", (0, (5, 2)), (0, (6, 2, 1, 2)), (0, (1.5, 1.5)), "-", (0, (5, 2)), (0, (6, 2, 1, 2)), (0, (1.5, 1.5)))
_MARKERS = ("o", "s", "^", "D", "v", "P", "X", "*")
_MANY = 40
"""From so many points on, a line carries a marker at every tenth of its length only."""

_IMAGE_FILE = re.compile(r"\S+\.(?:png|jpe?g|gif|svg|webp|pdf)", re.I)
_PAGE_FONT = "var(--pst-font-family-base, sans-serif)"


def figure(draw: Callable[[Figure], object], *, name: str, alt: str, caption: str) -> None:
    """Draw a figure; prose refers to it as ``{numref}`fig-name```.

    Colours of :data:`SERIES`, :data:`INK` and :data:`RULE` change with the theme of the page, others do not.

    Parameters
    ----------
    draw
        Draws on the Matplotlib figure that it is given: ``axes = figure.subplots()``. Its width suits a small screen;
        ``figure.set_figheight`` changes the height.
    name
        Unique in the whole book.
    alt
        What the figure shows, for those who cannot see it: a sentence or two, with what there is to notice.
    caption
        What the figure shows and what to notice in it, in MyST.

    Raises
    ------
    ValueError
        If the text alternative or the caption says nothing.
    """
    figure_output(draw, name=name, alt=alt, caption=caption).publish()


def figure_output(draw: Callable[[Figure], object], *, name: str, alt: str, caption: str) -> Output:
    """Draw a figure as `figure` does, to be shown as a part of something else."""
    what = f"figure {checked_name('figure', name)!r}"
    alt = checked_text(f"{what}: alt", alt)
    if _IMAGE_FILE.fullmatch(alt):
        raise ValueError(f"{what}: alt must say what the figure shows, got the name of a file, {alt!r}")
    caption = checked_text(f"{what}: caption", caption)
    svg, pdf = render(draw, name)
    record = {"kind": "figure", "name": name, "alt": alt, "caption": caption}
    parts = {"image/svg+xml": themed(svg, name, alt), "application/pdf": base64.b64encode(pdf).decode()}
    return Output(record, f"Figure: {alt}", parts)


def render(draw: Callable[[Figure], object], name: str) -> tuple[str, bytes]:
    """Draw once; the same bytes in every run.

    Returns
    -------
    tuple of str and bytes
        The SVG as Matplotlib writes it, and the PDF.
    """
    with _style(name):
        from matplotlib.figure import Figure

        drawn, svg, pdf = Figure(), io.BytesIO(), io.BytesIO()
        draw(drawn)
        for line in (line for axes in drawn.axes for line in axes.lines):
            if len(line.get_xdata(orig=False)) > _MANY and line.get_markevery() is None:  # type: ignore[arg-type]
                line.set_markevery(0.1)
        drawn.savefig(svg, format="svg", metadata={"Date": None})
        drawn.savefig(pdf, format="pdf", metadata={"CreationDate": None})
    return svg.getvalue().decode(), pdf.getvalue()


@contextmanager
def _style(name: str) -> Iterator[None]:
    """Matplotlib's settings while a figure is drawn."""
    noise, level = logging.getLogger("matplotlib"), logging.getLogger("matplotlib").level
    noise.setLevel(logging.ERROR)  # its first run on a machine says on stderr that it looks for fonts
    import matplotlib as mpl

    try:
        with mpl.rc_context():
            mpl.rcdefaults()  # a reader's own matplotlibrc must not change the book
            mpl.rcParams.update(_settings(name))
            yield
    finally:
        noise.setLevel(level)


def _settings(name: str) -> dict[Any, Any]:
    """The look of the book's figures."""
    from matplotlib.rcsetup import cycler

    return {
        "axes.edgecolor": INK,
        "axes.facecolor": "none",
        "axes.grid": True,
        "axes.labelcolor": INK,
        "axes.prop_cycle": cycler(color=[*SERIES, *SERIES], linestyle=_DASHES, marker=_MARKERS),
        "axes.spines.right": False,
        "axes.spines.top": False,
        "axes.titlecolor": INK,
        "axes.titlesize": "medium",
        "figure.constrained_layout.use": True,
        "figure.facecolor": "none",
        "figure.figsize": (4.2, 2.7),
        "font.family": "sans-serif",
        "font.size": 10,
        "grid.color": RULE,
        "grid.linewidth": 0.6,
        "hatch.color": INK,
        "image.cmap": "cividis",
        "legend.frameon": False,
        "lines.markersize": 5,
        "patch.edgecolor": INK,
        "savefig.transparent": True,
        "svg.fonttype": "none",
        "svg.hashsalt": name,
        "text.color": INK,
        "xtick.color": INK,
        "ytick.color": INK,
    }


def themed(svg: str, name: str, alt: str) -> str:
    """An SVG that can stand in a page: it takes the page's colours and font, and shares no id with another one.

    Parameters
    ----------
    svg
        As Matplotlib writes it.
    name
        The figure's name, from which its ids are made.
    alt
        Its text alternative.
    """
    svg = svg[svg.index("<svg") :].strip()
    svg = re.sub(r"<metadata>.*?</metadata>\s*", "", svg, flags=re.S)
    svg = re.sub(r"<defs>\s*<style.*?</style>\s*</defs>\s*", "", svg, count=1, flags=re.S)  # it would style the page
    used = set(re.findall(r'(?:href="#|url\(#)([^")]+)', svg))
    prefix = f"fig-{name.replace('.', '-')}-"
    svg = re.sub(r' id="([^"]*)"', lambda found: f' id="{prefix}{found[1]}"' if found[1] in used else "", svg)
    svg = re.sub(r'(href="#|url\(#)', rf"\g<1>{prefix}", svg)
    svg = re.sub(r"font-family: 'DejaVu Sans'[^;\"]*", f"font-family: {_PAGE_FONT}", svg)
    svg = re.sub(r' fill="(#\w+)"', r' style="fill: \1"', svg)  # under a hatch; only a style can hold a variable
    svg = re.sub(r'style="[^"]*"', _with_variables, svg)
    svg = re.sub(r' (?:d|x|y)="[^"]*"', _rounded, svg)
    svg = re.sub(r"\s*\n\s*", "\n", svg)
    attributes = f'class="ab-figure" role="img" aria-label="{html.escape(alt)}"'
    return svg.replace("<svg ", f'<svg {attributes} style="stroke-linejoin: round; stroke-linecap: butt" ', 1)


def _with_variables(attribute: re.Match[str]) -> str:
    """A style with each colour of the palette as a variable of the page, the colour itself as its fallback."""
    text = attribute[0]
    for colour, variable in _VARIABLES.items():
        text = text.replace(colour, f"var({variable}, {colour})")
    return text


def _rounded(attribute: re.Match[str]) -> str:
    """Coordinates to a hundredth of a point: half the bytes, and the same ones whatever a machine's last digits are."""
    return re.sub(r"-?\d+\.\d{3,}", lambda number: f"{float(number[0]):.2f}".rstrip("0").rstrip("."), attribute[0])
