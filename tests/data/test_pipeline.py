"""The pipeline and its steps: nothing is lost, whatever comes."""

import tracemalloc
from collections.abc import Iterator, Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alignbook.data.boilerplate import Boilerplate
from alignbook.data.c4 import C4Rules
from alignbook.data.decontamination import Benchmark
from alignbook.data.documents import Document, Provenance, from_bytes
from alignbook.data.gopher import GopherRules
from alignbook.data.language_id import train_language_model
from alignbook.data.pipeline import (
    BLOCK_CHARACTERS,
    Dropped,
    EachDocument,
    Pipeline,
    Step,
    blocks,
    separate,
    without_numbers,
)
from alignbook.data.steps import (
    Decontaminated,
    Gopher,
    InLanguages,
    Repetition,
    WithoutCopies,
    WithoutNearCopies,
    c4,
    normalised,
    readable,
    redacted,
    without_boilerplate,
)

ITEM = "which of the two lamps was lit first on the night of the storm"
WORDS = [
    "the",
    "keeper",
    "of",
    "harbour",
    "walked",
    "to",
    "old",
    "market",
    "where",
    "people",
    "sold",
    "ropes",
    "and",
    "lamps",
    "that",
    "sailors",
    "have",
    "with",
    "them",
    "when",
    "winter",
    "comes",
    "over",
    "hills",
    "while",
    "children",
    "play",
    "near",
    "water",
    "under",
    "bright",
    "stars",
    "before",
    "morning",
    "brings",
    "new",
    "ships",
    "from",
    "distant",
    "islands",
    "carrying",
    "silver",
    "cloth",
    "honest",
    "bread",
    "quiet",
    "books",
]


def all_steps() -> list[Step]:
    model = train_language_model({"here": [" ".join(WORDS)], "there": ["zy qukk vixx pwu"]})
    return [
        readable(),
        normalised(),
        WithoutCopies(),
        without_boilerplate(Boilerplate(frozenset({"All rights reserved everywhere"}))),
        InLanguages(model, ("here",)),
        c4(C4Rules(terminal_punctuation=False, least_sentences=1)),
        Gopher(GopherRules(least_words=10)),
        Repetition(),
        redacted(),
        Decontaminated(Benchmark.of([ITEM], size=8)),
        WithoutNearCopies(),
    ]


def story(number: int) -> str:
    return " ".join(np.random.default_rng(number).permutation(WORDS).tolist()) + "."


def named(*texts: str) -> list[Document]:
    return [Document(str(at), text) for at, text in enumerate(texts)]


def test_every_step_drops_what_it_is_there_for() -> None:
    good = story(1)
    documents = [
        *named(
            good,
            f"{good}\n \n\n",
            "zy qukk vixx pwu " * 9,
            "The end of it.",
            "the keeper of the harbour sold ropes. " * 9,
        ),
        from_bytes("binary", bytes(range(256)), Provenance("x")),
        *named("", "  \n", "All rights reserved everywhere\n", f"{story(2)} {ITEM}", story(3) + " Lorem ipsum."),
        Document("near", f"{good} Yes."),
        Document("redacted", story(4) + " Ask ann@example.org, please."),
    ]
    kept, dropped = separate(Pipeline(all_steps()).run(documents))
    assert [one.step for one in dropped] == [
        "exact copies",
        "language",
        "Gopher quality",
        "Gopher repetition",
        "readable",
        "readable",
        "readable",
        "boilerplate",
        "decontamination",
        "C4 rules",
        "near copies",
    ]
    assert [document.name for document in kept] == ["0", "redacted"]
    assert kept[1].text.endswith("Ask [EMAIL], please.")
    assert kept[1].provenance.steps == ("personal data",)


@settings(max_examples=15, deadline=None)
@given(st.lists(st.text(alphabet="ab the of.\n\x00\ud800\udc81é{-#@1", max_size=60) | st.just(story(1)), max_size=8))
def test_kept_and_dropped_are_read_whatever_is_read(texts: list[str]) -> None:
    pipeline = Pipeline(all_steps())
    fates = list(pipeline.run(named(*texts)))
    names = [fate.name if isinstance(fate, Document) else fate.document.name for fate in fates]
    assert names == [str(at) for at in range(len(texts))]
    funnel = pipeline.funnel()
    assert funnel.read == len(texts) == funnel.kept + funnel.dropped
    for before, after in zip(funnel.tallies, funnel.tallies[1:], strict=False):
        assert after.read == before.kept
        assert after.characters_read == before.characters_kept


