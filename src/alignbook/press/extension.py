"""The press as Sphinx meets it: what happens at which event of a build.

1. ``env-get-outdated``: pages whose key changed are read again, though their own file did not change.
2. ``env-before-read-docs``: every outdated chapter that the cache does not know is executed, all side by side.
3. ``source-read``: the page's key is written into its front matter, so that MyST-NB finds the outputs in the cache.
4. ``env-updated``: what the cells published is checked over the whole book, and pages that quote a value of another
   page are written again when it changes (:mod:`alignbook.press.publishing`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path, PurePosixPath
from typing import Any, cast

import nbformat
from docutils import nodes
from myst_nb.core.config import NbParserConfig
from myst_nb.ext.glue.crossref import read_glue_cache
from myst_parser.config.main import MdParserConfig
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util import logging

import alignbook
from alignbook import profile
from alignbook.press import artefacts, bets, bundle, demos, directives, maths, pdf, publishing, quiz, terms, theme
from alignbook.press.cache import ExecutionCache
from alignbook.press.execution import Outcome, Task, execute
from alignbook.press.failures import Failure
from alignbook.press.freshness import Chapter, Keys, reasons
from alignbook.press.pages import ChapterError, Page, read_text
from alignbook.press.publishing.rendering import NOTEBOOK
from alignbook.profile import Profile
from alignbook.provenance import Sources, fingerprint
from alignbook.publish.outputs import MARK

logger = logging.getLogger(__name__)


class PressEnvironment(BuildEnvironment):
    """Sphinx's environment with what MyST-NB and the press keep in it."""

    myst_config: MdParserConfig
    mystnb_config: NbParserConfig
    alignbook_pages: dict[str, tuple[dict[str, Any], str]]
    """Every chapter's description and key at its last reading."""


