"""Train a tiny model yourself: the model in the page is the count model of the chapter."""

from __future__ import annotations

import random
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import numpy as np
import pytest
from tests.publish.demos.replay import CLOSE, Trace, logic_of, replay

from alignbook.pretraining.counts import NgramCounts, NgramModel
from alignbook.pretraining.smoothing import Interpolated
from alignbook.pretraining.vocabulary import END, Vocabulary
from alignbook.publish.demos.tiny_model.demo import tiny_model
from alignbook.publish.demos.tiny_model.reading import MIXTURE, ROUNDS, WRITING, Reading, reading, words
from alignbook.world.building import build_world

LOGIC = logic_of("tiny_model")


@pytest.fixture(scope="module")
def text() -> Reading:
    """What the demo of the tiny world reads."""
    return reading(build_world(0, "tiny"), 0)


def drawn_sentences(rng: random.Random, known: int, most: int) -> list[tuple[str, ...]]:
    """Sentences of chance over words ``w0``, ``w1``, …, some of them unknown, some empty."""
    return [
        tuple(f"w{rng.randrange(known + 2)}" for _ in range(rng.randint(0, 7))) for _ in range(rng.randint(0, most))
    ]


def traces(seed: int, cases: int) -> list[Trace]:
    """Models of chance in many states of knowledge, each asked for its surprise and for its next word."""
    rng, made = random.Random(seed), list[Trace]()
    for case in range(cases):
        vocabulary = Vocabulary(tuple(f"w{at}" for at in range(rng.randint(1, 30))))
        known, size = len(vocabulary.words), len(vocabulary)
        read = [] if case == 0 else drawn_sentences(rng, known, 25)
        held_out = drawn_sentences(rng, known, 5) or [()]
        parts = [rng.random() + 1e-3 for _ in range(4)]
        parts[rng.randint(1, 3)] *= rng.random() < 0.8
        weights = [part / sum(parts) for part in parts]
        counts = NgramCounts(vocabulary, order=3)
        counts.update(read)
        model = NgramModel(counts, Interpolated(tuple(weights)))
        before = rng.choice([(), *read, ("w0",)])

        def ids(sentence: tuple[str, ...], vocabulary: Vocabulary = vocabulary) -> list[int]:
            return [vocabulary.index[token] for token in vocabulary.encode(sentence)]

        sentences = [ids(one) for one in read]
        given = [sentences, [ids(one) for one in held_out], weights, size]
        bits = model.cross_entropy(held_out)
        expected = {"bits": bits, "among": 2**bits, "words": sum(map(len, read))}
        chances = model.distribution(before)
        best = sorted(range(size), key=lambda at: (-chances[at], at))[:8]
        share = rng.random()
        made += [
            Trace("summary", given, expected),
            Trace("asked", [sentences, ids(before), weights, size], chances),
            Trace("likeliest", [chances, 8], best),
            Trace(
                "remaining", [chances, best], {"others": size - len(best), "share": 1 - sum(chances[at] for at in best)}
            ),
            Trace(
                "drawn", [chances, share], int(np.searchsorted(np.cumsum(chances) / chances.sum(), share, side="right"))
            ),
            Trace(
                "parted",
                [[at for one in sentences for at in [*one, size - 1]], size],
                [one for one in sentences if one],
            ),
            Trace("joined", [sentences, size], [at for one in sentences for at in [*one, size - 1]]),
        ]
    return made


@pytest.fixture
def wrapped(tmp_path: Path) -> Path:
    """The logic with what a test cannot pass on, a Map of counts, made inside."""
    module = tmp_path / "wrapped.mjs"
    module.write_text(
        f"""export * from "{LOGIC.as_uri()}";
import {{ count, distribution, read, written }} from "{LOGIC.as_uri()}";
export const summary = (...given) => (({{ bits, among, words }}) => ({{ bits, among, words }}))(read(...given));
export const asked = (sentences, before, weights, size) => distribution(count(sentences, size), before, weights, size);
export const story = (sentences, before, weights, size, ...rest) =>
  written(count(sentences, size), before, weights, size, ...rest);
export const numbers = (seed, many) => {{ const next = chance(seed); return Array.from({{ length: many }}, next); }};
import {{ chance }} from "{LOGIC.as_uri()}";
"""
    )
    return module


