"""Make datatrove.json: the decisions of datatrove's quality filters, for tests/data/test_quality_rules.py.

In an environment of its own: ``pip install datatrove==0.10.1 nltk regex``, then
``python tests/goldens/data_quality/make.py``. What is compared is the rules, not the splitters: datatrove's words and
sentences, which come from trained models, are replaced by white space and by stops before white space.
"""

import json
import re
from importlib import import_module
from importlib.metadata import version
from pathlib import Path

import numpy as np

FILTERS = "datatrove.pipeline.filters"
gopher = import_module(f"{FILTERS}.gopher_quality_filter")
repetition = import_module(f"{FILTERS}.gopher_repetition_filter")
c4 = import_module(f"{FILTERS}.c4_filters")
Document = import_module("datatrove.data").Document

WORDS = "the and of that lamp harbour keeper walked slowly toward old market where people sold ropes to sailors"
ODD = ["#", "...", "42", "7,000", "--", "x1", "a", "extraordinarily-overlong-compound", "&"]


def main() -> None:
    for module in (gopher, repetition):
        vars(module)["split_into_words"] = lambda text, _: text.split()
    vars(c4)["split_into_sentences"] = lambda text, _: re.findall(r"[.!?][\"')]*(?=\s|\Z)", text)
    rng = np.random.default_rng(0)
    texts = list(dict.fromkeys(text(rng) for _ in range(40) for text in (plain, odd, repeated, listed, web)))
    rows = [[text, decide(gopher.GopherQualityFilter(), text), decide(repetition.GopherRepetitionFilter(), text),
             *clean(c4.C4QualityFilter(), text)] for text in texts]  # fmt: skip
    golden = {"made with": f"datatrove {version('datatrove')}", "rows": rows}
    text = json.dumps(golden, ensure_ascii=False).replace("[[", "[\n[").replace("], [", "],\n[")
    Path(__file__).with_name("datatrove.json").write_text(text + "\n", encoding="utf-8")


def decide(filter_: object, text: str) -> str:
    """Return the reason for dropping, or an empty string."""
    result = filter_.filter(Document(text=text, id="0"))  # type: ignore[attr-defined]
    return "" if result is True else str(result[1])


def clean(filter_: object, text: str) -> tuple[str, str]:
    """Return the reason for dropping, or an empty string, and what is left of the text."""
    document = Document(text=text, id="0")
    result = filter_.filter(document)  # type: ignore[attr-defined]
    return ("", document.text) if result is True else (str(result[1]), "")


def sentence(rng: np.random.Generator) -> str:
    return " ".join(rng.choice(WORDS.split(), int(rng.integers(4, 12)))).capitalize() + str(
        rng.choice([".", "!", "?", '."'])
    )


def plain(rng: np.random.Generator) -> str:
    sentences = [sentence(rng) for _ in range(int(rng.integers(3, 14)))]
    return "".join(one + str(rng.choice([" ", "\n", "\n\n"])) for one in sentences).strip()


def odd(rng: np.random.Generator) -> str:
    share = rng.random()
    words = [str(rng.choice(ODD if rng.random() < share else WORDS.split())) for _ in range(int(rng.integers(40, 90)))]
    return " ".join(words)


def repeated(rng: np.random.Generator) -> str:
    parts = [sentence(rng) for _ in range(int(rng.integers(2, 12)))]
    again = [str(rng.choice(parts)) for _ in range(int(rng.integers(1, 8)))]
    order = rng.permutation([*parts, *again]).tolist()
    return str(rng.choice(["\n", "\n\n", " "])).join(order)


def listed(rng: np.random.Generator) -> str:
    lines = []
    for _ in range(int(rng.integers(5, 12))):
        start = "- " if rng.random() < 0.93 else ""
        lines.append(start + sentence(rng) + ("..." if rng.random() < 0.25 else ""))
    return "\n".join(lines)


def web(rng: np.random.Generator) -> str:
    extras = ["Please enable Javascript now.", "Our site uses cookies for all.", "Home", "Read more about it",
              "It is so [3] and so [citation needed].", "Lorem ipsum dolor sit amet.", "if (a) { b }.", "Yes.",
              "w" * 1001 + " and of the."]  # fmt: skip
    weights = np.array([4, 4, 4, 4, 4, 0.4, 0.4, 4, 1])
    lines = [str(rng.choice(extras, p=weights / weights.sum())) if rng.random() < 0.4 else sentence(rng)
             for _ in range(int(rng.integers(6, 14)))]  # fmt: skip
    return "\n".join(lines)


if __name__ == "__main__":
    main()
