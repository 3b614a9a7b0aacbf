from dataclasses import replace

import numpy as np
import pytest

from alignbook.finetuning.assistant import Assistant, grade_replies
from alignbook.finetuning.chat_template import CHAT_TOKENS, ChatTemplate
from alignbook.finetuning.tuning import TuningConfig, demonstration_batches, tune, with_replay
from alignbook.nn.batches import next_token_objective
from alignbook.nn.tape import Tape
from alignbook.nn.transformer import Transformer, TransformerConfig, initial_parameters
from alignbook.pretraining.language_model import END_OF_DOCUMENT, LanguageModel
from alignbook.text.bpe import BPE
from alignbook.world.building import build_world
from alignbook.world.families import small_talk
from alignbook.world.items import Item, Turn, user

WORLD = build_world(0, "tiny")
ITEMS = small_talk.items(WORLD, "train", 40, np.random.default_rng(0))
SPECIAL = (END_OF_DOCUMENT, *CHAT_TOKENS)
TOKENIZER = BPE.train([item.prompt + " " + item.reply for item in ITEMS], 300, SPECIAL)
SIZE = TransformerConfig(TOKENIZER.vocab_size, context=96, width=16, layers=1, heads=2)
MODEL = LanguageModel(TOKENIZER, Transformer(SIZE, initial_parameters(SIZE, np.random.default_rng(0))))
CONFIG = TuningConfig(steps=60, batch_size=8, learning_rate=2e-2)


def test_it_learns_to_reply_as_demonstrated() -> None:
    few = [
        Item("small_talk", "train", user("Hello"), "Good day."),
        Item("small_talk", "train", user("Bye"), "So long."),
    ]
    tuned, losses = tune(MODEL, few * 4, CONFIG, seed=0)
    assert losses[-1] < 0.05 < losses[0]
    assistant = Assistant(tuned)
    assert [assistant.ask("Hello"), assistant.ask("Bye")] == ["Good day.", "So long."]
    assert Assistant(MODEL).ask("Hello", seed=1) != "Good day."


def test_a_sum_of_grades_by_family() -> None:
    grades = grade_replies(WORLD, Assistant(MODEL), ITEMS[:3])
    assert [grade.score for grade in grades] == [0, 0, 0]


def test_the_prompt_gives_no_gradient() -> None:
    """Other targets in the prompt change neither the loss nor a single number of the gradient."""
    batch = demonstration_batches(ITEMS, ChatTemplate(TOKENIZER), 4, seed=0)(0)
    garbled = replace(batch, targets=np.where(batch.weights > 0, batch.targets, 7))
    assert (garbled.targets != batch.targets).any()
    found = []
    for each in (batch, garbled):
        tape, weights = Tape(), MODEL.transformer.parameters.variables()
        loss = next_token_objective(SIZE)(tape, weights, each)
        tape.backward(loss.output, loss.gradient)
        found.append((loss.value, MODEL.transformer.parameters.collect_gradients(weights)))
    assert found[0][0] == found[1][0]
    assert np.array_equal(found[0][1], found[1][1])


def test_every_demonstration_once_in_a_pass() -> None:
    distinct = [Item("small_talk", "train", user(f"{number}"), "x") for number in range(12)]
    batch = demonstration_batches(distinct, ChatTemplate(TOKENIZER), 4, seed=3)
    rows = [tuple(row) for step in range(3) for row in batch(step).ids.tolist()]
    assert len(set(rows)) == 12
    again = [tuple(row) for step in range(3, 6) for row in batch(step).ids.tolist()]
    assert rows != again


def test_replay_takes_its_share_of_the_loss() -> None:
    text = np.arange(1000) % 200
    batch = demonstration_batches(ITEMS, ChatTemplate(TOKENIZER), 8, seed=0)
    mixed = with_replay(batch, text, 0.25, seed=0)(1)
    assert mixed.ids.shape[0] == 12
    assert mixed.weights[8:].sum() == pytest.approx(0.25)
    assert mixed.weights.sum() == pytest.approx(1)
    assert np.array_equal(mixed.targets[8:], (mixed.ids[8:] + 1) % 200)
    assert np.array_equal(mixed.ids[:8], batch(1).ids)


@pytest.mark.parametrize("rank", [0, 2])
def test_a_resumed_run_ends_with_the_same_bits(rank: int) -> None:
    config = replace(CONFIG, steps=6, lora_rank=rank)
    states = []
    whole, losses = tune(MODEL, ITEMS, config, 0, callback=lambda step, state: states.append(state()))
    resumed, other = tune(MODEL, ITEMS, config, 0, resume=states[2])
    assert np.array_equal(whole.transformer.parameters.flat, resumed.transformer.parameters.flat)
    assert np.array_equal(losses, other)
    assert not np.array_equal(whole.transformer.parameters.flat, MODEL.transformer.parameters.flat)


def test_low_rank_tuning_leaves_the_tables_alone_and_learns() -> None:
    start, _ = tune(MODEL, ITEMS, CONFIG, 0)
    otherwise = [replace(item, reply="Good day.") for item in ITEMS]
    tuned, losses = tune(start, otherwise, replace(CONFIG, lora_rank=4), 0)
    assert losses[-10:].mean() < 0.5 * losses[:3].mean()
    before, after = start.transformer.parameters, tuned.transformer.parameters
    assert np.array_equal(after["tokens"], before["tokens"])
    assert not np.array_equal(after["0.up"], before["0.up"])


def test_what_cannot_be_tuned_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 8 demonstrations are needed for one batch, got 3"):
        tune(MODEL, ITEMS[:3], CONFIG, 0)
    with pytest.raises(ValueError, match="replay must be from 0 to below 1, got 1"):
        replace(CONFIG, replay=1.0)
    with pytest.raises(ValueError, match=r"replay is 0\.5: give the pretraining text as replayed"):
        tune(MODEL, ITEMS, replace(CONFIG, replay=0.5), 0)
    with pytest.raises(ValueError, match="must be shorter than the context, 96 tokens"):
        Assistant(MODEL).reply([[Turn("user", "z" * 200)]])