def test_the_page_computes_what_python_computes(wrapped: Path) -> None:
    assert replay(wrapped, traces(0, 220)) < 1e-12


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("scale / size", "scale"),
        ("Math.log2(chance)", "Math.log(chance)"),
        ("one - other)\n", "other - one)\n"),
        ("seen.total += 1;", ""),
    ],
)
def test_a_broken_model_is_found(wrapped: Path, tmp_path: Path, right: str, wrong: str) -> None:
    source = LOGIC.read_text(encoding="utf-8")
    assert right in source
    broken = tmp_path / "broken.mjs"
    broken.write_text(source.replace(right, wrong), encoding="utf-8")
    wrapped.write_text(wrapped.read_text().replace(LOGIC.as_uri(), broken.as_uri()))
    with pytest.raises(AssertionError, match=r"call \d+, \w+"):
        replay(wrapped, traces(0, 30))


def test_the_pages_model_of_the_books_text_is_pythons(wrapped: Path, text: Reading) -> None:
    made, size = [], len(text.vocabulary)
    held_out = [text.ids(one) for one in text.held_out]
    for which in text.texts:
        for read, bits in zip(ROUNDS, text.curve(which), strict=True):
            sentences = [text.ids(one) for one in text.texts[which][:read]]
            total = sum(map(len, sentences))
            expected = {"bits": bits, "among": 2**bits, "words": total}
            made.append(Trace("summary", [sentences, held_out, list(MIXTURE.values), size], expected))
    assert replay(wrapped, made) <= CLOSE


def mulberry32(seed: int) -> Iterator[float]:
    """The generator of chance, written anew with Python's own numbers."""
    state = seed
    while True:
        state = (state + 0x6D2B79F5) % 2**32
        mixed = ((state ^ state >> 15) * (state | 1)) % 2**32
        mixed ^= (mixed + (mixed ^ mixed >> 7) * (mixed | 61)) % 2**32
        yield (mixed ^ mixed >> 14) / 2**32


def test_chance_is_the_same_everywhere_and_fair(wrapped: Path) -> None:
    made = [Trace("numbers", [seed, 50], list(islice(mulberry32(seed), 50))) for seed in (0, 1, 9999, 2**32 - 1)]
    assert replay(wrapped, made) <= CLOSE
    many = np.array(list(islice(mulberry32(5), 20_000)))
    assert abs(many.mean() - 0.5) < 0.01
    assert np.histogram(many, 10, (0, 1))[0].min() > 1_800


def test_it_writes_with_the_words_probabilities(wrapped: Path, text: Reading) -> None:
    sentences = [text.ids(one) for one in text.texts["real"][:64]]
    counts = text.counts("real", 64)
    model, size = NgramModel(counts, WRITING), len(text.vocabulary)
    made = []
    for seed in range(40):
        chance, said = mulberry32(seed), list[int]()
        while len(said) < 12:
            chances = model.distribution([text.vocabulary.tokens[at] for at in said])
            at = int(np.searchsorted(np.cumsum(chances), next(chance) * chances.sum(), side="right"))
            if text.vocabulary.tokens[at] == END:
                break
            said.append(at)
        made.append(Trace("story", [sentences, [], list(WRITING.values), size, seed, 12], said))
    assert replay(wrapped, made) <= CLOSE


def test_a_typed_text_becomes_the_same_words_as_in_python() -> None:
    typed = [
        "The soup was cold; and so?",
        "<script>alert('soup')</script>",
        "ÜBER soup\u0000soup \U0001f600 well-known 'quoted'",
        "  ",
        "soup " * 50,
        "the the THE",
        "constructor __proto__ toString",
    ]
    vocabulary = ["the", "soup", "was", "cold"]
    known = {word: at for at, word in enumerate(vocabulary)}
    expected = [[known.get(word, len(vocabulary)) for word in words(one)][:14] for one in typed]
    assert (
        replay(
            LOGIC, [Trace("sentenceOf", [one, vocabulary, 14], ids) for one, ids in zip(typed, expected, strict=True)]
        )
        <= CLOSE
    )


def test_it_learns_from_sentences_and_hardly_from_shuffled_words(text: Reading) -> None:
    made = tiny_model(text)
    assert made.real[0] == made.shuffled[0] == pytest.approx(made.start, abs=1e-12)
    assert made.real[-1] < made.real[0] - 2
    assert made.shuffled[-1] > made.real[-1] + 2


def test_the_text_is_chosen_as_it_says(text: Reading) -> None:
    real, shuffled = text.texts["real"], text.texts["shuffled"]
    assert len(set(real)) == ROUNDS[-1]
    assert not set(real) & set(text.held_out)
    assert [len(one) for one in real] == [len(one) for one in shuffled]
    assert sorted(word for one in real for word in one) == sorted(word for one in shuffled for word in one)
    assert reading(build_world(0, "tiny"), 0) == text
