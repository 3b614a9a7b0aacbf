"""What alignment took and gave; apart, since whoever imports this depends on the aligned assistant."""

from __future__ import annotations

import numpy as np

from alignbook.alignment.comparing import token_pairs
from alignbook.alignment.stage import ALIGNED_RLHF, COMPARISONS, REWARD
from alignbook.finetuning.chat_template import ChatTemplate
from alignbook.finetuning.stage import TUNED
from alignbook.profile import Profile
from alignbook.publish.demos.lifecycle.stages import TRAINING, WRITING, Cost
from alignbook.store import fetch


def alignment_cost(run: Profile) -> Cost:
    """Return what the reward model and RLHF took.

    In RLHF a token is written once, read by the reference and by the reward model, and learned from.
    """
    tuned, compared, course = fetch(TUNED, run), fetch(COMPARISONS, run).comparisons, fetch(ALIGNED_RLHF, run).rounds
    reward, rlhf = REWARD.config(run), ALIGNED_RLHF.config(run).rlhf
    pairs = token_pairs(compared, ChatTemplate(tuned.model.tokenizer))
    prompt = float(np.mean([len(pair.prompt) for pair in pairs]))
    both = float(np.mean([2 * len(pair.prompt) + len(pair.chosen) + len(pair.rejected) for pair in pairs]))
    judged = reward.training.steps * reward.batch_size * both
    practised = sum(rlhf.prompts * rlhf.samples * (prompt + each.length) for each in course)
    parameters = tuned.model.transformer.parameters.flat.size
    operations = parameters * (TRAINING * judged + (TRAINING + 3 * WRITING) * practised)
    return Cost("Align with feedback", "comparisons", len(pairs), round(judged + practised), float(operations))


def predicted(run: Profile) -> float:
    """Return which share of the raters' comparisons that it was not trained on the reward model predicts."""
    return fetch(REWARD, run).accuracy
