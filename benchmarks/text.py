"""Speed of `alignbook.text` beside Hugging Face's `tokenizers` (Rust): ``python benchmarks/text.py``.

What is measured: the time from a list of documents in memory to a trained tokenizer (cutting into pieces
included), and from a text to a list of ids. The text is 1 MB of the installed NumPy's own Python sources, one
document a file, without the few characters beyond ASCII, about which the two expression engines differ. Both
sides use the same rule for pieces, the same vocabulary and the same least count. This is one kind of text on one
machine.

Rust runs in two ways. "Byte-level" is how one uses it: the expression for pieces, then the step that writes bytes
as letters, so that the tokenizer knows any text; this is the same task as ours. "Characters" leaves that step out,
which on ASCII alone changes nothing but the rule between ties, and makes it ours; so here the run stops unless
both have learned the same merges and give the same ids. When it encodes, Rust also notes where in the text each
token stands; we do not.

How: one process; in every round each contestant runs once, in a rotated order; a ratio is the median over rounds
of the ratio inside the round, so that a busy machine slows both sides of it. `alignbook` uses one thread. Rust
uses what it likes, and again one thread (``TOKENIZERS_PARALLELISM=false``); how many cores it kept busy is the
quotient of processor time and wall-clock time.
"""

import json
import os
import platform
import random
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import median

import numpy as np
import tokenizers
from tokenizers import Regex, Tokenizer, models, pre_tokenizers, trainers

from alignbook.text.bpe import BPE
from alignbook.text.pieces import PIECE_IN_ASCII

ROUNDS = 9
SIZE = 1_000_000
VOCABULARIES = (1_000, 4_000)


def gather_documents() -> list[str]:
    """Read NumPy's sources, in a random order that is always the same, until they hold `SIZE` characters."""
    paths = sorted(Path(np.__file__).parent.rglob("*.py"))
    random.Random(0).shuffle(paths)
    documents: list[str] = []
    left = SIZE
    for path in paths:
        document = path.read_text(encoding="utf-8").encode("ascii", "ignore").decode()[:left]
        documents.append(document)
        left -= len(document)
    return [document for document in documents if document]


def train_rust(documents: list[str], vocab_size: int, byte_level: bool, parallel: bool) -> Tokenizer:
    """Train with Rust; see above for the two ways and the threads."""
    os.environ["TOKENIZERS_PARALLELISM"] = "true" if parallel else "false"
    pieces = pre_tokenizers.Split(Regex(PIECE_IN_ASCII.pattern), "isolated")
    as_letters = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
    alphabet = pre_tokenizers.ByteLevel.alphabet() if byte_level else [chr(byte) for byte in range(256)]
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([pieces, as_letters]) if byte_level else pieces
    trainer = trainers.BpeTrainer(
        vocab_size=vocab_size, min_frequency=2, initial_alphabet=alphabet, show_progress=False
    )
    tokenizer.train_from_iterator(documents, trainer)
    return tokenizer


def encode_cold(mine: BPE, text: str) -> list[int]:
    """Encode with a tokenizer that has never seen a piece."""
    return BPE(mine.merges).encode(text)


def encode_rust(theirs: Tokenizer, text: str) -> list[int]:
    """Encode with Rust, up to the list of ids."""
    ids: list[int] = theirs.encode(text).ids
    return ids


def race(contestants: dict[str, Callable[[], object]]) -> tuple[dict[str, list[float]], dict[str, float]]:
    """Run all contestants in every round; give their times in seconds, and how many cores each kept busy."""
    names = list(contestants)
    times: dict[str, list[float]] = {name: [] for name in names}
    cores: dict[str, list[float]] = {name: [] for name in names}
    for round_ in range(ROUNDS):
        turn = round_ % len(names)
        for name in names[turn:] + names[:turn]:
            wall, processor = time.perf_counter(), time.process_time()
            contestants[name]()
            times[name].append(time.perf_counter() - wall)
            cores[name].append((time.process_time() - processor) / times[name][-1])
    return times, {name: median(values) for name, values in cores.items()}


def show(title: str, times: dict[str, list[float]], cores: dict[str, float], ours: str) -> None:
    """Print the median of each contestant, and its time as a multiple of ours."""
    print(f"\n{title}")
    for name, values in times.items():
        middle = median(values)
        line = f"  {name:26}{middle * 1e3:7.0f} ms{SIZE / 1e6 / middle:7.1f} MB/s{cores[name]:5.1f} cores"
        if name != ours:
            ratios = [theirs / mine for theirs, mine in zip(values, times[ours], strict=True)]
            line += f"   {ours} is {median(ratios):.2f} x as fast ({min(ratios):.2f} to {max(ratios):.2f})"
        print(line)


def check_equal(mine: BPE, theirs: Tokenizer, text: str) -> None:
    """Stop unless both have learned the same and encode alike: only then are their times comparable."""
    ids = theirs.get_vocab()
    merges = json.loads(theirs.to_str())["model"]["merges"]
    if mine.merges != tuple((ids[left], ids[right]) for left, right in merges):
        raise SystemExit("the two trainers have learned different merges: the race would mean nothing")
    if mine.encode(text) != theirs.encode(text).ids:
        raise SystemExit("the two tokenizers encode differently: the race would mean nothing")


def main() -> None:
    documents = gather_documents()
    text = "".join(documents)
    print(
        f"{len(text):,} characters in {len(documents)} documents; Python {platform.python_version()}, "
        f"NumPy {np.__version__}, tokenizers {tokenizers.__version__}, {os.cpu_count()} cores, {ROUNDS} rounds"
    )
    for vocab_size in VOCABULARIES:
        mine = BPE.train(documents, vocab_size)
        theirs = train_rust(documents, vocab_size, byte_level=False, parallel=True)
        check_equal(mine, theirs, text)
        training: dict[str, Callable[[], object]] = {
            "alignbook": partial(BPE.train, documents, vocab_size),
            "Rust byte-level": partial(train_rust, documents, vocab_size, True, parallel=True),
            "Rust byte-level, 1 thread": partial(train_rust, documents, vocab_size, True, parallel=False),
            "Rust characters": partial(train_rust, documents, vocab_size, False, parallel=True),
            "Rust characters, 1 thread": partial(train_rust, documents, vocab_size, False, parallel=False),
        }
        times, cores = race(training)
        show(f"Training, vocabulary {vocab_size:,}; bar 1.3 x", times, cores, "alignbook")
        encoding: dict[str, Callable[[], object]] = {
            "alignbook, cold": partial(encode_cold, mine, text),
            "alignbook, warm": partial(mine.encode, text),
            "Rust characters, warm": partial(encode_rust, theirs, text),
        }
        times, cores = race(encoding)
        title = f"Encoding, vocabulary {vocab_size:,}; bar 1 MB/s, cold and warm"
        show(title, times, cores, "alignbook, cold")
    letters = "".join(random.Random(0).choices("abcdefghijklmnopqrstuvwxyz", k=SIZE // 10))
    start = time.perf_counter()
    BPE(mine.merges).encode(letters)
    speed = len(letters) / 1e6 / (time.perf_counter() - start)
    print(f"\nWorst case, random letters without a space (nothing is met twice, no bar): {speed:.2f} MB/s")


if __name__ == "__main__":
    main()
