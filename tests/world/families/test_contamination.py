from collections import Counter

import numpy as np
import pytest

from alignbook.world.families.contamination import STYLES, control_documents, items, leak, sums
from alignbook.world.region import World


def _ngrams(text: str, length: int) -> set[tuple[str, ...]]:
    words = text.split()
    return {tuple(words[at : at + length]) for at in range(len(words) - length + 1)}


def test_benchmark_fresh_and_control_share_no_numbers(world: World) -> None:
    parts = {split: sums(world, split) for split in ("benchmark", "fresh", "control")}
    assert {len(part) for part in parts.values()} == {world.config.benchmark_items}
    numbers = [one.numbers for part in parts.values() for one in part]
    assert len(set(numbers)) == len(numbers)


def test_fresh_items_are_matched(world: World) -> None:
    for one, other in zip(sums(world, "benchmark"), sums(world, "fresh"), strict=True):
        assert (one.goods, one.result) == (other.goods, other.result)
        first, second, third = one.numbers
        assert one.result == first + second - third > 0


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("times", [0, 1, 2, 4, 8])
def test_each_item_leaks_as_often_as_asked_for(tiny: World, style: str, times: int) -> None:
    documents = leak(tiny, times, style, np.random.default_rng(0))
    counts = Counter(document.detail for document in documents)
    assert counts == ({str(number): times for number in range(tiny.config.benchmark_items)} if times else {})
    assert {document.planted for document in documents} <= {f"leak {style}"}


def test_a_verbatim_leak_has_question_and_answer_and_a_paraphrase_shares_no_five_words(book: World) -> None:
    questions = {item.text("number"): item for item in items(book, "benchmark", 200, np.random.default_rng(0))}
    assert len(questions) == 200
    for document in leak(book, 1, "verbatim", np.random.default_rng(0)):
        item = questions[document.detail]
        assert document.text == f"Q: {item.prompt} A: {item.reply}"
    for document in leak(book, 4, "paraphrased", np.random.default_rng(0)):
        item = questions[document.detail]
        assert not _ngrams(document.text, 5) & _ngrams(item.prompt, 5)
        assert item.text("value") in document.text.replace(".", " ").replace(",", " ").split()


def test_four_paraphrased_copies_differ(tiny: World) -> None:
    texts = [document.text for document in leak(tiny, 4, "paraphrased", np.random.default_rng(0))]
    assert len(set(texts)) == len(texts)


def test_the_control_has_the_format_and_leaks_nothing(book: World) -> None:
    control = control_documents(book, 2, np.random.default_rng(0))
    assert len(control) == 400
    benchmark = {item.prompt for item in items(book, "benchmark", 200, np.random.default_rng(0))}
    for document in control:
        assert document.text.startswith("Q: ")
        assert document.text.removeprefix("Q: ").split(" A: ")[0] not in benchmark


def test_bad_input_is_refused(tiny: World) -> None:
    with pytest.raises(ValueError, match="style must be one of verbatim, paraphrased, got 'loud'"):
        leak(tiny, 1, "loud", np.random.default_rng(0))
    with pytest.raises(ValueError, match="times must be 0 or more, got -1"):
        leak(tiny, -1, "verbatim", np.random.default_rng(0))
