import numpy as np

from alignbook.finetuning.assistant import Assistant
from alignbook.finetuning.experiments.short_runs import Start, answered, outcomes, questions, start
from alignbook.profile import Profile


def test_what_all_runs_start_from() -> None:
    origin: Start = start(Profile(0, "tiny"))
    known = origin.known_in("train") + origin.known_in("held-out")
    assert set(known) <= set(origin.known) <= set(origin.world.facts)
    assert all(fact.exposures >= 16 for fact in origin.known)
    assert origin.replayed.dtype == np.int64
    assert origin.replayed.max() < origin.base.tokenizer.vocab_size


def test_shares_of_outcomes_add_up_to_one() -> None:
    origin = start(Profile(0, "tiny"))
    assistant, facts = Assistant(origin.base), origin.known_in("held-out")
    shares = outcomes(origin.world, assistant, questions(facts, (0,)))
    assert abs(sum(shares.values()) - 1) < 1e-9
    assert answered(origin.world, assistant, facts) < 0.5
