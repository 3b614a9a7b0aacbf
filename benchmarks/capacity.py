"""What fits into the assistant's model: ``python -m benchmarks.capacity`` prints a table.

With ``--write`` it goes into ``book/measured/capacity.json`` as well.

The book's model is pretrained for about 60, 120 and 180 seconds on two cores of this machine, tuned as the book's
assistant is, and graded on unseen tasks of every family, before and after tuning. The chapter on pretraining shows the
table. It is a measurement of one machine on one day, so it is kept as data, with the machine's name.

How: the number of passes over the text is chosen from the speed of a short trial. What is written down is the
processor time that the run then took, divided by the two cores that it keeps busy, so that a neighbour on the machine
does not count. A base model gets its tasks in the form of its text's answered questions (``Q: … A:``) where
they are questions, and as beginnings where they are beginnings.
"""

import json
import os
import platform
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np

from alignbook.finetuning.assistant import Assistant, grade_replies
from alignbook.finetuning.stage import TUNED, shown_demonstrations
from alignbook.finetuning.tuning import tune
from alignbook.pretraining.language_model import LanguageModel
from alignbook.pretraining.stage import BASE, TOKENIZER, documents
from alignbook.pretraining.training import PretrainingConfig, pretrain, token_stream
from alignbook.profile import Profile
from alignbook.store import fetch
from alignbook.world.building import build_world
from alignbook.world.catalogue import FAMILIES
from alignbook.world.items import Item
from alignbook.world.region import World

RUN = Profile()
SECONDS = (60, 120, 180)
CORES = 2
TASKS = 200
UNSEEN = {
    name: next(split for split in ("held-out", "fresh", "complete", "exact") if split in family.splits)
    for name, family in FAMILIES.items()
}
"""The split of each family that is graded: tasks that no training text or demonstration holds."""


def machine() -> str:
    """Name the machine as far as the system tells."""
    info = Path("/proc/cpuinfo")
    models = [line for line in info.read_text().splitlines() if line.startswith("model name")] if info.exists() else []
    name = models[0].partition(":")[2].strip() if models else platform.processor() or platform.machine()
    return f"{os.cpu_count()} cores, {name}, NumPy {np.__version__}"


def tasks(world: World) -> dict[str, list[Item]]:
    """Draw the tasks of each family."""
    rng = np.random.default_rng(0)
    return {name: FAMILIES[name].items(world, split, TASKS, rng) for name, split in UNSEEN.items()}


def base_score(world: World, model: LanguageModel, items: list[Item]) -> float:
    """Grade a base model."""
    prompts = [item.prompt if item.meta.get("form") == "completion" else f"Q: {item.prompt} A:" for item in items]
    room = model.transformer.config.context - 32
    fitting = [(item, prompt) for item, prompt in zip(items, prompts, strict=True) if len(model.encode(prompt)) < room]
    written = model.complete([prompt for _, prompt in fitting], max_new_tokens=32)
    replies = [text.split("\n")[0].strip() for text in written]
    grades = [FAMILIES[item.family].grade(world, item, text) for (item, _), text in zip(fitting, replies, strict=True)]
    return sum(grade.score for grade in grades) / len(items)  # what does not fit is not solved


def tuned_score(world: World, model: LanguageModel, items: list[Item]) -> float:
    """Grade a tuned model; beginnings of sentences it continues, as it does everywhere."""
    if all(item.meta.get("form") == "completion" for item in items):
        return base_score(world, model, items)
    return sum(grade.score for grade in grade_replies(world, Assistant(model), items)) / len(items)


def speed(stream: np.ndarray, vocab_size: int, config: PretrainingConfig) -> float:
    """Measure how many tokens a second training reads on two cores, in a short trial."""
    trial = replace(config, passes=150 * config.context * config.batch_size / len(stream), checkpoints=())
    start = time.process_time()
    _, run = pretrain(stream, vocab_size, trial, 0)
    return run.steps * run.tokens_per_step / (time.process_time() - start) * CORES


def main() -> None:
    world, tokenizer = build_world(RUN.seed, RUN.size), fetch(TOKENIZER, RUN)
    config, tuning = BASE.config(RUN), TUNED.config(RUN)
    stream = token_stream(documents(RUN, config.question_answer_share), tokenizer)
    asked, shown = tasks(world), shown_demonstrations(RUN, tuning)
    rate = speed(stream, tokenizer.vocab_size, config.training)
    print(f"{machine()}; {rate:,.0f} tokens a second; load {os.getloadavg()[0]:.1f}", flush=True)
    rows: dict[str, dict[str, list[float]]] = {name: {"base": [], "tuned": []} for name in asked}
    took = []
    for seconds in SECONDS:
        training = replace(config.training, passes=seconds * rate / len(stream), checkpoints=())
        start = time.process_time()
        transformer, _ = pretrain(stream, tokenizer.vocab_size, training, RUN.seed)
        took.append(round((time.process_time() - start) / CORES))
        base = LanguageModel(tokenizer, transformer)
        tuned, _ = tune(base, shown, tuning.training, RUN.seed, stream)
        for name, items in asked.items():
            rows[name]["base"].append(round(base_score(world, base, items), 3))
            rows[name]["tuned"].append(round(tuned_score(world, tuned, items), 3))
            print(f"{took[-1]:4} s  {name:16} base {rows[name]['base'][-1]:.2f}  tuned {rows[name]['tuned'][-1]:.2f}")
    measured = {"machine": machine(), "tasks": TASKS, "seconds": took, "rows": rows, "splits": UNSEEN}
    if "--write" in sys.argv:
        path = Path("book/measured/capacity.json")
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps(measured, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
