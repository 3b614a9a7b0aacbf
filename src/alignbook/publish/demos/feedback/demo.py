"""*You are the human feedback*, ready for a page: from rounds of answers with named traits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from alignbook.publish.demos.demo import Demo, Status
from alignbook.publish.demos.feedback.learning import Answer, Round, Weights, course, ranked
from alignbook.publish.tables import table_output

RATE = 1.0


@dataclass(frozen=True)
class Fresh:
    """A question that no round asked, with answers of which a reward may choose.

    Parameters
    ----------
    question : str
        What the user asked.
    answers : tuple of Answer
        Two or more.
    """

    question: str
    answers: tuple[Answer, ...]


@dataclass(frozen=True)
class Outcome:
    """What comes of one kind of rater.

    Parameters
    ----------
    kind : str
        The kind.
    picks : str
        What this kind picks in each round: the answer that it likes better.
    weights : tuple of float
        The reward learned from these picks, a weight for each trait.
    right : float
        In what share of the fresh questions the reward's choice has the first trait, being right.
    """

    kind: str
    picks: str
    weights: Weights
    right: float


@dataclass(frozen=True)
class HumanFeedback:
    """The demo, and what each kind of rater would make of it.

    Parameters
    ----------
    demo : Demo
        To be returned by a cell.
    outcomes : tuple of Outcome
        One for each kind of rater.
    """

    demo: Demo
    outcomes: tuple[Outcome, ...]


def human_feedback(
    rounds: Sequence[Round],
    fresh: Sequence[Fresh],
    traits: Sequence[str],
    kinds: Sequence[str],
    *,
    name: str = "feedback",
    status: Status = "illustration",
) -> HumanFeedback:
    """Make the demo.

    Parameters
    ----------
    rounds : sequence of Round
        What readers choose from, in order.
    fresh : sequence of Fresh
        What their reward then chooses from.
    traits : sequence of str
        The names of the answers' traits. The first one says that an answer is right.
    kinds : sequence of str
        The names of the kinds of raters that readers are compared with.
    name : str
        Of the demo on its page.
    status : {"illustration", "measured here"}
        Whether the answers were made up or come from this build's models.

    Raises
    ------
    ValueError
        If there are no rounds or fresh questions, or an answer's traits or a round's margins are not as many as their
        names.
    """
    _check(rounds, fresh, traits, kinds)
    outcomes = tuple(_outcome(kind, at, rounds, fresh) for at, kind in enumerate(kinds))
    strongest = [max(zip(one.weights, traits, strict=True)) for one in outcomes]
    static = table_output(
        {
            "rater": list(kinds),
            "is taught to reward most": [trait for _, trait in strongest],
            "weight": [weight for weight, _ in strongest],
            "new questions answered rightly": [one.right for one in outcomes],
        },
        name=name,
        caption=f"The same {len(rounds)} rounds, picked by one rater of each kind, and the reward that comes of it. "
        "Notice that the last column depends on nothing but who picked.",
        formats={"weight": ".2f", "new questions answered rightly": ".0%"},
    )
    demo = Demo(
        name=name,
        element="ab-feedback",
        title="You are the human feedback",
        says="Two answers a round: pick the better one. Each pick moves the weights of a small reward model by one "
        "step of the Bradley–Terry rule. The reward then chooses among answers to questions that you have not seen. "
        "It is told which answers are right; a real one would have to guess that from the text.",
        tries=(
            "Pick whatever sounds surest, six times in a row. Which answers does your reward choose?",
            "Start over, look up every answer before you pick, and compare.",
            "Can you teach it to prefer *I don't know* to a wrong answer, and a right one to both?",
        ),
        data={
            "rounds": [asdict(one) for one in rounds],
            "fresh": [asdict(one) for one in fresh],
            "traits": traits,
            "kinds": kinds,
            "rate": RATE,
        },
        static=static,
        status=status,
    )
    return HumanFeedback(demo, outcomes)


def _outcome(kind: str, at: int, rounds: Sequence[Round], fresh: Sequence[Fresh]) -> Outcome:
    picks = "".join("A" if one.margins[at] > 0 else "B" if one.margins[at] < 0 else "-" for one in rounds)
    weights = course(rounds, picks, RATE)[-1].weights
    chosen = [one.answers[ranked(one.answers, weights)[0]] for one in fresh]
    return Outcome(kind, picks, weights, sum(answer.traits[0] == 1 for answer in chosen) / len(chosen))


def _check(rounds: Sequence[Round], fresh: Sequence[Fresh], traits: Sequence[str], kinds: Sequence[str]) -> None:
    if not rounds or not fresh:
        raise ValueError(f"rounds and fresh must hold one question each at least, got {len(rounds)} and {len(fresh)}")
    asked = [(f"round {at}", one.answers) for at, one in enumerate(rounds)]
    for which, answers in [*asked, *((f"fresh question {at}", one.answers) for at, one in enumerate(fresh))]:
        for answer in answers:
            if len(answer.traits) != len(traits):
                got = f"{len(answer.traits)}: {answer}"
                raise ValueError(f"{which}: answers must have {len(traits)} traits, got {got}")
    for number, one in enumerate(rounds):
        if len(one.margins) != len(kinds):
            raise ValueError(f"round {number}: margins must be one for each of {len(kinds)} kinds, got {one.margins}")
