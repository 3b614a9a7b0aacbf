import hashlib
import os
import platform
import subprocess
import sys
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from alignbook.corpora.documents import Document
from alignbook.corpora.numpy_docs import PUBLIC_MODULES, numpy_docstrings
from alignbook.corpora.prose import sentences

# Digest of all sentences, per version of NumPy: the same on every machine and for Python 3.11, 3.12 and 3.13.
DIGESTS = {"2.4.6": "62dbb4321d5b275d8b2cfaaaa6237b3effa531846da77dc20977baaf20689e27"}


@pytest.fixture(scope="module")
def corpus() -> tuple[Document, ...]:
    return numpy_docstrings()


@pytest.fixture(scope="module")
def texts(corpus: tuple[Document, ...]) -> dict[str, str]:
    return {document.name: document.text for document in corpus}


def digest(documents: tuple[Document, ...]) -> str:
    return hashlib.sha256(repr(list(sentences(documents))).encode()).hexdigest()


def test_names_are_unique_and_in_order(corpus: tuple[Document, ...]) -> None:
    names = [document.name for document in corpus]
    assert names == sorted(set(names))


def test_documents_are_the_docstrings_as_help_would_show_them(texts: dict[str, str]) -> None:
    assert texts["numpy.linalg.svd"].startswith("Singular Value Decomposition.\n\nWhen `a` is a 2D array")
    assert texts["numpy.random.Generator.normal"].startswith("normal(loc=0.0, scale=1.0, size=None)\n\nDraw")
    assert texts["numpy.polynomial"].startswith("A sub-package for efficiently dealing with polynomials.")


@pytest.mark.parametrize(
    "name",
    ["numpy.add", "numpy.ndarray.reshape", "numpy.ndarray.T", "numpy.strings.upper", "numpy.generic"],
)
def test_universal_functions_methods_and_properties_are_there(texts: dict[str, str], name: str) -> None:
    assert len(texts[name]) > 50


def test_it_is_large_enough_to_learn_from(corpus: tuple[Document, ...]) -> None:
    assert len(corpus) > 1500
    assert sum(len(document.text) for document in corpus) > 2_000_000


def test_it_holds_exact_copies_and_boilerplate_for_the_data_chapter(corpus: tuple[Document, ...]) -> None:
    copies = Counter(document.text for document in corpus)
    assert 0.1 < 1 - len(copies) / len(corpus) < 0.2
    boilerplate = Counter(line for text in copies for line in text.splitlines() if len(line) > 40)
    assert boilerplate["    a freshly-allocated array is returned. A tuple (possible only as a"] > 50


def test_nothing_names_this_machine(corpus: tuple[Document, ...]) -> None:
    for document in corpus:
        for trace in (
            str(Path(np.__file__).parent),
            str(Path.home()),
            f"({platform.system()} ",
            "on this platform",
        ):
            assert trace not in document.text, document.name


def test_names_that_depend_on_the_platform_or_come_from_elsewhere_are_left_out(texts: dict[str, str]) -> None:
    present = set(texts) & {
        "numpy.float64",
        "numpy.longlong",
        "numpy.testing.TestCase",
        "numpy.polynomial.Legendre.domain",
    }
    assert not present


def test_every_module_is_a_public_one_and_is_read(texts: dict[str, str]) -> None:
    assert list(PUBLIC_MODULES) == sorted(set(PUBLIC_MODULES))
    for module in PUBLIC_MODULES:
        assert any(name.startswith(module + ".") for name in texts), module


@pytest.mark.skipif(np.__version__ not in DIGESTS, reason="no digest for this version of NumPy")
def test_every_machine_with_this_numpy_reads_the_same_sentences(corpus: tuple[Document, ...]) -> None:
    assert digest(corpus) == DIGESTS[np.__version__]


def run_python(*options: str, code: str) -> subprocess.CompletedProcess[str]:
    environ = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path), "PYTHONHASHSEED": "123"}
    return subprocess.run(
        [sys.executable, *options, "-c", code], env=environ, capture_output=True, text=True, check=False
    )


def test_another_process_collects_the_same_without_warnings(corpus: tuple[Document, ...]) -> None:
    code = "from alignbook.corpora.numpy_docs import *; print(ascii(numpy_docstrings()))"
    run = run_python("-W", "error", code=code)
    assert run.stdout.strip() == ascii(corpus), run.stderr


def test_a_python_that_drops_docstrings_is_told_so() -> None:
    run = run_python("-OO", code="from alignbook.corpora.numpy_docs import *; numpy_docstrings()")
    assert "RuntimeError: NumPy's docstrings are missing: Python was started with -OO" in run.stderr
