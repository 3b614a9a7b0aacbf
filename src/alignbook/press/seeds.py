"""Try the book's claims under other seeds: what ``nox -s seeds`` runs.

Every chapter is executed under every seed; claims are recorded instead of raised. What was executed stays in the
execution cache, under a key that holds the seed, so a second run resumes where the first one ended. The results go into
``book/recorded/seeds/<chapter>.json``, which is committed: the index of claims quotes it.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

import nbformat
from sphinx.errors import SphinxError

from alignbook.press import sphinx_run
from alignbook.press.cache import ExecutionCache
from alignbook.press.extension import Press, press_of
from alignbook.press.folder import BuildFolder
from alignbook.press.freshness import Chapter
from alignbook.press.publishing.recorded import SEEDS
from alignbook.press.publishing.records import read_records
from alignbook.profile import Profile


def main(arguments: list[str] | None = None) -> int:
    """Execute chapters under other seeds and write down which claims held; returns the exit code."""
    parser = argparse.ArgumentParser(prog="nox -s seeds --", description=__doc__)
    parser.add_argument("chapters", nargs="*", metavar="chapter", help="which chapters (default: all)")
    parser.add_argument("-n", type=int, default=20, metavar="N", help="how many seeds, from 0 on (default: 20)")
    parser.add_argument("--root", type=Path, default=Path(), help="the folder with _config.yml and book/")
    options = parser.parse_args(arguments)
    if options.n < 1:
        parser.error(f"-n must be at least 1, got {options.n}")
    root = options.root.resolve()
    folder = BuildFolder(root / "_build")
    with folder.locked(), sphinx_run.reported(folder) as outcome, sphinx_run.application(root, folder) as app:
        app.env.find_files(app.config, app.builder)
        measured = measure(press_of(app), options.chapters, range(options.n))
        for docname, result in measured.items():
            path = Path(app.srcdir, "recorded", SEEDS, f"{docname}.json")
            path.parent.mkdir(parents=True, exist_ok=True)
            new = path.with_suffix(".new")
            new.write_text(json.dumps(result, indent=1, sort_keys=True) + "\n", encoding="utf-8")
            new.replace(path)
            _report(docname, result)
        outcome["code"] = 0
    return int(outcome.get("code", 1))


def measure(press: Press, docnames: list[str], seeds: range) -> dict[str, dict[str, Any]]:
    """Execute chapters under seeds, as far as that is not known already, and collect what they published.

    Returns
    -------
    dict
        For each chapter: its ``key`` but for the seed, and for each claim and value what it was under each seed.

    Raises
    ------
    SphinxError
        If there is no such chapter.
    SystemExit
        If a chapter fails under a seed; the failures have been listed, and what succeeded is kept.
    """
    found = sorted(press.app.env.found_docs)
    unknown = sorted(set(docnames) - set(found))
    if unknown:
        raise SphinxError(f"there is no chapter {unknown[0]!r}: the pages of the book are {', '.join(found)}")
    cache = ExecutionCache(Path(press.app.config.nb_execution_cache_path))
    todo, everything = [], list[Chapter]()
    for seed in seeds:
        press.use(Profile(seed))
        chapters = [chapter for name in docnames or found if (chapter := press.load(name))]
        everything += chapters
        todo += [chapter for chapter in chapters if cache.find(chapter.notebook, chapter.inputs) is None]
    print(f"{len(everything) - len(todo)} of {len(everything)} executions are known already", flush=True)
    press.execute(todo, cache, ALIGNBOOK_CLAIMS="record")
    results: dict[str, dict[str, Any]] = {}
    for chapter in everything:
        result = results.setdefault(chapter.docname, {"claims": {}, "key": chapter.seedless, "values": {}})
        _collect(result, chapter, cache.outputs(chapter.notebook))
    return {name: result for name, result in results.items() if result["claims"] or result["values"]}


def _collect(result: dict[str, Any], chapter: Chapter, executed: nbformat.NotebookNode) -> None:
    """Add what one execution published."""
    for record in read_records(chapter.docname, chapter.path, executed):
        seed = str(chapter.run.seed)
        if record.kind == "claim" and record.data["holds"] is not None:
            result["claims"].setdefault(record.name, {})[seed] = record.data["holds"]
        elif record.kind == "value":
            result["values"].setdefault(record.name, {})[seed] = record.data["value"]


def _report(docname: str, result: dict[str, Any]) -> None:
    """Print what held, and how far the values range."""
    for name, seeds in result["claims"].items():
        failed = [seed for seed, held in seeds.items() if not held]
        print(f"{docname}: {name} held in {len(seeds) - len(failed)} of {len(seeds)} seeds", end="")
        print(f" (not in {', '.join(failed)})" if failed else "")
    for name, seeds in result["values"].items():
        print(f"{docname}: {name} from {min(seeds.values()):.4g} to {max(seeds.values()):.4g}")


if __name__ == "__main__":
    sys.exit(main())
