import numpy as np
import pytest

from alignbook.pretraining.experiments.transformer_run import PROMPTS, TransformerRun, transformer_run


@pytest.fixture(scope="module", params=[0, 1])
def run(request: pytest.FixtureRequest) -> TransformerRun:
    return transformer_run(request.param, "tiny")


def test_it_starts_where_every_token_is_alike_and_learns(run: TransformerRun) -> None:
    assert run.losses[0] == pytest.approx(np.log(run.vocabulary_size), abs=0.2)
    assert run.loss_at(len(run.losses)) < 0.6 * run.losses[0]
    assert run.loss_at(0) == run.losses[0]


def test_recall_grows_with_training_and_with_exposure(run: TransformerRun) -> None:
    most, least = max(run.facts), min(run.facts)
    assert run.recall[0][most] == 0  # before the first step
    assert run.recall[-1][most] > run.recall[0][most] + 0.2
    assert run.recall[-1][most] > run.recall[-1][least]


def test_there_is_an_entry_for_every_checkpoint(run: TransformerRun) -> None:
    assert run.checkpoints[0] == 0
    assert run.checkpoints[-1] == len(run.losses)
    assert len(run.checkpoints) == len(run.recall) == len(run.written)
    assert all(len(written) == len(PROMPTS) for written in run.written)
    assert sum(run.facts.values()) == 120
    assert all(0 < share < 1 for share in run.guess.values())
