"""Which modules an import reaches, and the digest of what their code says.

Two things decide whether a result is still good: the code that made it, and the data. This module answers for the
code. The press asks it for every page, the store for every artefact, so both go stale by one rule: when a module that
is reached through imports changes what it *does*. Comments, docstrings, blank lines and formatting do not count.

Only source is read; nothing is imported. Imports inside functions and in ``if`` branches count as well, so the answer
may name a module that a run does not load, and never misses one that a plain ``import`` statement names.
"""

from __future__ import annotations

import ast
import hashlib
import importlib.util
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

_COMPILED = frozenset({".pyc", ".pyi", ".so", ".pyd"})
_FOR_BROWSERS = frozenset({".css", ".mjs"})

_DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)


def fingerprint(parts: Mapping[str, str]) -> str:
    """Digest of named parts, whatever their order (32 hexadecimal digits)."""
    return hashlib.sha256(json.dumps(dict(parts), sort_keys=True).encode()).hexdigest()[:32]


def code_digest(source: str) -> str:
    """Digest of what Python source does: its syntax tree without docstrings; comments are not in it.

    Source that does not parse is digested as it stands.

    Examples
    --------
    >>> code_digest('x = 1  # one') == code_digest('x=1')
    True
    >>> code_digest('x = 1') == code_digest('x = 2')
    False
    """
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError):
        return hashlib.sha256(source.encode(errors="surrogateescape")).hexdigest()
    for node in ast.walk(tree):
        if isinstance(node, _DOCUMENTED) and ast.get_docstring(node, clean=False) is not None:
            del node.body[0]
    return hashlib.sha256(ast.dump(tree).encode()).hexdigest()


def imported_names(source: str, package: str = "") -> frozenset[str]:
    """Dotted names that Python source imports, wherever in it; ``from a import b`` gives ``a`` and ``a.b``.

    Parameters
    ----------
    source
        Python source; what does not parse imports nothing.
    package
        The package that relative imports start from (``alignbook.text`` for both
        ``alignbook/text/__init__.py`` and ``alignbook/text/bpe.py``).

    Examples
    --------
    >>> sorted(imported_names("from .bpe import BPE", "alignbook.text"))
    ['alignbook.text.bpe', 'alignbook.text.bpe.BPE']
    """
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError):
        return frozenset()
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                parents = package.split(".")[: len(package.split(".")) - node.level + 1]
                base = ".".join([*parents, *filter(None, [node.module])])
            names.add(base)
            names.update(f"{base}.{alias.name}" for alias in node.names)
    return frozenset(names)


@dataclass
class Sources:
    """The source files of some top-level modules and packages, read at most once each.

    Parameters
    ----------
    roots
        Where each top-level name lives: the folder of a package or the file of a module.
    folders
        Folders whose own top-level modules count too (a chapter may import a helper that lies beside it).
    """

    roots: Mapping[str, Path]
    folders: tuple[Path, ...] = ()
    _read: dict[Path, tuple[str, frozenset[str]]] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, packages: Iterable[str], folders: tuple[Path, ...] = ()) -> Sources:
        """Find installed packages by name, without importing them.

        Raises
        ------
        ModuleNotFoundError
            If one is not installed.
        """
        roots = {}
        for name in packages:
            spec = importlib.util.find_spec(name)
            if spec is None or spec.origin is None:
                raise ModuleNotFoundError(f"package {name!r} is not installed: install it, or correct its name")
            origin = Path(spec.origin)
            roots[name] = origin.parent if origin.name == "__init__.py" else origin
        return cls(roots, folders)

    def owns(self, name: str) -> bool:
        """Whether a dotted name lies in one of the packages, or in a module of one of the folders."""
        return self._file(name.split(".")[0]) is not None

    def reach(self, names: Iterable[str]) -> dict[str, str]:
        """Every module that importing these names reaches, with the digest of its code.

        A module brings its parents' ``__init__`` along, as Python does. Files other than Python that lie in a
        package's own folder count as part of the package, under their path: ``alignbook/world/names.txt``.

        Parameters
        ----------
        names
            Dotted names; those outside the packages are passed over, and so is what names no module.

        Returns
        -------
        dict of str to str
            Module name (or data file) to digest, sorted by name.
        """
        todo, digests = list(names), dict[str, str]()
        while todo:
            parts = todo.pop().split(".")
            for depth in range(1, len(parts) + 1):
                module = ".".join(parts[:depth])
                path = self._file(module)
                if path is None:
                    break
                if module not in digests:
                    is_package = path.name == "__init__.py"
                    package = module if is_package else module.rpartition(".")[0]
                    digests[module], imports = self._parse(path, package)
                    todo.extend(imports)
                    if is_package:
                        digests.update(_data_files(module, path.parent))
        return dict(sorted(digests.items()))

    def _file(self, module: str) -> Path | None:
        top, *rest = module.split(".")
        for base in (self.roots.get(top), *(folder / top for folder in self.folders)):
            if base is None:
                continue
            if base.suffix == ".py":
                return base if not rest else None
            path = base.joinpath(*rest)
            for candidate in (path / "__init__.py", path.with_name(path.name + ".py")):
                if candidate.is_file():
                    return candidate
        return None

    def _parse(self, path: Path, package: str) -> tuple[str, frozenset[str]]:
        if path not in self._read:
            source = path.read_text(encoding="utf-8", errors="surrogateescape")
            self._read[path] = code_digest(source), imported_names(source, package)
        return self._read[path]


def _data_files(package: str, folder: Path) -> Iterator[tuple[str, str]]:
    """Name and digest of every file in a package's own folder that Python may read as data.

    Scripts and stylesheets that lie beside a module are for browsers: they change nothing that Python computes.
    """
    for path in sorted(folder.iterdir()):
        if path.is_file() and path.suffix not in {".py", *_COMPILED, *_FOR_BROWSERS}:
            yield f"{package.replace('.', '/')}/{path.name}", hashlib.sha256(path.read_bytes()).hexdigest()
