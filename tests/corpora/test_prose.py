import pytest
from hypothesis import given
from hypothesis import strategies as st

from alignbook.corpora.documents import Document
from alignbook.corpora.prose import paragraphs, sentences

PAGE = Document(
    "numpy.mean",
    """mean(a, axis=None)

Compute the mean
along `axis`.

Parameters
----------
a : array_like
    Array to average. If `a` is not an array,
    a conversion is attempted.
axis : int, optional
    The axis, e.g. 0. See :ref:`the docs <ufuncs.kwargs>`.

See Also
--------
numpy.average : Weighted average.

Notes
-----
The mean is the sum divided by the count [1]_, and :math:`n` is the count. Is that all? Yes it is.

.. math:: m = s / n.

- A list item is not a paragraph.

====  =====
name  value.
====  =====

Examples
--------
Take two numbers:

>>> np.mean([1, 3])
2.0
Output like this ends with a stop.

An *important* warning to end.
""",
)


def words(text: str) -> list[str]:
    return [" ".join(sentence) for sentence in sentences([Document("page", text)])]


def test_paragraphs_are_the_running_prose_and_nothing_else() -> None:
    assert paragraphs(PAGE) == (
        "Compute the mean along `axis`.",
        "Array to average. If `a` is not an array, a conversion is attempted.",
        "The axis, e.g. 0. See :ref:`the docs <ufuncs.kwargs>`.",
        "The mean is the sum divided by the count [1]_, and :math:`n` is the count. Is that all? Yes it is.",
        "An *important* warning to end.",
    )


def test_sentences_are_lower_case_words_without_markup_formulas_or_fragments() -> None:
    assert [" ".join(sentence) for sentence in sentences([PAGE])] == [
        "compute the mean along axis",
        "array to average",
        "if a is not an array a conversion is attempted",
        "the axis e.g. 0",
        "see the docs",
        "is that all",
        "yes it is",
        "an important warning to end",
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It has x.shape and array_like-s.", ["it has x.shape and array_like-s"]),
        ("Don't set axis=-1 or ``out=None``.", ["don't set axis 1 or out none"]),
        (
            "Fast, i.e. `quick`. See Fisher et al. (1936) vs. `x`.",
            ["fast i.e. quick", "see fisher et al 1936 vs x"],
        ),
        ("Use :func:`numpy.dot` for it! (It is fast.)", []),
        ("Too short.", []),
        ("", []),
    ],
)
def test_words_and_ends_of_sentences(text: str, expected: list[str]) -> None:
    assert words(text) == expected


def test_repeated_sentences_are_kept_and_documents_read_in_order() -> None:
    one, other = Document("b", "The one is here."), Document("a", "The other is there.")
    assert [" ".join(words) for words in sentences([one, other, one])] == [
        "the one is here",
        "the other is there",
        "the one is here",
    ]


@given(text=st.text(alphabet="aB. \n>-`:?", max_size=80))
def test_every_word_of_a_sentence_stands_in_the_text_and_is_lower_case(text: str) -> None:
    for sentence in sentences([Document("any", text)]):
        assert len(sentence) >= 3
        for word in sentence:
            assert word == word.lower() != ""
            assert word in text.lower()
