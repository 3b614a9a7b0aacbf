from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from alignbook import lifecycle
from alignbook.alignment.artefacts import pack_aligned, pack_reward, unpack_aligned, unpack_reward
from alignbook.alignment.measuring import GROUPS, behaviour, gold, panel
from alignbook.alignment.stage import (
    ALIGNED_DPO,
    ALIGNED_RLHF,
    COMPARISONS,
    MIXTURES,
    REWARD,
    make_dpo,
    make_reward,
    make_rlhf,
)
from alignbook.finetuning.stage import TUNED
from alignbook.profile import Profile
from alignbook.store import Progress, Recipe, State, fetch
from alignbook.world.building import build_world

RUN = Profile(0, "tiny")


class Kept(Progress):
    """Keeps checkpoints, and hands out one of them."""

    def __init__(self, at: State | None = None) -> None:
        super().__init__()
        self.at, self.states = at, list[State]()

    def save(self, state: State) -> None:
        self.states.append(state)

    def saved(self) -> State | None:
        return self.at


@pytest.mark.parametrize("seed", [0, 1])
@pytest.mark.parametrize("recipe", [ALIGNED_RLHF, ALIGNED_DPO])
def test_alignment_raises_the_gold_reward_of_what_was_never_asked(recipe: Recipe[Any], seed: int) -> None:
    run = Profile(seed, "tiny")
    world, tuned, aligned = build_world(seed, "tiny"), fetch(TUNED, run).assistant, fetch(recipe, run).assistant
    before, after = behaviour(world, tuned, tuned), behaviour(world, aligned, tuned)
    assert before.kl == pytest.approx(0, abs=1e-3)
    assert 0.1 < after.kl < 4
    assert after.gold > before.gold + 0.03
    assert after.rate("strangers", "abstained") > before.rate("strangers", "abstained") + 0.1


def test_behaviour_adds_up(monkeypatch: pytest.MonkeyPatch) -> None:
    world, tuned = build_world(0, "tiny"), fetch(TUNED, RUN).assistant
    found, asked = behaviour(world, tuned, tuned), panel(world)
    assert set(asked) == set(GROUPS)
    for group, items in asked.items():
        assert len(items) == 40
        assert sum(share for (of, _), share in found.rates.items() if of == group) == pytest.approx(1)
        perfect = gold(world, items, [item.reply for item in items])
        assert 0.9 < perfect.mean() < 1
    assert found.rate("known", "flown") == 0


def test_raters_mostly_see_what_is_better() -> None:
    data, world = fetch(COMPARISONS, RUN).comparisons, build_world(0, "tiny")
    asked = sum(count for _, _, count in MIXTURES["tiny"])
    assert 0.95 * asked < len(data) <= asked
    assert {len(each.raters) for each in data} == {15}
    worth = [gold(world, [each.item] * 2, [each.chosen, each.rejected]) for each in data]
    clear = [better > worse for better, worse in worth if abs(better - worse) > 0.25]
    assert 0.8 < np.mean(clear) < 1


def test_the_reward_model_predicts_raters_it_has_not_heard() -> None:
    assert 0.6 < fetch(REWARD, RUN).accuracy < 0.9


def test_rewards_of_texts_are_those_of_their_tokens() -> None:
    reward, items = fetch(REWARD, RUN).reward, panel(build_world(0, "tiny"))["known"][:3]
    replies = ["I don't know.", items[1].reply, "Foxford."]
    prompts = [reward.template.encode(item.turns) for item in items]
    end = reward.tokenizer.special_ids["<|end-of-reply|>"]
    tokens = [[*reward.tokenizer.encode(f" {reply}"), end] for reply in replies]
    np.testing.assert_array_equal(reward(items, replies), reward.of_tokens(prompts)(np.arange(3), tokens))


def test_interrupted_runs_go_on_with_the_same_bits() -> None:
    tuned, data, reward = fetch(TUNED, RUN), fetch(COMPARISONS, RUN), fetch(REWARD, RUN)
    config = ALIGNED_RLHF.config(RUN)
    short = replace(config, rlhf=replace(config.rlhf, rounds=4))
    kept = Kept()
    whole = make_rlhf(RUN, short, tuned, reward, progress=kept)
    again = make_rlhf(RUN, short, tuned, reward, progress=Kept(kept.states[1]))
    assert whole.model.transformer.parameters.flat.tobytes() == again.model.transformer.parameters.flat.tobytes()
    assert whole.rounds == again.rounds
    direct = ALIGNED_DPO.config(RUN)
    direct = replace(direct, dpo=replace(direct.dpo, training=replace(direct.dpo.training, steps=4)))
    kept = Kept()
    first = make_dpo(RUN, direct, tuned, data, progress=kept)
    second = make_dpo(RUN, direct, tuned, data, progress=Kept(kept.states[2]))
    assert first.losses.tolist() == second.losses.tolist()
    learned = replace(REWARD.config(RUN), training=replace(REWARD.config(RUN).training, steps=4))
    kept = Kept()
    scored = make_reward(RUN, learned, tuned, data, progress=kept)
    assert scored.accuracy == make_reward(RUN, learned, tuned, data, progress=Kept(kept.states[0])).accuracy


def test_artefacts_come_back_as_they_were() -> None:
    reward = fetch(REWARD, RUN)
    arrays, values = pack_reward(reward)
    back = unpack_reward(arrays, json.loads(json.dumps(values)))
    assert back.reward.scorer.parameters.flat.tobytes() == reward.reward.scorer.parameters.flat.tobytes()
    assert back.accuracy == reward.accuracy
    for recipe in (ALIGNED_RLHF, ALIGNED_DPO):
        aligned = fetch(recipe, RUN)
        arrays, values = pack_aligned(aligned)
        again = unpack_aligned(arrays, json.loads(json.dumps(values)))
        assert again.rounds == aligned.rounds
        assert again.losses.tolist() == aligned.losses.tolist()
        assert bool(again.rounds) == (recipe is ALIGNED_RLHF)
        assert again.model.transformer.parameters.flat.tobytes() == aligned.model.transformer.parameters.flat.tobytes()


def test_a_stage_needs_what_its_recipe_starts_from() -> None:
    def names(stage: str | None) -> list[str]:
        return [name for name, _ in lifecycle.recipes(stage)]

    assert names("aligned") == ["tokenizer", "base", "tuned", "comparisons", "reward", "aligned"]
    assert names("aligned-dpo") == ["tokenizer", "base", "tuned", "comparisons", "aligned-dpo"]
    assert names(None) == list(lifecycle.TRAINED)
