"""*A model gets less wrong*, ready for a page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from alignbook.pretraining.experiments.neuron import NeuronResult
from alignbook.pretraining.letters import vowel_windows
from alignbook.publish.demos.demo import Demo
from alignbook.publish.demos.downhill.walking import Kinds, contours, kinds, stand, walk
from alignbook.publish.figures import INK, figure_output

if TYPE_CHECKING:
    from matplotlib.figure import Figure

SPAN = (-4.0, 2.0)
"""The map: weights and biases from here to there."""

RATES = (0.05, 0.2, 0.5, 1.0, 2.0, 4.0, 5.0, 6.0, 7.0, 8.0, 10.0, 20.0, 40.0)
TOLERANCE = 0.001
"""A walk has arrived within so many bits of the best."""

MOST_STEPS = 200
_LEVELS = (0.81, 0.83, 0.86, 0.9, 0.95, 1.0, 1.1, 1.25, 1.5, 1.75, 2.0, 2.5, 3.0, 3.5, 4.0, 4.5)


@dataclass(frozen=True)
class Downhill:
    """The demo, and how far the walks in it are from those of the experiment.

    Parameters
    ----------
    demo : Demo
        To be returned by a cell.
    largest_gap : float
        The largest difference, in bits, between the experiment's walks over all letters and the demo's over the counts,
        at learning rates that arrive. (At larger ones no two programs agree for long: rounding errors grow as well.)
    """

    demo: Demo
    largest_gap: float


def downhill(result: NeuronResult, *, name: str = "downhill") -> Downhill:
    """Make the demo.

    Parameters
    ----------
    result : NeuronResult
        What the experiment with one neuron found.
    name : str
        Of the demo on its page.
    """
    found = kinds(*vowel_windows(result.text))
    best, limit = result.counted.best, result.largest_stable_rate
    gaps = [
        abs(here.bits - there)
        for descent in result.descents
        if descent.learning_rate < limit
        for here, there in zip(
            walk(found, 0.0, 0.0, descent.learning_rate, len(descent.surprise_bits) - 1),
            descent.surprise_bits,
            strict=True,
        )
    ]
    static = figure_output(
        lambda figure: _draw(figure, found),
        name=name,
        alt="Contour map of the loss over weight and bias, an oval valley with its lowest point near the middle. A "
        "path of small steps has come half of the way. A path of medium steps goes straight to the lowest point. A "
        "path of large steps jumps from one side of the valley to the other.",
        caption="Ten steps downhill from the same start with three learning rates, on the map of the loss. Notice that "
        "the longest steps go across the valley, not along it.",
    )
    demo = Demo(
        name=name,
        element="ab-downhill",
        title="A model gets less wrong",
        says="The map shows how wrong the neuron is for every weight and bias: each line joins points of equal "
        "surprise. Choose where it starts and how long its steps are, and let it go downhill.",
        tries=(
            "Ten steps with a small learning rate, then ten more. How many does it need to arrive?",
            f"Find the largest learning rate that still arrives. The curvature predicts a border at {limit:.2f}.",
            "Start far out, where the map is flat in one direction. Which way does the first step go?",
        ),
        data={
            "kinds": found,
            "span": SPAN,
            "contours": contours(found, SPAN, _LEVELS),
            "rates": RATES,
            "best": {"w": best.weights[0], "b": best.bias, "bits": result.counted.best_bits},
            "tolerance": TOLERANCE,
            "steps": MOST_STEPS,
        },
        static=static,
    )
    return Downhill(demo, max(gaps))


def _draw(figure: Figure, found: Kinds) -> None:
    figure.set_figheight(3.8)
    axes = figure.subplots()
    ticks = [SPAN[0] + 0.15 * at for at in range(41)]
    surface = [[stand(found, w, b).bits for w in ticks] for b in ticks]
    axes.contour(ticks, ticks, surface, levels=_LEVELS, colors=INK, linewidths=0.5, alpha=0.5)
    for rate in (0.5, 5.0, 10.0):
        way = walk(found, 0.0, 0.0, rate, 10)
        axes.plot([point.w for point in way], [point.b for point in way], label=f"{rate:g}")
    axes.set(xlabel="weight", ylabel="bias", xlim=SPAN, ylim=SPAN)
    axes.legend(title="learning rate", loc="lower right")
