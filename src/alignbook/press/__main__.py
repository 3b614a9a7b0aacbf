"""Build the book: ``python -m alignbook.press``, which ``nox -s book`` calls.

Exit code 0 when the book was built and is whole, 1 when anything is wrong with it; never a crash report.
"""

from __future__ import annotations

import argparse
import errno
import gc
import os
import sys
import time
from pathlib import Path

from alignbook import profile
from alignbook.press.folder import BuildFolder, State


def main(arguments: list[str] | None = None) -> int:
    """Build the book that lies in a folder, or show what a build would execute.

    Parameters
    ----------
    arguments
        Command-line arguments; those of the process where ``None``.

    Returns
    -------
    int
        The exit code: 0, 1, or 130 when interrupted.
    """
    options = _parser().parse_args(arguments)
    try:
        return _run(options)
    except KeyboardInterrupt:
        print("interrupted: chapters that had been executed are kept", file=sys.stderr)
        return 130
    except OSError as error:
        print(f"ERROR: {_explain(error)}", file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="nox -s book --", description="Build the book; run only what is out of date.")
    parser.add_argument("--plan", action="store_true", help="list the chapters that would be executed, and why")
    parser.add_argument("--record", action="store_true", help="build, and record the book's values as they are now")
    parser.add_argument("--size", choices=profile.SIZES, help="tiny builds a small preview; claims are only reported")
    parser.add_argument("--seed", type=int, help="build under another seed: a preview too")
    parser.add_argument("--verbose", action="store_true", help="show Sphinx's own messages too")
    parser.add_argument(
        "--root", type=Path, default=Path(), help="the folder with _config.yml and book/ (default: here)"
    )
    parser.add_argument("--build-dir", type=Path, help="where to build (default: _build in that folder)")
    return parser


def _run(options: argparse.Namespace) -> int:
    root = options.root.resolve()
    for name, chosen in (("ALIGNBOOK_SIZE", options.size), ("ALIGNBOOK_SEED", options.seed)):
        if chosen is not None:
            os.environ[name] = str(chosen)  # kernels inherit it
    try:
        own = profile.current() == profile.Profile()
        run = f"{profile.current()}, claims {'enforced' if profile.claims_enforced() else 'reported'}"
    except ValueError as error:
        print(f"ERROR: {error}", file=sys.stderr)
        return 1
    if options.record and not (own and profile.claims_enforced()):
        print("ERROR: the record is of seed 0, size book and claims enforced: unset ALIGNBOOK_...", file=sys.stderr)
        return 1
    build = BuildFolder((options.build_dir or usual_folder(root, profile.current())).resolve())
    if options.plan:
        # Sphinx takes a second to import: only when there is work for it
        from alignbook.press import sphinx_run

        return sphinx_run.plan(root, build)
    gc.set_threshold(200_000, 50, 50)  # a build makes millions of small objects that live to its end
    with build.locked():
        start, state = time.perf_counter(), build.load()
        if not options.record and build.up_to_date(state, run):
            print(f"nothing changed: the book is in {shown(build.html / 'index.html')}")
            return 0
        from alignbook.press import sphinx_run

        repaired = build.repair(state)
        if repaired:
            print(f"repaired: {repaired}", flush=True)
        build.save(State(ended="building"))
        result = sphinx_run.build(root, build, state, verbose=options.verbose, record=options.record)
        result.profile = run
        build.save(result)
        if result.ended == "done":
            print(f"the book is in {shown(build.html / 'index.html')} ({time.perf_counter() - start:.1f} s)")
            return 0
        return 1


def usual_folder(root: Path, run: profile.Profile) -> Path:
    """Where a book is built under a profile: previews have folders of their own."""
    return root / "_build" if run == profile.Profile() else root / "_build/previews" / f"{run.size}-{run.seed}"


def shown(path: Path) -> str:
    """A path as the user would type it."""
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else str(path)


def _explain(error: OSError) -> str:
    """An operating system's error, with what to do about it."""
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return "no space left on the disk: free some and build again; executed chapters are kept"
    where = f"{shown(Path(error.filename))}: " if error.filename else ""
    mends = {
        errno.EACCES: "make it writable, or build elsewhere with --build-dir",
        errno.EPERM: "make it writable, or build elsewhere with --build-dir",
        errno.EROFS: "make it writable, or build elsewhere with --build-dir",
        errno.ENOTDIR: "move the file that is in the way, or build elsewhere with --build-dir",
        errno.EEXIST: "move the file that is in the way, or build elsewhere with --build-dir",
    }
    mend = mends.get(error.errno or 0, "mend it and build again")
    return f"{where}{error.strerror or error}: {mend}"


if __name__ == "__main__":
    sys.exit(main())
