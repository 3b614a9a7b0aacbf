"""Speed of `alignbook.data`: ``python benchmarks/data.py``; beside `datasketch` 2 where it is installed.

**MinHash.** The time from 2,000 texts in memory (NumPy's docstrings, over again until there are 2,000) to their
signatures: 5-word shingles, 128 permutations of the same kind (odd ``a``: ``a * h + b`` modulo 2³²). `datasketch` gets
its ``MinHash.bulk`` call and, as a favour, the shingles ready-made as bytes, so that only its own work is timed; ours
starts from the texts. A third contestant is both halves of the work with `datasketch`: shingles in plain Python, then
the bulk call. Equal error: before the race the estimates of both for the same pairs of texts are compared with the
exact similarity, and the run stops if ours err more than theirs by over a tenth.

**Pipeline.** Megabytes of NumPy's docstrings a second through all eleven steps of the funnel experiment, on one core:
what is timed is the processor time of this process, so other programs count less; the wall clock is printed too. Bar
5 MB/s.

How: one process; in every round each contestant runs once, in a rotated order; a ratio is the median over rounds of the
ratio inside the round, so that a busy machine slows both sides of it.
"""

from __future__ import annotations

import platform
import time
from collections.abc import Callable
from functools import partial
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from statistics import median
from typing import Any

import numpy as np
from numpy.typing import NDArray

from alignbook.corpora.numpy_docs import numpy_docstrings
from alignbook.data.documents import Document, Provenance, from_corpus
from alignbook.data.experiments.funnel import planted_corpus, steps_for
from alignbook.data.minhash import Permutations, estimate_jaccard, text_signatures
from alignbook.data.pipeline import Pipeline
from alignbook.data.planting import Corpus, edit_words
from alignbook.data.shingles import jaccard, shingle_set

ROUNDS = 9
DOCUMENTS = 2_000
PERMUTATIONS = 128
SHINGLE = 5
BLOCK = 500

Times = dict[str, list[tuple[float, float]]]


def make_shingles(texts: list[str]) -> list[list[bytes]]:
    return [[" ".join(words).encode() for words in shingle_set(text, SHINGLE)] for text in texts]


def our_signatures(texts: list[str], permutations: Permutations) -> NDArray[np.uint32]:
    parts = [text_signatures(texts[at : at + BLOCK], SHINGLE, permutations) for at in range(0, len(texts), BLOCK)]
    return np.concatenate(parts)


def their_signatures(datasketch: Any, shingles: list[list[bytes]]) -> list[Any]:
    sketches: list[Any] = datasketch.MinHash.bulk(shingles, num_perm=PERMUTATIONS)
    return sketches


def their_signatures_of_texts(datasketch: Any, texts: list[str]) -> list[Any]:
    return their_signatures(datasketch, make_shingles(texts))


def race(contestants: dict[str, Callable[[], object]]) -> Times:
    """Run all contestants in every round; give wall-clock and processor times in seconds."""
    names = list(contestants)
    times: Times = {name: [] for name in names}
    for round_ in range(ROUNDS):
        turn = round_ % len(names)
        for name in names[turn:] + names[:turn]:
            wall, processor = time.perf_counter(), time.process_time()
            contestants[name]()
            times[name].append((time.perf_counter() - wall, time.process_time() - processor))
    return times


def check_equal_error(datasketch: Any, texts: list[str], permutations: Permutations) -> None:
    """Stop unless our estimates are as good as theirs: only then are the times comparable."""
    rng = np.random.default_rng(0)
    long = [text for text in texts if len(text.split()) > 60][:400]
    edited = [edit_words(text, float(rng.uniform(0, 0.1)), rng) for text in long]
    exact = np.array(
        [jaccard(shingle_set(a, SHINGLE), shingle_set(b, SHINGLE)) for a, b in zip(long, edited, strict=True)]
    )
    ours = estimate_jaccard(our_signatures(long, permutations), our_signatures(edited, permutations))
    sketches = zip(*(their_signatures_of_texts(datasketch, one) for one in (long, edited)), strict=True)
    theirs = np.array([left.jaccard(right) for left, right in sketches])
    our_error, their_error = (float(np.sqrt(np.mean((one - exact) ** 2))) for one in (ours, theirs))
    predicted = float(np.sqrt(np.mean(exact * (1 - exact) / PERMUTATIONS)))
    print(f"  error of the estimates: ours {our_error:.4f}, datasketch's {their_error:.4f}, by theory {predicted:.4f}")
    if our_error > 1.1 * their_error:
        raise SystemExit("our estimates err more than datasketch's: the race would mean nothing")


def minhash(texts: list[str]) -> None:
    permutations = Permutations.draw(PERMUTATIONS, np.random.default_rng(0))
    contestants: dict[str, Callable[[], object]] = {
        "alignbook, from texts": partial(our_signatures, texts, permutations)
    }
    print(f"\nMinHash signatures of {len(texts):,} texts; bar 4 x datasketch's bulk call")
    try:
        name = f"datasketch {version('datasketch')}"
        datasketch = import_module("datasketch")  # by name, because the project neither needs nor installs it
    except PackageNotFoundError:
        print("  datasketch is not installed here: ours alone")
    else:
        check_equal_error(datasketch, texts, permutations)
        contestants[f"{name}, shingles given"] = partial(their_signatures, datasketch, make_shingles(texts))
        contestants[f"{name}, from texts"] = partial(their_signatures_of_texts, datasketch, texts)
    times = race(contestants)
    ours = times["alignbook, from texts"]
    for name, values in times.items():
        line = f"  {name:34}{median(wall for wall, _ in values) * 1e3:7.0f} ms"
        ratios = [theirs / mine for (theirs, _), (mine, _) in zip(values, ours, strict=True)]
        if values is not ours:
            line += f"   alignbook is {median(ratios):.1f} x as fast ({min(ratios):.1f} to {max(ratios):.1f})"
        print(line)


def run_pipeline(documents: list[Document], corpus: Corpus) -> None:
    pipeline = Pipeline(steps_for(corpus, 0))
    for _ in pipeline.run(documents):
        pass
    pipeline.funnel()  # checks that nothing was lost


def pipeline_speed(documents: list[Document], megabytes: float) -> None:
    corpus = planted_corpus(0, "tiny")
    steps_only: dict[str, Callable[[], object]] = {
        "making the steps": partial(steps_for, corpus, 0),
        "the pipeline": partial(run_pipeline, documents, corpus),
    }
    times = race(steps_only)
    spans = {
        kind: [
            whole[at] - made[at] for whole, made in zip(times["the pipeline"], times["making the steps"], strict=True)
        ]
        for at, kind in enumerate(("wall clock", "processor"))
    }
    print(f"\nPipeline of eleven steps, {megabytes:.1f} MB of real text; bar 5 MB/s on one core")
    for kind, values in spans.items():
        speeds = [megabytes / value for value in values]
        print(f"  by {kind:11}{median(speeds):6.1f} MB/s ({min(speeds):.1f} to {max(speeds):.1f})")


def main() -> None:
    documents = list(from_corpus(numpy_docstrings(), Provenance("NumPy docstrings")))
    texts = [document.text for document in documents]
    megabytes = sum(len(text.encode()) for text in texts) / 1e6
    print(
        f"Python {platform.python_version()}, NumPy {np.__version__}, {ROUNDS} rounds, {megabytes:.1f} MB of docstrings"
    )
    minhash((texts * 2)[:DOCUMENTS])
    pipeline_speed(documents, megabytes)


if __name__ == "__main__":
    main()
