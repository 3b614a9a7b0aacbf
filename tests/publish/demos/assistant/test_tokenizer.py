"""The page's tokenizer: piece by piece, token by token and back what `alignbook.text` makes of a text."""

from __future__ import annotations

import json
import random
import subprocess
import sys
import unicodedata
from collections.abc import Sequence
from typing import Any

import pytest
from tests.publish.demos.assistant.engine import MODULES

from alignbook.finetuning.chat_template import CHAT_TOKENS, ChatTemplate
from alignbook.press import npm
from alignbook.pretraining.language_model import END_OF_DOCUMENT, LanguageModel
from alignbook.text.bpe import BPE
from alignbook.text.pieces import split_pieces
from alignbook.world.items import Turn

BARE = BPE((), (END_OF_DOCUMENT, *CHAT_TOKENS))
"""A tokenizer without merges."""

CALL = """
import { readFileSync } from "node:fs";
const { modules, merges, special, cut, texts, ids } = JSON.parse(readFileSync(0, "utf8"));
const { splitPieces, Tokenizer } = await import(`${modules}/tokenizer.mjs`);
const { promptIds, stopIds } = await import(`${modules}/writing.mjs`);
const tokenizer = new Tokenizer(merges, special);
console.log(JSON.stringify({
  pieces: cut.map(splitPieces),
  ids: texts.map((text) => tokenizer.encode(text)),
  texts: ids.map((some) => tokenizer.decode(some)),
  prompts: [false, true].map((chats) => cut.map((text) => promptIds(tokenizer, text, chats))),
  stops: [false, true].map((chats) => [...stopIds(tokenizer, chats)]),
}));
"""


def in_the_page(
    tokenizer: BPE, *, cut: Sequence[str] = (), texts: Sequence[str] = (), ids: Sequence[list[int]] = ()
) -> dict[str, Any]:
    """The pieces and prompts of some texts, the ids of others, and the texts of ids, as the page makes them."""
    request = {"modules": MODULES.as_uri(), "merges": tokenizer.merges, "special": tokenizer.special_tokens}
    done = subprocess.run(
        [npm.node(), "--input-type=module", "--eval", CALL],
        input=json.dumps({**request, "cut": cut, "texts": texts, "ids": ids}),
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


ALPHABETS = (
    "ab 1\n",
    "aZ09 _-.,'\t\r\n\x0b\x0c\x1c\x1f\x85\xa0",
    "éßжλ中あ한אع० ½Ⅻ²٣₂_\u0301\u200d\u2028\u3000\ufeff\U0001f600\U0001f1e9",
    "<|user|> end-of-document",
)


def random_texts(count: int) -> list[str]:
    """Texts of chance, short and long, over alphabets that cross all the rule's borders."""
    rng = random.Random(0)
    texts = ["", " ", "  a", "a" * 200, " " * 130 + "a", "1" * 65 + " " + "." * 65]
    for _ in range(count):
        alphabet = rng.choice(ALPHABETS)
        texts.append("".join(rng.choice(alphabet) for _ in range(rng.choice([1, 3, 10, 80]))))
    return texts


def test_texts_become_the_same_tokens(trained: LanguageModel) -> None:
    tokenizer, texts = trained.tokenizer, random_texts(400)
    found = in_the_page(tokenizer, cut=texts, texts=texts)
    assert found["pieces"] == [split_pieces(text) for text in texts]
    assert found["ids"] == [tokenizer.encode(text) for text in texts]


def test_tokens_become_the_same_text(trained: LanguageModel) -> None:
    rng, tokenizer = random.Random(1), trained.tokenizer
    ids = [[rng.randrange(tokenizer.vocab_size) for _ in range(rng.choice([0, 1, 5, 60]))] for _ in range(300)]
    ids += [list(rng.randbytes(30)) for _ in range(300)]  # mostly no valid UTF-8
    ids += [list("\ufeff né \U0001f600".encode()[:end]) for end in range(12)]  # cut within a character
    assert in_the_page(tokenizer, ids=ids)["texts"] == [tokenizer.decode(some) for some in ids]


def test_prompts_and_ends_are_those_of_the_document_and_of_the_chat_template(trained: LanguageModel) -> None:
    texts, template = random_texts(20), ChatTemplate(trained.tokenizer)
    found = in_the_page(trained.tokenizer, cut=texts)
    continued, replied = found["prompts"]
    assert continued == [trained.encode(text) for text in texts]
    assert replied == [template.encode([Turn("user", text)]) for text in texts]
    end = trained.tokenizer.special_ids[END_OF_DOCUMENT]
    assert [set(stops) for stops in found["stops"]] == [{end}, {end, *template.stop_ids}]


def test_every_character_belongs_to_the_same_kind() -> None:
    known = [code for code in range(sys.maxunicode + 1) if unicodedata.category(chr(code)) not in {"Cn", "Cs"}]
    texts = [f"a{chr(code)}1{chr(code)}.{chr(code)} " for code in known]
    found = in_the_page(BARE, cut=texts)["pieces"]
    differ = [
        f"U+{code:04X}" for code, text, pieces in zip(known, texts, found, strict=True) if pieces != split_pieces(text)
    ]
    assert len(known) > 250_000
    assert differ == []


def test_half_a_character_becomes_the_sign_for_one() -> None:
    found = in_the_page(BARE, texts=["a\ud800b"])
    assert bytes(found["ids"][0]).decode() == "a\ufffdb"


@pytest.mark.parametrize("text", ["<|user|>", "<|end-of-document|>"])
def test_no_text_has_the_id_of_a_special_token(trained: LanguageModel, text: str) -> None:
    found = in_the_page(trained.tokenizer, texts=[text])["ids"][0]
    assert trained.tokenizer.special_ids[text] not in found