class Press:
    """One build of one book.

    Parameters
    ----------
    app
        The Sphinx application; its configuration says what to execute and how.
    """

    def __init__(self, app: Sphinx) -> None:
        self.app = app
        self.reread: set[str] = set()
        """Pages that this build must read again whatever their state (the last build failed on them)."""
        self._problems: list[Failure] = []

    # ------------------------------------------------------------------ events

    def start(self, app: Sphinx) -> None:
        """``builder-inited``: read the state of everything outside the chapters."""
        try:
            self.use(profile.current())
            self.keys.sources(Path(app.srcdir))
        except (ModuleNotFoundError, ValueError) as error:
            logger.error("%s", error)
            raise SystemExit(1) from None

    def use(self, run: Profile) -> None:
        """Read chapters from here on as they run under a profile."""
        config = self.app.config
        options = {"allow_errors": config.nb_execution_allow_errors, "in_temp": config.nb_execution_in_temp}
        self.keys = Keys(config.alignbook_packages, Path(config.alignbook_root, "lock.txt"), options, run)

    def outdated(
        self, app: Sphinx, env: BuildEnvironment, added: set[str], changed: set[str], removed: set[str]
    ) -> list[str]:
        """``env-get-outdated``: pages to read again though their own file is unchanged."""
        unchanged = _kept(env).alignbook_pages.items()
        return [
            *(self.reread & env.found_docs),
            *(name for name, (page, inputs) in unchanged if name not in removed and self._key(name, page) != inputs),
        ]

    def execute_outdated(self, app: Sphinx, env: BuildEnvironment, docnames: list[str]) -> None:
        """``env-before-read-docs``: run what the cache does not know; stop the build if any chapter fails."""
        read_glue_cache.cache_clear()  # MyST-NB keeps what an earlier build in this process read
        chapters = [chapter for name in docnames if (chapter := self.load(name))]
        self._stop_if_failed()
        if self._settings.execution_mode != "cache":
            return
        cache = ExecutionCache(Path(self._settings.execution_cache_path))
        todo = []
        for chapter in chapters:
            if self._excluded(chapter.path):
                continue
            if cache.find(chapter.notebook, chapter.inputs) is None:
                todo.append(chapter)
            else:
                logger.info("cached %s", chapter.docname)
        for repair in cache.repairs:
            logger.info("repaired: %s", repair)
        self.execute(todo, cache)

    def read(self, app: Sphinx, docname: str, content: list[str]) -> None:
        """``source-read``: write the page's key where the cache will see it."""
        path = Path(app.env.doc2path(docname))
        try:
            chapter = self.keys.chapter(docname, path, content[0], _kept(app.env).myst_config, self._settings)
        except ChapterError as error:
            self._problems.append(Failure(docname, error.line, str(error)))
            return
        if chapter is not None:
            content[0] = chapter.text
            _kept(app.env).alignbook_pages[docname] = asdict(chapter.page), chapter.inputs
            app.env.metadata[docname]["seedless"] = chapter.seedless  # the index of claims compares it

    def offer(self, app: Sphinx, doctree: nodes.document) -> None:
        """``doctree-read``: write the page's notebook for download."""
        notebook = doctree.attributes.pop(NOTEBOOK, None)
        if notebook is not None:
            _write_download(notebook, Path(self._settings.output_folder, app.env.docname + ".ipynb"))

    def forget(self, app: Sphinx, env: BuildEnvironment, docname: str) -> None:
        """``env-purge-doc``: a page was removed, or is about to be read again."""
        _kept(env).alignbook_pages.pop(docname, None)

    # -------------------------------------------------------------------- plan

    def plan(self) -> list[str]:
        """What a build would execute and why, a line a chapter; nothing is executed or written."""
        env = self.app.env
        env.find_files(self.app.config, self.app.builder)
        chapters = [chapter for name in sorted(env.found_docs) if (chapter := self.load(name))]
        self._stop_if_failed()
        if self._settings.execution_mode != "cache":
            return []
        cache = ExecutionCache(Path(self._settings.execution_cache_path))
        todo = [c for c in chapters if not self._excluded(c.path) and cache.find(c.notebook, c.inputs) is None]
        with self._artefacts(todo) as (wanted, home):
            return [
                *artefacts.plan(wanted, home),
                *(f"{c.docname}: {', '.join(reasons(cache.last_parts(c.docname), c.parts))}" for c in todo),
            ]

    # ----------------------------------------------------------------- helpers

    @property
    def _settings(self) -> NbParserConfig:
        return _kept(self.app.env).mystnb_config

    def load(self, docname: str) -> Chapter | None:
        """Read a chapter as Sphinx will, other extensions' changes to its text included."""
        path = Path(self.app.env.doc2path(docname))
        try:
            content = [read_text(path)]
        except ChapterError as error:
            self._problems.append(Failure(docname, error.line, str(error)))
            return None
        self.app.events.emit("source-read", docname, content)
        return self.keys.known(docname)

    def execute(self, chapters: Iterable[Chapter], cache: ExecutionCache, **environment: str) -> None:
        """Execute chapters, several at once, keep what succeeds, and stop if any fails.

        Parameters
        ----------
        chapters
            The chapters; their notebooks receive the outputs.
        cache
            Where the outputs are kept.
        environment
            Variables for the kernels, besides the profile's.
        """
        by_label = {_label(chapter): chapter for chapter in chapters}

        def finished(outcome: Outcome) -> None:
            label = outcome.task.label
            if outcome.failures:
                self._problems += outcome.failures
                logger.info("failed %s %.1f s", label, outcome.seconds)
                return
            chapter = by_label[label]
            data = {"uri": chapter.docname, "inputs": chapter.inputs, "parts": dict(chapter.parts)}
            cache.store(chapter.notebook, {**data, "execution_seconds": outcome.seconds})
            logger.info("executed %s %.1f s", label, outcome.seconds)

        with self._artefacts(by_label.values()) as (wanted, home):
            artefacts.make(wanted, home, logger.info)
        tasks = [self._task(chapter, {"ALIGNBOOK_HOME": home, **environment}) for chapter in by_label.values()]
        tasks.sort(key=lambda task: -cache.last_seconds(task.docname))  # the longest first: the cores end together
        execute(tasks, self.app.config.alignbook_jobs, finished)
        self._stop_if_failed()

    def _task(self, chapter: Chapter, environment: Mapping[str, str]) -> Task:
        config = self._settings.copy(**_overrides(chapter.notebook))
        return Task(
            chapter.docname,
            chapter.path,
            chapter.source,
            chapter.notebook,
            self.keys.modules(chapter.page, chapter.path.parent),
            self.keys.sources(chapter.path.parent),
            timeout=config.execution_timeout,
            allow_errors=config.execution_allow_errors,
            fail_on_stderr=config.output_stderr in {"error", "severe"},
            in_temp=config.execution_in_temp,
            label=_label(chapter),
            environment={**profile.environment(chapter.run), **environment},
        )

    @contextmanager
    def _artefacts(self, chapters: Iterable[Chapter]) -> Iterator[tuple[artefacts.Wanted, str]]:
        """What chapters need from the store, and where it is; an artefact that cannot be made ends the build."""
        reached = [(chapter.run, self.keys.modules(chapter.page, chapter.path.parent)) for chapter in chapters]
        try:
            yield artefacts.wanted(reached), artefacts.home(Path(self.app.config.alignbook_root)) if reached else ""
        except artefacts.ArtefactError as error:
            logger.error("%s", error)
            raise SystemExit(1) from None

    def _key(self, docname: str, record: Mapping[str, Any]) -> str:
        page = Page(**record)
        return fingerprint(self.keys.parts(page, Path(self.app.env.doc2path(docname)).parent))

    def _excluded(self, path: Path) -> bool:
        patterns = self._settings.execution_excludepatterns
        return any(PurePosixPath(path.as_posix()).match(pattern) for pattern in patterns)

    def _stop_if_failed(self) -> None:
        """List every failure with its file and line, and end the build with exit code 1.

        ``SystemExit`` passes through Sphinx without a crash report, and without its throwing away what it knows of
        the chapters that did not fail.
        """
        if not self._problems:
            return
        for problem in sorted(self._problems, key=lambda problem: (problem.docname, problem.line)):
            logger.error("%s", problem.message, location=(problem.docname, problem.line))
        failed = sorted({problem.docname for problem in self._problems})
        logger.error("the book was not built: %s %s", ", ".join(failed), "fail" if len(failed) > 1 else "fails")
        raise SystemExit(1)


