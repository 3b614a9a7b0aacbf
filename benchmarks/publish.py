"""What a call of :mod:`alignbook.publish` costs in a cell: the milliseconds that it adds to the computing and drawing.

The calls run in an IPython shell as in a kernel, but for the socket. The drawing of a figure is measured apart: what
Matplotlib takes to draw it and to write it as SVG and as PDF. Medians of 21 calls.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence
from unittest import mock

from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output
from matplotlib.figure import Figure

from alignbook.publish import claim, figure, table, value
from alignbook.publish.figures import render

CALLS = 21
LIMIT = 50.0


def draw(drawn: Figure) -> None:
    """Draw four curves, as a chapter would."""
    axes = drawn.subplots()
    for power in range(4):
        axes.plot(range(50), [x ** (power / 3) for x in range(50)], label=f"power {power}")
    axes.set_xlabel("tokens read")
    axes.legend()


def milliseconds(call: Callable[[], object]) -> float:
    """Median time of a call; the first one, which imports, is left out."""
    times = []
    for _ in range(CALLS + 1):
        with capture_output():
            start = time.perf_counter()
            call()
            times.append(1000 * (time.perf_counter() - start))
    return statistics.median(times[1:])


def main() -> None:
    """Measure and print a table."""
    InteractiveShell.instance()
    cells: dict[str, Sequence[object]] = {"step": list(range(100)), "loss": [x / 7 for x in range(100)]}
    drawing = milliseconds(lambda: render(draw, "a"))
    with mock.patch("alignbook.publish.figures.render", return_value=render(draw, "a")):
        around = milliseconds(lambda: figure(draw, name="a", alt="A", caption="A"))
    costs = {
        "claim": milliseconds(lambda: claim("a", "A", True, evidence={"one": 1.0, "two": 2})),
        "value": milliseconds(lambda: value("a", 0.5, ".0%")),
        "table of 100 rows": milliseconds(lambda: table(cells, name="a", caption="A", formats={"loss": ".2f"})),
        "figure, but its drawing": around,
    }
    for name, cost in costs.items():
        print(f"{name:26} {cost:7.2f} ms   {'within' if cost <= LIMIT else 'ABOVE'} {LIMIT:.0f} ms")
    print(f"{'(drawing a figure)':26} {drawing:7.2f} ms")


if __name__ == "__main__":
    main()
