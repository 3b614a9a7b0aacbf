"""The demos that the tests of `test_demos.py` look at, where no built book is given: each one once, at size tiny.

A new demo is tested by its entry here: its name and the cell that shows it.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

from tests.fixture_book import FixtureBook

SETTING = """
from alignbook import profile
from alignbook.publish import claim
from alignbook.world.building import build_world

run = profile.current()
world = build_world(run.seed, run.size)
claim("NAME.stands", "A demo stands here", True, evidence=True)
"""

CELLS = {
    "assistant": """
from alignbook.finetuning.stage import TUNED
from alignbook.pretraining.stage import BASE
from alignbook.publish.demos.assistant.demo import base_voice, conversation, tuned_voice
from alignbook.publish.demos.assistant.prompts import prompts
from alignbook.store import fetch

voices = [base_voice(fetch(BASE).model), tuned_voice(fetch(TUNED).model)]
said = {"title": "Talk", "caption": "What they say.", "tries": ["Ask."]}
conversation(voices, prompts(world), name="assistant", **said, unfolded=True).demo
""",
    "downhill": """
from alignbook.pretraining.experiments.neuron import one_neuron
from alignbook.publish.demos.downhill.demo import downhill

downhill(one_neuron(run.seed, run.size)).demo
""",
    "feedback": """
from alignbook.publish.demos.feedback.town import town_feedback

town_feedback(world, run.seed).demo
""",
    "first-click": """
from alignbook.publish.demos.tiny_model.demo import tiny_model
from alignbook.publish.demos.tiny_model.reading import reading

tiny_model(reading(world, run.seed), name="first-click", short=True).demo
""",
    "lifecycle": """
from alignbook.publish.demos.lifecycle.demo import lifecycle_map

lifecycle_map({"Pretrain": "It has read <b>seven</b> tokens."}, ["page-feedback", "twice"])
""",
    "tiny-model": """
from alignbook.publish.demos.tiny_model.demo import tiny_model
from alignbook.publish.demos.tiny_model.reading import reading

tiny_model(reading(world, run.seed)).demo
""",
    "walk-the-funnel": """
from alignbook.data.experiments.walks import walks
from alignbook.publish.demos.funnel.demo import document_funnel

document_funnel(walks(run.seed, run.size), run.seed)
""",
}
"""Names of demos, and the last lines of the cells that show them."""

TWICE = """
from alignbook.publish.demos.feedback.town import town_feedback

display(town_feedback(world, run.seed, name="once").demo)
town_feedback(world, run.seed, name="again").demo
"""
"""Two demos of one kind on a page."""

_DEMO = re.compile(r'<div class="ab-demo" id="demo-([a-z0-9.-]+)"')


def demo_book(root: Path) -> FixtureBook:
    """A book with all of them; it is not built yet."""
    book = twice_book(root)
    for name, cell in CELLS.items():
        book.chapter(f"page-{name}", SETTING.replace("NAME", name) + cell)
    return book


def twice_book(root: Path) -> FixtureBook:
    """A book with a page on which a demo stands twice; it is not built yet."""
    book = FixtureBook(root)
    book.write("_config.yml", "title: Demos\nauthor: Nobody\nexecute: {packages: [alignbook], jobs: 2}\n")
    book.chapter("twice", SETTING.replace("NAME", "twice") + TWICE)
    return book


def places() -> list[tuple[str, str]]:
    """Page and name of every demo: of the book in ``ALIGNBOOK_SITE``, or else of the book of demos."""
    folder = os.environ.get("ALIGNBOOK_SITE")
    if not folder:
        return [(f"page-{name}.html", name) for name in CELLS]
    pages = sorted(Path(folder).rglob("*.html"))
    return [
        (page.relative_to(folder).as_posix(), name)
        for page in pages
        for name in _DEMO.findall(page.read_text(encoding="utf-8"))
    ]