def press_of(app: Sphinx) -> Press:
    """The press of an application that it was connected to."""
    return cast(Press, app.alignbook_press)  # type: ignore[attr-defined]


def _kept(env: BuildEnvironment) -> PressEnvironment:
    """Sphinx's environment, with a place for what the press keeps in it."""
    if not hasattr(env, "alignbook_pages"):
        env.alignbook_pages = {}  # type: ignore[attr-defined]
    return cast(PressEnvironment, env)


def _label(chapter: Chapter) -> str:
    """How a chapter is named while it runs: its seed too, if it is not the book's own."""
    return chapter.docname if chapter.run.seed == Profile().seed else f"{chapter.docname}@{chapter.run.seed}"


def _overrides(notebook: nbformat.NotebookNode) -> dict[str, Any]:
    """A chapter's own settings of MyST-NB."""
    return {k: v for k, v in notebook.metadata.get("mystnb", {}).items() if k != "output_folder"}


def _write_download(notebook: nbformat.NotebookNode, path: Path) -> None:
    """Write the notebook that readers download: with outputs, with ids that stay the same, with a plain kernelspec."""
    for number, cell in enumerate(notebook.cells):
        if "id" in cell:
            cell.id = f"cell-{number}"
        for output in cell.get("outputs", []):
            if MARK in output.get("metadata", {}):
                output.data.pop("application/pdf", None)  # a figure for print
    notebook.metadata.get("kernelspec", {}).pop("inputs", None)
    notebook.metadata.pop("source_map", None)
    path.write_text(nbformat.writes(notebook) + "\n", encoding="utf-8")  # type: ignore[no-untyped-call]


def connect(app: Sphinx) -> dict[str, Any]:
    """Register the press's settings and events with Sphinx."""
    app.setup_extension("myst_nb")
    app.add_config_value("alignbook_root", str(Path(app.confdir).parent), "")
    app.add_config_value("alignbook_packages", ["alignbook"], "")
    app.add_config_value("alignbook_jobs", 1, "")
    press = Press(app)
    app.alignbook_press = press  # type: ignore[attr-defined]
    app.connect("builder-inited", press.start, priority=900)  # after MyST-NB has read its own settings
    app.connect("env-get-outdated", press.outdated)
    app.connect("env-before-read-docs", press.execute_outdated)
    app.connect("source-read", press.read, priority=900)  # last: the key is of the text that is really parsed
    app.connect("doctree-read", press.offer)
    app.connect("env-purge-doc", press.forget)
    directives.connect(app)
    maths.connect(app)
    theme.connect(app)
    quiz.connect(app)
    bets.connect(app)
    terms.connect(app)
    publishing.connect(app)
    demos.connect(app)
    bundle.connect(app)
    pdf.connect(app)
    own_code = Sources.of(["alignbook"]).reach(["alignbook.press", "alignbook.press.extension"])
    return {
        "version": alignbook.__version__,
        "env_version": int(hashlib.sha256(repr(own_code).encode()).hexdigest()[:12], 16),  # a new press rereads all
        "parallel_read_safe": False,
        "parallel_write_safe": False,  # one process renders the maths
    }
