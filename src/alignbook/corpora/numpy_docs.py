"""NumPy's docstrings as a corpus: technical prose that lies on every reader's machine."""

import inspect
from collections.abc import Iterator
from importlib import import_module
from types import ModuleType

import numpy as np

from alignbook.corpora.documents import Document

# NumPy's public modules. Left out: `numpy.dtypes`, whose names depend on the platform; `numpy.typing`, whose
# values depend on the version of Python; `numpy.f2py`, which is a program; and what is deprecated.
PUBLIC_MODULES = (
    "numpy",
    "numpy.char",
    "numpy.ctypeslib",
    "numpy.exceptions",
    "numpy.fft",
    "numpy.lib",
    "numpy.lib.array_utils",
    "numpy.lib.format",
    "numpy.lib.introspect",
    "numpy.lib.mixins",
    "numpy.lib.npyio",
    "numpy.lib.recfunctions",
    "numpy.lib.scimath",
    "numpy.lib.stride_tricks",
    "numpy.lib.user_array",
    "numpy.linalg",
    "numpy.ma",
    "numpy.ma.mrecords",
    "numpy.polynomial",
    "numpy.polynomial.chebyshev",
    "numpy.polynomial.hermite",
    "numpy.polynomial.hermite_e",
    "numpy.polynomial.laguerre",
    "numpy.polynomial.legendre",
    "numpy.polynomial.polynomial",
    "numpy.polynomial.polyutils",
    "numpy.random",
    "numpy.rec",
    "numpy.strings",
    "numpy.testing",
)


def numpy_docstrings() -> tuple[Document, ...]:
    """Collect the docstrings of NumPy's public modules, functions, classes and methods, ordered by name.

    The docstrings are read from the live objects, since the richest of them (``numpy.random``, the universal
    functions) stand in compiled modules and in no file of text. One object under two public names gives two
    documents, as it gives two pages in the manual: one document in seven is an exact copy of another, and
    many more are near copies.

    Nothing depends on the machine: the scalar types (``numpy.float64`` and the like) are left out because
    their docstrings name the platform, and so is whatever NumPy only passes on from elsewhere. On Python
    3.13 and later a dozen documents have other white space; the words are the same.

    Returns
    -------
    tuple of Document
        About 1,600 documents of 2.3 million characters in all.

    Raises
    ------
    RuntimeError
        If Python was started with ``-OO``, which drops docstrings.

    Examples
    --------
    >>> corpus = {document.name: document.text for document in numpy_docstrings()}
    >>> corpus["numpy.linalg.svd"].splitlines()[0]
    'Singular Value Decomposition.'
    """
    if np.linalg.svd.__doc__ is None:
        raise RuntimeError("NumPy's docstrings are missing: Python was started with -OO, start it without")
    texts: dict[str, str] = {}
    for module_name in PUBLIC_MODULES:
        for name, value in _public_objects(module_name, import_module(module_name)):
            text = getattr(value, "__doc__", None)
            if isinstance(text, str) and text.strip():
                texts[name] = inspect.cleandoc(text)
    return tuple(Document(name, texts[name]) for name in sorted(texts))


def _public_objects(module_name: str, module: ModuleType) -> Iterator[tuple[str, object]]:
    """Yield a module, its public functions and classes, and their public members, each with its full name."""
    yield module_name, module
    for name in getattr(module, "__all__", None) or dir(module):
        value = getattr(module, name)
        if name.startswith("_") or not _belongs_to_numpy(value):
            continue
        yield f"{module_name}.{name}", value
        if inspect.isclass(value):
            for member_name, member in vars(value).items():
                is_behaviour = inspect.isroutine(member) or inspect.isdatadescriptor(member)
                if is_behaviour and not member_name.startswith("_"):
                    yield f"{module_name}.{name}.{member_name}", member


def _belongs_to_numpy(value: object) -> bool:
    """Whether this is a function or class of NumPy's own whose docstring is the same on every machine."""
    if isinstance(value, np.ufunc):
        return True
    if inspect.isclass(value) and issubclass(value, np.generic) and value is not np.generic:
        return False
    home = getattr(value, "__module__", None) or "numpy"
    return (inspect.isclass(value) or inspect.isroutine(value)) and home.split(".")[0] == "numpy"
