"""*Train a tiny model yourself*, ready for a page."""

from __future__ import annotations

from dataclasses import dataclass
from math import log2
from typing import TYPE_CHECKING

from alignbook.publish.demos.demo import Demo
from alignbook.publish.demos.tiny_model.reading import MIXTURE, ROUNDS, WRITING, Reading
from alignbook.publish.figures import figure_output

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@dataclass(frozen=True)
class TinyModel:
    """The demo, and what the model in it learns.

    Parameters
    ----------
    demo : Demo
        To be returned by a cell.
    start : float
        The surprise of a model that has read nothing, in bits a word.
    real, shuffled : tuple of float
        Held-out surprise after each round, of the model that reads the text and of that which reads it shuffled.
    """

    demo: Demo
    start: float
    real: tuple[float, ...]
    shuffled: tuple[float, ...]


TRIES = (
    "Let it write before it has read anything. Then feed it two rounds, and let it write again.",
    "Choose a next word by its bar, and another. Where does it become certain, and where can it not be?",
    "Feed it the shuffled words instead. Which of the bars change, and what becomes of the surprise?",
    "Teach it a sentence of your own, again and again. How often must it read that to say it?",
)


def tiny_model(text: Reading, *, name: str = "tiny-model", short: bool = False) -> TinyModel:
    """Make the demo.

    Parameters
    ----------
    text : Reading
        What the model may read, from `alignbook.publish.demos.tiny_model.reading.reading`.
    name : str
        Of the demo on its page.
    short : bool
        Whether to leave all but the reading and the bars to the chapter's own demo.
    """
    real, shuffled = text.curve("real"), text.curve("shuffled")

    def draw(figure: Figure) -> None:
        axes = figure.subplots()
        rounds = range(len(ROUNDS))
        axes.plot(rounds, real, label="sentences as they are")
        axes.plot(rounds, shuffled, label="the same words, shuffled")
        axes.set(xlabel="sentences read", ylabel="surprise (bits per word)", ylim=(0, None))
        axes.set_xticks(list(rounds), [str(read) for read in ROUNDS])
        axes.legend(loc="lower left")

    static = figure_output(
        draw,
        name=name,
        alt="Line chart of held-out surprise in bits per word against sentences read, doubling. Both lines start at "
        "the logarithm of the vocabulary. The line for sentences as they are falls to less than half of that; the line "
        "for shuffled words stays near where it began.",
        caption="What the tiny model has learned after each round. Notice that as many words teach it almost nothing "
        "when their order means nothing.",
    )
    demo = Demo(
        name=name,
        element="ab-tiny-model",
        title="A first click" if short else "Train a tiny model yourself",
        says=f"It knows {len(text.vocabulary)} words and has read nothing, so every one is as likely as any other. "
        "Feed it sentences, round by round. Then begin a sentence, and look at what it expects.",
        tries=("Feed it once, and choose a word by its bar. Then feed it to the end.",) if short else TRIES,
        data={
            "words": text.vocabulary.words,
            "real": [text.ids(sentence) for sentence in text.texts["real"]],
            "shuffled": [text.ids(sentence) for sentence in text.texts["shuffled"]],
            "heldOut": [text.ids(sentence) for sentence in text.held_out],
            "rounds": ROUNDS,
            "mixture": MIXTURE.values,
            "writing": WRITING.values,
            "short": short,
        },
        static=static,
    )
    return TinyModel(demo, log2(len(text.vocabulary)), real, shuffled)