def test_a_tally_says_why_and_how_much() -> None:
    pipeline = Pipeline(
        [EachDocument("short", str.strip, lambda text: f"{len(text)} characters" if text > "b" else None)]
    )
    fates = list(pipeline.run(named(" a", "ccc", "b", "cc")))
    assert fates[1] == Dropped(Document("1", "ccc"), "short", "3 characters")
    (tally,) = pipeline.funnel().tallies
    assert (tally.read, tally.kept, tally.dropped, tally.changed) == (4, 2, 2, 1)
    assert (tally.characters_read, tally.characters_kept) == (8, 2)
    assert tally.reasons == {"# characters": 2}


def test_block_limits_change_no_fate(monkeypatch: pytest.MonkeyPatch) -> None:
    documents = named(*(story(at % 40) for at in range(60)), "zy qukk vixx pwu " * 9)
    whole = list(Pipeline(all_steps()).run(documents))
    monkeypatch.setattr("alignbook.data.pipeline.BLOCK_DOCUMENTS", 7)
    assert [len(block) for block in blocks(documents)] == [7] * 8 + [5]
    assert list(Pipeline(all_steps()).run(documents)) == whole


def test_blocks_end_where_they_are_full() -> None:
    documents = named("x" * (BLOCK_CHARACTERS - 1), "y", "z", "w" * (2 * BLOCK_CHARACTERS), "v")
    assert [len(block) for block in blocks(documents)] == [2, 1, 1, 1]


def test_a_line_of_ten_megabytes_passes_or_is_counted() -> None:
    pipeline = Pipeline([readable(longest=9_000_000), normalised(), WithoutCopies(), redacted()])
    kept, dropped = separate(pipeline.run(named("x" * 10_000_000, "y" * 8_000_000)))
    assert [document.name for document in kept] == ["1"]
    assert dropped[0].reason == "10000000 characters, more than 9000000"


def test_memory_does_not_grow_with_the_corpus(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("alignbook.data.pipeline.BLOCK_CHARACTERS", 50_000)

    def read(count: int) -> int:
        def stream() -> Iterator[Document]:
            rng = np.random.default_rng(0)
            for at in range(count):
                yield Document(str(at), f"{at} " + "the keeper of the town. " * int(rng.integers(80, 90)))

        tracemalloc.start()
        pipeline = Pipeline([readable(), normalised(), WithoutCopies(), redacted()])
        assert sum(isinstance(fate, Document) for fate in pipeline.run(stream())) == count
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return peak

    # of a document of some 2,000 characters, the digest is all that stays
    assert read(600) - read(150) < 450 * 200


def test_a_step_that_loses_documents_is_found_out() -> None:
    class Careless:
        name = "careless"

        def __call__(self, documents: Sequence[Document]) -> list[Document | Dropped]:
            return [*documents[1:]]

    with pytest.raises(RuntimeError, match="step 'careless' was given 2 documents and returned 1"):
        list(Pipeline([Careless()]).run(named("a", "b")))


def test_steps_need_names_of_their_own() -> None:
    with pytest.raises(ValueError, match="got none"):
        Pipeline([])
    with pytest.raises(ValueError, match=r"got \['normalise'\]"):
        Pipeline([normalised(), normalised()])


def test_no_documents_are_no_problem() -> None:
    pipeline = Pipeline(all_steps())
    assert list(pipeline.run([])) == []
    assert pipeline.funnel().read == 0


def test_reasons_are_counted_by_kind() -> None:
    assert without_numbers("words of 1.8 characters, 20% (x1)") == "words of # characters, # #"


def test_decontamination_by_hand() -> None:
    benchmark = Benchmark.of([ITEM, "a short item"], size=8)
    runs = len(ITEM.split()) - 8 + 1
    assert benchmark.shared_runs([ITEM.upper(), f"so: {ITEM[:-6]}", "a short item", "a short item here", ""]) == [
        runs, runs - 1, 1, 0, 0,
    ]  # fmt: skip
    with pytest.raises(ValueError, match="items must hold at least one word, got none"):
        Benchmark.of(["..."])


@settings(max_examples=30)
@given(st.lists(st.text(alphabet="abc ", max_size=20), min_size=1, max_size=5), st.integers(1, 4))
def test_shared_runs_are_those_of_a_loop(texts: list[str], size: int) -> None:
    item = "a b c a b b a"
    words = item.split()
    runs = {tuple(words[at : at + size]) for at in range(len(words) - size + 1)}
    for text, shared in zip(texts, Benchmark.of([item], size).shared_runs(texts), strict=True):
        read = text.split()
        assert shared == sum(tuple(read[at : at + size]) in runs for at in range(len(read) - size + 1))
