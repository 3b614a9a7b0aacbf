"""Encoding, normalising, boilerplate, exact copies, provenance."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alignbook.corpora.documents import Document as CorpusDocument
from alignbook.data.boilerplate import find_boilerplate
from alignbook.data.documents import Document, Provenance, from_bytes, from_corpus
from alignbook.data.encoding import broken_share, decode, repair
from alignbook.data.exact import SeenTexts, digest
from alignbook.data.normalise import normalise


@given(st.binary(max_size=60))
def test_decoding_loses_no_byte(data: bytes) -> None:
    text = decode(data)
    if data[:2] not in (b"\xff\xfe", b"\xfe\xff"):
        assert text.encode("utf-8", "surrogateescape") == data.removeprefix(b"\xef\xbb\xbf")


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=30))
def test_text_survives_each_of_the_encodings_that_are_recognised(text: str) -> None:
    for encoding in ("utf-8-sig", "utf-16"):
        assert decode(text.encode(encoding)) == text
    if not text.startswith("\ufeff"):
        assert decode(text.encode()) == text


def test_mixed_encodings_are_repaired_by_hand() -> None:
    mixed = "naïve ".encode() + "naïve – “so”".encode("cp1252")
    assert repair(decode(mixed)) == "naïve naïve – “so”"
    assert 0 < broken_share(decode(mixed)) < 0.3


@given(st.text(max_size=40))
def test_what_is_repaired_is_whole_and_repairing_again_changes_nothing(text: str) -> None:
    repaired = repair(text)
    assert repair(repaired) == repaired
    assert broken_share(repaired) == 0
    assert broken_share(text) > 0 or repaired == text


def test_broken_characters_are_counted_alike_in_ascii_and_beyond() -> None:
    assert broken_share("a\x00b\x7f") == 0.5
    assert broken_share("a\x00é\x7f\x85\ufffd\udc80b") == 5 / 8
    assert broken_share("") == 0
    with pytest.raises(TypeError, match="data must be bytes, got str"):
        decode("text")  # type: ignore[arg-type]


@given(st.text(alphabet="a \n\r\t\u00a0\u200b\u0301e\u2028\ufeff", max_size=40))
def test_normalising_twice_is_normalising_once(text: str) -> None:
    once = normalise(text)
    assert normalise(once) == once
    assert unicodedata.is_normalized("NFC", once)
    assert once.split() == "".join(unicodedata.normalize("NFC", text.translate({0x200B: None, 0xFEFF: None}))).split()
    assert not any(line.endswith((" ", "\t")) for line in once.split("\n"))


def test_normalising_keeps_indentation_and_one_blank_line() -> None:
    assert normalise("\n\n  if a:  \r\n\n\n\n\tb\u00adc\u3000d\n\n") == "  if a:\n\n\tbc d"


def test_boilerplate_is_what_many_pages_share() -> None:
    line, rare = "Accept all our cookies to go on", "A line that stands on two pages only"
    pages = [Document(str(n), f"{line}\nPage {n} is about {n}\n   {line} \nEnd{rare * (n < 2)}") for n in range(12)]
    found = find_boilerplate(pages)
    assert found.lines == {line}
    assert found.strip(pages[3].text) == "Page 3 is about 3\nEnd"
    assert find_boilerplate(pages, least=13).lines == frozenset()
    assert find_boilerplate([*pages, *(Document(f"x{n}", "other") for n in range(40))], share=0.5).lines == frozenset()


def test_a_line_counts_once_for_each_page_and_short_lines_never() -> None:
    pages = [Document("0", "the very same line again\n" * 50), *(Document(str(n), "Returns") for n in range(50))]
    assert find_boilerplate(pages).lines == frozenset()
    with pytest.raises(ValueError, match=r"least must be 2 or more .* got 1"):
        find_boilerplate(pages, least=1)
    with pytest.raises(ValueError, match="share must lie between 0 and 1, got 2"):
        find_boilerplate(pages, share=2)


@given(st.lists(st.sampled_from(["a b", "a  b", "a\nb", "ba", "A b", ""]), max_size=12))
def test_the_first_of_equal_texts_is_found(texts: list[str]) -> None:
    seen = SeenTexts()
    words = ["".join(text.split()) for text in texts]
    for at, text in enumerate(texts):
        first = words.index(words[at])
        assert seen.first(text) == (None if first == at else first)
    assert len(seen) == len(set(words))


def test_the_digest_is_the_same_in_every_process() -> None:
    assert digest("a rose").hex() == "9acc117a7c0218630a4ae3d26a2e29ba"


def test_provenance_follows_a_text() -> None:
    origin = Provenance("site", licence="CC0-1.0", kind="code", planted="spam")
    (document,) = from_corpus([CorpusDocument("a", "x")], origin)
    changed = document.rewritten("y", "first").rewritten("z", "second").rewritten("z", "third")
    assert changed == Document("a", "z", Provenance("site", "CC0-1.0", "code", "spam", ("first", "second")))
    assert document.rewritten("x", "nothing") is document
    assert from_bytes("b", b"\xff", origin).text == "\udcff"
    with pytest.raises(ValueError, match="kind must be one of prose, code, maths, got 'poem'"):
        Provenance("site", kind="poem")
    with pytest.raises(ValueError, match="source must name the collection"):
        Provenance("")
